/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_dialog: asks for a card's PIN as the tries left allow, and says what came of it. */
#ifndef JPKI_APP_CARD_PIN_DIALOG_H
#define JPKI_APP_CARD_PIN_DIALOG_H

#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/card/cards.h"

/* A PIN of a card, and how the person is asked and told. */
struct pin_dialog {
	struct cards *cards;
	const struct card *card;
	enum jpki_key key;
	bool use_pinentry;
	bool json;
	struct jpki_token_info info; /* as pin_dialog_ask has found it */
};

/* The token that the dialog is about. */
struct jpki_token_ref pin_dialog_token(const struct pin_dialog *dialog);

/*
 * Reads the tries, and asks for the PIN if it makes sense: not when it is locked or not set, and
 * when one try is left only after the person has typed that it may be spent. The configuration of
 * the cards then allows it, and does not otherwise, whatever the files say. lead is a line before
 * the question, or NULL. APP_OK: *pin is to be freed with prompt_pin_free; else how jpki ends, and
 * why was said.
 */
int pin_dialog_ask(struct pin_dialog *dialog, const char *lead, struct prompt_pin *pin);

/*
 * Says what an error of the token layer means when this PIN was typed, with the tries that are left
 * now. Returns how jpki ends.
 */
int pin_dialog_explain(const struct pin_dialog *dialog, enum jpki_error error,
		       const struct prompt_pin *typed);

/* Prints how a PIN fared as JSON, if it is wanted: the card, which PIN, the result, the tries. */
void pin_dialog_print_result(const struct pin_dialog *dialog, const char *result);

#endif
