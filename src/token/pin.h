/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pin: keeps what is known of one PIN, and decides whether the card may be sent it. It holds what
 * the card has refused, and the one copy of the PIN that is kept while somebody is logged in.
 * Nothing here talks to a card; src/token/unlock.c does, and asks here before.
 *
 * These are the rules that keep programs from locking a card, and where each stands:
 *
 * 1. A value that no card can take is never sent: jpki_pin_store_offer.
 * 2. Small letters are folded where the card knows capitals only: src/token/pin_value.c.
 * 3. A PIN goes out only when its tries were read just before: jpki_pin_store_may_send, and the
 *    card layer makes sure that it was in the same transaction.
 * 4. One whose answer was lost is never repeated by itself: jpki_pin_store_sent, _counted.
 * 5. A value that the card has refused is not sent twice: jpki_pin_store_refused, _may_send.
 * 6. The last try is not spent for a program: jpki_pin_store_may_send.
 * 7. The tries left are told as they were read: jpki_pin_store_state, _tries.
 * 8. A PIN is in this store and nowhere else, and is wiped with it: jpki_pin_store_drop. Of a right
 *    one not even a digest stays, once what the card said to it is known.
 *
 * What is known of the PIN, and what changes it:
 *
 *   what happens       before                   after
 *   counted n          any                      LOCKED (0), FINAL_TRY (1), COUNTED (2 or more)
 *   untold             any                      UNTOLD
 *   not set            any                      NOT_SET
 *   the link broke     any                      UNKNOWN
 *   sent               COUNTED, FINAL_TRY       UNKNOWN
 *   accepted           UNKNOWN, when sent       VERIFIED
 *   refused, n left    UNKNOWN, when sent       LOCKED (0), FINAL_TRY (1), REFUSED (2 or more)
 *   the card was left  VERIFIED                 COUNTED, with all tries
 */
#ifndef JPKI_TOKEN_PIN_H
#define JPKI_TOKEN_PIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/generation.h"
#include "token/pin_value.h"

enum jpki_pin_state {
	JPKI_PIN_UNKNOWN,   /* the card has not been asked yet, or its answer was lost */
	JPKI_PIN_UNTOLD,    /* it was asked, and does not tell */
	JPKI_PIN_NOT_SET,   /* there is no PIN in the PIN's file */
	JPKI_PIN_COUNTED,   /* two tries or more are left */
	JPKI_PIN_FINAL_TRY, /* one is left */
	JPKI_PIN_LOCKED,    /* none is left */
	JPKI_PIN_REFUSED,   /* the last value sent was wrong, and two tries or more are left */
	JPKI_PIN_VERIFIED,  /* the card is open, until it is left */
	JPKI_PIN_STATE_COUNT
};

/*
 * What is remembered of one token's PIN, in secret memory: at most one PIN, offered first and kept
 * after the card has accepted it, with another beside it while the PIN is changed; keyed digests
 * of the values that the card has refused; and, when the answer to a PIN was lost, the digest of
 * that one until the tries tell what became of it.
 */
struct jpki_pin_store;

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

/* What is known of the PIN. */
enum jpki_pin_state jpki_pin_store_state(const struct jpki_pin_store *store);

/* The tries left, as last read or told; -1 when they are not known. */
int jpki_pin_store_tries(const struct jpki_pin_store *store);

/*
 * Whether the PIN held may go out now, right after its tries were read, when tries_wanted must be
 * left at least (one of the numbers below). JPKI_E_PIN_LOCKED; JPKI_E_PIN_FINAL_TRY: fewer are
 * left; JPKI_E_PIN_REPEATED; JPKI_E_PIN_NOT_SET; JPKI_E_INTERNAL: there is none, or its tries are
 * not known.
 */
enum jpki_error jpki_pin_store_may_send(const struct jpki_pin_store *store,
					unsigned int tries_wanted);

#define JPKI_TRIES_WITH_CONSENT 1 /* the last one, too */
#define JPKI_TRIES_FOR_PROGRAMS 2 /* one is left after a mistake */
/* Two are left after a value that may be wrong, so that the right one can be sent after it. */
#define JPKI_TRIES_FOR_PROBES 3

/*
 * The tries were read. If the answer to a PIN is missing still, fewer tries than before mean that
 * the card has refused it. (Another program may have spent the try: then the value is taken for
 * refused until the card leaves. That costs the person a re-insertion, and no try.) Returns whether
 * it was so. More tries than before mean that somebody has presented the right PIN, which may be
 * another one now: older refusals are forgotten.
 */
bool jpki_pin_store_counted(struct jpki_pin_store *store, unsigned int tries);

/* The tries were asked for: in vain (untold), of a PIN that was never set, or the link broke. */
void jpki_pin_store_untold(struct jpki_pin_store *store);
void jpki_pin_store_not_set(struct jpki_pin_store *store);
void jpki_pin_store_link_broke(struct jpki_pin_store *store);

/* The PIN held goes out now. */
void jpki_pin_store_sent(struct jpki_pin_store *store);

/* The card has answered: it has accepted the PIN, all tries are there again, and older refusals
 * are forgotten ... */
void jpki_pin_store_accepted(struct jpki_pin_store *store, unsigned int all_tries);

/* ... or refused it, which is remembered, and so many tries are left. */
void jpki_pin_store_refused(struct jpki_pin_store *store, unsigned int tries);

/* Forgets all refusals. */
void jpki_pin_store_forget_refused(struct jpki_pin_store *store);

/* The card was left: it is not open any more. */
void jpki_pin_store_left(struct jpki_pin_store *store);

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

/* The new PIN is the one held now, and the one that was held is the new one. JPKI_E_CRYPTO: none
 * is held. */
enum jpki_error jpki_pin_store_swap(struct jpki_pin_store *store);

/* Wipes the PIN held, and the new one; what was refused stays. */
void jpki_pin_store_drop(struct jpki_pin_store *store);

#endif
