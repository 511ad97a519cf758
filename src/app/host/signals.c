/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signals: notes, delays or obeys the signals that end or stop the process. */
#include "app/host/signals.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

/* A second signal within this time counts as the same one. */
#define SAME_SECONDS 2

static unsigned long holds;

static const int numbers[SIGNALS_COUNT] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

static volatile sig_atomic_t noted;

static void note(int number)
{
	noted = number;
}

void signals_begin(struct signals *signals)
{
	struct sigaction action = {.sa_handler = note};
	sigset_t ours;

	noted = 0;
	sigemptyset(&action.sa_mask);
	sigemptyset(&ours);
	for (size_t i = 0; i < SIGNALS_COUNT; i++)
		sigaddset(&ours, numbers[i]);
	sigprocmask(SIG_BLOCK, &ours, &signals->mask_before);
	signals->mask_waiting = signals->mask_before;
	for (size_t i = 0; i < SIGNALS_COUNT; i++) {
		sigaction(numbers[i], NULL, &signals->before[i]);
		/* A signal that is ignored stays ignored, as under nohup. */
		if (signals->before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
		sigdelset(&signals->mask_waiting, numbers[i]);
	}
}

int signals_wait(const struct signals *signals, int fd, const struct timespec *limit)
{
	struct pollfd descriptor = {.fd = fd, .events = POLLIN};
	int ready;

	do {
		noted = 0;
		ready = ppoll(&descriptor, 1, limit, &signals->mask_waiting);
	} while (ready < 0 && errno == EINTR && noted == 0);
	if (noted != 0)
		return noted;
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0 ? 0 : -1;
}

/* The file to remove at the end. Only the handler and code that holds signals back use it. */
static const char *volatile half_written;

void signals_remove_now(void)
{
	const char *path = half_written;

	if (path != NULL)
		unlink(path);
}

void signals_obey(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct sigaction handler;
	const struct timespec now = {0};
	sigset_t one;

	/* The process is already running again. */
	if (number == SIGCONT)
		return;
	if (number != SIGTSTP)
		signals_remove_now();
	sigemptyset(&action.sa_mask);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigaction(number, &action, &handler);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigaction(number, &handler, NULL);
	/* The SIGCONT that continued the process is no news. */
	sigemptyset(&one);
	sigaddset(&one, SIGCONT);
	sigtimedwait(&one, NULL, &now);
}

void signals_end(const struct signals *signals)
{
	for (size_t i = 0; i < SIGNALS_COUNT; i++)
		sigaction(numbers[i], &signals->before[i], NULL);
	sigprocmask(SIG_SETMASK, &signals->mask_before, NULL);
}

/* --- what must not be broken off ------------------------------------------------------------- */

/* Whether signals are held in the thread that works. The one that watches it reads this. */
static atomic_bool are_held;

void signals_hold(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < SIGNALS_COUNT; i++)
		sigaddset(&held, numbers[i]);
	/* SIGCONT stays allowed: a process that was stopped in another way can be continued. */
	sigdelset(&held, SIGCONT);
	holds++;
	sigprocmask(SIG_BLOCK, &held, before);
	are_held = true;
}

void signals_release(const sigset_t *before)
{
	are_held = sigismember(before, SIGINT) == 1;
	sigprocmask(SIG_SETMASK, before, NULL);
}

bool signals_are_held(void)
{
	return are_held;
}

unsigned long signals_holds(void)
{
	return holds;
}

/* --- what must not be left behind ------------------------------------------------------------ */

static const int ending[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define ENDING_COUNT (sizeof(ending) / sizeof(ending[0]))

static void remove_and_end(int number)
{
	signals_remove_now();
	/* Because of SA_RESETHAND this ends the process once the handler has returned. */
	raise(number);
}

static void end_by(int number)
{
	struct sigaction action = {.sa_handler = remove_and_end, .sa_flags = (int)SA_RESETHAND};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void signals_remove(const char *path)
{
	struct sigaction now;

	half_written = path;
	for (size_t i = 0; path != NULL && i < ENDING_COUNT; i++) {
		if (sigaction(ending[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL)
			end_by(ending[i]);
	}
}

static atomic_int first; /* threads read it, too */
static struct timespec first_time;

/*
 * True for the second of two equal signals: programs such as timeout(1) signal the process and then
 * its group.
 */
static bool is_the_same(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - first_time.tv_sec < SAME_SECONDS;
}

static void note_or_end(int number)
{
	if (first == 0) {
		clock_gettime(CLOCK_MONOTONIC, &first_time);
		first = number;
	} else if (!is_the_same()) {
		signals_remove_now();
		end_by(number);
		raise(number);
	}
}

/* Return whether this signal would end the process, or be noted. One that is ignored, as under
 * nohup, is kept as long as signals are held; the loop of a window takes its signals itself. */
static bool is_for_us(int number)
{
	struct sigaction now;

	return sigaction(number, NULL, &now) == 0 &&
	       (now.sa_handler == SIG_DFL || now.sa_handler == note ||
		now.sa_handler == remove_and_end || now.sa_handler == note_or_end);
}

bool signals_are_pending(void)
{
	sigset_t pending;

	/* What nobody holds is for a moment on its way. */
	if (!are_held || sigpending(&pending) != 0)
		return false;
	for (size_t i = 0; i < ENDING_COUNT; i++) {
		if (sigismember(&pending, ending[i]) == 1 && is_for_us(ending[i]))
			return true;
	}
	return false;
}

void signals_note(void)
{
	struct sigaction action = {.sa_handler = note_or_end, .sa_flags = SA_RESTART};
	struct sigaction now;

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ENDING_COUNT; i++)
		sigaddset(&action.sa_mask, ending[i]);
	for (size_t i = 0; i < ENDING_COUNT; i++) {
		if (ending[i] != SIGQUIT && sigaction(ending[i], NULL, &now) == 0 &&
		    now.sa_handler != SIG_IGN)
			sigaction(ending[i], &action, NULL);
	}
}

/* Threads read what the one with the window sets. */
static atomic_bool is_wished;

void signals_wish(bool wished)
{
	is_wished = wished;
}

bool signals_are_wished(void)
{
	return is_wished;
}

bool signals_noted(void)
{
	return first != 0 || is_wished;
}
