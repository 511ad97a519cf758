/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unlock: does one operation behind a PIN and leaves the card locked. For src/token alone. */
#ifndef JPKI_TOKEN_UNLOCK_H
#define JPKI_TOKEN_UNLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "token/state.h"

/* What is done on the card once the PIN is accepted. argument is the caller's. */
typedef enum jpki_error (*jpki_token_work)(const struct jpki_token_ref *ref, void *argument);

/*
 * With the lock held: one operation that needs the PIN, from begin to end: select, present the PIN
 * that the store holds, if tries_wanted are left, do the work, and leave the card locked behind it
 * whatever happened.
 */
enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				    jpki_token_work work, void *argument);

/*
 * With the lock held and the card recognised: presents length bytes as somebody has typed them just
 * now, and does the work as jpki_token_with_pin. A PIN that can't be right by its form, or that the
 * card has refused before, is not sent; why not is recorded. JPKI_E_REMOVED: the card has left
 * meanwhile, whatever became of the work.
 */
enum jpki_error jpki_token_offer_and_use(const struct jpki_token_ref *ref, const uint8_t *typed,
					 size_t length, jpki_token_work work, void *argument);

/* The work of who wants to know only what the card says to the PIN. */
enum jpki_error jpki_token_no_work(const struct jpki_token_ref *ref, void *argument);

#endif
