/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pin_dialog: asks for a card's PIN if the tries left allow it, and prints the result. A source
 * knows how to reach the card: by the token layer (card_pin) or through a PKCS#11 module.
 */
#ifndef JPKI_APP_CARD_PIN_DIALOG_H
#define JPKI_APP_CARD_PIN_DIALOG_H

#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/ui/situation.h"
#include "base/error.h"
#include "card/generation.h"

/* What is known about a PIN without presenting it. */
struct pin_state {
	char serial[17]; /* of its token */
	enum jpki_card_kind kind;
	const struct jpki_pin_rule *rule; /* static */
	bool is_set;                      /* false: no PIN was ever set */
	int tries;                        /* left; -1: not known */
};

/* Where a dialog gets its knowledge of a card's PINs. card is the dialog's. */
struct pin_source {
	/*
	 * Return in *state what is known about a PIN now. SITUATION_NONE, or why nothing is known:
	 * for instance, the card was removed or has no such PIN.
	 */
	enum situation (*read)(void *card, enum jpki_key key, struct pin_state *state);
	/*
	 * Let the PIN that is typed next spend the last try, which it must not do without this
	 * call. SITUATION_NONE, or why it can't be spent.
	 */
	enum situation (*allow_final_try)(void *card);
	/*
	 * Return whether it is not known what the card made of the PIN that was sent last; NULL:
	 * never.
	 */
	bool (*is_unanswered)(void *card, enum jpki_key key);
};

/* A PIN of a card, and how to ask the user for it. */
struct pin_dialog {
	const struct pin_source *source;
	void *card; /* as the source knows it */
	enum jpki_key key;
	bool use_pinentry;
	bool json;
	bool consents_by_window; /* yes to the last try comes through pinentry, not by a word */
	bool goes_on;            /* this PIN was used before: to stop is not to have done nothing */
	struct pin_state state;  /* as it was last read */
	enum situation lost;     /* the last one that has cost a try; else SITUATION_NONE */
	enum situation
		ended; /* why the last question had no success, as far as it was the dialog */

	/* Private: what pin_dialog_use knows of the questions so far. */
	bool asks_again;
	bool consented;      /* to the use of the last try */
	unsigned int slips;  /* how many */
	enum situation slip; /* the last one, unless it was corrected; else SITUATION_NONE */
	int slip_tries;      /* that were left after that */
	char *said;          /* about the last answer, for the next question; NULL: nothing */
};

/* Not how jpki ends: the answer was a slip, and the same is to be asked again. */
#define PIN_DIALOG_AGAIN (-1)

/*
 * Use the PIN that was typed. Return how jpki ends, or what a function of this dialog returned,
 * which may be PIN_DIALOG_AGAIN.
 */
typedef int pin_use(void *argument, struct prompt_pin *pin);

/* Read the state of the PIN. SITUATION_NONE, or why it is not known. */
enum situation pin_dialog_read(struct pin_dialog *dialog);

/*
 * Ask for the PIN and use it, again after each slip, as the tries allow: until it is right, the
 * user stops (Ctrl-C, Ctrl-D, an empty line, no consent to the last try), or there is another
 * reason. The number of questions has a limit, a low one if pinentry asks, because a program may
 * answer there. Return how jpki ends: if the user stops after a slip, by that slip, and JSON tells
 * of it alone. So does a signal that ends a wait for the card (app/ui/patience.h), unless goes_on.
 * use may call it for another question, whose answer ends the first one, too.
 */
int pin_dialog_use(struct pin_dialog *dialog, const char *lead, pin_use *use, void *argument);

/*
 * Read the tries, and ask for the PIN once unless it is locked or not set. If one try is left, the
 * user must first type that it may be spent, or say so in a window of its own, and the source is
 * told so before the question. lead is a line before the question, or NULL. APP_OK: the caller
 * frees *pin with prompt_pin_free; otherwise how jpki ends, and the reason was printed.
 */
int pin_dialog_ask(struct pin_dialog *dialog, const char *lead, struct prompt_pin *pin);

/* Ask for a PIN that is to be set, or for its repetition. Returns as pin_dialog_ask. */
int pin_dialog_ask_new(struct pin_dialog *dialog, const char *text, struct prompt_pin *pin);

/*
 * Print what an error of the token layer means for this PIN, with the tries that are left now.
 * Requires that the state was read. Return how jpki ends, or within pin_dialog_use, if the user can
 * correct it, PIN_DIALOG_AGAIN.
 */
int pin_dialog_explain(struct pin_dialog *dialog, enum jpki_error error,
		       const struct prompt_pin *typed);

/* The same for a situation that came of what was typed within pin_dialog_use. */
int pin_dialog_slip(struct pin_dialog *dialog, enum situation situation);

/* Print an advice about what was typed, and say it with the next question, too. It is no slip. */
void pin_dialog_advise(struct pin_dialog *dialog, const char *text);

/* Note that what was typed last is accepted: nothing is said of it any more. */
void pin_dialog_accept(struct pin_dialog *dialog);

/* Print the result for a PIN as JSON, if JSON is requested: the card, which PIN, the result, the
 * tries. */
void pin_dialog_print_result(const struct pin_dialog *dialog, const char *result);

#endif
