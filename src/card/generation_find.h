/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation_find: finds a card's generation among those that this program knows. */
#ifndef JPKI_CARD_GENERATION_FIND_H
#define JPKI_CARD_GENERATION_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "card/generation.h"

/*
 * The row for the label read from a card: length bytes, padded with blanks or zeros.
 * NULL for a generation that is not known: it must not be sent any PIN.
 */
const struct jpki_generation *jpki_generation_by_label(const uint8_t *label, size_t length);

/*
 * The generation that has a key whose token has this model, and *key, which one it is. NULL for a
 * model that is not in the table: *key is as before.
 */
const struct jpki_generation *jpki_generation_by_model(const char *model, enum jpki_key *key);

#endif
