/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * situation: names the situations that a user may be in, and has the text for each: it says in
 * everyday words what happened, whether a try was used, and what to do next.
 *
 * The text is Japanese (po/ja.po) or English, depending on the locale.
 */
#ifndef JPKI_APP_UI_SITUATION_H
#define JPKI_APP_UI_SITUATION_H

#include <stdbool.h>

#include <stddef.h>

#include "app/app.h"
#include "base/error.h"
#include "card/generation.h"

/* The subcommands of jpki, and parts of them, as members of a set. */
enum exit_user {
	EXIT_STATUS = 1 << 0,
	EXIT_CERT = 1 << 1,
	EXIT_CERT_SHOW = 1 << 2, /* only jpki cert show */
	EXIT_PIN = 1 << 3,
	EXIT_SIGN = 1 << 4,
	EXIT_VERIFY = 1 << 5,
	EXIT_DOCTOR = 1 << 6,
	EXIT_SETUP = 1 << 7,
	EXIT_PIN_CARD = 1 << 8,  /* what of jpki pin uses a card: not log */
	EXIT_PIN_ENTRY = 1 << 9, /* what of jpki pin asks for a PIN: verify and change */
};

/* What an exit code means; a code may have several meanings. */
struct exit_meaning {
	unsigned int users; /* the set of subcommands for which it means this */
	enum app_exit code;
	const char *text; /* English; to be translated */
};

enum situation {
	SITUATION_NONE, /* nothing to say: has no name, text or exit code */
	SITUATION_NO_SERVICE,
	SITUATION_SERVICE_MISSING,
	SITUATION_SERVICE_HANGS,
	SITUATION_SERVICE_FULL,
	SITUATION_SERVICE_VERSION,
	SITUATION_SERVICE_CLOSES,
	SITUATION_SERVICE_SOCKET,
	SITUATION_NO_ACCESS,
	SITUATION_SANDBOX,
	SITUATION_NO_READER,
	SITUATION_NO_CARD,
	SITUATION_OTHER_CARD,
	SITUATION_MUTE_CARD,
	SITUATION_TWO_CARDS,
	SITUATION_JUKI,
	SITUATION_PHONE,
	SITUATION_UNKNOWN_GENERATION,
	SITUATION_NO_SIGN_CERTIFICATE,
	SITUATION_NO_AUTH_CERTIFICATE,
	SITUATION_NO_TEXT,
	SITUATION_PROMPT_AUTH, /* tries left */
	SITUATION_PROMPT_SIGN, /* tries left */
	SITUATION_PROMPT_TEXT, /* tries left */
	SITUATION_LENGTH_AUTH,
	SITUATION_LENGTH_SIGN,
	SITUATION_LENGTH_TEXT,
	SITUATION_LENGTH_JUKI,
	SITUATION_DIGITS_SIGN,
	SITUATION_ALPHABET,
	SITUATION_REPEATED,
	SITUATION_WRONG, /* tries left */
	SITUATION_WRONG_ONE_LEFT,
	SITUATION_FINAL_TRY,
	SITUATION_WHICH_PIN,
	SITUATION_SIGN_LOCKED,
	SITUATION_AUTH_LOCKED,
	SITUATION_TEXT_LOCKED,
	SITUATION_BOTH_LOCKED,
	SITUATION_PIN_NOT_SET,
	SITUATION_PIN_UNANSWERED,
	SITUATION_CHANGED_AUTH,
	SITUATION_CHANGED_SIGN,
	SITUATION_CHANGE_UNCERTAIN,
	SITUATION_NEW_RULE_AUTH,
	SITUATION_NEW_RULE_SIGN,
	SITUATION_NEW_RULE_JUKI,
	SITUATION_NEW_DIFFERS,
	SITUATION_SOON,            /* days left, date */
	SITUATION_EXPIRED,         /* date */
	SITUATION_AUTH_ENDS_FIRST, /* date */
	SITUATION_NOT_YET_VALID,
	SITUATION_MAYBE_REVOKED,
	SITUATION_JUST_RENEWED,
	SITUATION_VALIDITY_UNKNOWN,
	SITUATION_REMOVED,
	SITUATION_BUSY,
	SITUATION_CARD_HELD,
	SITUATION_RESET,
	SITUATION_CARD_LOST,
	SITUATION_LINK,
	SITUATION_CANCELLED,
	SITUATION_NO_MEMORY,
	SITUATION_INTERNAL,
	SITUATION_COUNT
};

/* Return the name for scripts, such as "no-reader", which is the same in every language. Static. */
const char *situation_name(enum situation situation);

/* Have the texts from here on point to the pages of a window, or as at first to commands. */
void situation_in_window(bool in_window);

/*
 * Return the translated text; it is a printf format for the arguments that the list above names.
 * Static.
 */
const char *situation_text(enum situation situation);

/*
 * Return the translated text that names the PIN that the situation is about: that of key. Its
 * arguments are those of situation_text; where one text fits all PINs, it is that text. Static.
 */
const char *situation_pin_text(enum situation situation, enum jpki_key key);

/*
 * Return the situation for an error of the token layer, and the exit code of a situation. key says
 * which PIN the error is about.
 */
enum situation situation_of_error(enum jpki_error error, enum jpki_key key);
enum app_exit situation_exit(enum situation situation);

/* Return the meanings of the exit codes, in their order, and how many there are. Static. */
const struct exit_meaning *situation_exit_meanings(size_t *count);

#endif
