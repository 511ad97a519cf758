/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* write: writes a line in one piece, and discards the signals that this raises. */
#include "base/write.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

bool jpki_write_line(int fd, const char *line, size_t length)
{
	static const int signals[] = {SIGPIPE, SIGXFSZ};
	const struct timespec at_once = {0};
	sigset_t ours;
	sigset_t pending;
	sigset_t before;
	ssize_t written;

	sigemptyset(&ours);
	sigpending(&pending);
	/* A signal that was already pending belongs to the program. */
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (!sigismember(&pending, signals[i]))
			sigaddset(&ours, signals[i]);
	}
	pthread_sigmask(SIG_BLOCK, &ours, &before);
	written = write(fd, line, length);
	if (written != (ssize_t)length)
		sigtimedwait(&ours, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return written == (ssize_t)length;
}
