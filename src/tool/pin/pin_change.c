/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin change: asks for the current PIN once and for the new one twice, and changes it. */
#include "tool/pin/pin_parts.h"

#include <stdio.h>
#include <string.h>

#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "base/secret.h"
#include "token/pin_value.h"

/* J-LIS advises at least this many characters for the signing password. */
#define ADVISED_LENGTH 8

static enum situation rule_situation(const struct pin_dialog *dialog)
{
	if (dialog->state.kind == JPKI_CARD_JUKI)
		return SITUATION_NEW_RULE_JUKI;
	return dialog->key == JPKI_KEY_AUTH ? SITUATION_NEW_RULE_AUTH : SITUATION_NEW_RULE_SIGN;
}

static const char *new_question(const struct pin_dialog *dialog)
{
	if (dialog->state.kind == JPKI_CARD_JUKI)
		return _("New password of the Juki card: 4 to 16 letters and digits, not digits "
			 "alone.");
	if (dialog->key == JPKI_KEY_AUTH)
		return _("New authentication PIN: 4 digits.");
	return _("New signing password: 6 to 16 characters, both letters and digits (8 or more are "
		 "advised).");
}

/* Ask for one of the two entries of the new PIN. */
static int ask_new(const struct pin_dialog *dialog, const char *text, struct prompt_pin *pin)
{
	enum app_exit asked = prompt_for_pin(text, dialog->use_pinentry, pin);

	if (asked == APP_CANCELLED)
		return ui_refuse(dialog->json, SITUATION_CANCELLED);
	return (int)asked;
}

/* True if the card's rules allow the new PIN. */
static bool may_be_set(const struct pin_dialog *dialog, const struct prompt_pin *pin)
{
	struct jpki_pin *folded = jpki_secret_alloc(sizeof(*folded));
	bool allowed = folded != NULL && jpki_pin_normalise_new(dialog->state.rule, pin->value,
								pin->length, folded) == JPKI_OK;

	jpki_secret_free(folded, sizeof(*folded));
	return allowed;
}

/* Ask twice for the new PIN and check it; a PIN that breaks a rule is never sent to the card. */
static int get_new(const struct pin_dialog *dialog, struct prompt_pin *pin)
{
	struct prompt_pin again;
	int result = ask_new(dialog, new_question(dialog), pin);

	if (result != APP_OK)
		return result;
	if (!may_be_set(dialog, pin)) {
		result = ui_refuse(dialog->json, rule_situation(dialog));
	} else {
		result = ask_new(dialog,
				 dialog->key == JPKI_KEY_AUTH
					 ? _("To confirm, enter the new PIN again.")
					 : _("To confirm, enter the new password again."),
				 &again);
		if (result == APP_OK && (again.length != pin->length ||
					 memcmp(again.value, pin->value, pin->length) != 0))
			result = ui_refuse(dialog->json, SITUATION_NEW_DIFFERS);
		prompt_pin_free(&again);
	}
	if (result != APP_OK)
		prompt_pin_free(pin);
	return result;
}

/* Change the PIN on the card. */
static enum jpki_error change(const struct card_pin *card_pin, const struct prompt_pin *old_pin,
			      const struct prompt_pin *new_pin)
{
	struct jpki_token_ref token = card_pin_token(card_pin);
	enum jpki_error error;

	ui_busy(_("Changing the PIN; please do not move the card."));
	error = jpki_token_change_pin(&token, old_pin->value, old_pin->length, new_pin->value,
				      new_pin->length);
	ui_busy_end();
	return error;
}

static void say_changed(const struct pin_dialog *dialog, const struct prompt_pin *new_pin)
{
	bool auth = dialog->key == JPKI_KEY_AUTH;

	if (!dialog->json)
		ui_say(stdout, UI_GOOD, auth ? SITUATION_CHANGED_AUTH : SITUATION_CHANGED_SIGN);
	if (!auth && new_pin->length < ADVISED_LENGTH)
		ui_line(stderr, UI_WARN, _("It has fewer than the 8 characters that are advised."));
	pin_dialog_print_result(dialog, "changed");
}

/* Ask for the new PIN and change it; the current one was typed. */
static int change_from(const struct card_pin *card_pin, const struct prompt_pin *old_pin)
{
	const struct pin_dialog *dialog = &card_pin->dialog;
	struct prompt_pin new_pin;
	sigset_t before;
	enum jpki_error error =
		jpki_pin_possible(dialog->state.rule, old_pin->value, old_pin->length);
	int result;

	/* Say so now, before asking two more questions. */
	if (error != JPKI_OK)
		return pin_dialog_explain(dialog, error, old_pin);
	result = get_new(dialog, &new_pin);
	if (result != APP_OK)
		return result;
	/* An interruption would leave unknown which PIN is set, and the user needs to see the
	 * result. */
	signals_hold(&before);
	error = change(card_pin, old_pin, &new_pin);
	if (error == JPKI_OK)
		say_changed(dialog, &new_pin);
	else
		result = pin_dialog_explain(dialog, error, old_pin);
	fflush(stdout);
	signals_release(&before);
	prompt_pin_free(&new_pin);
	return result;
}

int pin_change(struct card_pin *card_pin)
{
	struct prompt_pin old_pin;
	const char *lead = card_pin->dialog.key == JPKI_KEY_AUTH
				   ? _("First, enter the current PIN.")
				   : _("First, enter the current password.");
	int result = pin_dialog_ask(&card_pin->dialog, lead, &old_pin);

	if (result != APP_OK)
		return result;
	result = change_from(card_pin, &old_pin);
	prompt_pin_free(&old_pin);
	return result;
}
