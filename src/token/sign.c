/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign: makes signatures, checks them before they are given out, and knows whether the card has
 * PSS. */
#include <string.h>

#include "base/log.h"
#include "crypto/hash.h"
#include "token/certificate.h"
#include "token/link.h"
#include "token/recognise.h"
#include "token/token.h"
#include "token/unlock.h"

/* With the lock held and the card recognised: asks the card, when that was not done yet. */
static enum jpki_error need_pss_known(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	bool known = false;
	enum jpki_error error;

	if (ref->reader->pss != JPKI_PSS_UNASKED)
		return JPKI_OK;
	error = jpki_reader_begin(reader);
	if (error != JPKI_OK)
		return error;
	error = jpki_reader_select_application(reader);
	if (error == JPKI_OK)
		error = jpki_card_select_file(reader->card, jpki_token_row(ref)->key_file);
	if (error == JPKI_OK)
		error = jpki_card_knows_scheme(reader->card, JPKI_SIGN_PSS_SHA256, &known);
	jpki_reader_end(reader, error, false);
	/* No answer to the question: it will be asked again. */
	if (error != JPKI_OK)
		return error == JPKI_E_NOT_FOUND ? JPKI_E_PROTOCOL : error;
	ref->reader->pss = known ? JPKI_PSS_OFFERED : JPKI_PSS_WITHDRAWN;
	if (ref->reader->pss == JPKI_PSS_WITHDRAWN)
		jpki_log(JPKI_LOG_WARNING, "token: the card has no PSS, so TLS 1.3 will not do");
	return JPKI_OK;
}

enum jpki_error jpki_token_offers_pss(const struct jpki_token_ref *ref, bool *offered)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	*offered = false;
	if (error != JPKI_OK)
		return error;
	error = jpki_token_need_recognised(ref);
	if (error == JPKI_OK && !jpki_token_of(ref)->own.absent) {
		error = need_pss_known(ref);
		*offered = ref->reader->pss == JPKI_PSS_OFFERED;
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

struct signing {
	enum jpki_sign_scheme scheme;
	const uint8_t *block;
	size_t block_length;
	size_t signature_length; /* of the modulus; what the card must deliver */
	bool refused;            /* the card was there and would not sign */
	uint8_t signature[JPKI_SIGNATURE_MAX];
};

static enum jpki_error sign_work(const struct jpki_token_ref *ref, void *argument)
{
	struct signing *signing = argument;
	size_t length = sizeof(signing->signature);
	enum jpki_error error =
		jpki_card_sign(ref->reader->card, jpki_token_row(ref)->key_file, signing->scheme,
			       signing->block, signing->block_length, signing->signature, &length);

	signing->refused =
		error != JPKI_OK && error != JPKI_E_PROTOCOL && !jpki_error_broke_link(error);
	if (error == JPKI_OK && length != signing->signature_length)
		error = JPKI_E_BAD_SIGNATURE;
	/* The PIN was accepted a moment ago: it is not the login that is missing. */
	return error == JPKI_E_NOT_ALLOWED ? JPKI_E_PROTOCOL : error;
}

static bool has_right_length(const struct signing *signing)
{
	if (signing->scheme == JPKI_SIGN_PSS_SHA256)
		return signing->block_length == jpki_hash_size(JPKI_HASH_SHA256);
	return signing->block_length != 0 &&
	       signing->block_length <= signing->signature_length - JPKI_PKCS1_PADDING_MIN;
}

static enum jpki_error check_signature(const struct jpki_certificate *certificate,
				       const struct signing *signing)
{
	if (signing->scheme == JPKI_SIGN_PSS_SHA256)
		return jpki_certificate_verify_pss(certificate, signing->block, signing->signature,
						   signing->signature_length);
	return jpki_certificate_verify(certificate, signing->block, signing->block_length,
				       signing->signature, signing->signature_length);
}

static enum jpki_error sign_and_check(const struct jpki_token_ref *ref,
				      const struct jpki_certificate *certificate,
				      struct signing *signing)
{
	enum jpki_error error;

	signing->refused = false;
	/* Nobody is there who typed this PIN now. When a try is missing, somebody has mistyped, or
	 * the PIN was changed: then it is asked for again, lest all who keep it spend one each. */
	error = jpki_token_with_pin(ref, jpki_token_row(ref)->pin.tries, sign_work, signing);
	return error == JPKI_OK ? check_signature(certificate, signing) : error;
}

/* Whether the card has shown that it has no PSS, or none that is right. */
static bool pss_failed(const struct signing *signing, enum jpki_error error)
{
	return signing->scheme == JPKI_SIGN_PSS_SHA256 &&
	       (signing->refused || error == JPKI_E_BAD_SIGNATURE);
}

/* With the lock held and the card recognised. */
static enum jpki_error sign(const struct jpki_token_ref *ref, struct signing *signing, size_t room)
{
	struct jpki_token *token = jpki_token_of(ref);
	const struct jpki_certificate *certificate;
	enum jpki_error error;

	if (!jpki_token_has_login(ref) || jpki_pin_store_pin(token->pin) == NULL)
		return JPKI_E_LOGIN_REQUIRED;
	error = jpki_token_need_certificate(ref, JPKI_CERTIFICATE_OWN, &token->own);
	if (error != JPKI_OK)
		return error;
	certificate = token->own.certificate;
	signing->signature_length = certificate->modulus.length;
	if (!has_right_length(signing))
		return JPKI_E_ARGUMENT;
	if (room < signing->signature_length)
		return JPKI_E_RANGE;
	atomic_store(&token->last_used_s, jpki_reader_now_s());
	error = sign_and_check(ref, certificate, signing);
	/* Once may be an accident; twice is how the card is. */
	if (pss_failed(signing, error))
		error = sign_and_check(ref, certificate, signing);
	if (pss_failed(signing, error)) {
		jpki_log(JPKI_LOG_WARNING, "token: %s: PSS is withdrawn, the card fails at it (%s)",
			 jpki_token_row(ref)->token_model, jpki_error_name(error));
		ref->reader->pss = JPKI_PSS_WITHDRAWN;
	}
	/* It may be the certificate that was read wrongly: then the next attempt reads it anew. */
	if (error == JPKI_E_BAD_SIGNATURE &&
	    !jpki_reader_certificate_is_private(ref->reader, ref->key))
		jpki_reader_forget_certificate(&token->own);
	return error;
}

/* The PIN that was good at the login is good no more: another program changed or locked it. */
static bool kept_pin_failed(enum jpki_error error)
{
	return error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED ||
	       error == JPKI_E_PIN_FINAL_TRY || error == JPKI_E_PIN_REPEATED ||
	       error == JPKI_E_PIN_NOT_SET;
}

enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *block, size_t block_length, uint8_t *signature,
				size_t *signature_length)
{
	struct signing signing = {.scheme = scheme, .block = block, .block_length = block_length};
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error == JPKI_OK) {
		error = jpki_token_need_recognised(ref);
		if (error == JPKI_OK)
			error = sign(ref, &signing, *signature_length);
		if (kept_pin_failed(error)) {
			jpki_log(JPKI_LOG_WARNING, "token: the PIN kept is no longer good (%s)",
				 jpki_error_name(error));
			jpki_reader_drop_login(ref->reader, ref->key);
			error = JPKI_E_LOGIN_REQUIRED;
		}
		jpki_reader_unlock(ref->reader);
	}
	/* Nothing is given out that has not been checked. */
	if (error == JPKI_OK)
		memcpy(signature, signing.signature, signing.signature_length);
	*signature_length = error == JPKI_OK ? signing.signature_length : 0;
	explicit_bzero(&signing, sizeof(signing));
	return error;
}
