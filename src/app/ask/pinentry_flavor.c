/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pinentry_flavor: asks pinentry what it is, and does not wait long for the answer. */
#include "app/ask/pinentry_flavor.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "app/ask/pinentry_process.h"

#define LIMIT_MS     3000
#define ANSWER_BYTES 512

/* Return the milliseconds until the limit; 0 if it is over. */
static int left_ms(const struct timespec *begin)
{
	struct timespec now;
	long passed;

	clock_gettime(CLOCK_MONOTONIC, &now);
	passed = (long)(now.tv_sec - begin->tv_sec) * 1000 +
		 (now.tv_nsec - begin->tv_nsec) / 1000000;
	return passed < LIMIT_MS ? (int)(LIMIT_MS - passed) : 0;
}

/* Read up to the end, or for as long as there is room and time. */
static void read_answer(int fd, char answer[ANSWER_BYTES])
{
	struct pollfd readable = {.fd = fd, .events = POLLIN};
	struct timespec begin;
	size_t length = 0;
	ssize_t got = 1;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	while (got > 0 && length < ANSWER_BYTES - 1) {
		int ready = poll(&readable, 1, left_ms(&begin));

		if (ready < 0 && errno == EINTR)
			continue;
		got = ready > 0 ? read(fd, answer + length, ANSWER_BYTES - 1 - length) : 0;
		length += got > 0 ? (size_t)got : 0;
	}
	answer[length] = '\0';
}

/* Ask for the flavor. What comes back is in answer. */
static void ask(int fd, char answer[ANSWER_BYTES])
{
	static const char question[] = "GETINFO flavor\nBYE\n";

	/* One that has ended may have answered before. */
	(void)!send(fd, question, strlen(question), MSG_NOSIGNAL);
	/* Some end with the input alone. */
	shutdown(fd, SHUT_WR);
	read_answer(fd, answer);
}

static bool ends_in(const char *word, size_t length, const char *ending)
{
	size_t tail = strlen(ending);

	return length >= tail && memcmp(word + length - tail, ending, tail) == 0;
}

/* Return whether the answer is one of a pinentry with windows. */
static bool is_of_windows(const char *answer)
{
	const char *word = strstr(answer, "\nD ");
	size_t length;

	if (strncmp(answer, "OK", 2) != 0)
		return false;
	if (word == NULL)
		return true;
	word += strlen("\nD ");
	length = strcspn(word, "\r\n");
	/* As in "gtk2:curses". */
	return !ends_in(word, length, "curses") && !ends_in(word, length, "tty");
}

bool pinentry_shows_windows(void)
{
	char answer[ANSWER_BYTES] = "";
	struct pinentry_process process;
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (pinentry_process_start(&process, &mask)) {
		ask(process.fd, answer);
		pinentry_process_end(&process);
	}
	return is_of_windows(answer);
}
