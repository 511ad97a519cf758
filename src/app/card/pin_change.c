/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_change: asks for the current PIN once and for the new one twice, and changes it. What was
 * wrong is asked again, and nothing else. */
#include "app/card/pin_change.h"

#include <stdio.h>
#include <string.h>

#include "app/ask/own_window.h"
#include "app/card/pin_weak.h"
#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "base/secret.h"
#include "token/pin_value.h"

/* J-LIS advises at least this many characters for the signing password. */
#define ADVISED_LENGTH 8

/* A change of a PIN; all PINs are in secret memory. */
struct change {
	struct card_pin *card_pin;
	struct prompt_pin new_pin; /* NULL until it was typed twice */
	/* In the form that the card compares. */
	struct jpki_pin *current, *wanted, *again;
	struct jpki_pin *against; /* what was advised against, if that was the last answer */
	bool advised;
};

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

static bool is_same(const struct jpki_pin *one, const struct jpki_pin *other)
{
	return one->length == other->length && memcmp(one->value, other->value, one->length) == 0;
}

/* Return the advice against a weak PIN; NULL for none. */
static const char *advice(const struct change *change)
{
	bool auth = change->card_pin->dialog.key == JPKI_KEY_AUTH;

	switch (pin_weak(change->wanted, change->current)) {
	case PIN_WEAK_SAME:
		return auth ? _("That is the current PIN. Choose another, or enter it again to "
				"keep "
				"it.")
			    : _("That is the current password. Choose another, or enter it again "
				"to keep it.");
	case PIN_WEAK_SEQUENCE:
		return _("That is easy to guess: its characters repeat or follow each other. "
			 "Choose another, or enter it again to use it all the same.");
	case PIN_WEAK_DATE:
		return _("That is easy to guess: it looks like a date or a year, as of a birth. "
			 "Choose another, or enter it again to use it all the same.");
	case PIN_WEAK_NOT:
		break;
	}
	return NULL;
}

/* Ask for the new PIN again, and compare. */
static int confirm(struct change *change)
{
	struct pin_dialog *dialog = &change->card_pin->dialog;
	struct prompt_pin again;
	int result = pin_dialog_ask_new(dialog,
					dialog->key == JPKI_KEY_AUTH
						? _("To confirm, enter the new PIN again.")
						: _("To confirm, enter the new password again."),
					&again);

	if (result != APP_OK)
		return result;
	/* The case of letters does not count. */
	if (jpki_pin_normalise_new(dialog->state.rule, again.value, again.length, change->again) !=
		    JPKI_OK ||
	    !is_same(change->wanted, change->again))
		result = pin_dialog_slip(dialog, SITUATION_NEW_DIFFERS);
	prompt_pin_free(&again);
	return result;
}

/* Judge a new PIN, and have it confirmed. Return PIN_DIALOG_AGAIN if there is to be another. */
static int judge(struct change *change)
{
	struct pin_dialog *dialog = &change->card_pin->dialog;
	const struct prompt_pin *typed = &change->new_pin;
	const char *text;
	bool insists;

	/* A PIN that breaks a rule is never sent to the card. */
	if (jpki_pin_normalise_new(dialog->state.rule, typed->value, typed->length,
				   change->wanted) != JPKI_OK)
		return pin_dialog_slip(dialog, rule_situation(dialog));
	insists = is_same(change->wanted, change->against);
	explicit_bzero(change->against, sizeof(*change->against));
	pin_dialog_accept(dialog);
	if (insists)
		return APP_OK;
	text = change->advised ? NULL : advice(change);
	if (text == NULL)
		return confirm(change);
	change->advised = true;
	*change->against = *change->wanted;
	pin_dialog_advise(dialog, text);
	return PIN_DIALOG_AGAIN;
}

/* Ask for the new PIN until one is confirmed. */
static int get_new(struct change *change)
{
	struct pin_dialog *dialog = &change->card_pin->dialog;
	int result;

	do {
		own_window_set_new_rule(dialog->state.rule);
		result = pin_dialog_ask_new(dialog, new_question(dialog), &change->new_pin);
		own_window_set_new_rule(NULL);
		if (result == APP_OK)
			result = judge(change);
		if (result != APP_OK)
			prompt_pin_free(&change->new_pin);
	} while (result == PIN_DIALOG_AGAIN);
	return result;
}

/* Change the PIN on the card. */
static enum jpki_error send(const struct change *change, const struct prompt_pin *old_pin)
{
	struct jpki_token_ref token = card_pin_token(change->card_pin);
	const struct prompt_pin *new_pin = &change->new_pin;
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
static int change_from(void *argument, struct prompt_pin *old_pin)
{
	struct change *change = argument;
	struct pin_dialog *dialog = &change->card_pin->dialog;
	enum jpki_error error = jpki_pin_normalise(dialog->state.rule, old_pin->value,
						   old_pin->length, change->current);
	int result = APP_OK;
	sigset_t before;

	/* Say so now, before asking two more questions. */
	if (error != JPKI_OK)
		return pin_dialog_explain(dialog, error, old_pin);
	pin_dialog_accept(dialog);
	/* After a wrong current PIN the new one is known. */
	if (change->new_pin.value == NULL)
		result = get_new(change);
	if (result != APP_OK)
		return result;
	/* An interruption would leave unknown which PIN is set, and the user needs to see the
	 * result. */
	signals_hold(&before);
	error = send(change, old_pin);
	if (error == JPKI_OK)
		say_changed(dialog, &change->new_pin);
	else
		result = pin_dialog_explain(dialog, error, old_pin);
	fflush(stdout);
	signals_release(&before);
	return result;
}

int pin_change(struct card_pin *card_pin)
{
	struct jpki_pin *folded = jpki_secret_alloc(4 * sizeof(*folded));
	struct change change = {.card_pin = card_pin};
	const char *lead = card_pin->dialog.key == JPKI_KEY_AUTH
				   ? _("First, enter the current PIN.")
				   : _("First, enter the current password.");
	int result;

	if (folded == NULL)
		return ui_refuse(card_pin->dialog.json, SITUATION_INTERNAL);
	change.current = &folded[0];
	change.wanted = &folded[1];
	change.again = &folded[2];
	change.against = &folded[3];
	result = pin_dialog_use(&card_pin->dialog, lead, change_from, &change);
	prompt_pin_free(&change.new_pin);
	jpki_secret_free(folded, 4 * sizeof(*folded));
	return result;
}
