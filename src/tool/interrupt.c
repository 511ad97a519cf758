/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <time.h>

static const int numbers[INTERRUPT_COUNT] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

static volatile sig_atomic_t noted;

static void note(int number)
{
	noted = number;
}

void interrupt_begin(struct interrupt *interrupt)
{
	struct sigaction action = {.sa_handler = note};
	sigset_t ours;

	noted = 0;
	sigemptyset(&action.sa_mask);
	sigemptyset(&ours);
	for (size_t i = 0; i < INTERRUPT_COUNT; i++)
		sigaddset(&ours, numbers[i]);
	sigprocmask(SIG_BLOCK, &ours, &interrupt->mask_before);
	interrupt->mask_waiting = interrupt->mask_before;
	for (size_t i = 0; i < INTERRUPT_COUNT; i++) {
		sigaction(numbers[i], NULL, &interrupt->before[i]);
		/* What is ignored stays ignored, as under nohup. */
		if (interrupt->before[i].sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
		sigdelset(&interrupt->mask_waiting, numbers[i]);
	}
}

int interrupt_wait(const struct interrupt *interrupt, int fd)
{
	struct pollfd descriptor = {.fd = fd, .events = POLLIN};
	int ready;

	do {
		noted = 0;
		ready = ppoll(&descriptor, 1, NULL, &interrupt->mask_waiting);
	} while (ready < 0 && errno == EINTR && noted == 0);
	if (noted != 0)
		return noted;
	return ready > 0 ? 0 : -1;
}

void interrupt_obey(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};
	struct sigaction handler;
	const struct timespec now = {0};
	sigset_t one;

	/* The process is continued already. */
	if (number == SIGCONT)
		return;
	sigemptyset(&action.sa_mask);
	sigemptyset(&one);
	sigaddset(&one, number);
	sigaction(number, &action, &handler);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &one, NULL);
	sigprocmask(SIG_BLOCK, &one, NULL);
	sigaction(number, &handler, NULL);
	/* The one that has continued the process is no news. */
	sigemptyset(&one);
	sigaddset(&one, SIGCONT);
	sigtimedwait(&one, NULL, &now);
}

void interrupt_end(const struct interrupt *interrupt)
{
	for (size_t i = 0; i < INTERRUPT_COUNT; i++)
		sigaction(numbers[i], &interrupt->before[i], NULL);
	sigprocmask(SIG_SETMASK, &interrupt->mask_before, NULL);
}

/* --- what must not be broken off ------------------------------------------------------------- */

void interrupt_hold(sigset_t *before)
{
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < INTERRUPT_COUNT; i++)
		sigaddset(&held, numbers[i]);
	/* A process that somebody has stopped in another way can be continued. */
	sigdelset(&held, SIGCONT);
	sigprocmask(SIG_BLOCK, &held, before);
}

void interrupt_release(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}
