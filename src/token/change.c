/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change: changes a PIN, and finds out which one holds if the card does not say. */
#include "base/log.h"
#include "token/link.h"
#include "token/pin_value.h"
#include "token/reader.h"
#include "token/token.h"
#include "token/tries.h"
#include "token/unlock.h"

/* After a change whose answer was lost, present each PIN at most this many times if the card gives
 * no clear answer. */
#define PROBES_MAX 3

struct change {
	bool told; /* the card accepted the old PIN and was told to change it */
	enum jpki_error answer;
};

static enum jpki_error change_work(const struct jpki_token_ref *ref, void *argument)
{
	const struct jpki_pin *pin = jpki_pin_store_new_pin(jpki_token_of(ref)->pin);
	struct change *change = argument;

	change->told = true;
	change->answer = jpki_card_change(ref->reader->card, pin->value, pin->length);
	return change->answer;
}

/* Present the PIN held, to learn what the card answers to it. */
static enum jpki_error probe(const struct jpki_token_ref *ref, unsigned int tries_wanted)
{
	enum jpki_error error = JPKI_E_LINK;

	for (int round = 0;
	     (jpki_error_broke_link(error) || error == JPKI_E_PROTOCOL) && round < PROBES_MAX &&
	     jpki_reader_insertion(ref->reader) == ref->insertion;
	     round++)
		error = jpki_token_with_pin(ref, tries_wanted, jpki_token_no_work, NULL);
	return error;
}

/*
 * After a change that the card has not plainly confirmed: find out which PIN is valid. Present the
 * likelier one first; if it is wrong, the other one gives the try back. JPKI_OK: the new PIN is
 * valid, and the store holds it; JPKI_E_PROTOCOL: the old PIN is valid, and the store holds it;
 * JPKI_E_PIN_UNCERTAIN: it can't be found out.
 */
static enum jpki_error find_out_change(const struct jpki_token_ref *ref, bool old_is_likely)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	bool new_is_held = false;
	int refused = 0;

	for (int turn = 0; turn < 2 && refused == turn; turn++) {
		if (turn == 1 || !old_is_likely) {
			if (jpki_pin_store_swap(store) != JPKI_OK)
				break;
			new_is_held = !new_is_held;
		}
		if (probe(ref, turn == 0 ? JPKI_TRIES_FOR_PROBES : JPKI_TRIES_FOR_PROGRAMS) ==
		    JPKI_OK)
			return new_is_held ? JPKI_OK : JPKI_E_PROTOCOL;
		if (jpki_pin_store_was_refused(store))
			refused++;
	}
	/* One of the two is right, so neither may count as refused. */
	if (refused == 2)
		jpki_pin_store_forget_refused(store);
	jpki_log(JPKI_LOG_WARNING, "token: %s: the old PIN may hold, or the new one",
		 jpki_token_row(ref)->token_model);
	return JPKI_E_PIN_UNCERTAIN;
}

/* Change the PIN. The store holds the new one, and both are valid by their form. */
static enum jpki_error change_offered(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				      size_t old_length)
{
	struct jpki_token *token = jpki_token_of(ref);
	struct change change = {.told = false};
	enum jpki_error error =
		jpki_token_offer_and_use(ref, old_pin, old_length, change_work, &change);

	/* The PIN has changed even if the card has left meanwhile, and even if the store fails,
	 * which then holds none. */
	if (change.told && change.answer == JPKI_OK) {
		jpki_pin_store_swap(token->pin);
		error = JPKI_OK;
	} else if (change.told && change.answer == JPKI_E_NOT_ALLOWED) {
		change.told = false;
	} else if (change.told && change.answer != JPKI_E_INTERNAL) {
		/* Of a PIN that may be the right one, other processes are told nothing. */
		token->change_is_unclear = true;
		error = find_out_change(ref, change.answer == JPKI_E_UNSUPPORTED);
		token->change_is_unclear = false;
	}
	jpki_pin_store_forget_new(token->pin);
	/* A login stays if the card was not asked. Without one the PIN goes with the lock. */
	if (!change.told && jpki_pin_store_put_back(token->pin))
		return error;
	if (!change.told || error == JPKI_E_PIN_UNCERTAIN)
		jpki_reader_drop_login(ref->reader, ref->key);
	else if (jpki_reader_always_authenticates(ref->reader, ref->key))
		jpki_pin_store_drop(token->pin);
	return error;
}

/* With the lock held and the card recognised: change the PIN. The form of both PINs is checked
 * before the old one is sent. */
static enum jpki_error change_pin(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				  size_t old_length, const uint8_t *new_pin, size_t new_length)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	const struct jpki_pin_rule *rule = &jpki_token_row(ref)->pin;
	enum jpki_error error = jpki_pin_store_offer_new(store, rule, new_pin, new_length);

	if (error == JPKI_OK) {
		error = jpki_pin_possible(rule, old_pin, old_length);
		if (error == JPKI_OK)
			return change_offered(ref, old_pin, old_length);
		jpki_reader_record(ref->reader, ref->key, false, error);
	}
	jpki_pin_store_forget_new(store);
	return error;
}

enum jpki_error jpki_token_change_pin(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				      size_t old_length, const uint8_t *new_pin, size_t new_length)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK) {
		error = change_pin(ref, old_pin, old_length, new_pin, new_length);
		jpki_log(JPKI_LOG_INFO, "token: change of the PIN of %s: %s, tries left %d",
			 jpki_token_row(ref)->token_model, jpki_error_name(error),
			 jpki_token_tries_left(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}
