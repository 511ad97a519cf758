/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a PIN goes to the card, and what becomes of it: the rules that keep a card from locking. */
#include "token/token.h"

#include "base/log.h"
#include "token/internal.h"
#include "token/record.h"

/* After a change whose answer was lost: how often each PIN is presented when the card does not
 * answer well. */
#define PROBES_MAX 3

bool jpki_token_has_login(const struct jpki_token_ref *ref)
{
	return atomic_load(&jpki_token_of(ref)->logged_in) && jpki_token_of(ref)->pin != NULL;
}

/* Tries left of the PIN, for the log: -1 when they are not known. */
static int tries_of(const struct jpki_token_ref *ref)
{
	return jpki_pin_store_tries(jpki_token_of(ref)->pin);
}

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

void jpki_reader_record(struct jpki_reader *reader, enum jpki_key key, bool sent,
			enum jpki_error error)
{
	struct jpki_try try = {.serial = reader->serial,
			       .key = key,
			       .error = error,
			       .sent = sent,
			       .tries = jpki_pin_store_tries(reader->tokens[key].pin)};

	if (reader->config->tries_recorded)
		jpki_record_try(&reader->config->record_place, &try);
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
		if (tries_of(ref) > tries_before)
			presented = JPKI_OK;
	}
	jpki_reader_record(ref->reader, ref->key, sent, presented);
}

enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				    enum jpki_error (*work)(const struct jpki_token_ref *ref,
							    void *argument),
				    void *argument)
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

/* A private certificate can be read only now, and the other is wanted as soon as something is
 * signed. */
static enum jpki_error login_work(const struct jpki_token_ref *ref, void *argument)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error = JPKI_OK;

	(void)argument;
	if (token->own.certificate == NULL && !token->own.absent)
		error = jpki_token_read_certificate(
			ref->reader, jpki_token_row(ref)->certificate_file, &token->own);
	/* No certificate, or a spoilt one, is a state of a card, not a failed login. */
	return jpki_error_broke_link(error) || jpki_error_is_local(error) ? error : JPKI_OK;
}

/* A PIN as somebody has typed it just now: checked, presented, and used for the work. */
static enum jpki_error
offer_and_use(const struct jpki_token_ref *ref, const uint8_t *typed, size_t length,
	      enum jpki_error (*work)(const struct jpki_token_ref *ref, void *argument),
	      void *argument)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	enum jpki_error error =
		jpki_pin_store_offer(store, &jpki_token_row(ref)->pin, typed, length);

	/* The card need not be asked, unless for saying that none is left, or the last one. */
	if (error == JPKI_OK && jpki_pin_store_was_refused(store) && tries_of(ref) > 1)
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

/* With the lock held and the card recognised. */
static enum jpki_error log_in(const struct jpki_token_ref *ref, const uint8_t *typed, size_t length)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error;

	if (jpki_token_has_login(ref))
		return JPKI_E_ALREADY_LOGGED_IN;
	error = offer_and_use(ref, typed, length, login_work, NULL);
	if (error == JPKI_OK) {
		atomic_store(&token->last_used_s, jpki_reader_now_s());
		token->login_is_fresh = true;
		atomic_store(&token->logged_in, true);
	} else {
		jpki_reader_drop_login(ref->reader, ref->key);
	}
	return error;
}

enum jpki_error jpki_token_login(const struct jpki_token_ref *ref, const uint8_t *pin,
				 size_t length)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK) {
		error = log_in(ref, pin, length);
		jpki_log(JPKI_LOG_INFO, "token: login to %s: %s, tries left %d",
			 jpki_token_row(ref)->token_model, jpki_error_name(error), tries_of(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

static enum jpki_error no_work(const struct jpki_token_ref *ref, void *argument)
{
	(void)ref;
	(void)argument;
	return JPKI_OK;
}

enum jpki_error jpki_token_authenticate(const struct jpki_token_ref *ref, const uint8_t *pin,
					size_t length)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK && !jpki_token_has_login(ref))
		error = JPKI_E_LOGIN_REQUIRED;
	if (error == JPKI_OK) {
		jpki_token_of(ref)->login_is_fresh = false;
		error = offer_and_use(ref, pin, length, no_work, NULL);
		if (error == JPKI_OK) {
			atomic_fetch_add(&jpki_token_of(ref)->authentications, 1);
			atomic_store(&jpki_token_of(ref)->last_used_s, jpki_reader_now_s());
		} else {
			jpki_pin_store_drop(jpki_token_of(ref)->pin);
		}
		jpki_log(JPKI_LOG_INFO, "token: PIN of %s for one signature: %s, tries left %d",
			 jpki_token_row(ref)->token_model, jpki_error_name(error), tries_of(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

void jpki_token_revoke_authentication(const struct jpki_token_ref *ref)
{
	atomic_uint *count = &jpki_token_of(ref)->authentications;
	unsigned int before = atomic_load(count);

	/* After a removal they have all been forgotten already. */
	if (jpki_reader_insertion(ref->reader) != ref->insertion)
		return;
	while (before > 0 && !atomic_compare_exchange_weak(count, &before, before - 1))
		;
}

bool jpki_token_take_fresh_login(const struct jpki_token_ref *ref)
{
	bool fresh;

	if (jpki_reader_lock(ref->reader, ref->insertion) != JPKI_OK)
		return false;
	fresh = jpki_token_has_login(ref) && jpki_token_of(ref)->login_is_fresh;
	jpki_token_of(ref)->login_is_fresh = false;
	if (fresh)
		atomic_fetch_add(&jpki_token_of(ref)->authentications, 1);
	jpki_reader_unlock(ref->reader);
	return fresh;
}

struct change {
	bool told; /* the card has accepted the old PIN, and was told to change it */
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

/* Presents the PIN held, for what the card says to it. */
static enum jpki_error probe(const struct jpki_token_ref *ref, unsigned int tries_wanted)
{
	enum jpki_error error = JPKI_E_LINK;

	for (int round = 0;
	     (jpki_error_broke_link(error) || error == JPKI_E_PROTOCOL) && round < PROBES_MAX &&
	     jpki_reader_insertion(ref->reader) == ref->insertion;
	     round++)
		error = jpki_token_with_pin(ref, tries_wanted, no_work, NULL);
	return error;
}

/*
 * After a change that the card has not plainly confirmed: finds out which PIN holds by presenting
 * the likelier one, and if that is wrong the other, which gives the try back. JPKI_OK: the new one
 * holds, and is held; JPKI_E_PROTOCOL: the old one holds, and is held; JPKI_E_PIN_UNCERTAIN: it
 * can't be found out.
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
	/* One of the two is right, and must not be taken for wrong. */
	if (refused == 2)
		jpki_pin_store_forget_refused(store);
	jpki_log(JPKI_LOG_WARNING, "token: %s: the old PIN may hold, or the new one",
		 jpki_token_row(ref)->token_model);
	return JPKI_E_PIN_UNCERTAIN;
}

/* With the new PIN in the store; both are possible. */
static enum jpki_error change_offered(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				      size_t old_length)
{
	struct jpki_token *token = jpki_token_of(ref);
	bool was_logged_in = jpki_token_has_login(ref);
	struct change change = {.told = false};
	enum jpki_error error = offer_and_use(ref, old_pin, old_length, change_work, &change);

	/* Should the store fail, it holds none: the PIN is changed all the same. So it is when the
	 * card has left meanwhile. */
	if (change.told && change.answer == JPKI_OK) {
		jpki_pin_store_swap(token->pin);
		error = JPKI_OK;
	} else if (change.told && change.answer == JPKI_E_NOT_ALLOWED) {
		change.told = false;
	} else if (change.told && change.answer != JPKI_E_INTERNAL) {
		error = find_out_change(ref, change.answer == JPKI_E_UNSUPPORTED);
	}
	jpki_pin_store_forget_new(token->pin);
	if (!change.told || error == JPKI_E_PIN_UNCERTAIN)
		jpki_reader_drop_login(ref->reader, ref->key);
	else if (!was_logged_in || jpki_reader_always_authenticates(ref->reader, ref->key))
		jpki_pin_store_drop(token->pin);
	return error;
}

/* With the lock held and the card recognised. The new PIN is looked at before the old one is
 * sent; both must be possible at all. */
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
			 jpki_token_row(ref)->token_model, jpki_error_name(error), tries_of(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

enum jpki_error jpki_token_logout(const struct jpki_token_ref *ref)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	if (jpki_token_has_login(ref))
		jpki_token_of(ref)->logouts++;
	else
		error = JPKI_E_LOGIN_REQUIRED;
	jpki_reader_drop_login(ref->reader, ref->key);
	jpki_reader_unlock(ref->reader);
	return error;
}

void jpki_token_revoke(const struct jpki_token_ref *ref)
{
	if (jpki_reader_insertion(ref->reader) == ref->insertion)
		atomic_store(&jpki_token_of(ref)->logged_in, false);
}

void jpki_token_sweep(const struct jpki_token_ref *ref)
{
	/* Taking and giving back the lock tidies up. */
	if (jpki_reader_lock(ref->reader, ref->insertion) == JPKI_OK)
		jpki_reader_unlock(ref->reader);
}

bool jpki_token_is_logged_in(const struct jpki_token_ref *ref)
{
	return jpki_reader_insertion(ref->reader) == ref->insertion &&
	       atomic_load(&jpki_token_of(ref)->logged_in) &&
	       !jpki_reader_login_expired(ref->reader, ref->key);
}
