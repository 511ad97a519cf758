/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * conversation: carries questions from the worker, which waits for their answers, to a window in
 * the main loop, and the answers back.
 */
#ifndef JPKI_WINDOW_CONVERSATION_H
#define JPKI_WINDOW_CONVERSATION_H

#include "app/ask/own_window.h"

/* A question that waits for its answer: a PIN, or yes or no. The texts are the worker's. */
struct conversation_question {
	const struct own_question *pin; /* NULL: it is yes or no */
	const char *text;               /* of yes or no */
	const char *ok;
	const char *cancel;
};

struct conversation;

/* Make one. show is called in the main loop with each question, which stays until it is answered.
 */
typedef void conversation_show(const struct conversation_question *question, void *argument);
struct conversation *conversation_new(conversation_show *show, void *argument);

/* Free it. No question waits. */
void conversation_free(struct conversation *conversation);

/* The worker asks in it; argument is the conversation. */
extern const struct own_window conversation_window;

/*
 * Answer the question that waits, from the main loop: with what was typed, which is copied into
 * secret memory; with yes; or with no, which declines a question for a PIN, too. Without a question
 * these do nothing. conversation_answer returns whether there was one.
 */
bool conversation_answer(struct conversation *conversation, const char *typed);
void conversation_agree(struct conversation *conversation);
void conversation_decline(struct conversation *conversation);

/* Decline this question and all later ones. */
void conversation_end(struct conversation *conversation);

#endif
