/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * own_window: asks in a window of this program's own, if it has one, instead of on the terminal or
 * through pinentry.
 */
#ifndef JPKI_APP_ASK_OWN_WINDOW_H
#define JPKI_APP_ASK_OWN_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"
#include "card/generation.h"

/* What is asked for in a window. */
struct own_question {
	const char *problem; /* what was wrong with the last answer; NULL for the first */
	const char *text;
	/* By which rule the answer will be judged as a new PIN; NULL: it is no new one. */
	const struct jpki_pin_rule *new_rule;
};

/* How a program asks in its window. argument is that of own_window_set. */
struct own_window {
	/*
	 * Wait for an answer of at most size bytes. APP_OK; APP_CANCELLED: there will be none, or
	 * nothing was typed.
	 */
	enum app_exit (*ask)(void *argument, const struct own_question *question, uint8_t *value,
			     size_t size, size_t *length);
	/* Wait for yes (APP_OK) or no (APP_CANCELLED), with these words on the buttons. */
	enum app_exit (*confirm)(void *argument, const char *text, const char *ok,
				 const char *cancel);
};

/* Ask there from here on; NULL, as at first: there is none. Both are kept. */
void own_window_set(const struct own_window *window, void *argument);

/* Return whether there is one. */
bool own_window_is_there(void);

/* Set the rule for the next answers if these are new PINs, else NULL, as at first. */
void own_window_set_new_rule(const struct jpki_pin_rule *rule);

/* Ask there; own_window_is_there. As the functions of struct own_window. */
enum app_exit own_window_ask(const char *problem, const char *text, uint8_t *value, size_t size,
			     size_t *length);
enum app_exit own_window_confirm(const char *text, const char *ok, const char *cancel);

#endif
