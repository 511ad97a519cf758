/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign: makes signatures, checks each before it is returned, and knows which schemes the card
 * has. */
#include <string.h>

#include "base/log.h"
#include "token/clock.h"
#include "token/application.h"
#include "token/availability.h"
#include "token/certificate.h"
#include "token/known.h"
#include "token/link.h"
#include "token/room.h"
#include "token/token.h"
#include "token/unlock.h"
#include "token/visit.h"

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
	enum jpki_error error;

	if (jpki_known_scheme(ref, id, scheme, &error))
		return error;
	error = jpki_reader_lock(ref->reader, ref->insertion);
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK)
		error = find_scheme(ref, id, scheme);
	jpki_reader_unlock(ref->reader);
	return error;
}

/* One signature that is wanted. */
struct signing {
	struct jpki_visitor visitor; /* comes first, so that a visitor is its signing */
	enum jpki_sign_scheme id;
	const struct jpki_scheme *scheme;
	const struct jpki_public_key *key;
	const uint8_t *input;
	size_t input_length;
	size_t length; /* the room for it before, and what it has after */
	bool made;     /* and found right */
	bool refused;  /* the card was there but would not sign */
	uint8_t signature[JPKI_SIGNATURE_MAX];
};

/* Find out what is to be done, and whether it can be. Requires the lock held, the card recognised
 * and the certificate read. */
static enum jpki_error prepare(const struct jpki_token_ref *ref, struct signing *signing)
{
	const struct jpki_scheme *scheme = jpki_key_scheme(jpki_token_row(ref), signing->id);

	signing->scheme = scheme;
	signing->key = jpki_token_of(ref)->own.certificate->key;
	if (scheme == NULL || !jpki_scheme_takes(scheme, signing->key, signing->input_length))
		return JPKI_E_ARGUMENT;
	if (signing->length < signing->key->signature_length)
		return JPKI_E_RANGE;
	return JPKI_OK;
}

/* In a transaction with the PIN accepted: make one signature, and check it. */
static enum jpki_error make(const struct jpki_token_ref *ref, struct signing *signing)
{
	const struct jpki_scheme *scheme = signing->scheme;
	uint8_t answer[JPKI_SIGNATURE_MAX];
	size_t length = sizeof(answer);
	enum jpki_error error;

	atomic_store(&jpki_token_of(ref)->last_used_s, jpki_reader_now_s());
	error = jpki_card_sign(ref->reader->card, jpki_token_row(ref)->key_file, scheme,
			       signing->input, signing->input_length, answer, &length);
	signing->refused =
		error != JPKI_OK && error != JPKI_E_PROTOCOL && !jpki_error_broke_link(error);
	if (error == JPKI_OK)
		error = scheme->output(signing->key, answer, length, signing->signature);
	explicit_bzero(answer, sizeof(answer));
	if (error == JPKI_OK)
		error = scheme->verify(signing->key, signing->input, signing->input_length,
				       signing->signature, signing->key->signature_length);
	signing->made = error == JPKI_OK;
	if (signing->made)
		signing->length = signing->key->signature_length;
	/* The card accepted the PIN a moment ago, so what is missing is not the login. */
	return error == JPKI_E_NOT_ALLOWED ? JPKI_E_PROTOCOL : error;
}

/* Return whether the visit, with so many signatures, may go on with those of others. */
static bool may_go_on(const struct jpki_token_ref *ref, unsigned int count)
{
	const struct jpki_reader *reader = ref->reader;

	return count < JPKI_VISIT_SIGNATURES_MAX && !jpki_room_is_used_up(&reader->room) &&
	       !jpki_reader_always_authenticates(reader, ref->key) &&
	       !atomic_load(&reader->abandoned) && jpki_token_is_logged_in(ref);
}

/* The work of a visit: the leader's own signature, and then those of the same login that wait for
 * one. What goes wrong with one of these ends the visit. */
static enum jpki_error visit(const struct jpki_token_ref *ref, void *argument)
{
	struct jpki_visit *others = &jpki_token_of(ref)->visit;
	struct signing *own = argument;
	enum jpki_error error = make(ref, own);

	for (unsigned int count = 1; error == JPKI_OK && may_go_on(ref, count); count++) {
		struct jpki_visitor *next = jpki_visit_next(others, &own->visitor);

		if (next == NULL)
			break;
		error = prepare(ref, (struct signing *)next);
		if (error == JPKI_OK)
			error = make(ref, (struct signing *)next);
		if (error == JPKI_OK)
			jpki_visit_serve(others, next);
	}
	return error;
}

static enum jpki_error sign_in_visit(const struct jpki_token_ref *ref, struct signing *signing)
{
	enum jpki_error error;

	signing->made = false;
	signing->refused = false;
	/*
	 * Nobody has typed this PIN just now. If a try is missing, somebody mistyped it or the PIN
	 * was changed: then it is not sent, so that not every program that keeps it spends a try.
	 */
	error = jpki_token_with_pin(ref, JPKI_TRIES_ALL, visit, signing);
	/* What went wrong after this signature was another's. */
	return signing->made ? JPKI_OK : error;
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
	enum jpki_error error = sign_in_visit(ref, signing);

	/* One failure may be an accident; two mean that the card lacks the scheme. */
	if (scheme_failed(signing, error))
		error = sign_in_visit(ref, signing);
	if (scheme_failed(signing, error)) {
		jpki_log(JPKI_LOG_WARNING, "token: %s: %s is withdrawn, the card fails at it (%s)",
			 jpki_token_row(ref)->token_model, signing->scheme->name,
			 jpki_error_name(error));
		ref->reader->schemes[signing->scheme->id] = JPKI_SCHEME_WITHDRAWN;
	}
	return error;
}

/* Return whether the login is still the one that the signature was asked for under. */
static bool is_of_login(const struct jpki_token_ref *ref, const struct signing *signing)
{
	struct jpki_token *token = jpki_token_of(ref);

	return jpki_token_has_login(ref) && jpki_pin_store_pin(token->pin) != NULL &&
	       atomic_load(&token->logins) == signing->visitor.login;
}

/* Requires the lock held and the card recognised. */
static enum jpki_error sign(const struct jpki_token_ref *ref, struct signing *signing)
{
	struct jpki_token *token = jpki_token_of(ref);
	enum jpki_error error;

	if (!is_of_login(ref, signing))
		return JPKI_E_LOGIN_REQUIRED;
	error = jpki_token_need_certificate(ref, JPKI_CERTIFICATE_OWN);
	if (error == JPKI_OK)
		error = prepare(ref, signing);
	if (error != JPKI_OK)
		return error;
	error = sign_or_withdraw(ref, signing);
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

/* Make the signature in a visit that it leads. */
static enum jpki_error lead(const struct jpki_token_ref *ref, struct signing *signing)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK)
		error = judge_kept_pin(ref, sign(ref, signing));
	jpki_reader_unlock(ref->reader);
	return error;
}

enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *input, size_t input_length, uint8_t *signature,
				size_t *signature_length)
{
	struct jpki_token *token = jpki_token_of(ref);
	struct signing signing = {
		.visitor = {.insertion = ref->insertion, .login = atomic_load(&token->logins)},
		.id = scheme,
		.input = input,
		.input_length = input_length,
		.length = *signature_length};
	enum jpki_error error = JPKI_OK;
	int cancellable;

	/* Another thread may write to what lies on this stack. */
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancellable);
	if (!jpki_visit_join(&token->visit, &signing.visitor)) {
		error = lead(ref, &signing);
		jpki_visit_end(&token->visit);
	}
	pthread_setcancelstate(cancellable, NULL);
	*signature_length = 0;
	/* No signature is returned unchecked. */
	if (error == JPKI_OK && signing.made) {
		*signature_length = signing.length;
		memcpy(signature, signing.signature, signing.length);
	}
	explicit_bzero(&signing, sizeof(signing));
	return error;
}
