/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* link: holds a reader for work on one insertion, opens and ends transactions, and forgets what has
 * ended. For src/token alone. */
#ifndef JPKI_TOKEN_LINK_H
#define JPKI_TOKEN_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "token/state.h"

/*
 * Takes the reader's lock for work on one insertion. JPKI_E_NO_CARD, JPKI_E_REMOVED: that card is
 * not there any more, and the lock is not held.
 */
enum jpki_error jpki_reader_lock(struct jpki_reader *reader, jpki_insertion insertion);

/* Gives the lock back; a card that left meanwhile is forgotten before. */
void jpki_reader_unlock(struct jpki_reader *reader);

/*
 * With the lock held: opens the link if need be, begins a transaction and recognises the card if
 * that was not done yet, or makes sure after a reset that it is still the same. On JPKI_OK the
 * transaction is open, and anything may be selected. JPKI_E_FOREIGN, JPKI_E_REMOVED and what the
 * transport returns: no transaction is open.
 */
enum jpki_error jpki_reader_begin(struct jpki_reader *reader);

/*
 * Ends the transaction. error is what the work in it came to: after a broken link the link is
 * closed, and a card that has left is forgotten. With power_off the card is locked by cutting its
 * power, because a PIN may be verified on it still.
 */
void jpki_reader_end(struct jpki_reader *reader, enum jpki_error error, bool power_off);

/* With the lock held: closes the link and forgets all that is known of the card. */
void jpki_reader_forget_card(struct jpki_reader *reader);

/* With the lock held: whether the holder's certificate is to be had after the PIN only. */
bool jpki_reader_certificate_is_private(const struct jpki_reader *reader, enum jpki_key key);

/* With the lock held: lets go of a certificate, which will be read anew. */
void jpki_reader_forget_certificate(struct jpki_certificate_slot *slot);

/* With the lock held: wipes the PIN and, where it is personal data, the certificate. */
void jpki_reader_drop_login(struct jpki_reader *reader, enum jpki_key key);

/* Whether a login has lain idle for longer than the configuration allows. Never blocks. */
bool jpki_reader_login_expired(const struct jpki_reader *reader, enum jpki_key key);

/* Whether each signature wants the PIN anew: a choice of the person, for the signing key only. */
bool jpki_reader_always_authenticates(const struct jpki_reader *reader, enum jpki_key key);

/* Seconds since some moment, the time in which the machine slept included. */
int64_t jpki_reader_now_s(void);

/*
 * With the lock held: makes sure the card is recognised, without an exchange when it is, and
 * that it has this token; JPKI_E_NO_TOKEN when it has not.
 */
enum jpki_error jpki_token_need_recognised(const struct jpki_token_ref *ref);

/* With the lock held: whether there is a login, which no other thread has ended meanwhile. */
bool jpki_token_has_login(const struct jpki_token_ref *ref);

#endif
