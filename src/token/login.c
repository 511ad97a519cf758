/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* login: logs a token in and out, and presents its PIN for single signatures. */
#include "base/log.h"
#include "token/clock.h"
#include "token/certificate.h"
#include "token/link.h"
#include "token/reader.h"
#include "token/token.h"
#include "token/tries.h"
#include "token/unlock.h"

/* Read the certificate. A private one can be read only now, and the other kind is needed as soon as
 * something is signed. */
static enum jpki_error login_work(const struct jpki_token_ref *ref, void *argument)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error = JPKI_OK;

	if (token->own.certificate == NULL && !token->own.absent)
		error = jpki_token_read_certificate(ref, JPKI_CERTIFICATE_OWN, argument);
	/* A missing or corrupt certificate is a state of the card, not a failed login. */
	return jpki_error_broke_link(error) || jpki_error_is_local(error) ? error : JPKI_OK;
}

/* With the lock held and the card recognised: log in. */
static enum jpki_error log_in(const struct jpki_token_ref *ref, const uint8_t *typed, size_t length)
{
	struct jpki_token *token = jpki_token_of(ref);
	struct jpki_recall recall;
	enum jpki_error error;

	/* A suspended login may be renewed: the right PIN gives the tries back. It stays as it is
	 * if the card is not asked, and ends with a wrong PIN. */
	if (jpki_token_has_login(ref) && !atomic_load(&token->suspended))
		return JPKI_E_ALREADY_LOGGED_IN;
	jpki_token_recall_certificate(ref, JPKI_CERTIFICATE_OWN, &recall);
	error = jpki_token_offer_and_use(ref, typed, length, login_work, &recall);
	jpki_token_keep_certificate(ref, JPKI_CERTIFICATE_OWN, &recall);
	if (error == JPKI_OK) {
		atomic_store(&token->last_used_s, jpki_reader_now_s());
		token->login_is_fresh = true;
		atomic_store(&token->suspended, false);
		/* What was asked for under a login that is renewed is still wanted. */
		if (!atomic_load(&token->logged_in))
			atomic_fetch_add(&token->logins, 1);
		atomic_store(&token->logged_in, true);
	} else if (!jpki_pin_store_put_back(token->pin)) {
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
			 jpki_token_tries_left(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

/* With the lock held and somebody logged in: take the PIN for one signature. If the card was not
 * asked, what others of its PIN are waiting for stays. */
static enum jpki_error authenticate(const struct jpki_token_ref *ref, const uint8_t *typed,
				    size_t length)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error =
		jpki_token_offer_and_use(ref, typed, length, jpki_token_no_work, NULL);

	if (error != JPKI_OK && jpki_pin_store_put_back(token->pin))
		return error;
	token->login_is_fresh = false;
	if (error == JPKI_OK) {
		atomic_fetch_add(&token->authentications, 1);
		atomic_store(&token->last_used_s, jpki_reader_now_s());
	} else {
		jpki_pin_store_drop(token->pin);
	}
	return error;
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
		error = authenticate(ref, pin, length);
		jpki_log(JPKI_LOG_INFO, "token: PIN of %s for one signature: %s, tries left %d",
			 jpki_token_row(ref)->token_model, jpki_error_name(error),
			 jpki_token_tries_left(ref));
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

void jpki_token_revoke_authentication(const struct jpki_token_ref *ref)
{
	atomic_uint *count = &jpki_token_of(ref)->authentications;
	unsigned int before = atomic_load(count);

	/* A removal has already cleared the count. */
	if (jpki_reader_insertion(ref->reader) != ref->insertion)
		return;
	while (before > 0 && !atomic_compare_exchange_weak(count, &before, before - 1))
		;
	atomic_store(&ref->reader->untidy, true);
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

bool jpki_token_pin_is_unanswered(const struct jpki_token_ref *ref)
{
	return atomic_load(&jpki_token_of(ref)->unanswered);
}

/* The login ends at once, so that a visit under way makes no more than the signature at which it
 * is. */
enum jpki_error jpki_token_logout(const struct jpki_token_ref *ref)
{
	struct jpki_token *token = jpki_token_of(ref);
	unsigned int logins = atomic_load(&token->logins);
	bool had_login = jpki_reader_insertion(ref->reader) == ref->insertion &&
			 atomic_exchange(&token->logged_in, false);
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);
	bool is_same;

	if (error != JPKI_OK)
		return error;
	/* While this waited somebody may have logged in anew: that stays. */
	is_same = atomic_load(&token->logins) == logins;
	if (had_login || (is_same && jpki_token_has_login(ref)))
		token->logouts++;
	else
		error = JPKI_E_LOGIN_REQUIRED;
	if (is_same)
		jpki_reader_drop_login(ref->reader, ref->key);
	jpki_reader_unlock(ref->reader);
	return error;
}

void jpki_token_revoke(const struct jpki_token_ref *ref)
{
	if (jpki_reader_insertion(ref->reader) != ref->insertion)
		return;
	atomic_store(&jpki_token_of(ref)->logged_in, false);
	atomic_store(&ref->reader->untidy, true);
}

void jpki_token_sweep(const struct jpki_token_ref *ref)
{
	jpki_reader_tidy_if_idle(ref->reader);
}

bool jpki_token_is_suspended(const struct jpki_token_ref *ref)
{
	return jpki_token_is_logged_in(ref) && atomic_load(&jpki_token_of(ref)->suspended);
}

bool jpki_token_is_logged_in(const struct jpki_token_ref *ref)
{
	return jpki_reader_insertion(ref->reader) == ref->insertion &&
	       jpki_reader_has_login(ref->reader, ref->key);
}
