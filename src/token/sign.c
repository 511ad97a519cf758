/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign: makes signatures, checks each before it is returned, and knows which schemes the card
 * has. */
#include <string.h>

#include "base/log.h"
#include "token/clock.h"
#include "token/application.h"
#include "token/certificate.h"
#include "token/link.h"
#include "token/token.h"
#include "token/unlock.h"

/* Ask the card which schemes it knows, unless that was done. Requires the lock held and the card
 * recognised. */
static enum jpki_error need_known(const struct jpki_token_ref *ref,
				  const struct jpki_scheme *scheme)
{
	struct jpki_reader *reader = ref->reader;
	bool known = false;
	enum jpki_error error;

	if (reader->schemes[scheme->id] != JPKI_SCHEME_UNASKED)
		return JPKI_OK;
	error = jpki_reader_begin(reader);
	if (error != JPKI_OK)
		return error;
	error = jpki_application_select(reader->card);
	if (error == JPKI_OK)
		error = jpki_card_knows_scheme(reader->card, jpki_token_row(ref)->key_file, scheme,
					       &known);
	jpki_reader_end(reader, error, false);
	/* The card gave no answer, so it will be asked again. */
	if (error != JPKI_OK)
		return error == JPKI_E_NOT_FOUND ? JPKI_E_PROTOCOL : error;
	reader->schemes[scheme->id] = known ? JPKI_SCHEME_OFFERED : JPKI_SCHEME_WITHDRAWN;
	if (!known)
		jpki_log(JPKI_LOG_WARNING, "token: the card has no %s, so %s will not do",
			 scheme->name, scheme->loss);
	return JPKI_OK;
}

/* Requires the lock held and the card recognised. */
static enum jpki_error find_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
				   const struct jpki_scheme **scheme)
{
	const struct jpki_scheme *row = jpki_key_scheme(jpki_token_row(ref), id);
	enum jpki_error error = JPKI_OK;

	if (row != NULL && row->loss != NULL) {
		error = jpki_token_need_availability(ref);
		if (error != JPKI_OK)
			return error;
		/* If there is no key, there is nothing to ask. */
		if (jpki_token_of(ref)->own.absent)
			return JPKI_OK;
		error = need_known(ref, row);
		if (ref->reader->schemes[id] != JPKI_SCHEME_OFFERED)
			row = NULL;
	}
	if (error == JPKI_OK)
		*scheme = row;
	return error;
}

enum jpki_error jpki_token_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
				  const struct jpki_scheme **scheme)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	*scheme = NULL;
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK)
		error = find_scheme(ref, id, scheme);
	jpki_reader_unlock(ref->reader);
	return error;
}

struct signing {
	const struct jpki_scheme *scheme;
	const struct jpki_public_key *key;
	const uint8_t *input;
	size_t input_length;
	bool refused; /* the card was there but would not sign */
	uint8_t signature[JPKI_SIGNATURE_MAX];
};

static enum jpki_error sign_work(const struct jpki_token_ref *ref, void *argument)
{
	struct signing *signing = argument;
	uint8_t answer[JPKI_SIGNATURE_MAX];
	size_t length = sizeof(answer);
	enum jpki_error error =
		jpki_card_sign(ref->reader->card, jpki_token_row(ref)->key_file, signing->scheme,
			       signing->input, signing->input_length, answer, &length);

	signing->refused =
		error != JPKI_OK && error != JPKI_E_PROTOCOL && !jpki_error_broke_link(error);
	if (error == JPKI_OK)
		error = signing->scheme->output(signing->key, answer, length, signing->signature);
	explicit_bzero(answer, sizeof(answer));
	/* The card accepted the PIN a moment ago, so what is missing is not the login. */
	return error == JPKI_E_NOT_ALLOWED ? JPKI_E_PROTOCOL : error;
}

static enum jpki_error sign_and_check(const struct jpki_token_ref *ref, struct signing *signing)
{
	enum jpki_error error;

	signing->refused = false;
	/*
	 * Nobody has typed this PIN just now. If a try is missing, somebody mistyped it or the PIN
	 * was changed: then it is not sent, so that not every program that keeps it spends a try.
	 */
	error = jpki_token_with_pin(ref, JPKI_TRIES_ALL, sign_work, signing);
	if (error != JPKI_OK)
		return error;
	return signing->scheme->verify(signing->key, signing->input, signing->input_length,
				       signing->signature, signing->key->signature_length);
}

/* Return whether the card has shown that it lacks, or fails at, a scheme that not every card
 * has. */
static bool scheme_failed(const struct signing *signing, enum jpki_error error)
{
	return signing->scheme->loss != NULL && (signing->refused || error == JPKI_E_BAD_SIGNATURE);
}

/* Requires the lock held, the card recognised and the certificate read. */
static enum jpki_error sign_or_withdraw(const struct jpki_token_ref *ref, struct signing *signing)
{
	enum jpki_error error = sign_and_check(ref, signing);

	/* One failure may be an accident; two mean that the card lacks the scheme. */
	if (scheme_failed(signing, error))
		error = sign_and_check(ref, signing);
	if (scheme_failed(signing, error)) {
		jpki_log(JPKI_LOG_WARNING, "token: %s: %s is withdrawn, the card fails at it (%s)",
			 jpki_token_row(ref)->token_model, signing->scheme->name,
			 jpki_error_name(error));
		ref->reader->schemes[signing->scheme->id] = JPKI_SCHEME_WITHDRAWN;
	}
	return error;
}

/* Requires the lock held, the card recognised and the certificate read. *length is the room before
 * and the length after. */
static enum jpki_error sign_with_key(const struct jpki_token_ref *ref, struct signing *signing,
				     size_t *length)
{
	if (signing->scheme == NULL ||
	    !jpki_scheme_takes(signing->scheme, signing->key, signing->input_length))
		return JPKI_E_ARGUMENT;
	if (*length < signing->key->signature_length)
		return JPKI_E_RANGE;
	*length = signing->key->signature_length;
	atomic_store(&jpki_token_of(ref)->last_used_s, jpki_reader_now_s());
	return sign_or_withdraw(ref, signing);
}

/* Requires the lock held and the card recognised. *length is the room before and the length
 * after. */
static enum jpki_error sign(const struct jpki_token_ref *ref, struct signing *signing,
			    size_t *length)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error;

	if (!jpki_token_has_login(ref) || jpki_pin_store_pin(token->pin) == NULL)
		return JPKI_E_LOGIN_REQUIRED;
	error = jpki_token_need_certificate(ref, JPKI_CERTIFICATE_OWN);
	if (error != JPKI_OK)
		return error;
	signing->key = token->own.certificate->key;
	error = sign_with_key(ref, signing, length);
	/* The certificate may have been read wrongly, so the next attempt reads it anew. */
	if (error == JPKI_E_BAD_SIGNATURE &&
	    !jpki_reader_certificate_is_private(ref->reader, ref->key))
		jpki_reader_forget_certificate(&token->own);
	return error;
}

/* Return whether the kept PIN is no longer valid, because another program changed or locked it. */
static bool kept_pin_failed(enum jpki_error error)
{
	return error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED ||
	       error == JPKI_E_PIN_REPEATED || error == JPKI_E_PIN_NOT_SET;
}

/* What became of the kept PIN: drop it if the card would refuse it; keep it, unsent, while tries
 * are missing, because the mistake was somebody else's. */
static enum jpki_error judge_kept_pin(const struct jpki_token_ref *ref, enum jpki_error error)
{
	bool suspended = error == JPKI_E_PIN_FINAL_TRY;

	if (!suspended && !kept_pin_failed(error)) {
		if (error == JPKI_OK)
			atomic_store(&jpki_token_of(ref)->suspended, false);
		return error;
	}
	jpki_log(JPKI_LOG_WARNING, "token: %s: the PIN kept is %s (%s)",
		 jpki_token_row(ref)->token_model,
		 suspended ? "not sent until all tries are back" : "no longer valid",
		 jpki_error_name(error));
	if (suspended)
		atomic_store(&jpki_token_of(ref)->suspended, true);
	else
		jpki_reader_drop_login(ref->reader, ref->key);
	return JPKI_E_LOGIN_REQUIRED;
}

enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *input, size_t input_length, uint8_t *signature,
				size_t *signature_length)
{
	struct signing signing = {.input = input, .input_length = input_length};
	size_t length = *signature_length;
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error == JPKI_OK) {
		error = jpki_token_need_recognised(ref);
		if (error == JPKI_OK) {
			signing.scheme = jpki_key_scheme(jpki_token_row(ref), scheme);
			error = judge_kept_pin(ref, sign(ref, &signing, &length));
		}
		jpki_reader_unlock(ref->reader);
	}
	/* No signature is returned unchecked. */
	if (error == JPKI_OK)
		memcpy(signature, signing.signature, length);
	*signature_length = error == JPKI_OK ? length : 0;
	explicit_bzero(&signing, sizeof(signing));
	return error;
}
