/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pin: keeps what is known of one PIN, and decides whether the card may be sent it. It holds what
 * the card has refused, and the one copy of the PIN that is kept while somebody is logged in.
 * Nothing here talks to a card; src/token/unlock.c does, and asks here before.
 *
 * These are the rules that keep programs from locking a card, and where each stands:
 *
 * 1. A value that is invalid by its form is never sent: jpki_pin_store_offer.
 * 2. Lower case becomes upper case if the card knows only that: src/token/pin_value.c.
 * 3. A PIN is sent only if its tries were read just before: jpki_pin_store_may_send. The card layer
 *    makes sure that it was in the same transaction.
 * 4. A PIN whose answer was lost is never sent again automatically: jpki_pin_store_sent, _counted.
 * 5. A value that the card has refused is not sent twice: jpki_pin_store_refused, _may_send. Nor is
 *    one that it has refused to another process of the user: src/token/refused.c.
 * 6. The last try is not spent for a program: jpki_pin_store_may_send.
 * 7. The tries left are reported as they were read: jpki_pin_store_state, _tries.
 * 8. A PIN is kept in this store and nowhere else, and is wiped with it: jpki_pin_store_drop. Not
 *    even a digest of a right PIN outlives it, once the card's answer is known.
 *
 * What is known of the PIN, and what changes it:
 *
 *   what happens       before                   after
 *   counted n          any                      LOCKED (0), FINAL_TRY (1), COUNTED (2 or more)
 *   untold             any                      UNTOLD
 *   not set            any                      NOT_SET
 *   the link broke     any                      UNKNOWN
 *   sent               COUNTED, FINAL_TRY       UNKNOWN
 *   accepted           UNKNOWN, once sent       VERIFIED, with all tries
 *   refused, n left    UNKNOWN, once sent       LOCKED (0), FINAL_TRY (1), REFUSED (2 or more)
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
	JPKI_PIN_UNTOLD,    /* the card was asked and does not tell */
	JPKI_PIN_NOT_SET,   /* there is no PIN in the PIN's file */
	JPKI_PIN_COUNTED,   /* at least two tries are left */
	JPKI_PIN_FINAL_TRY, /* one is left */
	JPKI_PIN_LOCKED,    /* none is left */
	JPKI_PIN_REFUSED,   /* the last value sent was wrong, and at least two tries are left */
	JPKI_PIN_VERIFIED,  /* the card has accepted the PIN, and was not left since */
	JPKI_PIN_STATE_COUNT
};

/*
 * What is remembered of one token's PIN, in secret memory: at most one PIN, which is offered first
 * and kept once the card has accepted it; a new PIN beside it during a change; keyed digests of the
 * values that the card has refused; and, if the answer to a PIN was lost, the digest of that PIN
 * until the tries show what became of it. A PIN in whose place another one is offered stays aside
 * until the card is sent the other one.
 */
struct jpki_pin_store;

/* Return an empty store, or NULL if memory or random numbers are not available. The caller frees it
 * with jpki_pin_store_free. */
struct jpki_pin_store *jpki_pin_store_new(void);

/* Wipe and free the store. NULL is allowed. */
void jpki_pin_store_free(struct jpki_pin_store *store);

/*
 * Take a PIN as typed into the store, in the form to send, in place of the one it held, which is
 * set aside until jpki_pin_store_sent. After JPKI_E_PIN_LENGTH, JPKI_E_PIN_ALPHABET or
 * JPKI_E_CRYPTO the store holds none.
 */
enum jpki_error jpki_pin_store_offer(struct jpki_pin_store *store, const struct jpki_pin_rule *rule,
				     const uint8_t *typed, size_t length);

/* If the PIN offered was not sent, hold again what it took the place of, be it nothing, and return
 * true. Else nothing changes. */
bool jpki_pin_store_put_back(struct jpki_pin_store *store);

/* True if the PIN offered was not sent, and has the value of the one it took the place of. */
bool jpki_pin_store_offers_held(const struct jpki_pin_store *store);

/* Return the PIN held, offered or kept, or NULL if there is none. The memory is the store's. */
const struct jpki_pin *jpki_pin_store_pin(const struct jpki_pin_store *store);

/* True if the card has already refused the PIN held. */
bool jpki_pin_store_was_refused(const struct jpki_pin_store *store);

/* Return what is known of the PIN. */
enum jpki_pin_state jpki_pin_store_state(const struct jpki_pin_store *store);

/* Return the tries left as the card last gave them, or -1 if they are not known. */
int jpki_pin_store_tries(const struct jpki_pin_store *store);

/*
 * Return JPKI_OK if the PIN held may be sent now, right after its tries were read. At least
 * tries_wanted must be left, such as one of the numbers below. JPKI_E_PIN_LOCKED;
 * JPKI_E_PIN_FINAL_TRY: fewer are left; JPKI_E_PIN_REPEATED; JPKI_E_PIN_NOT_SET; JPKI_E_INTERNAL:
 * no PIN is held, or its tries are not known.
 */
enum jpki_error jpki_pin_store_may_send(const struct jpki_pin_store *store,
					unsigned int tries_wanted);

#define JPKI_TRIES_WITH_CONSENT 1 /* even the last one */
#define JPKI_TRIES_FOR_PROGRAMS 2 /* a mistake leaves one */
/* A value that may be wrong leaves two, so that the right one can be sent after it. */
#define JPKI_TRIES_FOR_PROBES 3
/* None is spent, however many the card has: for a PIN that is kept for a login. */
#define JPKI_TRIES_ALL (~0U)

/*
 * Note the tries that were read. If the answer to a PIN is still missing, fewer tries than before
 * mean that the card has refused that PIN; return true then. (Another program may have spent the
 * try: then the value counts as refused until the card leaves. That costs the user a re-insertion,
 * but no try.) More tries than before, or than the newest refusal left, mean that somebody has
 * presented the right PIN, which may be a new one: older refusals are forgotten.
 */
bool jpki_pin_store_counted(struct jpki_pin_store *store, unsigned int tries);

/*
 * True if this count differs from the last one that is known, or is more than the PIN should have,
 * and neither a PIN that was sent nor its missing answer explains that. Asked before
 * jpki_pin_store_counted.
 */
bool jpki_pin_store_is_surprised(const struct jpki_pin_store *store, unsigned int tries);

/*
 * Set the number of tries that the PIN has when none is spent: first as the card's generation says,
 * which may be wrong for a card; then as it was read right after the card has accepted the PIN.
 */
void jpki_pin_store_expect_full(struct jpki_pin_store *store, unsigned int tries);
void jpki_pin_store_confirm_full(struct jpki_pin_store *store, unsigned int tries);

/* Return that number, or that of the tries left if even more are. */
unsigned int jpki_pin_store_full(const struct jpki_pin_store *store);

/* True if it was read from the card, not taken from its generation. */
bool jpki_pin_store_full_is_confirmed(const struct jpki_pin_store *store);

/* Note that the tries could not be read: the card does not tell them, no PIN was ever set, or the
 * link broke. */
void jpki_pin_store_untold(struct jpki_pin_store *store);
void jpki_pin_store_not_set(struct jpki_pin_store *store);
void jpki_pin_store_link_broke(struct jpki_pin_store *store);

/* Note that the PIN held is about to be sent, and wipe what was set aside. */
void jpki_pin_store_sent(struct jpki_pin_store *store);

/* Note that the card has accepted the PIN: all tries are available again, and older refusals are
 * forgotten. */
void jpki_pin_store_accepted(struct jpki_pin_store *store);

/* Note that the card has refused the PIN, which is remembered, and how many tries are left. */
void jpki_pin_store_refused(struct jpki_pin_store *store, unsigned int tries);

/* Forget all refusals. */
void jpki_pin_store_forget_refused(struct jpki_pin_store *store);

/* Note that the card was left, so that it has to be sent the PIN again. */
void jpki_pin_store_left(struct jpki_pin_store *store);

/*
 * Take a new PIN, which is to replace the one held, into the store. JPKI_E_PIN_LENGTH,
 * JPKI_E_PIN_ALPHABET (also if the rule requires letters and digits and the value lacks one of
 * them).
 */
enum jpki_error jpki_pin_store_offer_new(struct jpki_pin_store *store,
					 const struct jpki_pin_rule *rule, const uint8_t *typed,
					 size_t length);

/* Return the new PIN; its length is 0 if there is none. The memory is the store's. */
const struct jpki_pin *jpki_pin_store_new_pin(const struct jpki_pin_store *store);

/* Wipe only the new PIN. */
void jpki_pin_store_forget_new(struct jpki_pin_store *store);

/* Swap the PIN held and the new PIN. After JPKI_E_CRYPTO the store holds none. */
enum jpki_error jpki_pin_store_swap(struct jpki_pin_store *store);

/* Wipe the PIN held, the new PIN and the one set aside. Refusals stay. */
void jpki_pin_store_drop(struct jpki_pin_store *store);

#endif
