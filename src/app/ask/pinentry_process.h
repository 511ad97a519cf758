/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pinentry_process: starts the program pinentry, and sees to it that it ends. */
#ifndef JPKI_APP_ASK_PINENTRY_PROCESS_H
#define JPKI_APP_ASK_PINENTRY_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct pinentry_process {
	pid_t id;
	int fd; /* its standard input and output */
};

/*
 * Start pinentry with one socket as its standard input and output: writing to a socket whose other
 * end is closed is then an error, not a signal. mask is its signal mask. It dies with the thread
 * that calls this, whatever ends that, so that no window stays behind. False: it could not be
 * started. If there is no such program, the socket ends at once.
 */
bool pinentry_process_start(struct pinentry_process *process, const sigset_t *mask);

/*
 * End pinentry, whose window may still be waiting for the user: by SIGTERM, and if it is there two
 * seconds later by SIGKILL.
 */
void pinentry_process_end(struct pinentry_process *process);

#endif
