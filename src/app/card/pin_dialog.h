/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pin_dialog: asks for a card's PIN as the tries left allow, and says what came of it. How the card
 * is reached is the business of a source: the token layer (card_pin) or a PKCS#11 module.
 */
#ifndef JPKI_APP_CARD_PIN_DIALOG_H
#define JPKI_APP_CARD_PIN_DIALOG_H

#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/ui/situation.h"
#include "base/error.h"
#include "card/generation.h"

/* What is known of a PIN without presenting it. */
struct pin_state {
	char serial[17]; /* of its token */
	enum jpki_card_kind kind;
	const struct jpki_pin_rule *rule; /* static */
	bool is_set;                      /* false: no PIN was ever set */
	int tries;                        /* left; -1: not known */
};

/* Where a dialog learns of the PINs of a card. card is the dialog's. */
struct pin_source {
	/*
	 * Tell what is known of a PIN now. SITUATION_NONE, or why nothing is: the card has left or
	 * has no such PIN, for instance.
	 */
	enum situation (*read)(void *card, enum jpki_key key, struct pin_state *state);
	/*
	 * Let the PIN that is typed next spend the last try; without this call it must not.
	 * SITUATION_NONE, or why it can't be spent.
	 */
	enum situation (*allow_final_try)(void *card);
};

/* A PIN of a card, and how the person is asked and told. */
struct pin_dialog {
	const struct pin_source *source;
	void *card; /* as the source knows it */
	enum jpki_key key;
	bool use_pinentry;
	bool json;
	struct pin_state state; /* as it was last read */
};

/* Read the state of the PIN. SITUATION_NONE, or why it is not known. */
enum situation pin_dialog_read(struct pin_dialog *dialog);

/*
 * Reads the tries, and asks for the PIN if it makes sense: not when it is locked or not set, and
 * when one try is left only after the person has typed that it may be spent, which the source is
 * told before the question. lead is a line before the question, or NULL. APP_OK: *pin is to be
 * freed with prompt_pin_free; else how jpki ends, and why was said.
 */
int pin_dialog_ask(struct pin_dialog *dialog, const char *lead, struct prompt_pin *pin);

/*
 * Says what an error of the token layer means when this PIN was typed, with the tries that are left
 * now. The state was read before. Returns how jpki ends.
 */
int pin_dialog_explain(const struct pin_dialog *dialog, enum jpki_error error,
		       const struct prompt_pin *typed);

/* Prints how a PIN fared as JSON, if it is wanted: the card, which PIN, the result, the tries. */
void pin_dialog_print_result(const struct pin_dialog *dialog, const char *result);

#endif
