/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The PIN of one token: what may be sent, what was refused, and the one copy that is kept while
 * somebody is logged in. Nothing here talks to a card. With src/token/login.c this is where the
 * rules stand that keep programs from locking a card.
 */
#ifndef JPKI_TOKEN_PIN_H
#define JPKI_TOKEN_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/generation.h"

/* A PIN in the form that the card compares, with room for the longest. */
struct jpki_pin {
	uint8_t value[JPKI_PIN_MAX];
	size_t length; /* 0: none */
};

/*
 * What is remembered of one token's PIN, in secret memory: at most one PIN, offered first and kept
 * after the card has accepted it, with another beside it while the PIN is changed; keyed digests
 * of the values that the card has refused; and, when the answer to a PIN was lost, the digest of
 * that one until the tries tell what became of it.
 */
struct jpki_pin_store;

/*
 * Checks length bytes as typed against the rule and folds small letters where the rule says so.
 * *pin, which should lie in secret memory, is the form to send. JPKI_E_PIN_LENGTH,
 * JPKI_E_PIN_ALPHABET: no card can take it, and *pin is empty.
 */
enum jpki_error jpki_pin_normalise(const struct jpki_pin_rule *rule, const uint8_t *typed,
				   size_t length, struct jpki_pin *pin);

/* What jpki_pin_normalise would say, without keeping anything. */
enum jpki_error jpki_pin_possible(const struct jpki_pin_rule *rule, const uint8_t *typed,
				  size_t length);

/* Whether a PIN may be sent at all with so many tries left: JPKI_OK, JPKI_E_PIN_LOCKED, or
 * JPKI_E_PIN_FINAL_TRY when one is left and may not be spent. */
enum jpki_error jpki_pin_may_send(unsigned int tries, bool final_try_allowed);

/* An empty store, or NULL without memory or random numbers. */
struct jpki_pin_store *jpki_pin_store_new(void);

/* Wipes and frees. NULL is allowed. */
void jpki_pin_store_free(struct jpki_pin_store *store);

/*
 * Takes a PIN as typed into the store, in the form to send, in place of whatever it held.
 * JPKI_E_PIN_LENGTH, JPKI_E_PIN_ALPHABET, JPKI_E_CRYPTO: the store holds none then.
 */
enum jpki_error jpki_pin_store_offer(struct jpki_pin_store *store, const struct jpki_pin_rule *rule,
				     const uint8_t *typed, size_t length);

/* The PIN held, offered or kept, or NULL. The memory is the store's. */
const struct jpki_pin *jpki_pin_store_pin(const struct jpki_pin_store *store);

/* Whether the card has refused the PIN held before. */
bool jpki_pin_store_was_refused(const struct jpki_pin_store *store);

/* The PIN held goes out now; the tries left before it are so many. */
void jpki_pin_store_sent(struct jpki_pin_store *store, unsigned int tries);

/* The card has answered: it has accepted the PIN, so older refusals are forgotten ... */
void jpki_pin_store_accepted(struct jpki_pin_store *store);

/* ... or refused it, which is remembered. */
void jpki_pin_store_refused(struct jpki_pin_store *store);

/*
 * The tries were read. If the answer to a PIN is missing still, fewer tries than before mean that
 * the card has refused it. (Another program may have spent the try: then the value is taken for
 * refused until the card leaves. That costs the person a re-insertion, and no try.)
 */
void jpki_pin_store_settle(struct jpki_pin_store *store, unsigned int tries);

/*
 * Takes a new PIN, to which the one held is to be changed, into the store. JPKI_E_PIN_LENGTH,
 * JPKI_E_PIN_ALPHABET (also when letters and digits are wanted and it holds one kind only).
 */
enum jpki_error jpki_pin_store_offer_new(struct jpki_pin_store *store,
					 const struct jpki_pin_rule *rule, const uint8_t *typed,
					 size_t length);

/* The new PIN, of length 0 when there is none. The memory is the store's. */
const struct jpki_pin *jpki_pin_store_new_pin(const struct jpki_pin_store *store);

/* Wipes the new PIN only. */
void jpki_pin_store_forget_new(struct jpki_pin_store *store);

/* The card has taken the new PIN: it is the one held now. JPKI_E_CRYPTO: none is held. */
enum jpki_error jpki_pin_store_changed(struct jpki_pin_store *store);

/* Wipes the PIN held, and the new one; what was refused stays. */
void jpki_pin_store_drop(struct jpki_pin_store *store);

#endif
