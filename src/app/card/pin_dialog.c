/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_dialog: asks for a PIN if the tries left allow it, and prints the result. */
#include "app/card/pin_dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/ask/own_window.h"
#include "app/ask/pinentry.h"
#include "app/ask/terminal.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/patience.h"
#include "app/ui/refuse.h"

/* So many slips end the dialog: whoever goes on at that pace is a program. */
#define SLIPS_MAX          10
#define SLIPS_MAX_PINENTRY 3

enum situation pin_dialog_read(struct pin_dialog *dialog)
{
	return dialog->source->read(dialog->card, dialog->key, &dialog->state);
}

/* Return the tries left, as the card last told; -1 if they are not known. */
static int tries_now(const struct pin_dialog *dialog, enum jpki_key key)
{
	struct pin_state state;
	enum situation situation = dialog->source->read(dialog->card, key, &state);

	return situation == SITUATION_NONE ? state.tries : -1;
}

static enum situation locked_situation(const struct pin_dialog *dialog)
{
	enum jpki_key other = dialog->key == JPKI_KEY_AUTH ? JPKI_KEY_SIGN : JPKI_KEY_AUTH;

	/* Those two help to reset each other. */
	if (dialog->key != JPKI_PIN_TEXT && tries_now(dialog, other) == 0)
		return SITUATION_BOTH_LOCKED;
	return situation_of_error(JPKI_E_PIN_LOCKED, dialog->key);
}

/* The table of situations says what each format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *format_tries(enum situation situation, enum jpki_key key, int tries)
{
	char *text = NULL;

	return asprintf(&text, situation_pin_text(situation, key), tries) >= 0 ? text : NULL;
}
#pragma GCC diagnostic pop

/* Return the tries as JSON: null if the card does not tell them. */
static json_t *json_of_tries(int tries)
{
	return tries >= 0 ? json_integer(tries) : json_null();
}

static bool tells_tries(enum situation situation)
{
	return situation == SITUATION_WRONG || situation == SITUATION_WRONG_ONE_LEFT;
}

/* End by a situation: print it, and return the exit code. */
static int refuse(struct pin_dialog *dialog, enum situation situation)
{
	dialog->ended = situation;
	return ui_refuse(dialog->json, situation);
}

/* The same with the text that names the PIN. */
static int refuse_pin(struct pin_dialog *dialog, enum situation situation)
{
	dialog->ended = situation;
	return ui_refuse_pin(dialog->json, situation, dialog->key);
}

/* End by a slip, which was said before: print it for programs, and return the exit code. */
static int end_by(struct pin_dialog *dialog, enum situation slip)
{
	char *text = format_tries(slip, dialog->key, dialog->slip_tries);
	enum app_exit code = situation_exit(slip);

	dialog->ended = slip;
	if (!tells_tries(slip))
		ui_refuse_in_json(dialog->json, slip, text != NULL ? text : "");
	else if (dialog->json)
		ui_json(json_pack("{s:s, s:s*, s:s, s:s, s:o}", "situation", situation_name(slip),
				  "message", text, "serial", dialog->state.serial, "pin",
				  key_name(dialog->key), "tries_left",
				  json_of_tries(dialog->slip_tries)));
	free(text);
	return (int)code;
}

/* The same by the last slip. */
static int end_by_slip(struct pin_dialog *dialog)
{
	return end_by(dialog, dialog->slip);
}

/* End because the user wants to. */
static int end_by_user(struct pin_dialog *dialog)
{
	/* Whatever was accepted since then, a try was lost. */
	enum situation slip = dialog->slip != SITUATION_NONE ? dialog->slip : dialog->lost;

	if (slip == SITUATION_NONE && !dialog->goes_on)
		return refuse_pin(dialog, SITUATION_CANCELLED);
	/* A PIN may have been sent before. */
	ui_line(stderr, UI_WARN, "%s", _("Stopped."));
	if (slip != SITUATION_NONE)
		return end_by(dialog, slip);
	dialog->ended = SITUATION_CANCELLED;
	return APP_CANCELLED;
}

/* End in the middle of a wait: see patience_set_end. */
static int end_waiting(enum situation situation, void *argument)
{
	struct pin_dialog *dialog = argument;

	return situation == SITUATION_CANCELLED ? end_by_user(dialog) : refuse(dialog, situation);
}

static void forget_said(struct pin_dialog *dialog)
{
	free(dialog->said);
	dialog->said = NULL;
}

/* Keep this, too, for the next question: a window is no place to see standard error. */
static void keep_said(struct pin_dialog *dialog, const char *text)
{
	char *whole;

	if (dialog->said == NULL || asprintf(&whole, "%s\n%s", dialog->said, text) < 0)
		return;
	forget_said(dialog);
	dialog->said = whole;
}

/* Say what was wrong with the last answer, and keep it. */
static void say_slip(struct pin_dialog *dialog, enum situation situation)
{
	dialog->slip = situation;
	if (tells_tries(situation)) {
		dialog->lost = situation;
		dialog->slip_tries = tries_now(dialog, dialog->key);
	}
	forget_said(dialog);
	dialog->said = format_tries(situation, dialog->key, dialog->slip_tries);
	ui_say_pin(stderr, UI_BAD, situation, dialog->key, dialog->slip_tries);
	if (tells_tries(situation) && dialog->key != JPKI_KEY_SIGN) {
		keep_said(dialog, situation_pin_text(SITUATION_WHICH_PIN, dialog->key));
		ui_say_pin(stderr, UI_PLAIN, SITUATION_WHICH_PIN, dialog->key);
	}
}

int pin_dialog_slip(struct pin_dialog *dialog, enum situation situation)
{
	bool by_pinentry = prompt_by_pinentry(dialog->use_pinentry);

	say_slip(dialog, situation);
	/* A program that answers for pinentry would do so for ever. */
	if (++dialog->slips >= (by_pinentry ? SLIPS_MAX_PINENTRY : SLIPS_MAX) ||
	    (by_pinentry && situation == SITUATION_REPEATED))
		return end_by_slip(dialog);
	return PIN_DIALOG_AGAIN;
}

void pin_dialog_advise(struct pin_dialog *dialog, const char *text)
{
	ui_line(stderr, UI_WARN, "%s", text);
	pin_dialog_accept(dialog);
	dialog->said = strdup(text);
}

void pin_dialog_accept(struct pin_dialog *dialog)
{
	forget_said(dialog);
	dialog->slip = SITUATION_NONE;
}

/* Return the question for the word before the last try; the caller frees it. NULL without
 * memory. */
static char *consent_question(const struct pin_dialog *dialog)
{
	const char *why = situation_pin_text(SITUATION_FINAL_TRY, dialog->key);
	/* TRANSLATORS: the word that is to be typed is one of those of the entry "yes". Keep "yes"
	 * among them: not everybody can type another script at this moment. */
	const char *what =
		dialog->key == JPKI_KEY_SIGN
			? _("Do not type the password yet. Use the last try? Only if you "
			    "want to go on, type \"yes\" and press Enter: ")
			: _("Do not type the PIN yet. Use the last try? Only if you "
			    "want to go on, type \"yes\" and press Enter: ");
	bool unseen = isatty(STDERR_FILENO) != 1;
	char *text;

	if (asprintf(&text, "%s%s%s", unseen ? why : "", unseen ? "\n" : "", what) < 0)
		return NULL;
	return text;
}

/*
 * Ask in a window whether the last try may be spent. Return as ask_consent. Enter may stand for
 * yes, and somebody may press it who was just typing elsewhere. That spends nothing: the next
 * window asks for the PIN, and Enter without one ends the dialog.
 */
static int ask_consent_by_window(struct pin_dialog *dialog, const char *lead)
{
	enum app_exit answer = APP_FAILED;
	char *text;

	/* What leads to a question for the PIN is no word about yes or no. */
	if (own_window_is_there())
		lead = NULL;
	if (asprintf(&text, "%s%s%s", lead != NULL ? lead : "", lead != NULL ? "\n\n" : "",
		     situation_pin_text(SITUATION_FINAL_TRY, dialog->key)) >= 0) {
		answer = pinentry_confirm(text, _("Use the last try"), _("Stop"));
		free(text);
	}
	if (answer == APP_OK)
		return APP_OK;
	return answer == APP_CANCELLED ? end_by_user(dialog)
				       : refuse_pin(dialog, SITUATION_FINAL_TRY);
}

/* Ask whether the last try may be spent. Return APP_OK, or how jpki ends. */
static int ask_consent(struct pin_dialog *dialog)
{
	int terminal = terminal_open();
	bool consented;
	char *text;

	/* Nobody can type a word without a terminal. */
	if (terminal < 0 && dialog->slip != SITUATION_NONE)
		return end_by_slip(dialog);
	if (terminal < 0)
		return refuse_pin(dialog, SITUATION_FINAL_TRY);
	close(terminal);
	text = consent_question(dialog);
	if (text == NULL)
		return refuse(dialog, SITUATION_INTERNAL);
	ui_say_pin(stderr, UI_BAD, SITUATION_FINAL_TRY, dialog->key);
	consented = prompt_consent(text, _("yes"));
	free(text);
	return consented ? APP_OK : end_by_user(dialog);
}

/* Read the tries, and decide whether to ask the user at all. */
static int prepare(struct pin_dialog *dialog, const char *lead)
{
	enum situation situation = pin_dialog_read(dialog);
	int result;

	if (situation != SITUATION_NONE)
		return refuse(dialog, situation);
	if (!dialog->state.is_set)
		return refuse_pin(dialog, SITUATION_PIN_NOT_SET);
	if (dialog->state.tries == 0)
		return refuse(dialog, locked_situation(dialog));
	/* No PIN is sent unless the tries are known. */
	if (dialog->state.tries < 0)
		return refuse(dialog, SITUATION_LINK);
	/* Consent is to this last try: there may be another after others have given tries back. */
	if (dialog->state.tries > 1)
		dialog->consented = false;
	if (dialog->state.tries > 1 || dialog->consented)
		return APP_OK;
	result = dialog->consents_by_window ? ask_consent_by_window(dialog, lead)
					    : ask_consent(dialog);
	if (result != APP_OK)
		return result;
	situation = dialog->source->allow_final_try(dialog->card);
	if (situation != SITUATION_NONE)
		return refuse(dialog, situation);
	dialog->consented = true;
	return APP_OK;
}

/* Return the question; the caller frees it. NULL without memory. */
static char *question(const struct pin_dialog *dialog, const char *lead)
{
	static const enum situation prompts[JPKI_PIN_COUNT] = {
		[JPKI_KEY_AUTH] = SITUATION_PROMPT_AUTH,
		[JPKI_KEY_SIGN] = SITUATION_PROMPT_SIGN,
		[JPKI_PIN_TEXT] = SITUATION_PROMPT_TEXT,
	};
	char *text;
	char *whole = NULL;

	/* The Juki card's rule differs from the text of the situation. */
	if (dialog->state.kind == JPKI_CARD_JUKI) {
		if (asprintf(&text,
			     _("Password of the Juki card (4 to 16 letters and digits; case does "
			       "not matter). Tries left: %d"),
			     dialog->state.tries) < 0)
			return NULL;
	} else {
		text = format_tries(prompts[dialog->key], dialog->key, dialog->state.tries);
	}
	if (text == NULL || lead == NULL)
		return text;
	if (asprintf(&whole, "%s\n%s", lead, text) < 0)
		whole = NULL;
	free(text);
	return whole;
}

int pin_dialog_ask_new(struct pin_dialog *dialog, const char *text, struct prompt_pin *pin)
{
	enum app_exit asked = prompt_for_pin(dialog->said, text, dialog->use_pinentry, pin);

	return asked == APP_CANCELLED ? end_by_user(dialog) : (int)asked;
}

int pin_dialog_ask(struct pin_dialog *dialog, const char *lead, struct prompt_pin *pin)
{
	int result = prepare(dialog, lead);
	char *text;

	*pin = (struct prompt_pin){0};
	if (result != APP_OK)
		return result;
	text = question(dialog, lead);
	if (text == NULL)
		return refuse(dialog, SITUATION_INTERNAL);
	result = pin_dialog_ask_new(dialog, text, pin);
	free(text);
	return result;
}

int pin_dialog_use(struct pin_dialog *dialog, const char *lead, pin_use *use, void *argument)
{
	struct prompt_pin pin;
	int result;

	dialog->asks_again = true;
	dialog->slips = 0;
	dialog->lost = SITUATION_NONE;
	dialog->ended = SITUATION_INTERNAL;
	do {
		/* What was used may have set another end. */
		if (!dialog->goes_on)
			patience_set_end(end_waiting, dialog);
		result = pin_dialog_ask(dialog, lead, &pin);
		if (result == APP_OK)
			result = use(argument, &pin);
		prompt_pin_free(&pin);
	} while (result == PIN_DIALOG_AGAIN);
	dialog->asks_again = false;
	pin_dialog_accept(dialog);
	if (!dialog->goes_on)
		patience_set_end(NULL, NULL);
	return result;
}

/* Return whether the value has a byte other than A-Z, a-z, 0-9. */
static bool has_other_characters(const struct prompt_pin *pin)
{
	for (size_t i = 0; i < pin->length; i++) {
		uint8_t folded = pin->value[i] | 0x20;

		if (!(folded >= 'a' && folded <= 'z') &&
		    !(pin->value[i] >= '0' && pin->value[i] <= '9'))
			return true;
	}
	return false;
}

static bool is_number(const struct prompt_pin *pin)
{
	for (size_t i = 0; i < pin->length; i++) {
		if (pin->value[i] < '0' || pin->value[i] > '9')
			return false;
	}
	return true;
}

/* Return whether another PIN, or the same one typed with more care, may do. */
static bool can_be_corrected(enum jpki_error error)
{
	return error == JPKI_E_PIN_LENGTH || error == JPKI_E_PIN_ALPHABET ||
	       error == JPKI_E_PIN_REPEATED || error == JPKI_E_PIN_INCORRECT;
}

/* Return whether the error left open what the card made of the PIN. */
static bool is_unanswered(const struct pin_dialog *dialog, enum jpki_error error)
{
	return !can_be_corrected(error) && error != JPKI_E_PIN_UNCERTAIN &&
	       dialog->source->is_unanswered != NULL &&
	       dialog->source->is_unanswered(dialog->card, dialog->key);
}

/* Return what the error means if this PIN was typed. */
static enum situation situation_of(const struct pin_dialog *dialog, enum jpki_error error,
				   const struct prompt_pin *typed)
{
	if (is_unanswered(dialog, error))
		return SITUATION_PIN_UNANSWERED;
	if (error == JPKI_E_PIN_LENGTH && has_other_characters(typed))
		return SITUATION_ALPHABET;
	if (error == JPKI_E_PIN_LENGTH && dialog->state.kind == JPKI_CARD_JUKI)
		return SITUATION_LENGTH_JUKI;
	if (error == JPKI_E_PIN_ALPHABET && dialog->key == JPKI_KEY_SIGN && is_number(typed))
		return SITUATION_DIGITS_SIGN;
	if (error == JPKI_E_PIN_LOCKED)
		return locked_situation(dialog);
	if (error == JPKI_E_PIN_INCORRECT && tries_now(dialog, dialog->key) == 1)
		return SITUATION_WRONG_ONE_LEFT;
	return situation_of_error(error, dialog->key);
}

int pin_dialog_explain(struct pin_dialog *dialog, enum jpki_error error,
		       const struct prompt_pin *typed)
{
	enum situation situation = situation_of(dialog, error, typed);

	if (dialog->asks_again && can_be_corrected(error))
		return pin_dialog_slip(dialog, situation);
	if (!tells_tries(situation))
		return refuse_pin(dialog, situation);
	say_slip(dialog, situation);
	forget_said(dialog);
	return end_by_slip(dialog);
}

void pin_dialog_print_result(const struct pin_dialog *dialog, const char *result)
{
	if (dialog->json)
		ui_json(json_pack("{s:s, s:s, s:s, s:o}", "result", result, "serial",
				  dialog->state.serial, "pin", key_name(dialog->key), "tries_left",
				  json_of_tries(tries_now(dialog, dialog->key))));
}
