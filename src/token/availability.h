/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* availability: reads which certificates a card has. For src/token alone. */
#ifndef JPKI_TOKEN_AVAILABILITY_H
#define JPKI_TOKEN_AVAILABILITY_H

#include "base/error.h"
#include "token/state.h"

/*
 * In a transaction with the application selected: read which certificates the card has, and note
 * those that it lacks. If it does not say, it may have all. Errors are those of a link that broke.
 */
enum jpki_error jpki_reader_read_availability(struct jpki_reader *reader);

/* The same in a transaction of its own, unless it is known for this token. Requires the lock held
 * and the card recognised. */
enum jpki_error jpki_token_need_availability(const struct jpki_token_ref *ref);

#endif
