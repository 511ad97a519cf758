/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change: changes a PIN in the worker, with the questions of a conversation. */
#ifndef JPKI_WINDOW_CHANGE_H
#define JPKI_WINDOW_CHANGE_H

#include <glib.h>
#include <stdbool.h>

#include "app/app.h"
#include "card/generation.h"
#include "window/conversation.h"

/* A change of a PIN of one card, and what came of it. */
struct change_job {
	struct conversation *conversation;
	enum jpki_key key;
	char *serial; /* of the card */
	/*
	 * atomic: a PIN may be under way, so nothing is to be broken off. The main loop sets it
	 * before it answers; the work clears it when it asks again, and at its end.
	 */
	gint may_send;
	bool was_declined; /* a question had no answer */
	int result;        /* how the command would end */
	bool has_lost;     /* a try was lost, whatever came then */
	GString *said;     /* what is said at the end, in lines */
};

/* Do the change; see worker_do. argument is a struct change_job. */
void change_in_worker(void *argument);

#endif
