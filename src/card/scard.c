/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scard: calls PC/SC behind a gate that is closed while the process forks. */
#include "card/scard.h"

#include <pthread.h>
#include <stdbool.h>
#include <time.h>

unsigned int jpki_scard_fork_wait_ms = 3000;

static struct {
	pthread_mutex_t lock;   /* a thread that forks keeps it until it has forked */
	pthread_cond_t changed; /* nobody is inside, or nobody forks any more */
	unsigned int inside;    /* calls that have begun and not ended */
	unsigned int forks;     /* threads that are about to fork */
	unsigned int round; /* tells the calls inside from those that are not counted any more */
	bool has_handlers;
} gate = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_once_t gate_once = PTHREAD_ONCE_INIT;

/* The time of waits is not that of the calendar, which can be set. */
static void make_condition(void)
{
	pthread_condattr_t attributes;

	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&gate.changed, &attributes);
	pthread_condattr_destroy(&attributes);
}

static struct timespec in_ms(unsigned int milliseconds)
{
	struct timespec time = {0};

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	time.tv_nsec += (long)(milliseconds % 1000) * 1000000;
	if (time.tv_nsec >= 1000000000) {
		time.tv_sec++;
		time.tv_nsec -= 1000000000;
	}
	return time;
}

/* Forget the calls inside: they do not end, or not in this process. */
static void forget_calls(void)
{
	gate.inside = 0;
	gate.round++;
}

/* Close the gate, and keep its lock, so that the child finds its state whole. */
static void before_fork(void)
{
	struct timespec until = in_ms(jpki_scard_fork_wait_ms);

	pthread_mutex_lock(&gate.lock);
	gate.forks++;
	while (gate.inside > 0) {
		if (pthread_cond_timedwait(&gate.changed, &gate.lock, &until) != 0)
			forget_calls();
	}
}

static void after_fork_in_parent(void)
{
	if (--gate.forks == 0)
		pthread_cond_broadcast(&gate.changed);
	pthread_mutex_unlock(&gate.lock);
}

/* Of the threads that were inside, waited or were about to fork, the child has none. */
static void after_fork_in_child(void)
{
	forget_calls();
	gate.forks = 0;
	gate.has_handlers = true;
	make_condition();
	pthread_mutex_unlock(&gate.lock);
}

/*
 * A child of a fork in the middle of this does it again. It has the handlers if one of them ran.
 * Without memory for them there is no gate, and everything else works.
 */
static void set_up(void)
{
	make_condition();
	if (!gate.has_handlers)
		gate.has_handlers =
			pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) == 0;
}

/* Begin a call, and return what leave must be given. */
static unsigned int enter(void)
{
	unsigned int round;

	pthread_once(&gate_once, set_up);
	pthread_mutex_lock(&gate.lock);
	while (gate.forks > 0)
		pthread_cond_wait(&gate.changed, &gate.lock);
	gate.inside++;
	round = gate.round;
	pthread_mutex_unlock(&gate.lock);
	return round;
}

/* End a call, and return its result. */
static LONG leave(unsigned int round, LONG code)
{
	pthread_mutex_lock(&gate.lock);
	if (round == gate.round && --gate.inside == 0)
		pthread_cond_broadcast(&gate.changed);
	pthread_mutex_unlock(&gate.lock);
	return code;
}

LONG jpki_scard_establish(SCARDCONTEXT *context)
{
	unsigned int round = enter();

	return leave(round, SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, context));
}

LONG jpki_scard_release(SCARDCONTEXT context)
{
	unsigned int round = enter();

	return leave(round, SCardReleaseContext(context));
}

LONG jpki_scard_list(SCARDCONTEXT context, char *names, DWORD *length)
{
	unsigned int round = enter();

	return leave(round, SCardListReaders(context, NULL, names, length));
}

LONG jpki_scard_look(SCARDCONTEXT context, SCARD_READERSTATE *states, DWORD count)
{
	unsigned int round = enter();

	return leave(round, SCardGetStatusChange(context, 0, states, count));
}

LONG jpki_scard_connect(SCARDCONTEXT context, const char *reader, DWORD mode, DWORD protocols,
			SCARDHANDLE *card, DWORD *protocol)
{
	unsigned int round = enter();

	return leave(round, SCardConnect(context, reader, mode, protocols, card, protocol));
}

LONG jpki_scard_disconnect(SCARDHANDLE card, DWORD disposition)
{
	unsigned int round = enter();

	return leave(round, SCardDisconnect(card, disposition));
}

LONG jpki_scard_attribute(SCARDHANDLE card, DWORD attribute, BYTE *value, DWORD *length)
{
	unsigned int round = enter();

	return leave(round, SCardGetAttrib(card, attribute, value, length));
}

LONG jpki_scard_transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *protocol, const BYTE *command,
			 DWORD length, BYTE *answer, DWORD *received)
{
	unsigned int round = enter();

	return leave(round, SCardTransmit(card, protocol, command, length, NULL, answer, received));
}

LONG jpki_scard_begin(SCARDHANDLE card)
{
	unsigned int round = enter();

	return leave(round, SCardBeginTransaction(card));
}

LONG jpki_scard_end(SCARDHANDLE card, DWORD disposition)
{
	unsigned int round = enter();

	return leave(round, SCardEndTransaction(card, disposition));
}

LONG jpki_scard_wait(SCARDCONTEXT context, DWORD timeout_ms, SCARD_READERSTATE *states, DWORD count)
{
	return SCardGetStatusChange(context, timeout_ms, states, count);
}

LONG jpki_scard_cancel(SCARDCONTEXT context)
{
	return SCardCancel(context);
}
