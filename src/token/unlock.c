/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unlock: does one operation behind a PIN and leaves the card locked. */
#include "token/unlock.h"

#include "token/link.h"
#include "token/reader.h"
#include "token/recognise.h"
#include "token/tries.h"

/*
 * In a transaction with the application selected: presents the PIN that the store holds, if the
 * tries allow it. *tries_before is what was left when it went out, and -1 when it did not. On
 * JPKI_E_PIN_INCORRECT the card has refused it; a refusal that used the last try is
 * JPKI_E_PIN_LOCKED. After any other error but those before it went out, the tries are unknown
 * and the store has the PIN in doubt.
 */
static enum jpki_error present_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				   int *tries_before)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	const struct jpki_pin *pin = jpki_pin_store_pin(store);
	unsigned int tries = 0;
	enum jpki_error error = jpki_reader_read_tries(ref->reader, ref->key);

	*tries_before = -1;
	/* The reading may have told what became of this very value when its answer was lost. */
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
 * After a PIN went out and no answer came: reads the counter again, and never sends the PIN
 * again. error is what the operation came to so far. Returns the same, or that the card refused
 * the PIN, when the counter tells so. When it can't be read now, the next reading settles it.
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
 * Writes down what became of a PIN that was presented: tries_before is what was left when it went
 * out, -1 when it did not, and presented what the card said then. A right one is nothing to write
 * down, unless it gave lost tries back; a refusal that the tries tell of later is written down
 * when they are read.
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
		/* Only a right one gives tries back. */
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
	enum jpki_error error = jpki_reader_begin(reader);
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
		/* Programs that have selected it before, and rely on that, find it selected. */
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

	/* The card need not be asked, unless for saying that none is left, or the last one. */
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
