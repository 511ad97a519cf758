/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "token/token.h"

#include <string.h>

#include "base/log.h"
#include "crypto/hash.h"
#include "token/reader_internal.h"

static struct jpki_token *token_of(const struct jpki_token_ref *ref)
{
	return &ref->reader->tokens[ref->key];
}

static const struct jpki_key_row *row_of(const struct jpki_token_ref *ref)
{
	return &ref->reader->generation->keys[ref->key];
}

/* With the lock held: whether there is a login, which no other thread has ended meanwhile. */
static bool has_login(const struct jpki_token_ref *ref)
{
	return atomic_load(&token_of(ref)->logged_in) && token_of(ref)->pin != NULL &&
	       jpki_pin_store_pin(token_of(ref)->pin) != NULL;
}

/*
 * With the lock held: makes sure the card is recognised, without an exchange when it is, and
 * that it has this token.
 */
static enum jpki_error need_recognised(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = JPKI_OK;

	if (!reader->recognised) {
		error = jpki_reader_begin(reader);
		if (error == JPKI_OK)
			jpki_reader_end(reader, error, false);
	}
	if (error == JPKI_OK && !token_of(ref)->exists)
		error = JPKI_E_NO_CARD;
	return error;
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
	struct jpki_token *token = token_of(ref);
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
		token->tries = row_of(ref)->pin.tries;
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
	struct jpki_token *token = token_of(ref);
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

/*
 * One operation that needs the PIN, from begin to end: select, present the PIN that the store
 * holds, do the work, and leave the card locked behind it whatever happened.
 */
static enum jpki_error
with_pin(const struct jpki_token_ref *ref, bool final_try_allowed,
	 enum jpki_error (*work)(const struct jpki_token_ref *ref, void *argument), void *argument)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error left = JPKI_OK;
	enum jpki_error error = jpki_reader_begin(reader);
	int tries_before = -1;
	bool unlocked;

	if (error != JPKI_OK)
		return error;
	error = jpki_card_select_application(reader->card);
	if (error == JPKI_OK)
		error = present_pin(ref, final_try_allowed, &tries_before);
	if (error == JPKI_OK)
		error = work(ref, argument);
	if (!jpki_error_broke_link(error) && tries_before >= 0)
		left = jpki_card_leave(reader->card);
	unlocked = tries_before >= 0 && (jpki_error_broke_link(error) || left != JPKI_OK);
	jpki_reader_end(reader, jpki_error_broke_link(left) ? left : error, unlocked);
	if (tries_before >= 0 && token_of(ref)->tries == JPKI_TRIES_UNKNOWN)
		error = settle(ref, error);
	return error;
}

/* In a transaction with the application selected: reads and parses one certificate file. */
static enum jpki_error read_certificate(struct jpki_reader *reader, uint16_t file,
					struct jpki_certificate_slot *slot)
{
	struct jpki_buffer der = {0};
	enum jpki_error error = jpki_card_select_file(reader->card, file);

	if (error == JPKI_OK)
		error = jpki_card_read_sequence(reader->card, &der);
	if (error == JPKI_OK)
		error = jpki_certificate_parse(der.data, der.length, &slot->certificate);
	if (error == JPKI_E_NOT_FOUND)
		slot->absent = true;
	jpki_buffer_free(&der);
	return error;
}

bool jpki_token_may_be_present(const struct jpki_token_ref *ref)
{
	return jpki_insertion_has_card(ref->insertion) && !atomic_load(&token_of(ref)->missing);
}

enum jpki_error jpki_token_get_info(const struct jpki_token_ref *ref, struct jpki_token_info *info)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = jpki_reader_lock(reader, ref->insertion);

	memset(info, 0, sizeof(*info));
	if (error != JPKI_OK)
		return error;
	error = need_recognised(ref);
	if (error == JPKI_OK && token_of(ref)->tries == JPKI_TRIES_UNKNOWN) {
		error = jpki_reader_begin(reader);
		if (error == JPKI_OK) {
			error = jpki_card_select_application(reader->card);
			if (error == JPKI_OK)
				error = jpki_reader_read_tries(ref->reader, ref->key);
			jpki_reader_end(reader, error, false);
		}
		/* A card that does not tell its tries is a card all the same. */
		if (!jpki_error_broke_link(error))
			error = JPKI_OK;
	}
	if (error == JPKI_OK) {
		const struct jpki_key_row *row = row_of(ref);

		info->label = row->token_label;
		info->model = row->token_model;
		memcpy(info->serial, reader->serial, sizeof(info->serial));
		info->pin_min = row->pin.min_length;
		info->pin_max = row->pin.max_length;
		info->tries_max = row->pin.tries;
		info->tries = token_of(ref)->tries < 0 ? -1 : token_of(ref)->tries;
		info->key_bits = row->key_bits;
		info->has_key = !token_of(ref)->own.absent;
		info->has_ca = !token_of(ref)->ca.absent;
		info->certificate_is_private = row->certificate_needs_pin;
	}
	jpki_reader_unlock(reader);
	return error;
}

/* A private certificate can be read only now. */
static enum jpki_error login_work(const struct jpki_token_ref *ref, void *argument)
{
	struct jpki_token *token = token_of(ref);
	enum jpki_error error = JPKI_OK;

	(void)argument;
	if (row_of(ref)->certificate_needs_pin && !token->own.absent)
		error = read_certificate(ref->reader, row_of(ref)->certificate_file, &token->own);
	/* No certificate is a state of a card, not a failed login. */
	return error == JPKI_E_NOT_FOUND ? JPKI_OK : error;
}

/* With the lock held and the card recognised. */
static enum jpki_error log_in(const struct jpki_token_ref *ref, const uint8_t *typed, size_t length)
{
	struct jpki_token *token = token_of(ref);
	enum jpki_error error;

	if (has_login(ref))
		return JPKI_E_ALREADY_LOGGED_IN;
	error = jpki_pin_store_offer(token->pin, &row_of(ref)->pin, typed, length);
	if (error == JPKI_OK && jpki_pin_store_was_refused(token->pin))
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK)
		error = with_pin(ref, ref->reader->config->final_try_allowed, login_work, NULL);
	if (error == JPKI_OK && jpki_reader_insertion(ref->reader) != ref->insertion)
		error = JPKI_E_REMOVED;
	if (error == JPKI_OK) {
		atomic_store(&token->last_used_s, jpki_reader_now_s());
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
	error = need_recognised(ref);
	if (error == JPKI_OK) {
		error = log_in(ref, pin, length);
		jpki_log(JPKI_LOG_INFO, "token: login to %s: %s, tries left %d",
			 row_of(ref)->token_model, jpki_error_name(error), token_of(ref)->tries);
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

enum jpki_error jpki_token_logout(const struct jpki_token_ref *ref)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	if (!has_login(ref))
		error = JPKI_E_LOGIN_REQUIRED;
	jpki_reader_drop_login(ref->reader, ref->key);
	jpki_reader_unlock(ref->reader);
	return error;
}

void jpki_token_revoke(const struct jpki_token_ref *ref)
{
	if (jpki_reader_insertion(ref->reader) == ref->insertion)
		atomic_store(&token_of(ref)->logged_in, false);
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
	       atomic_load(&token_of(ref)->logged_in) &&
	       !jpki_reader_login_expired(ref->reader, ref->key);
}

/* With the lock held: reads a certificate that needs no PIN in a transaction of its own. */
static enum jpki_error read_public_certificate(const struct jpki_token_ref *ref, uint16_t file,
					       struct jpki_certificate_slot *slot)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = jpki_reader_begin(reader);

	if (error != JPKI_OK)
		return error;
	error = jpki_card_select_application(reader->card);
	if (error == JPKI_OK)
		error = read_certificate(reader, file, slot);
	jpki_reader_end(reader, error, false);
	/* A card that hides what other cards show: it is as good as not there. */
	if (error == JPKI_E_NOT_ALLOWED) {
		slot->absent = true;
		error = JPKI_E_NOT_FOUND;
	}
	return error;
}

/* With the lock held and the card recognised: fills the slot, from the card if it must. */
static enum jpki_error need_certificate(const struct jpki_token_ref *ref,
					enum jpki_certificate_kind kind,
					struct jpki_certificate_slot *slot)
{
	const struct jpki_key_row *row = row_of(ref);
	bool own = kind == JPKI_CERTIFICATE_OWN;

	if (own && row->certificate_needs_pin && !has_login(ref))
		return JPKI_E_LOGIN_REQUIRED;
	if (slot->absent)
		return JPKI_E_NOT_FOUND;
	if (slot->certificate != NULL)
		return JPKI_OK;
	/* The login would have read it. */
	if (own && row->certificate_needs_pin)
		return JPKI_E_NOT_FOUND;
	return read_public_certificate(ref, own ? row->certificate_file : row->ca_certificate_file,
				       slot);
}

enum jpki_error jpki_token_certificate(const struct jpki_token_ref *ref,
				       enum jpki_certificate_kind kind,
				       struct jpki_certificate **certificate)
{
	struct jpki_token *token = token_of(ref);
	struct jpki_certificate_slot *slot =
		kind == JPKI_CERTIFICATE_OWN ? &token->own : &token->ca;
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	*certificate = NULL;
	if (error != JPKI_OK)
		return error;
	error = need_recognised(ref);
	if (error == JPKI_OK)
		error = need_certificate(ref, kind, slot);
	if (error == JPKI_OK)
		*certificate = jpki_certificate_hold(slot->certificate);
	jpki_reader_unlock(ref->reader);
	return error;
}

/* With the lock held and the card recognised: asks the card, when that was not done yet. */
static enum jpki_error need_pss_known(const struct jpki_token_ref *ref)
{
	struct jpki_reader *reader = ref->reader;
	bool known = false;
	enum jpki_error error;

	if (token_of(ref)->pss != JPKI_PSS_UNASKED)
		return JPKI_OK;
	error = jpki_reader_begin(reader);
	if (error != JPKI_OK)
		return error;
	error = jpki_card_select_application(reader->card);
	if (error == JPKI_OK)
		error = jpki_card_select_file(reader->card, row_of(ref)->key_file);
	if (error == JPKI_OK)
		error = jpki_card_knows_scheme(reader->card, JPKI_SIGN_PSS_SHA256, &known);
	jpki_reader_end(reader, error, false);
	if (error == JPKI_OK)
		token_of(ref)->pss = known ? JPKI_PSS_OFFERED : JPKI_PSS_WITHDRAWN;
	if (error == JPKI_OK && !known)
		jpki_log(JPKI_LOG_INFO, "token: %s: the card has no PSS", row_of(ref)->token_model);
	return error;
}

enum jpki_error jpki_token_offers(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				  bool *offered)
{
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	*offered = false;
	if (error != JPKI_OK)
		return error;
	error = need_recognised(ref);
	*offered = scheme == JPKI_SIGN_PKCS1;
	if (error == JPKI_OK && scheme == JPKI_SIGN_PSS_SHA256 && !token_of(ref)->own.absent) {
		error = need_pss_known(ref);
		*offered = token_of(ref)->pss == JPKI_PSS_OFFERED;
	}
	jpki_reader_unlock(ref->reader);
	return error;
}

struct signing {
	enum jpki_sign_scheme scheme;
	const uint8_t *block;
	size_t block_length;
	size_t signature_length; /* of the modulus; what the card must deliver */
	uint8_t signature[JPKI_SIGNATURE_MAX];
};

static enum jpki_error sign_work(const struct jpki_token_ref *ref, void *argument)
{
	struct signing *signing = argument;
	size_t length = sizeof(signing->signature);
	enum jpki_error error = jpki_card_select_file(ref->reader->card, row_of(ref)->key_file);

	if (error == JPKI_OK)
		error = jpki_card_sign(ref->reader->card, signing->scheme, signing->block,
				       signing->block_length, signing->signature, &length);
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

/* With the lock held and the card recognised. */
static enum jpki_error sign(const struct jpki_token_ref *ref, struct signing *signing, size_t room)
{
	struct jpki_token *token = token_of(ref);
	const struct jpki_certificate *certificate;
	enum jpki_error error;

	if (!has_login(ref))
		return JPKI_E_LOGIN_REQUIRED;
	error = need_certificate(ref, JPKI_CERTIFICATE_OWN, &token->own);
	if (error != JPKI_OK)
		return error;
	certificate = token->own.certificate;
	signing->signature_length = certificate->modulus.length;
	if (!has_right_length(signing))
		return JPKI_E_ARGUMENT;
	if (room < signing->signature_length)
		return JPKI_E_RANGE;
	atomic_store(&token->last_used_s, jpki_reader_now_s());
	/* Nobody is there who typed this PIN now: the last try is never spent on it. */
	error = with_pin(ref, false, sign_work, signing);
	if (error == JPKI_OK)
		error = check_signature(certificate, signing);
	if (signing->scheme == JPKI_SIGN_PSS_SHA256 &&
	    (error == JPKI_E_UNSUPPORTED || error == JPKI_E_BAD_SIGNATURE)) {
		jpki_log(JPKI_LOG_WARNING, "token: %s: PSS is withdrawn, the card fails at it (%s)",
			 row_of(ref)->token_model, jpki_error_name(error));
		token->pss = JPKI_PSS_WITHDRAWN;
	}
	return error;
}

/* The PIN that was good at the login is good no more: another program changed or locked it. */
static bool kept_pin_failed(enum jpki_error error)
{
	return error == JPKI_E_PIN_INCORRECT || error == JPKI_E_PIN_LOCKED ||
	       error == JPKI_E_PIN_FINAL_TRY || error == JPKI_E_PIN_REPEATED;
}

enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *block, size_t block_length, uint8_t *signature,
				size_t *signature_length)
{
	struct signing signing = {.scheme = scheme, .block = block, .block_length = block_length};
	enum jpki_error error = jpki_reader_lock(ref->reader, ref->insertion);

	if (error == JPKI_OK) {
		error = need_recognised(ref);
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

enum jpki_error jpki_token_random(const struct jpki_token_ref *ref, uint8_t *data, size_t length)
{
	struct jpki_reader *reader = ref->reader;
	enum jpki_error error = jpki_reader_lock(reader, ref->insertion);

	if (error != JPKI_OK)
		return error;
	error = jpki_reader_begin(reader);
	if (error == JPKI_OK) {
		error = jpki_card_challenge(reader->card, data, length);
		jpki_reader_end(reader, error, false);
	}
	jpki_reader_unlock(reader);
	return error;
}
