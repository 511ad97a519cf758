/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signing: signs through the PKCS#11 module, as jpki sign does, so that each of its rules for PINs
 * holds. The module does not spend a last try, and there is nobody here who could allow it.
 */
#include "portal/signing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/card/module_key.h"
#include "app/card/pin_dialog.h"
#include "app/host/signals.h"
#include "app/signature/signature_block.h"
#include "portal/text_card.h"
#include "token/pin_value.h"

/* One request with a card. */
struct run {
	struct portal_signing *signing;
	const struct portal_message *message;
	struct module_key key;
	struct pin_dialog dialog;
	bool answered; /* the window has worked */
};

static enum situation read_state(void *card, enum jpki_key key, struct pin_state *state)
{
	struct run *run = card;

	return module_key_pin(&run->key, key, state);
}

/* The module cannot be allowed to. */
static enum situation allow_final_try(void *card)
{
	(void)card;
	return SITUATION_FINAL_TRY;
}

static int exit_of(enum situation situation)
{
	enum app_exit code = situation_exit(situation);

	return (int)code;
}

/* Sign all blocks. They are handed out together, or none is. */
static enum situation sign_blocks(struct run *run)
{
	enum situation situation = SITUATION_NONE;
	struct portal_bytes *certificate = &run->signing->certificate;
	struct portal_bytes *out = run->signing->signatures;
	const struct portal_block *block = run->message->blocks;

	certificate->data = signature_certificate_der(run->key.certificate, &certificate->length);
	if (certificate->data == NULL)
		return SITUATION_INTERNAL;
	for (size_t i = 0; i < run->message->count && situation == SITUATION_NONE; i++) {
		if (!signature_of_block(run->key.key, block[i].bytes, block[i].length, &out[i].data,
					&out[i].length))
			situation = SITUATION_INTERNAL;
		if (situation != SITUATION_NONE)
			situation = module_key_problem(&run->key);
		if (run->signing->signatures[i].data == NULL && situation == SITUATION_NONE)
			situation = SITUATION_INTERNAL;
	}
	return situation;
}

/* Explain a PIN that the module refused, by the tries that the card counts now. */
static int explain(struct run *run, enum situation situation)
{
	const struct prompt_pin none = {0};
	int before = run->dialog.state.tries;

	if (situation != SITUATION_WRONG && situation != SITUATION_AUTH_LOCKED &&
	    situation != SITUATION_SIGN_LOCKED)
		return exit_of(situation);
	if (pin_dialog_read(&run->dialog) != SITUATION_NONE)
		return APP_FAILED;
	if (run->dialog.state.tries == 0)
		return pin_dialog_explain(&run->dialog, JPKI_E_PIN_LOCKED, &none);
	/* The module says the same of a value that it did not send because the card had refused
	 * it before. */
	if (situation == SITUATION_WRONG)
		return pin_dialog_explain(&run->dialog,
					  run->dialog.state.tries == before ? JPKI_E_PIN_REPEATED
									    : JPKI_E_PIN_INCORRECT,
					  &none);
	return pin_dialog_explain(&run->dialog, JPKI_E_PIN_FINAL_TRY, &none);
}

/* Log in and sign with a PIN, if it is right. */
static int use_pin(void *argument, struct prompt_pin *pin)
{
	struct run *run = argument;
	enum jpki_error error = jpki_pin_possible(run->dialog.state.rule, pin->value, pin->length);
	enum situation situation;
	sigset_t before;

	run->answered = true;
	if (error != JPKI_OK)
		return pin_dialog_explain(&run->dialog, error, pin);
	situation = module_key_login(&run->key, pin);
	if (situation != SITUATION_NONE)
		return explain(run, situation);
	/* The end of the question does not break off what the card does with a PIN. */
	signals_hold(&before);
	situation = sign_blocks(run);
	signals_release(&before);
	return situation == SITUATION_NONE ? APP_OK : exit_of(situation);
}

/* Give the card a PIN for one signature. */
static int authenticate_by(void *argument, struct prompt_pin *pin)
{
	struct run *run = argument;
	enum jpki_error error = jpki_pin_possible(run->dialog.state.rule, pin->value, pin->length);
	enum situation situation;

	if (error != JPKI_OK)
		return pin_dialog_explain(&run->dialog, error, pin);
	situation = module_key_authenticate(&run->key, pin);
	return situation == SITUATION_NONE ? APP_OK : explain(run, situation);
}

/* Ask for the PIN for one signature, if the module wants one for each. */
static enum situation ask_for_signature(void *argument)
{
	struct run *run = argument;
	int result = pin_dialog_use(&run->dialog, _("Password for the next signature"),
				    authenticate_by, run);

	return result == APP_OK ? SITUATION_NONE : run->dialog.ended;
}

/* Return what the window says first: who asks, and what is given. The caller frees it; NULL without
 * memory. */
static char *purpose(const struct portal_message *message)
{
	char *text = NULL;
	int length;

	if (message->mode == PORTAL_LOG_IN)
		length = asprintf(&text, "%s\n%s", message->origin, _("Log in"));
	else
		length = asprintf(&text,
				  ngettext("%s\n%zu electronic signature (the site gets the "
					   "certificate with your name and address)",
					   "%s\n%zu electronic signatures (the site gets the "
					   "certificate with your name and address)",
					   message->count),
				  message->origin, message->count);
	return length >= 0 ? text : NULL;
}

/* Return the meaning of an exit code of a signature, translated. */
static const char *meaning(int code)
{
	size_t count;
	const struct exit_meaning *meanings = situation_exit_meanings(&count);

	for (size_t i = 0; i < count; i++) {
		if ((int)meanings[i].code == code && (meanings[i].users & EXIT_SIGN) != 0)
			return _(meanings[i].text);
	}
	return situation_text(SITUATION_INTERNAL);
}

/* Add the card's digits to what is signed: they are read only after consent. */
static void read_digits(struct run *run)
{
	if (!portal_card_digits(run->dialog.state.serial, run->signing->digits))
		run->signing->digits[0] = '\0';
}

static const char *ask_and_sign(struct run *run)
{
	char *text = purpose(run->message);
	int result = APP_FAILED;

	if (text != NULL && pin_dialog_read(&run->dialog) == SITUATION_NONE &&
	    run->dialog.state.kind != JPKI_CARD_MY_NUMBER) {
		free(text);
		return _("Only a My Number card can be used here.");
	}
	if (text != NULL)
		result = pin_dialog_use(&run->dialog, text, use_pin, run);
	free(text);
	/* pinentry-curses cannot work here: there is no terminal. */
	if (result == APP_FAILED && !run->answered)
		return _("No window could be opened to ask for the PIN. Install pinentry-gtk2, "
			 "pinentry-gnome3 or pinentry-qt.");
	return result == APP_OK ? NULL : meaning(result);
}

const char *portal_sign(struct portal_signing *signing, const struct portal_message *message)
{
	static const struct pin_source source = {.read = read_state,
						 .allow_final_try = allow_final_try};
	enum jpki_key which = message->mode == PORTAL_LOG_IN ? JPKI_KEY_AUTH : JPKI_KEY_SIGN;
	struct module_key_choice choice = {
		.module = signing->module, .key = which, .ask = ask_for_signature};
	struct run run = {
		.signing = signing,
		.message = message,
		.dialog = {.source = &source, .card = &run, .key = which, .use_pinentry = true}};
	enum situation situation;
	const char *reason;

	choice.argument = &run;
	situation = module_key_open(&run.key, &choice);

	if (situation == SITUATION_NONE) {
		reason = ask_and_sign(&run);
		if (reason == NULL)
			read_digits(&run);
	} else if (situation == SITUATION_REMOVED) {
		reason = situation_text(SITUATION_NO_CARD);
	} else {
		reason = meaning(exit_of(situation));
	}
	module_key_close(&run.key);
	return reason;
}

void portal_signing_free(struct portal_signing *signing)
{
	for (size_t i = 0; i < PORTAL_BLOCKS_MAX; i++)
		free(signing->signatures[i].data);
	free(signing->certificate.data);
	memset(signing, 0, sizeof(*signing));
}
