/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_dialog: asks for a PIN if the tries left allow it, and prints the result. */
#include "app/card/pin_dialog.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/ask/terminal.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/refuse.h"

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

	if (tries_now(dialog, other) == 0)
		return SITUATION_BOTH_LOCKED;
	return dialog->key == JPKI_KEY_AUTH ? SITUATION_AUTH_LOCKED : SITUATION_SIGN_LOCKED;
}

/* Ask whether the last try may be spent. Return APP_OK, or how jpki ends. */
static int ask_consent(const struct pin_dialog *dialog)
{
	int terminal = terminal_open();

	/* Nobody can type a word without a terminal. */
	if (terminal < 0)
		return ui_refuse(dialog->json, SITUATION_FINAL_TRY);
	close(terminal);
	ui_say(stderr, UI_BAD, SITUATION_FINAL_TRY);
	/* TRANSLATORS: the word that is to be typed, or several with | between them. Keep "yes":
	 * not everybody can type another script at this moment. */
	if (prompt_confirm(
		    _("To use the last try, type \"yes\" and press Enter. Anything else stops: "),
		    _("yes")))
		return APP_OK;
	return ui_refuse(dialog->json, SITUATION_CANCELLED);
}

/* Read the tries, and decide whether to ask the user at all. */
static int prepare(struct pin_dialog *dialog)
{
	enum situation situation = pin_dialog_read(dialog);
	int result;

	if (situation != SITUATION_NONE)
		return ui_refuse(dialog->json, situation);
	if (!dialog->state.is_set)
		return ui_refuse(dialog->json, SITUATION_PIN_NOT_SET);
	if (dialog->state.tries == 0)
		return ui_refuse(dialog->json, locked_situation(dialog));
	/* No PIN is sent unless the tries are known. */
	if (dialog->state.tries < 0)
		return ui_refuse(dialog->json, SITUATION_LINK);
	if (dialog->state.tries > 1)
		return APP_OK;
	result = ask_consent(dialog);
	if (result != APP_OK)
		return result;
	situation = dialog->source->allow_final_try(dialog->card);
	return situation == SITUATION_NONE ? APP_OK : ui_refuse(dialog->json, situation);
}

/* The table of situations says what each format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static char *format_tries(enum situation situation, int tries)
{
	char *text = NULL;

	return asprintf(&text, situation_text(situation), tries) >= 0 ? text : NULL;
}
#pragma GCC diagnostic pop

/* Return the question; the caller frees it. NULL without memory. */
static char *question(const struct pin_dialog *dialog, const char *lead)
{
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
		text = format_tries(dialog->key == JPKI_KEY_AUTH ? SITUATION_PROMPT_AUTH
								 : SITUATION_PROMPT_SIGN,
				    dialog->state.tries);
	}
	if (text == NULL || lead == NULL)
		return text;
	if (asprintf(&whole, "%s\n%s", lead, text) < 0)
		whole = NULL;
	free(text);
	return whole;
}

int pin_dialog_ask(struct pin_dialog *dialog, const char *lead, struct prompt_pin *pin)
{
	int result = prepare(dialog);
	enum app_exit asked;
	char *text;

	*pin = (struct prompt_pin){0};
	if (result != APP_OK)
		return result;
	text = question(dialog, lead);
	if (text == NULL)
		return ui_refuse(dialog->json, SITUATION_INTERNAL);
	asked = prompt_for_pin(text, dialog->use_pinentry, pin);
	free(text);
	if (asked == APP_CANCELLED)
		return ui_refuse(dialog->json, SITUATION_CANCELLED);
	return (int)asked;
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

/* Return what the error means if this PIN was typed. */
static enum situation situation_of(const struct pin_dialog *dialog, enum jpki_error error,
				   const struct prompt_pin *typed)
{
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

/* Return the tries as JSON: null if the card does not tell them. */
static json_t *json_of_tries(int tries)
{
	return tries >= 0 ? json_integer(tries) : json_null();
}

/* Print a refusal that tells the tries left. */
static int say_wrong(const struct pin_dialog *dialog, enum situation situation)
{
	int tries = tries_now(dialog, dialog->key);
	char *text = format_tries(situation, tries);
	enum app_exit code = situation_exit(situation);

	ui_say(stderr, UI_BAD, situation, tries);
	if (dialog->key == JPKI_KEY_AUTH)
		ui_say(stderr, UI_PLAIN, SITUATION_WHICH_PIN);
	if (dialog->json)
		ui_json(json_pack("{s:s, s:s*, s:s, s:s, s:o}", "situation",
				  situation_name(situation), "message", text, "serial",
				  dialog->state.serial, "pin", key_name(dialog->key), "tries_left",
				  json_of_tries(tries)));
	free(text);
	return (int)code;
}

int pin_dialog_explain(const struct pin_dialog *dialog, enum jpki_error error,
		       const struct prompt_pin *typed)
{
	enum situation situation = situation_of(dialog, error, typed);

	if (situation == SITUATION_WRONG || situation == SITUATION_WRONG_ONE_LEFT)
		return say_wrong(dialog, situation);
	return ui_refuse(dialog->json, situation);
}

void pin_dialog_print_result(const struct pin_dialog *dialog, const char *result)
{
	if (dialog->json)
		ui_json(json_pack("{s:s, s:s, s:s, s:o}", "result", result, "serial",
				  dialog->state.serial, "pin", key_name(dialog->key), "tries_left",
				  json_of_tries(tries_now(dialog, dialog->key))));
}
