/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation_find: finds a card's generation among those that this program knows. */
#ifndef JPKI_CARD_GENERATION_FIND_H
#define JPKI_CARD_GENERATION_FIND_H

#include <stddef.h>
#include <stdint.h>

#include "card/generation.h"

/*
 * Return the generation with the label that was read from a card: length bytes, padded with blanks
 * or zeros. NULL if the generation is not known: the card must not be sent any PIN.
 */
const struct jpki_generation *jpki_generation_by_label(const uint8_t *label, size_t length);

/*
 * Return the generation with a key whose token has this model; *key is which key. NULL if the model
 * is not in the table: *key is unchanged.
 */
const struct jpki_generation *jpki_generation_by_model(const char *model, enum jpki_key *key);

#endif
