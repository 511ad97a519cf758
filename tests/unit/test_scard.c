/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A thread forks while others are in calls of PC/SC: which calls the fork waits for and for how
 * long, and that parent and child can call afterwards.
 */
#include "unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "card/scard.h"
#include "pcsc_calls.h"

/* Nothing here takes as long, but for a fault. */
#define LIMIT_S 120
/* A fork is given so much time to happen while a call is inside, if nothing keeps it from that. */
#define LINGER_MS 200
/* A fork that waits for a call that it need not wait for waits so long. */
#define IDLE_MS 5000
#define FORKERS 3
#define FORKS   20

enum stay {
	SHORT,          /* the calls return at once */
	UNTIL_LINGERED, /* the one that comes first stays until the fork has happened, or LINGER_MS
			 */
	UNTIL_IDLE,     /* the same with IDLE_MS */
	UNTIL_FREED,    /* it stays until the test lets it go */
};

static _Atomic enum stay stay;
static atomic_uint inside; /* the child has a copy of what it was at the fork */
static atomic_uint calls;
static atomic_bool preparing, forked, freed, late_may_start, is_staying;

static int64_t now_ms(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_briefly(void)
{
	nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
}

static void await(atomic_bool *event)
{
	int64_t until_ms = now_ms() + 1000 * LIMIT_S;

	while (!atomic_load(event)) {
		if (now_ms() > until_ms)
			abort();
		pause_briefly();
	}
}

/* Registered after the gate's own, so that "preparing" is set before the gate waits. */
static void note_preparing(void)
{
	atomic_store(&preparing, true);
}

static void note_forked(void)
{
	atomic_store(&forked, true);
}

static void stay_while_forking(int64_t milliseconds)
{
	int64_t until_ms;

	await(&preparing);
	atomic_store(&late_may_start, true);
	until_ms = now_ms() + milliseconds;
	while (!atomic_load(&forked) && now_ms() < until_ms)
		pause_briefly();
}

/* Every call of the service. */
static LONG call(void)
{
	enum stay how = atomic_exchange(&stay, SHORT);

	atomic_fetch_add(&calls, 1);
	atomic_fetch_add(&inside, 1);
	if (how != SHORT)
		atomic_store(&is_staying, true);
	else
		sched_yield();
	if (how == UNTIL_LINGERED)
		stay_while_forking(LINGER_MS);
	if (how == UNTIL_IDLE)
		stay_while_forking(IDLE_MS);
	if (how == UNTIL_FREED)
		await(&freed);
	atomic_fetch_sub(&inside, 1);
	return SCARD_S_SUCCESS;
}

LONG __wrap_SCardEstablishContext(DWORD scope, LPCVOID first, LPCVOID second,
				  LPSCARDCONTEXT context)
{
	(void)first, (void)second;
	assert_int_equal(scope, SCARD_SCOPE_SYSTEM);
	*context = 1;
	return call();
}

LONG __wrap_SCardReleaseContext(SCARDCONTEXT context)
{
	(void)context;
	return call();
}

LONG __wrap_SCardListReaders(SCARDCONTEXT context, LPCSTR groups, LPSTR readers, LPDWORD length)
{
	(void)context, (void)groups, (void)readers, (void)length;
	return call();
}

LONG __wrap_SCardGetStatusChange(SCARDCONTEXT context, DWORD timeout, SCARD_READERSTATE *states,
				 DWORD count)
{
	(void)context, (void)timeout, (void)states, (void)count;
	return call();
}

LONG __wrap_SCardConnect(SCARDCONTEXT context, LPCSTR reader, DWORD mode, DWORD protocols,
			 LPSCARDHANDLE card, LPDWORD protocol)
{
	(void)context, (void)reader, (void)mode, (void)protocols, (void)card, (void)protocol;
	return call();
}

LONG __wrap_SCardDisconnect(SCARDHANDLE card, DWORD disposition)
{
	(void)card, (void)disposition;
	return call();
}

LONG __wrap_SCardGetAttrib(SCARDHANDLE card, DWORD attribute, LPBYTE value, LPDWORD length)
{
	(void)card, (void)attribute, (void)value, (void)length;
	return call();
}

LONG __wrap_SCardBeginTransaction(SCARDHANDLE card)
{
	(void)card;
	return call();
}

LONG __wrap_SCardEndTransaction(SCARDHANDLE card, DWORD disposition)
{
	(void)card, (void)disposition;
	return call();
}

LONG __wrap_SCardTransmit(SCARDHANDLE card, const SCARD_IO_REQUEST *out, LPCBYTE command,
			  DWORD length, SCARD_IO_REQUEST *in, LPBYTE answer, LPDWORD received)
{
	(void)card, (void)out, (void)command, (void)length, (void)in, (void)answer, (void)received;
	return call();
}

LONG __wrap_SCardCancel(SCARDCONTEXT context)
{
	(void)context;
	return call();
}

/* The functions of scard, by number: those that a fork waits for, then the others. */
#define GATED  10
#define OTHERS 2

static LONG call_by_number(unsigned int number)
{
	SCARD_READERSTATE state = {0};
	SCARDCONTEXT context = 1;
	SCARDHANDLE card = 1;
	BYTE bytes[8] = {0};
	char name[8] = "";
	DWORD value = 0;

	switch (number) {
	case 0:
		return jpki_scard_establish(&context);
	case 1:
		return jpki_scard_release(context);
	case 2:
		return jpki_scard_list(context, name, &value);
	case 3:
		return jpki_scard_look(context, &state, 1);
	case 4:
		return jpki_scard_connect(context, "one", 0, 0, &card, &value);
	case 5:
		return jpki_scard_disconnect(card, SCARD_LEAVE_CARD);
	case 6:
		return jpki_scard_attribute(card, 0, bytes, &value);
	case 7:
		return jpki_scard_transmit(card, SCARD_PCI_T1, bytes, 4, bytes, &value);
	case 8:
		return jpki_scard_begin(card);
	case 9:
		return jpki_scard_end(card, SCARD_LEAVE_CARD);
	case 10:
		return jpki_scard_wait(context, 1000, &state, 1);
	default:
		return jpki_scard_cancel(context);
	}
}

static void *call_in_thread(void *number)
{
	call_by_number(*(unsigned int *)number);
	return NULL;
}

/* A call that begins when a fork is already being prepared. */
static void *call_late(void *number)
{
	await(&late_may_start);
	return call_in_thread(number);
}

/* The call stays inside when this returns. */
static pthread_t start_call(unsigned int *number, enum stay how)
{
	pthread_t thread;

	atomic_store(&preparing, false);
	atomic_store(&forked, false);
	atomic_store(&freed, false);
	atomic_store(&late_may_start, false);
	atomic_store(&is_staying, false);
	atomic_store(&stay, how);
	assert_int_equal(pthread_create(&thread, NULL, call_in_thread, number), 0);
	await(&is_staying);
	return thread;
}

/* Fork, call everything in the child, and return how many calls were inside at the fork; -1 if the
 * child could not call. */
static int inside_at_fork(void)
{
	int status = -1;
	pid_t child = fork();

	if (child == 0) {
		unsigned int were_inside = atomic_load(&inside);
		unsigned int calls_before = atomic_load(&calls);

		alarm(LIMIT_S);
		for (unsigned int number = 0; number < GATED + OTHERS; number++)
			call_by_number(number);
		_exit(atomic_load(&calls) == calls_before + GATED + OTHERS ? (int)were_inside : 99);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 99)
		return -1;
	return WEXITSTATUS(status);
}

static void test_fork_waits_for_calls(void **state)
{
	(void)state;
	for (unsigned int number = 0; number < GATED; number++) {
		pthread_t thread = start_call(&number, UNTIL_LINGERED);

		assert_int_equal(inside_at_fork(), 0);
		pthread_join(thread, NULL);
		assert_int_equal(call_by_number(number), SCARD_S_SUCCESS);
	}
}

static void test_fork_does_not_wait_for_waits(void **state)
{
	(void)state;
	for (unsigned int number = GATED; number < GATED + OTHERS; number++) {
		pthread_t thread = start_call(&number, UNTIL_IDLE);

		assert_int_equal(inside_at_fork(), 1);
		pthread_join(thread, NULL);
	}
}

/* It comes out after both forks, and is counted for none of the later ones. */
static void test_fork_does_not_wait_for_ever(void **state)
{
	static unsigned int transmit = 7;
	unsigned int usual = jpki_scard_fork_wait_ms;
	pthread_t thread = start_call(&transmit, UNTIL_FREED);
	int64_t begun_ms;

	(void)state;
	jpki_scard_fork_wait_ms = LINGER_MS;
	assert_int_equal(inside_at_fork(), 1);
	/* Once is enough. */
	jpki_scard_fork_wait_ms = usual;
	begun_ms = now_ms();
	assert_int_equal(inside_at_fork(), 1);
	assert_true(now_ms() - begun_ms < usual);
	atomic_store(&freed, true);
	pthread_join(thread, NULL);
	thread = start_call(&transmit, UNTIL_LINGERED);
	assert_int_equal(inside_at_fork(), 0);
	pthread_join(thread, NULL);
}

static void test_no_call_begins_while_forking(void **state)
{
	static unsigned int establish = 0;
	static unsigned int transmit = 7;
	pthread_t early = start_call(&transmit, UNTIL_LINGERED);
	pthread_t late;
	unsigned int calls_before = atomic_load(&calls);
	pid_t child;
	int status = -1;

	(void)state;
	assert_int_equal(pthread_create(&late, NULL, call_late, &establish), 0);
	child = fork();
	if (child == 0)
		_exit(atomic_load(&calls) == calls_before ? 0 : 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* The fork being over, it begins. */
	pthread_join(late, NULL);
	pthread_join(early, NULL);
	assert_int_equal(atomic_load(&calls), calls_before + 1);
}

static void *call_on(void *stop)
{
	for (unsigned int i = 0; !atomic_load((atomic_bool *)stop); i++)
		call_by_number(i % GATED);
	return NULL;
}

static void *fork_on(void *bad)
{
	for (int i = 0; i < FORKS; i++) {
		if (inside_at_fork() != 0)
			atomic_fetch_add((atomic_uint *)bad, 1);
	}
	return NULL;
}

static void test_many_forks_and_calls(void **state)
{
	pthread_t callers[2];
	pthread_t forkers[FORKERS];
	atomic_bool stop = false;
	atomic_uint bad = 0;

	(void)state;
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(pthread_create(&callers[i], NULL, call_on, &stop), 0);
	for (size_t i = 0; i < FORKERS; i++)
		assert_int_equal(pthread_create(&forkers[i], NULL, fork_on, &bad), 0);
	for (size_t i = 0; i < FORKERS; i++)
		pthread_join(forkers[i], NULL);
	atomic_store(&stop, true);
	for (size_t i = 0; i < 2; i++)
		pthread_join(callers[i], NULL);
	assert_int_equal(atomic_load(&bad), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fork_waits_for_calls),
		cmocka_unit_test(test_fork_does_not_wait_for_waits),
		cmocka_unit_test(test_fork_does_not_wait_for_ever),
		cmocka_unit_test(test_no_call_begins_while_forking),
		cmocka_unit_test(test_many_forks_and_calls),
	};

	/* However busy the machine is, no fork gives up but where a test wants that. */
	jpki_scard_fork_wait_ms = 1000 * LIMIT_S / 2;
	/* The first call registers the gate's handlers. */
	call_by_number(0);
	if (pthread_atfork(note_preparing, note_forked, NULL) != 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
