/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* question: words the questions of a request: who asks, and what is given. */
#ifndef JPKI_PORTAL_QUESTION_H
#define JPKI_PORTAL_QUESTION_H

#include "app/card/pin_dialog.h"
#include "portal/message.h"

/* Give the windows our title and the word on their button. */
void portal_question_begin(void);

/* Return what a window says first: the origin in a line of its own, and what is given. The caller
 * frees it; NULL without memory. */
char *portal_question_lead(const struct portal_message *message);

/*
 * Ask whether a site that we do not list may use the card; nothing is asked for one that we list.
 * NULL if it may; otherwise why not, translated and static.
 */
const char *portal_question_site(const struct portal_message *message);

/*
 * Ask for the PIN of the dialog and use it, as pin_dialog_use. NULL if use had success; otherwise
 * why not, translated and static, by the situation that ended the dialog.
 */
const char *portal_question_pin(const struct portal_message *message, struct pin_dialog *dialog,
				pin_use *use, void *argument);

#endif
