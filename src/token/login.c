/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a PIN goes to the card, and what becomes of it: the rules that keep a card from locking. */
#include "token/token.h"

#include "base/log.h"
#include "token/internal.h"

bool jpki_token_has_login(const struct jpki_token_ref *ref)
{
	return atomic_load(&jpki_token_of(ref)->logged_in) && jpki_token_of(ref)->pin != NULL;
}

/*
 * In a transaction with the application selected: presents the PIN that the store holds, if the
 * tries allow it. *tries_before is what was left when it went out, and -1 when it did not. On
 * JPKI_E_PIN_INCORRECT the card has refused it; a refusal that used the last try is
 * JPKI_E_PIN_LOCKED. After any other error but those before it went out, the tries are unknown
 * and the store has the PIN in doubt.
 */
static enum jpki_error present_pin(const struct jpki_token_ref *ref, bool final_try_allowed,
				   int *tries_before)
{
	struct jpki_token *token = jpki_token_of(ref);
	const struct jpki_pin *pin = jpki_pin_store_pin(token->pin);
	unsigned int tries = 0;
	enum jpki_error error = jpki_reader_read_tries(ref->reader, ref->key);

	*tries_before = -1;
	/* The reading may have told what became of this very value when its answer was lost. */
	if (error == JPKI_OK && jpki_pin_store_was_refused(token->pin))
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK)
		error = jpki_pin_may_send((unsigned int)token->tries, final_try_allowed);
	if (error != JPKI_OK)
		return error;
	*tries_before = token->tries;
	jpki_pin_store_sent(token->pin, (unsigned int)token->tries);
	token->tries = JPKI_TRIES_UNKNOWN;
	error = jpki_card_verify(ref->reader->card, pin->value, pin->length, &tries);
	if (error == JPKI_OK) {
		token->tries = jpki_token_row(ref)->pin.tries;
		jpki_pin_store_accepted(token->pin);
	} else if (error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED) {
		token->tries = (int)tries;
		jpki_pin_store_refused(token->pin);
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
	again = jpki_card_select_application(reader->card);
	if (again == JPKI_OK)
		again = jpki_reader_read_tries(reader, ref->key);
	jpki_reader_end(reader, again, false);
	if (again != JPKI_OK || !jpki_pin_store_was_refused(token->pin))
		return error;
	return token->tries == 0 ? JPKI_E_PIN_LOCKED : JPKI_E_PIN_INCORRECT;
}

enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, bool final_try_allowed,
				    enum jpki_error (*work)(const struct jpki_token_ref *ref,
							    void *argument),
				    void *argument)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error left = JPKI_OK;
	enum jpki_error error = jpki_reader_begin(reader);
	int tries_before = -1;
	bool locked = true;

	if (error != JPKI_OK)
		return error;
	error = jpki_card_select_application(reader->card);
	if (error == JPKI_OK)
		error = present_pin(ref, final_try_allowed, &tries_before);
	if (error == JPKI_OK)
		error = work(ref, argument);
	if (tries_before >= 0) {
		left = jpki_error_broke_link(error) ? error : jpki_card_leave(reader->card);
		locked = left == JPKI_OK;
		/* Programs that have selected it before, and rely on that, find it selected. */
		if (locked)
			left = jpki_card_select_application(reader->card);
	}
	jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, !locked);
	if (tries_before >= 0 && jpki_token_of(ref)->tries == JPKI_TRIES_UNKNOWN)
		error = settle(ref, error);
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
	return jpki_error_broke_link(error) ? error : JPKI_OK;
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

	if (error == JPKI_OK && jpki_pin_store_was_refused(store))
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK)
		error = jpki_token_with_pin(ref, ref->reader->config->final_try_allowed, work,
					    argument);
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
			 jpki_token_row(ref)->token_model, jpki_error_name(error),
			 jpki_token_of(ref)->tries);
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
			 jpki_token_row(ref)->token_model, jpki_error_name(error),
			 jpki_token_of(ref)->tries);
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

/* *argument, a bool, tells afterwards that the card has accepted the old PIN. */
static enum jpki_error change_work(const struct jpki_token_ref *ref, void *argument)
{
	struct jpki_pin_store *store = jpki_token_of(ref)->pin;
	const struct jpki_pin *pin = jpki_pin_store_new_pin(store);
	bool *accepted = argument;
	enum jpki_error error = jpki_card_change(ref->reader->card, pin->value, pin->length);

	*accepted = true;
	if (jpki_error_broke_link(error))
		jpki_log(JPKI_LOG_WARNING, "token: %s: the old PIN may hold, or the new one",
			 jpki_token_row(ref)->token_model);
	/* Should the store fail, it holds none: the PIN is changed all the same. */
	if (error == JPKI_OK)
		jpki_pin_store_changed(store);
	return error;
}

/* With the lock held and the card recognised. The new PIN is looked at before the old one is
 * sent; both must be possible at all. */
static enum jpki_error change_pin(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				  size_t old_length, const uint8_t *new_pin, size_t new_length)
{
	struct jpki_token *token = jpki_token_of(ref);
	const struct jpki_pin_rule *rule = &jpki_token_row(ref)->pin;
	bool was_logged_in = jpki_token_has_login(ref);
	bool accepted = false;
	enum jpki_error error;

	error = jpki_pin_store_offer_new(token->pin, rule, new_pin, new_length);
	if (error == JPKI_OK)
		error = jpki_pin_possible(rule, old_pin, old_length);
	if (error != JPKI_OK) {
		jpki_pin_store_forget_new(token->pin);
		return error;
	}
	error = offer_and_use(ref, old_pin, old_length, change_work, &accepted);
	jpki_pin_store_forget_new(token->pin);
	if (!accepted || jpki_error_broke_link(error))
		jpki_reader_drop_login(ref->reader, ref->key);
	else if (!was_logged_in || jpki_reader_always_authenticates(ref->reader, ref->key))
		jpki_pin_store_drop(token->pin);
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
			 jpki_token_of(ref)->tries);
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
