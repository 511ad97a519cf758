/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signals: lets signals end or stop the process in an orderly way during a question, an exchange
 * with the card, or the writing of a file.
 */
#ifndef JPKI_APP_HOST_SIGNALS_H
#define JPKI_APP_HOST_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <time.h>

/* SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT. */
#define SIGNALS_COUNT 6

struct signals {
	struct sigaction before[SIGNALS_COUNT];
	sigset_t mask_before;
	sigset_t mask_waiting;
};

/* From now on signals arrive only in signals_wait. The caller ends this with signals_end. */
void signals_begin(struct signals *signals);

/*
 * Wait until fd is readable, no longer than limit; NULL: for ever. Return 0 if it is, -1 with errno
 * on failure, ETIMEDOUT at the limit, else the number of the signal that arrived.
 */
int signals_wait(const struct signals *signals, int fd, const struct timespec *limit);

/*
 * Do what the signal would have done by itself: stop the process until it is continued, or end it.
 * The caller first restores what must be restored.
 */
void signals_obey(int number);

/* Restore the state before signals_begin. */
void signals_end(const struct signals *signals);

/*
 * Hold back all signals that would end or stop the process (SIGINT, SIGTERM, SIGHUP, SIGQUIT,
 * SIGTSTP) until signals_release with the same *before: interrupting an exchange with a PIN could
 * cost a try, or leave unknown which PIN is set. Calls do not nest.
 */
void signals_hold(sigset_t *before);
void signals_release(const sigset_t *before);

/* True between signals_hold and signals_release. */
bool signals_are_held(void);

/* Return how often signals were held so far, to tell one time from another. */
unsigned long signals_holds(void);

/*
 * Set the half-written file that is removed if a signal ends the process; NULL for none. path must
 * stay valid until then. The caller holds signals back from making the file until this call.
 */
void signals_remove(const char *path);

/* Remove that file now: the process ends in another way, and no thread will complete it. */
void signals_remove_now(void);

/*
 * From now on only note the first SIGINT, SIGTERM or SIGHUP, so that work in progress is finished.
 * Another one that arrives seconds later ends the process as usual. An ignored signal stays
 * ignored.
 */
void signals_note(void);

/* True if a signal was noted, or somebody wishes the same. */
bool signals_noted(void);

/* True if a signal that ends the process, or is noted, is held back by signals_hold, and waits. It
 * may be asked from any thread that blocks them. */
bool signals_are_pending(void);

/*
 * Set whether somebody wishes in a window what a noted signal would tell, from any thread: that
 * work in progress is finished, and no more begun. It never ends the process.
 */
void signals_wish(bool wished);
bool signals_are_wished(void);

#endif
