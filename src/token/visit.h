/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * visit: lets signatures that wait for the same login share one transaction. Each is a call of a
 * thread of the program; no thread is started. One call leads: it presents the PIN once, makes its
 * own signature, and then those of the others that wait, in their order. They sleep meanwhile, and
 * are told when the card has been left, so nothing of a visit outlasts a return. Then the call that
 * has waited longest leads. A visitor that is not served, for whatever reason, leads in the end,
 * and what becomes of it then is its answer: another's failure never is. For src/token alone.
 */
#ifndef JPKI_TOKEN_VISIT_H
#define JPKI_TOKEN_VISIT_H

#include <pthread.h>
#include <stdbool.h>

#include "token/ref.h"

/* At most so many signatures are made in one visit; see also src/token/room.h. */
#define JPKI_VISIT_SIGNATURES_MAX 8

/* One signature that is wanted. It is its call's, on whose stack it lies; while it waits, the
 * leader may write to it. */
struct jpki_visitor {
	jpki_insertion insertion; /* of the card that it is meant for */
	unsigned int login;       /* and the login that it was asked for under */
	bool served;
	struct jpki_visitor *next;
};

/* Who waits for a token. The lock is innermost, and never held while a card is used. */
struct jpki_visit {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t changed;
	bool led;                     /* one call leads; it is in no list */
	struct jpki_visitor *waiting; /* in their order */
	struct jpki_visitor *served;  /* to be told */
};

void jpki_visit_init(struct jpki_visit *visit);
void jpki_visit_destroy(struct jpki_visit *visit);

/*
 * Wait until another call has served the visitor, and return true; or return false: the caller
 * leads, and calls jpki_visit_end when it has left the card and released the reader's lock. The
 * reader's lock is not held. The thread must not be cancelled meanwhile.
 */
bool jpki_visit_join(struct jpki_visit *visit, struct jpki_visitor *visitor);

/* For the leader: return the next that waits for the same insertion and login, or NULL. It goes on
 * waiting. */
struct jpki_visitor *jpki_visit_next(struct jpki_visit *visit, const struct jpki_visitor *leader);

/* For the leader: this visitor has what it came for. It is told at the end. */
void jpki_visit_serve(struct jpki_visit *visit, struct jpki_visitor *visitor);

/* For the leader: tell those that were served, and hand over. */
void jpki_visit_end(struct jpki_visit *visit);

#endif
