/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* asking: does a piece of work that asks for a PIN in the worker, with the questions of a
 * conversation. */
#ifndef JPKI_WINDOW_ASKING_H
#define JPKI_WINDOW_ASKING_H

#include <glib.h>
#include <stdbool.h>

#include "app/app.h"
#include "window/conversation.h"

struct asking;

/* The work itself, in the worker. argument is that of struct asking. Return how the command would
 * end. */
typedef int asking_work(void *argument, struct asking *asking);

/* Such work, and what came of it. */
struct asking {
	struct conversation *conversation;
	asking_work *work;
	void *argument;
	/*
	 * atomic: a PIN may be under way, so nothing is to be broken off. The main loop sets it
	 * before it answers; the work clears it when it asks again, and at its end.
	 */
	gint may_send;
	bool was_declined; /* a question had no answer */
	int result;        /* how the command would end */
	bool has_lost;     /* the work's: a try was lost, whatever came then */
	GString *said;     /* what is said at the end, in lines */
};

/* Do the work; see worker_do. argument is a struct asking. */
void asking_in_worker(void *argument);

/* Have what is said go to said again, after a worker_listen of the work's own. */
void asking_listen(struct asking *asking);

#endif
