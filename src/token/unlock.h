/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* unlock: does one operation behind a PIN and leaves the card locked. For src/token alone. */
#ifndef JPKI_TOKEN_UNLOCK_H
#define JPKI_TOKEN_UNLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "token/state.h"

/* The work to do on the card once it has accepted the PIN. argument is the caller's. */
typedef enum jpki_error (*jpki_token_work)(const struct jpki_token_ref *ref, void *argument);

/*
 * With the lock held and the card recognised: do one operation that needs the PIN, in a transaction
 * of its own. Present the PIN that the store holds if at least tries_wanted tries are left, do the
 * work, and leave the card locked whatever happened. With JPKI_TRIES_ALL the PIN is sent only if
 * the login lasts; JPKI_E_LOGIN_REQUIRED else.
 */
enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				    jpki_token_work work, void *argument);

/*
 * With the lock held and the card recognised: present length bytes that were just typed, and do the
 * work as jpki_token_with_pin does. A PIN that is invalid by its form, or that the card has refused
 * before to any process of the user, is not sent, and the reason is recorded. JPKI_E_REMOVED: the
 * card has left meanwhile, whatever became of the work. If the PIN was not sent, the caller puts
 * back what the store held before; but a kept one that is offered again and was refused is dropped.
 */
enum jpki_error jpki_token_offer_and_use(const struct jpki_token_ref *ref, const uint8_t *typed,
					 size_t length, jpki_token_work work, void *argument);

/* Do nothing: the work for callers that only want to know what the card answers to the PIN. */
enum jpki_error jpki_token_no_work(const struct jpki_token_ref *ref, void *argument);

#endif
