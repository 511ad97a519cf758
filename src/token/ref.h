/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ref: names what a caller means: a reader, one insertion of a card in it, one of its tokens. */
#ifndef JPKI_TOKEN_REF_H
#define JPKI_TOKEN_REF_H

#include <stdbool.h>
#include <stdint.h>

#include "card/generation.h"

struct jpki_reader;

/* The number of one insertion. Odd: a card is there. Even: none is. It only grows. */
typedef uint64_t jpki_insertion;

static inline bool jpki_insertion_has_card(jpki_insertion insertion)
{
	return (insertion & 1) != 0;
}

/* Which token: a key of the card that one insertion brought. */
struct jpki_token_ref {
	struct jpki_reader *reader;
	enum jpki_key key;
	jpki_insertion insertion;
};

#endif
