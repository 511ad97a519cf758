/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * patience: says what a command is waiting for if that takes seconds, and ends the command if it
 * takes too long.
 *
 * PC/SC has no limit for some of its calls, and the thread that is inside one can do nothing. So
 * that thread tells each step before it begins, and a second thread watches the clock.
 */
#ifndef JPKI_APP_UI_PATIENCE_H
#define JPKI_APP_UI_PATIENCE_H

#include <stdbool.h>

#include "app/ui/situation.h"

/* What is said of a step that waits is said after so many seconds. */
#define PATIENCE_SAY_SECONDS 4
/* A command waits so long unless --wait says otherwise, and never longer than the maximum. */
#define PATIENCE_SECONDS     30
#define PATIENCE_SECONDS_MAX 86400

enum patience_step {
	PATIENCE_SERVICE,  /* an answer of the service alone */
	PATIENCE_CARD,     /* a card that another program keeps */
	PATIENCE_EXCHANGE, /* an answer of the card */
	PATIENCE_MODULE,   /* the PKCS#11 module, which waits for the card in its turn */
};

/* Set how long a step may take, in seconds (0: as long as it takes), and whether the end is told in
 * JSON, too. */
void patience_set_limit(unsigned int seconds);
void patience_set_json(bool json);

/*
 * Set what finds out whether the service answers: it returns soon if so, and else may block for
 * ever. It runs in a thread of its own. NULL, as at first: the service counts as answering.
 */
void patience_set_probe(void (*probe)(void));

/*
 * Set what is done at the end instead of ui_refuse with the situation: SITUATION_SERVICE_HANGS,
 * SITUATION_CARD_HELD, SITUATION_MUTE_CARD or SITUATION_CANCELLED. It runs in the watching thread,
 * while the thread that waits is stuck in its step; what it returns is the exit code.
 */
typedef int patience_work(enum situation situation, void *argument);
void patience_set_end(patience_work *work, void *argument);

/*
 * Set what is done, once for each step, when one that must not be broken off has taken the limit.
 * It runs in the watching thread, and the step goes on. A note that is NULL, as at first: nothing.
 */
typedef void patience_note(enum situation situation, void *argument);
struct patience_overdue {
	patience_note *note;
	void *argument;
};

/* Return what was set before, so that it can be called as well and set again. */
struct patience_overdue patience_set_overdue(patience_note *note, void *argument);

/* Set what is told, besides the line that is said, of a step that takes seconds: why it does. As
 * above. */
void patience_set_said(patience_note *note, void *argument);

/* Return the line that is said of such a step. Translated. */
const char *patience_words(enum situation situation);

/* Return whether a step is under way that may be ended. It may be over by then. */
bool patience_may_stop(void);

/*
 * End the process with this code, all secret memory wiped, if a step is under way that may be
 * ended: nothing comes after it. Else do nothing.
 */
void patience_stop(int code);

/* All is told, and only links are still to be closed: end with this code, without a word. */
void patience_set_result(int code);

/*
 * Begin a step. If it takes longer than the limit, the process ends: first all secret memory is
 * wiped. Without may_end it is never ended, only named: for an exchange that must not be broken
 * off. While signals are held (app/host/signals.h), one that ends a step is noticed all the same;
 * one that is only noted ends a step that has taken a second.
 * Steps do not nest.
 */
void patience_begin(enum patience_step step, bool may_end);
void patience_end(void);

#endif
