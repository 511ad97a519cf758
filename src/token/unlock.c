/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unlock: does one operation behind a PIN and leaves the card locked. */
#include "token/unlock.h"

#include "token/link.h"
#include "token/reader.h"
#include "token/recognise.h"
#include "token/tries.h"

/*
 * In a transaction with the application selected: present the PIN that the store holds, if the
 * tries allow it. *tries_before is the number left when it was sent, or -1 if it was not sent.
 * JPKI_E_PIN_INCORRECT: the card has refused it; JPKI_E_PIN_LOCKED: it has, and no try is left. If
 * the PIN was sent, then after any other error the tries are unknown and the store has the PIN in
 * doubt.
 */
static enum jpki_error present_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				   int *tries_before)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	const struct jpki_pin *pin = jpki_pin_store_pin(store);
	unsigned int tries = 0;
	enum jpki_error error = jpki_reader_read_tries(ref->reader, ref->key);

	*tries_before = -1;
	/* Reading the tries may have settled that the card refused this very PIN when its answer
	 * was lost. */
	if (error == JPKI_OK)
		error = jpki_pin_store_may_send(store, tries_wanted);
	if (error != JPKI_OK)
		return error;
	*tries_before = jpki_pin_store_tries(store);
	jpki_pin_store_sent(store);
	error = jpki_card_verify(ref->reader->card, pin->value, pin->length, &tries);
	if (error == JPKI_OK) {
		jpki_pin_store_accepted(store, jpki_token_row(ref)->pin.tries);
	} else if (error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED) {
		jpki_pin_store_refused(store, tries);
		if (tries == 0)
			error = JPKI_E_PIN_LOCKED;
	}
	return error;
}

/*
 * After a PIN was sent and no answer came: read the tries again, and never send the PIN again.
 * error is the result of the operation so far. Return it, or that the card refused the PIN if the
 * tries show that. If they can't be read now, the next reading settles it.
 */
static enum jpki_error settle(const struct jpki_token_ref *ref, enum jpki_error error)
{
	struct jpki_reader *reader = ref->reader;
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error again;

	if (jpki_reader_insertion(reader) != ref->insertion || jpki_reader_begin(reader) != JPKI_OK)
		return error;
	again = jpki_reader_select_application(reader);
	if (again == JPKI_OK)
		again = jpki_reader_read_tries(reader, ref->key);
	jpki_reader_end(reader, again, false);
	if (again != JPKI_OK || !jpki_pin_store_was_refused(token->pin))
		return error;
	return jpki_pin_store_tries(token->pin) == 0 ? JPKI_E_PIN_LOCKED : JPKI_E_PIN_INCORRECT;
}

/*
 * Record what became of a PIN. tries_before is the number of tries left when it was sent, or -1 if
 * it was not sent; presented is what the card answered. A right PIN is recorded only if it gave
 * lost tries back. A refusal that only the tries show later is recorded when they are read.
 */
static void record(const struct jpki_token_ref *ref, int tries_before, enum jpki_error presented)
{
	int all_tries = jpki_token_row(ref)->pin.tries;
	bool sent = tries_before >= 0;

	if (presented == JPKI_OK && tries_before >= all_tries)
		return;
	if (sent && presented != JPKI_OK && presented != JPKI_E_PIN_INCORRECT &&
	    presented != JPKI_E_PIN_LOCKED) {
		if (jpki_pin_store_was_refused(jpki_token_of(ref)->pin))
			return;
		/* Only the right PIN gives tries back. */
		if (jpki_token_tries_left(ref) > tries_before)
			presented = JPKI_OK;
	}
	jpki_reader_record(ref->reader, ref->key, sent, presented);
}

enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				    jpki_token_work work, void *argument)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error left = JPKI_OK;
	enum jpki_error error = jpki_reader_begin_for_pin(reader);
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	enum jpki_error presented;
	int tries_before = -1;
	bool locked = true;

	if (error != JPKI_OK)
		return error;
	error = jpki_reader_select_application(reader);
	if (error == JPKI_OK)
		error = present_pin(ref, tries_wanted, &tries_before);
	presented = error;
	if (error == JPKI_OK)
		error = work(ref, argument);
	if (tries_before >= 0) {
		left = jpki_error_broke_link(error) ? error : jpki_card_leave(reader->card);
		locked = left == JPKI_OK;
		/* Leave the application selected, because some programs rely on that. */
		if (locked)
			left = jpki_reader_select_application(reader);
	}
	jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, !locked);
	jpki_pin_store_left(store);
	if (tries_before >= 0 && jpki_pin_store_state(store) == JPKI_PIN_UNKNOWN)
		error = settle(ref, error);
	record(ref, tries_before, presented);
	return error;
}

enum jpki_error jpki_token_no_work(const struct jpki_token_ref *ref, void *argument)
{
	(void)ref;
	(void)argument;
	return JPKI_OK;
}

enum jpki_error jpki_token_offer_and_use(const struct jpki_token_ref *ref, const uint8_t *typed,
					 size_t length, jpki_token_work work, void *argument)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	enum jpki_error error =
		jpki_pin_store_offer(store, &jpki_token_row(ref)->pin, typed, length);

	/* Reject a refused PIN without asking the card, unless one, none or an unknown number of
	 * tries is left. */
	if (error == JPKI_OK && jpki_pin_store_was_refused(store) && jpki_token_tries_left(ref) > 1)
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK)
		error = jpki_token_with_pin(ref,
					    ref->reader->config->final_try_allowed
						    ? JPKI_TRIES_WITH_CONSENT
						    : JPKI_TRIES_FOR_PROGRAMS,
					    work, argument);
	else
		jpki_reader_record(ref->reader, ref->key, false, error);
	if (error == JPKI_OK && jpki_reader_insertion(ref->reader) != ref->insertion)
		error = JPKI_E_REMOVED;
	return error;
}
