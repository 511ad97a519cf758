/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signing: signs through the PKCS#11 module, as jpki sign does, so that each of its rules for PINs
 * holds.
 */
#include "portal/signing.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "app/card/module_block.h"
#include "app/card/module_file.h"
#include "app/card/module_key.h"
#include "app/card/module_pin.h"
#include "app/card/module_pool.h"
#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/signature/signature_block.h"
#include "portal/question.h"
#include "portal/reason.h"
#include "portal/text_card.h"

/* One request with a card. */
struct run {
	struct portal_signing *signing;
	const struct portal_message *message;
	struct module_key key;
	struct module_pin pin;
	/* Without the signals that wait while the card has a PIN. That does not break off what the
	 * card does, but the end of the browser's pipe (SIGTERM) withdraws a question. */
	sigset_t before;
};

/* Sign the blocks one after the other. */
static enum situation sign_each(struct run *run)
{
	enum situation situation = SITUATION_NONE;
	struct portal_bytes *out = run->signing->signatures;
	const struct portal_block *block = run->message->blocks;

	for (size_t i = 0; i < run->message->count && situation == SITUATION_NONE; i++) {
		if (signature_of_block(run->key.key, block[i].bytes, block[i].length, &out[i].data,
				       &out[i].length))
			continue;
		situation = module_key_problem(&run->key);
		if (situation == SITUATION_NONE)
			situation = SITUATION_INTERNAL;
	}
	return situation;
}

/* Take over the signature of a block. */
static enum situation take_signature(const struct module_block *block, struct portal_bytes *out)
{
	if (block->signature_length == 0)
		return SITUATION_INTERNAL;
	out->data = malloc(block->signature_length);
	if (out->data == NULL)
		return SITUATION_NO_MEMORY;
	memcpy(out->data, block->signature, block->signature_length);
	out->length = block->signature_length;
	return SITUATION_NONE;
}

/* Sign the blocks together, so that the card is given the PIN for several at a time. */
static enum situation sign_together(struct run *run, struct module_pool *pool)
{
	enum situation result = SITUATION_NONE;
	size_t count = run->message->count;
	struct module_block *queue[PORTAL_BLOCKS_MAX] = {NULL};
	struct module_block *blocks = calloc(count, sizeof(*blocks));

	if (blocks == NULL)
		return SITUATION_NO_MEMORY;
	for (size_t i = 0; i < count; i++) {
		const struct portal_block *block = &run->message->blocks[i];

		memcpy(blocks[i].bytes, block->bytes, block->length);
		blocks[i].length = block->length;
		queue[i] = &blocks[i];
	}
	module_pool_add(pool, queue, count);
	/* Each is awaited, also behind one that was not signed. */
	for (size_t i = 0; i < count; i++) {
		enum situation situation = module_pool_await(pool, queue[i]);

		if (situation == SITUATION_NONE)
			situation = take_signature(queue[i], &run->signing->signatures[i]);
		if (result == SITUATION_NONE)
			result = situation;
	}
	free(blocks);
	return result;
}

/* Sign all blocks. They are handed out together, or none is. */
static enum situation sign_blocks(struct run *run)
{
	enum situation situation;
	struct module_pool *pool = NULL;
	struct portal_bytes *certificate = &run->signing->certificate;

	certificate->data = signature_certificate_der(run->key.certificate, &certificate->length);
	if (certificate->data == NULL)
		return SITUATION_INTERNAL;
	if (run->message->count > 1)
		pool = module_pool_begin(&run->key);
	situation = pool != NULL ? sign_together(run, pool) : sign_each(run);
	module_pool_end(pool);
	return situation;
}

/* Log in and sign with a PIN, if it is right. */
static int use_pin(void *argument, struct prompt_pin *pin)
{
	struct run *run = argument;
	int result = module_pin_judge(&run->pin, pin);
	enum situation situation;
	enum app_exit code;

	if (result != APP_OK)
		return result;
	situation = module_key_login(&run->key, pin);
	if (situation != SITUATION_NONE)
		return module_pin_explain(&run->pin, situation, pin);
	signals_hold(&run->before);
	situation = sign_blocks(run);
	signals_release(&run->before);
	if (situation == SITUATION_LINK && module_key_has_left(&run->key))
		situation = SITUATION_REMOVED;
	if (situation == SITUATION_NONE)
		return APP_OK;
	run->pin.dialog.ended = situation;
	code = situation_exit(situation);
	return (int)code;
}

/* Give the card a PIN for one signature. */
static int authenticate_by(void *argument, struct prompt_pin *pin)
{
	struct run *run = argument;
	int result = module_pin_judge(&run->pin, pin);
	enum situation situation;

	if (result != APP_OK)
		return result;
	situation = module_key_authenticate(&run->key, pin);
	return situation == SITUATION_NONE ? APP_OK : module_pin_explain(&run->pin, situation, pin);
}

/* Ask for the PIN for one signature, if the module wants one for each. */
static enum situation ask_for_signature(void *argument)
{
	struct run *run = argument;
	char *lead = portal_question_lead(run->message);
	int result = APP_FAILED;
	sigset_t in_question;

	signals_release(&run->before);
	if (lead != NULL)
		result = pin_dialog_use(&run->pin.dialog, lead, authenticate_by, run);
	signals_hold(&in_question);
	free(lead);
	return result == APP_OK ? SITUATION_NONE : run->pin.dialog.ended;
}

/* Ask for the PIN and sign, once the module shows the card. */
static const char *ask_and_sign(struct run *run)
{
	struct pin_dialog *dialog = &run->pin.dialog;
	enum situation situation = pin_dialog_read(dialog);
	const char *reason;

	if (situation != SITUATION_NONE)
		return portal_reason(situation, dialog->key);
	if (dialog->state.kind != JPKI_CARD_MY_NUMBER)
		return portal_reason_other_kind();
	reason = portal_question_pin(run->message, dialog, use_pin, run);
	if (reason != NULL)
		return reason;
	situation = portal_card_digits(dialog->state.serial, run->signing->digits);
	/* The card whose digits were read is the one that has signed. */
	if (situation == SITUATION_NONE && !module_key_is_there(&run->key))
		situation = SITUATION_REMOVED;
	return situation == SITUATION_NONE ? NULL : portal_reason(situation, dialog->key);
}

/* Return why the module shows no card to sign with. */
static const char *no_card(enum jpki_key key, enum situation situation)
{
	return situation == SITUATION_REMOVED ? portal_card_problem(key)
					      : portal_reason(situation, key);
}

const char *portal_sign(struct portal_signing *signing, const struct portal_message *message)
{
	static const struct options options = {.pinentry = true};
	struct run run = {.signing = signing, .message = message};
	enum jpki_key which = message->mode == PORTAL_LOG_IN ? JPKI_KEY_AUTH : JPKI_KEY_SIGN;
	struct module_key_choice choice = {
		.key = which, .ask = ask_for_signature, .argument = &run};
	enum situation situation;
	const char *reason;

	if (!module_pin_init(&run.pin, &run.key, which, &options))
		return situation_text(SITUATION_NO_MEMORY);
	turn_await(NULL);
	choice.module = module_file(which);
	situation = module_key_open(&run.key, &choice);
	reason = situation == SITUATION_NONE ? ask_and_sign(&run) : NULL;
	module_pin_close(&run.pin);
	module_key_close(&run.key);
	return situation == SITUATION_NONE ? reason : no_card(which, situation);
}

void portal_signing_free(struct portal_signing *signing)
{
	for (size_t i = 0; i < PORTAL_BLOCKS_MAX; i++)
		free(signing->signatures[i].data);
	free(signing->certificate.data);
	memset(signing, 0, sizeof(*signing));
}
