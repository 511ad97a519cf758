/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* link: locks a reader for work on one insertion, begins and ends transactions, and forgets what
 * has ended. For src/token alone. */
#ifndef JPKI_TOKEN_LINK_H
#define JPKI_TOKEN_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "token/state.h"

/*
 * Take the reader's lock for work on one insertion. JPKI_E_NO_CARD, JPKI_E_REMOVED: that card is no
 * longer there, and the lock is not held.
 */
enum jpki_error jpki_reader_lock(struct jpki_reader *reader, jpki_insertion insertion);

/* The same, but return false without waiting if another call has the lock. *error is set else. */
bool jpki_reader_try_lock(struct jpki_reader *reader, jpki_insertion insertion,
			  enum jpki_error *error);

/* Release the lock. If the card has left meanwhile, forget it first. Let go of it if it need not be
 * kept for the next call. What is known then is published. */
void jpki_reader_unlock(struct jpki_reader *reader);

/* Forget what has ended, unless the lock is taken: its holder forgets it when it releases it. Never
 * blocks. */
void jpki_reader_tidy_if_idle(struct jpki_reader *reader);

/*
 * With the lock held: open the link if need be and begin a transaction, after a rest if others are
 * to get their turn at the card (src/token/room.h). Recognise the card if that
 * was not done yet, or make sure after a reset that it is still the same. On JPKI_OK the
 * transaction is open, and any file may be selected on the card. After JPKI_E_FOREIGN,
 * JPKI_E_REMOVED, JPKI_E_CANCELLED (the reader was abandoned) or an error of the transport no
 * transaction is open.
 */
enum jpki_error jpki_reader_begin(struct jpki_reader *reader);

/* The same before a PIN is sent: make sure as well if the link has rested since that was last done,
 * because the reader may not have noticed that the card was replaced. */
enum jpki_error jpki_reader_begin_for_pin(struct jpki_reader *reader);

/*
 * The same for what needs no PIN, with whatever card lies there: nothing is asked of it, and the
 * caller finds out which card it is. Errors are those above.
 */
enum jpki_error jpki_reader_begin_unknown(struct jpki_reader *reader);

/*
 * End the transaction. error is the result of the work in it: if the link broke, it is closed, and
 * a card that has left is forgotten. With power_off the card is locked by cutting its power,
 * because a PIN may still be verified on it.
 */
void jpki_reader_end(struct jpki_reader *reader, enum jpki_error error, bool power_off);

/* With the lock held: close the link and forget all that is known of the card. */
void jpki_reader_forget_card(struct jpki_reader *reader);

/* With the lock held: release a certificate. It will be read again. */
void jpki_reader_forget_certificate(struct jpki_certificate_slot *slot);

/* With the lock held: end the login, and wipe the PIN and the certificate if that is private. */
void jpki_reader_drop_login(struct jpki_reader *reader, enum jpki_key key);

/*
 * With the lock held: make sure that the card is recognised, without an exchange if it already is,
 * and that it has this token. JPKI_E_NO_TOKEN: it does not.
 */
enum jpki_error jpki_token_need_recognised(const struct jpki_token_ref *ref);

/* With the lock held: true if there is a login that no other thread has ended. */
bool jpki_token_has_login(const struct jpki_token_ref *ref);

#endif
