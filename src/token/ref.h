/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ref: names what a caller means: a reader, an insertion of a card, and a token of that card. */
#ifndef JPKI_TOKEN_REF_H
#define JPKI_TOKEN_REF_H

#include <stdbool.h>
#include <stdint.h>

#include "card/generation.h"

struct jpki_reader;

/* A serial: 16 hexadecimal digits and a terminating zero. */
#define JPKI_SERIAL_SIZE 17

/* The number of an insertion. Odd: a card is present. Even: none is. It only grows. */
typedef uint64_t jpki_insertion;

static inline bool jpki_insertion_has_card(jpki_insertion insertion)
{
	return (insertion & 1) != 0;
}

/* A token: a key of the card that was there during one insertion; or, with JPKI_PIN_TEXT, the PIN
 * of its text application, which only the calls accept that say so. */
struct jpki_token_ref {
	struct jpki_reader *reader;
	enum jpki_key key;
	jpki_insertion insertion;
};

#endif
