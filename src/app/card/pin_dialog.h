/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What commands share that present a PIN: asking for it as the tries allow, and saying what came
 * of it. */
#ifndef JPKI_TOOL_PIN_ASK_H
#define JPKI_TOOL_PIN_ASK_H

#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/card/cards.h"

/* A PIN of a card, and how the person is asked and told. */
struct pin_task {
	struct tool_cards *cards;
	const struct tool_card *card;
	enum jpki_key key;
	bool use_pinentry;
	bool json;
	struct jpki_token_info info; /* as pin_ask has found it */
};

/* The token that the task is about. */
struct jpki_token_ref pin_token(const struct pin_task *task);

/* "auth" or "sign", for scripts. */
const char *pin_name(enum jpki_key key);

/*
 * Reads the tries, and asks for the PIN if it makes sense: not when it is locked or not set, and
 * when one try is left only after the person has typed that it may be spent. The configuration of
 * the cards then allows it, and does not otherwise, whatever the files say. lead is a line before
 * the question, or NULL. APP_OK: *pin is to be freed with tool_pin_free; else how jpki ends, and
 * why was said.
 */
int pin_ask(struct pin_task *task, const char *lead, struct tool_pin *pin);

/*
 * Says what an error of the token layer means when this PIN was typed, with the tries that are left
 * now. Returns how jpki ends.
 */
int pin_explain(const struct pin_task *task, enum jpki_error error, const struct tool_pin *typed);

/* Prints how a PIN fared as JSON, if it is wanted: the card, which PIN, the result, the tries. */
void pin_print_result(const struct pin_task *task, const char *result);

#endif
