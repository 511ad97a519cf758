/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signals: lets signals end or stop the process in an orderly way while a question stands, an
 * exchange with the card is under way, or a file is half written.
 */
#ifndef JPKI_APP_HOST_SIGNALS_H
#define JPKI_APP_HOST_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT. */
#define SIGNALS_COUNT 6

struct signals {
	struct sigaction before[SIGNALS_COUNT];
	sigset_t mask_before;
	sigset_t mask_waiting;
};

/* From here on they come only in signals_wait. To be ended with signals_end. */
void signals_begin(struct signals *signals);

/*
 * Waits until there is something to read from fd. 0: there is; -1: the wait failed, see errno;
 * else the number of the signal that came.
 */
int signals_wait(const struct signals *signals, int fd);

/* Does what the signal would have done by itself: stops the process until it is continued, or ends
 * it. What must be put right is put right before. */
void signals_obey(int number);

/* All as it was before. */
void signals_end(const struct signals *signals);

/*
 * Holds back all that would end or stop the process (SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP)
 * until signals_release with the same *before: an exchange with a PIN that is broken off could
 * cost a try, or leave nobody knowing which PIN holds. They do not nest.
 */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

/*
 * The file that is removed when a signal ends the process, for it is half written; NULL: none any
 * more. path must last until then. The caller holds signals back while the file has begun to be
 * there and this does not know it yet.
 */
void signals_remove(const char *path);

/*
 * From here on the first SIGINT, SIGTERM or SIGHUP is only noted, so that what was begun is
 * finished; another one that comes seconds later ends the process as if this had not been called.
 * What is ignored stays ignored.
 */
void signals_note(void);

/* Whether one was noted. */
bool signals_noted(void);

#endif
