/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unlock: does one operation behind a PIN and leaves the card locked. */
#include "token/unlock.h"

#include "base/log.h"
#include "token/application.h"
#include "token/clock.h"
#include "token/link.h"
#include "token/reader.h"
#include "token/refused.h"
#include "token/tries.h"

/*
 * Say which PIN of which insertion is meant, for the file of the values that other processes saw
 * refused. Nothing is shared if the card has left, or while it is unclear which PIN is valid.
 */
static struct jpki_refused_pin refused_pin(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	const struct jpki_config *config = reader->config;
	struct jpki_refused_pin pin = {.root = config->runtime_root,
				       .reader = reader->name,
				       .serial = reader->serial,
				       .key = ref->key,
				       .now_s = jpki_reader_now_s()};
	bool here;

	pthread_mutex_lock(&reader->observation_lock);
	here = atomic_load(&reader->insertion) == ref->insertion;
	pin.events = reader->events;
	pthread_mutex_unlock(&reader->observation_lock);
	if (!here || !config->refusals_shared || jpki_token_of(ref)->change_is_unclear)
		pin.root = "";
	return pin;
}

/* In the transaction in which the tries were read: return whether the PIN held may be sent. No
 * process of the user may know it as refused. */
static enum jpki_error may_send(const struct jpki_token_ref *ref, unsigned int tries_wanted)
{
	const struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	const struct jpki_pin *pin = jpki_pin_store_pin(store);
	enum jpki_error error = jpki_pin_store_may_send(store, tries_wanted);
	struct jpki_refused_pin of = refused_pin(ref);

	if (error == JPKI_OK && jpki_refused_has(&of, pin->value, pin->length,
						 (unsigned int)jpki_pin_store_tries(store)))
		error = JPKI_E_PIN_REPEATED;
	return error;
}

/* Tell the other processes that the card has refused the PIN held, while the transaction keeps them
 * from sending it, too. A locked PIN refuses any value, even the right one. */
static void share_refusal(const struct jpki_token_ref *ref, unsigned int tries)
{
	const struct jpki_pin *pin = jpki_pin_store_pin(jpki_token_of(ref)->pin);
	struct jpki_refused_pin of = refused_pin(ref);

	if (tries > 0)
		jpki_refused_add(&of, pin->value, pin->length, tries);
}

/* Tell them that it has accepted one: in the same transaction, but when the card was left, because
 * to write the file may take long. */
static void share_success(const struct jpki_token_ref *ref)
{
	struct jpki_refused_pin of = refused_pin(ref);

	jpki_refused_forget(&of);
}

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
		error = may_send(ref, tries_wanted);
	if (error != JPKI_OK)
		return error;
	if (atomic_load(&ref->reader->abandoned))
		return JPKI_E_CANCELLED;
	/* The card may have been waited for, and the login that the PIN is kept for may have ended
	 * meanwhile. */
	if (tries_wanted == JPKI_TRIES_ALL && !jpki_token_has_login(ref))
		return JPKI_E_LOGIN_REQUIRED;
	*tries_before = jpki_pin_store_tries(store);
	jpki_pin_store_sent(store);
	error = jpki_card_verify(ref->reader->card, pin->value, pin->length, &tries);
	if (error == JPKI_OK) {
		jpki_pin_store_accepted(store);
	} else if (error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED) {
		jpki_pin_store_refused(store, tries);
		if (tries == 0)
			error = JPKI_E_PIN_LOCKED;
		if (error == JPKI_E_PIN_INCORRECT)
			share_refusal(ref, tries);
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
	enum jpki_error left = JPKI_OK;

	if (jpki_reader_insertion(reader) != ref->insertion || jpki_reader_begin(reader) != JPKI_OK)
		return error;
	again = jpki_application_select_of(reader, ref->key);
	if (again == JPKI_OK)
		again = jpki_reader_read_tries(reader, ref->key);
	if (!jpki_error_broke_link(again))
		left = jpki_application_resume(reader, ref->key);
	jpki_reader_end(reader, jpki_error_broke_link(left) ? left : again, false);
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
	int all_tries = (int)jpki_pin_store_full(jpki_token_of(ref)->pin);
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
		atomic_store(&jpki_token_of(ref)->unanswered,
			     jpki_pin_store_state(jpki_token_of(ref)->pin) == JPKI_PIN_UNKNOWN);
	}
	jpki_reader_record(ref->reader, ref->key, sent, presented);
}

/*
 * Select the JPKI application again after the card was left, because some programs rely on that. If
 * the PIN was accepted, find out once how many tries there are in all. That is left out if there
 * were as many as cards of the generation were seen to have, and for the text PIN, which is in
 * another application: the next reading tells.
 */
static enum jpki_error return_to_application(const struct jpki_token_ref *ref, int tries_before,
					     enum jpki_error presented)
{
	const struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	enum jpki_error error = jpki_application_select(ref->reader->card);

	if (error == JPKI_OK && ref->key != JPKI_PIN_TEXT && presented == JPKI_OK &&
	    !jpki_pin_store_full_is_confirmed(store) &&
	    (tries_before != jpki_pin_store_tries(store) ||
	     jpki_token_row(ref)->pin.tries_unproven))
		error = jpki_reader_confirm_tries(ref->reader, ref->key,
						  (unsigned int)tries_before);
	return error;
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

	atomic_store(&jpki_token_of(ref)->unanswered, false);
	if (error != JPKI_OK)
		return error;
	error = jpki_application_select_of(reader, ref->key);
	if (error == JPKI_OK)
		error = present_pin(ref, tries_wanted, &tries_before);
	presented = error;
	if (error == JPKI_OK && atomic_load(&reader->abandoned))
		error = JPKI_E_CANCELLED;
	if (error == JPKI_OK)
		error = work(ref, argument);
	if (tries_before >= 0) {
		left = jpki_error_broke_link(error) ? error : jpki_card_leave(reader->card);
		locked = left == JPKI_OK;
		if (locked)
			left = return_to_application(ref, tries_before, presented);
	} else if (!jpki_error_broke_link(error)) {
		left = jpki_application_resume(reader, ref->key);
	}
	if (presented == JPKI_OK)
		share_success(ref);
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

/* A value that was refused is not rejected here: the PIN may have been changed to it since, and
 * only the tries, which are read before anything is sent, show that. */
enum jpki_error jpki_token_offer_and_use(const struct jpki_token_ref *ref, const uint8_t *typed,
					 size_t length, jpki_token_work work, void *argument)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	enum jpki_error error =
		jpki_pin_store_offer(store, &jpki_token_row(ref)->pin, typed, length);

	if (error == JPKI_OK)
		error = jpki_token_with_pin(ref,
					    ref->reader->config->final_try_allowed
						    ? JPKI_TRIES_WITH_CONSENT
						    : JPKI_TRIES_FOR_PROGRAMS,
					    work, argument);
	else
		jpki_reader_record(ref->reader, ref->key, false, error);
	/* What another process has learnt of this value holds for the PIN that is kept, too. */
	if (error == JPKI_E_PIN_REPEATED && jpki_pin_store_offers_held(store))
		jpki_pin_store_drop(store);
	if (error == JPKI_E_PIN_FINAL_TRY)
		jpki_log(JPKI_LOG_WARNING,
			 "token: %s: one try is left, which is not spent for a program%s",
			 jpki_token_row(ref)->token_model,
			 ref->key == JPKI_PIN_TEXT ? "" : "; to use it, run \"jpki pin verify\"");
	if (error == JPKI_OK && jpki_reader_insertion(ref->reader) != ref->insertion)
		error = JPKI_E_REMOVED;
	return error;
}
