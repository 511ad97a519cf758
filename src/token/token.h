/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * token: works with one token: a PIN of a card, its key and its certificates. This layer decides
 * whether and when a PIN is sent. Every function names the insertion it means and fails with
 * JPKI_E_NO_CARD or JPKI_E_REMOVED if that card is no longer in the reader. Every function that may
 * reach the card can also fail with what the transport returns, JPKI_E_FOREIGN, JPKI_E_NO_TOKEN
 * (the card has no such PIN and key), JPKI_E_PROTOCOL and JPKI_E_MEMORY. Any thread; operations on
 * one reader wait for each other, but what is known already is told without waiting.
 */
#ifndef JPKI_TOKEN_TOKEN_H
#define JPKI_TOKEN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/attributes.h"
#include "card/card.h"
#include "card/generation.h"
#include "crypto/certificate.h"
#include "token/info.h"
#include "token/ref.h"

/*
 * Return whether the token is present, as far as is known without asking the card: a card is in the
 * reader, and was not found to lack this PIN. Never blocks.
 */
bool jpki_token_may_be_present(const struct jpki_token_ref *ref);

/*
 * Describe the token, or for JPKI_PIN_TEXT the PIN: it has no key. The card is asked at the first
 * call after an insertion, and again only if the tries have become unknown since.
 */
enum jpki_error jpki_token_get_info(const struct jpki_token_ref *ref, struct jpki_token_info *info);

/* The same for callers that do not look at has_key and has_ca: they are true unless something has
 * shown otherwise. The card is not asked for them. */
enum jpki_error jpki_token_get_pin_info(const struct jpki_token_ref *ref,
					struct jpki_token_info *info);

/*
 * Read the tries left again if that was more than a few seconds ago, so that what
 * jpki_token_get_info says of them is no longer than that behind other programs. While another call
 * uses the card, what was read last does. Errors are those of a card that has left or of a link
 * that broke.
 */
enum jpki_error jpki_token_renew_tries(const struct jpki_token_ref *ref);

/*
 * Log in with length bytes as typed. The PIN is sent to the card only if its form is possible, it
 * was not refused before, and it would not spend the last try (unless the configuration allows
 * that). On JPKI_OK the PIN is kept for later operations, and a private certificate has been read.
 * JPKI_E_PIN_LENGTH, _ALPHABET, _REPEATED, _FINAL_TRY: nothing was sent; JPKI_E_PIN_LOCKED: no try
 * is left; JPKI_E_PIN_INCORRECT: one try was spent; JPKI_E_ALREADY_LOGGED_IN.
 */
enum jpki_error jpki_token_login(const struct jpki_token_ref *ref, const uint8_t *pin,
				 size_t length);

/*
 * Present the PIN once more while logged in, for one signature of a token that requires it for
 * each. Errors are those of jpki_token_login, and JPKI_E_LOGIN_REQUIRED. After a failure the login
 * stays, without a PIN to sign with.
 */
enum jpki_error jpki_token_authenticate(const struct jpki_token_ref *ref, const uint8_t *pin,
					size_t length);

/*
 * Withdraw the PIN that was presented for one signature, because the signature was made or will not
 * be made. Never blocks; jpki_token_sweep wipes the PIN, or the next operation if it comes first.
 */
void jpki_token_revoke_authentication(const struct jpki_token_ref *ref);

/*
 * Return whether the last login may stand for one signature of a token that requires the PIN for
 * each: true once after a login, and then the effect is that of jpki_token_authenticate. Some
 * programs do not ask for the PIN again right after a login.
 */
bool jpki_token_take_fresh_login(const struct jpki_token_ref *ref);

/*
 * Change the PIN; both PINs are as typed. The old PIN is otherwise treated as at a login. A login
 * continues, with the new PIN after JPKI_OK, but ends if the old one was not accepted. If the
 * card's answer was lost, both PINs are presented until it is known which is valid. JPKI_OK: the
 * new one is valid. JPKI_E_PIN_LENGTH, JPKI_E_PIN_ALPHABET: one of them has an impossible form or
 * may not be set; nothing was sent. JPKI_E_PIN_UNCERTAIN: it could not be found out, for instance
 * because the card was removed, and the login has ended. After all other errors the old one is
 * valid.
 */
enum jpki_error jpki_token_change_pin(const struct jpki_token_ref *ref, const uint8_t *old_pin,
				      size_t old_length, const uint8_t *new_pin, size_t new_length);

/*
 * Return whether the PIN of the last call that might send one was sent, and it is not known what
 * the card made of it: a try may have been spent. Never blocks.
 */
bool jpki_token_pin_is_unanswered(const struct jpki_token_ref *ref);

/* Forget the PIN and a private certificate. JPKI_E_LOGIN_REQUIRED if nobody is logged in.
 * Signatures that wait for the card are not made any more. */
enum jpki_error jpki_token_logout(const struct jpki_token_ref *ref);

/*
 * End a login at once, without waiting for an operation under way; for use under a lock.
 * jpki_token_sweep wipes the PIN, or the next operation if it comes first.
 */
void jpki_token_revoke(const struct jpki_token_ref *ref);
void jpki_token_sweep(const struct jpki_token_ref *ref);

/* Return whether somebody is logged in. Never blocks. */
bool jpki_token_is_logged_in(const struct jpki_token_ref *ref);

/*
 * Return whether the login is suspended: tries are missing that it did not spend, so its PIN is not
 * sent before all are back. Until then signatures fail with JPKI_E_LOGIN_REQUIRED, and another
 * login may take its place. Never blocks.
 */
bool jpki_token_is_suspended(const struct jpki_token_ref *ref);

/*
 * Return a certificate of the token, read from the card once per insertion (a private one: once per
 * login). The caller releases *certificate with jpki_certificate_release. JPKI_E_NOT_FOUND: the
 * card has none; JPKI_E_LOGIN_REQUIRED; JPKI_E_BAD_DER. After an error *certificate is NULL.
 */
enum jpki_error jpki_token_certificate(const struct jpki_token_ref *ref,
				       enum jpki_certificate_kind kind,
				       struct jpki_certificate **certificate);

/*
 * Return the row of a scheme that the token's key signs with; *scheme is NULL if it does not, and
 * after an error. If not every card of the generation has the scheme, the card is asked without the
 * PIN, once per insertion unless the link breaks meanwhile. After a failed signature neither token
 * has the scheme any more; a token without a key never has it.
 */
enum jpki_error jpki_token_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
				  const struct jpki_scheme **scheme);

/*
 * Sign input, made by jpki_scheme_input_of_data or ..._of_hash, and check the signature with the
 * certificate's key before it is returned. *signature_length is the room at signature before and
 * the length after, the key's signature_length. JPKI_E_LOGIN_REQUIRED: nobody is logged in, or the
 * card refused the kept PIN; JPKI_E_ARGUMENT: the key does not have the scheme, or the scheme takes
 * no input of this length; JPKI_E_RANGE: too little room; JPKI_E_BAD_SIGNATURE: the card's answer
 * is not a signature by this key.
 */
enum jpki_error jpki_token_sign(const struct jpki_token_ref *ref, enum jpki_sign_scheme scheme,
				const uint8_t *input, size_t input_length, uint8_t *signature,
				size_t *signature_length);

/*
 * Read the four attributes of the holder, and the number of the card, with the PIN of the text
 * application as typed; the token of ref is JPKI_PIN_TEXT. The PIN is treated as at a login, with
 * tries, refusals and a record of its own, but nobody is logged in afterwards: it is presented
 * once, and wiped. number gets JPKI_CARD_NUMBER_LENGTH digits, not terminated. Both outputs are
 * personal, and all zero after an error. Errors are those of jpki_token_login, and
 * JPKI_E_NO_TOKEN, JPKI_E_NOT_FOUND: the card has no text application, no attributes or no number;
 * JPKI_E_BAD_DER: what it has as attributes is none. JPKI_E_REMOVED: the card has left, whatever
 * was read.
 */
enum jpki_error jpki_token_attributes(const struct jpki_token_ref *ref, const uint8_t *pin,
				      size_t length, struct jpki_attributes *attributes,
				      char number[JPKI_CARD_NUMBER_LENGTH]);

/*
 * Read the number of the card whose tokens have this serial, as in jpki_token_info. That needs no
 * PIN, whichever token is meant, and costs three exchanges, because the card is not recognised for
 * it. number gets JPKI_CARD_NUMBER_LENGTH digits, not terminated; all zero after an error.
 * JPKI_E_NOT_FOUND: the card has none; JPKI_E_REMOVED: it is another card.
 */
enum jpki_error jpki_token_card_number(const struct jpki_token_ref *ref, const char *serial,
				       char number[JPKI_CARD_NUMBER_LENGTH]);

/* At most so many random bytes come from one transaction, so that other programs get a turn. */
#define JPKI_TOKEN_RANDOM_MAX 16384U

/* Fill data with length bytes from the card's generator, in one transaction. JPKI_E_ARGUMENT: more
 * than JPKI_TOKEN_RANDOM_MAX. */
enum jpki_error jpki_token_random(const struct jpki_token_ref *ref, uint8_t *data, size_t length);

#endif
