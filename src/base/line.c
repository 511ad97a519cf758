/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/line.h"

#include <errno.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

bool jpki_line_write(int fd, const char *line, size_t length)
{
	static const int raised[] = {SIGPIPE, SIGXFSZ};
	const struct timespec at_once = {0};
	sigset_t blocked;
	sigset_t pending;
	sigset_t before;
	sigset_t ours;
	ssize_t written;

	sigemptyset(&blocked);
	sigemptyset(&ours);
	sigpending(&pending);
	for (size_t i = 0; i < sizeof(raised) / sizeof(raised[0]); i++) {
		sigaddset(&blocked, raised[i]);
		/* One that the program itself has waiting stays. */
		if (!sigismember(&pending, raised[i]))
			sigaddset(&ours, raised[i]);
	}
	pthread_sigmask(SIG_BLOCK, &blocked, &before);
	written = write(fd, line, length);
	if (written < 0 && (errno == EPIPE || errno == EFBIG))
		sigtimedwait(&ours, NULL, &at_once);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return written == (ssize_t)length;
}
