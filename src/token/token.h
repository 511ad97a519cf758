/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * token: works with one token: a PIN of a card, its key and its certificates. Here it is decided
 * whether and when a PIN is sent. Every function names the insertion it means and fails with
 * JPKI_E_NO_CARD or JPKI_E_REMOVED when that card is not in the reader any more; every function
 * that may reach the card can also fail with what the transport returns, JPKI_E_FOREIGN,
 * JPKI_E_NO_TOKEN (the card has no such PIN and key), JPKI_E_PROTOCOL and JPKI_E_MEMORY. Any
 * thread; operations on one reader wait for each other.
 */
#ifndef JPKI_TOKEN_TOKEN_H
#define JPKI_TOKEN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/card.h"
#include "card/generation.h"
#include "crypto/certificate.h"
#include "token/ref.h"

struct jpki_token_info {
	const char *label; /* UTF-8, static, at most 32 bytes */
	const char *model; /* static, at most 16 bytes */
	char serial[17];   /* 16 hexadecimal digits, one and the same for both tokens of a card */
	const struct jpki_pin_rule *pin_rule; /* lengths, alphabet and tries; static */
	int tries;       /* left, as last read; -1 when the card did not tell */
	bool pin_is_set; /* false: no PIN was ever set, so there is no login */
	enum jpki_key_kind key_kind;
	unsigned int key_bits_min; /* of the key; both are the same once its certificate is read */
	unsigned int key_bits_max;
	unsigned int logouts;        /* how often somebody logged out of this insertion's token */
	bool has_key;                /* the card holds this token's key and certificate */
	bool has_ca;                 /* and the certificate of the issuing authority */
	bool certificate_is_private; /* the holder's, readable only while logged in */
	bool always_authenticate;    /* the PIN is wanted for each signature */
};

enum jpki_certificate_kind {
	JPKI_CERTIFICATE_OWN, /* the holder's */
	JPKI_CERTIFICATE_CA,  /* of the authority that issued it */
};

/*
 * Whether the token is there, as far as is known without asking the card: a card is in the
 * reader, and it was not found to lack this PIN. Never blocks.
 */
bool jpki_token_may_be_present(const struct jpki_token_ref *ref);

/*
 * What the token is like. The card is asked at the first call after an insertion, and again only
 * when the tries became unknown since.
 */
enum jpki_error jpki_token_get_info(const struct jpki_token_ref *ref, struct jpki_token_info *info);

/*
 * Logs in with length bytes as typed. The card sees a PIN only if it can be right by its form,
 * was not refused before, and is not the last try (unless the configuration allows that one).
 * JPKI_E_PIN_LENGTH, _ALPHABET, _REPEATED, _FINAL_TRY: nothing was sent; JPKI_E_PIN_LOCKED: no
 * try is left; JPKI_E_PIN_INCORRECT: one was spent; JPKI_E_ALREADY_LOGGED_IN. On JPKI_OK the PIN
 * is kept for the operations to come, and a private certificate has been read.
 */
enum jpki_error jpki_token_login(const struct jpki_token_ref *ref, const uint8_t *pin,
				 size_t length);

/*
 * Presents the PIN once more while logged in, for one signature of a token that wants it for each.
 * As jpki_token_login; after a failure the login stays, without a PIN to sign with.
 * JPKI_E_LOGIN_REQUIRED.
 */
enum jpki_error jpki_token_authenticate(const struct jpki_token_ref *ref, const uint8_t *pin,
					size_t length);

/*
 * The signature that the PIN was presented for was made, or will not come: it is good for no other.
 * Never blocks; the PIN is wiped by jpki_token_sweep, or by whatever comes before it.
 */
void jpki_token_revoke_authentication(const struct jpki_token_ref *ref);

/*
 * Whether the last login may stand for one signature of such a token: true once after a login, and
 * then it is as jpki_token_authenticate.
 * Some programs do not ask for the PIN again right after they have logged in.
 */
bool jpki_token_take_fresh_login(const struct jpki_token_ref *ref);

/*
 * Changes the PIN, both as typed. JPKI_E_PIN_LENGTH, JPKI_E_PIN_ALPHABET: one of them can't be, or
 * may not be set; nothing was sent. For the rest the old PIN is treated as at a login. A login goes
 * on, with the new PIN after JPKI_OK, but ends when the old one was not accepted. When the card's
 * answer was lost, the two PINs are presented until it is known which of them holds.
 * JPKI_OK: the new one; JPKI_E_PIN_UNCERTAIN: it could not be found out, because the card has left
 * for instance, and the login has ended; after all other errors the old one.
 */
enum jpki_error jpki_token_change_pin(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				      size_t old_length, const uint8_t *new_pin, size_t new_length);

/* Forgets the PIN and a private certificate. JPKI_E_LOGIN_REQUIRED when nobody was logged in. */
enum jpki_error jpki_token_logout(const struct jpki_token_ref *ref);

/*
 * Ends a login from one moment to the next, without waiting for an operation that is under way;
 * for use under a lock. The PIN is wiped by jpki_token_sweep, or by whatever comes before it.
 */
void jpki_token_revoke(const struct jpki_token_ref *ref);
void jpki_token_sweep(const struct jpki_token_ref *ref);

/* Whether somebody is logged in. Never blocks. */
bool jpki_token_is_logged_in(const struct jpki_token_ref *ref);

/*
 * A certificate of the token, read from the card once per insertion (a private one: per login).
 * The caller lets go of *certificate with jpki_certificate_release. JPKI_E_NOT_FOUND: the card
 * has none; JPKI_E_LOGIN_REQUIRED; JPKI_E_BAD_DER. *certificate is NULL then.
 */
enum jpki_error jpki_token_certificate(const struct jpki_token_ref *ref,
				       enum jpki_certificate_kind kind,
				       struct jpki_certificate **certificate);

/*
 * The row of a scheme that the token's key signs with; *scheme is NULL if it does not, and after an
 * error. A scheme that not every card of the generation has is asked for without the PIN, once per
 * insertion unless the link breaks meanwhile; after a failed signature neither token has it any
 * more, nor has one without a key.
 */
enum jpki_error jpki_token_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
				  const struct jpki_scheme **scheme);

/*
 * A signature over input, made by jpki_scheme_input_of_data or ..._of_hash, and checked with the
 * certificate's key before it is given out. *signature_length is the room at signature before and
 * the length after, the key's signature_length. JPKI_E_LOGIN_REQUIRED: nobody is logged in, or the
 * card refused the PIN that was kept; JPKI_E_ARGUMENT: the key does not have the scheme, or the
 * scheme takes no input of this length; JPKI_E_RANGE: room; JPKI_E_BAD_SIGNATURE: the card's answer
 * is not a signature by this key.
 */
enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *input, size_t input_length, uint8_t *signature,
				size_t *signature_length);

/* Fills data with length bytes from the card's generator, in several transactions if need be. */
enum jpki_error jpki_token_random(const struct jpki_token_ref *ref, uint8_t *data, size_t length);

#endif
