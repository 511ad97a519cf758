/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation_list: lists the card generations that this program knows. */
#ifndef JPKI_CARD_GENERATION_LIST_H
#define JPKI_CARD_GENERATION_LIST_H

#include "card/generation.h"

/*
 * The generations that this program knows, with NULL behind the last. The installed programs and
 * modules have those of generation_list.c; a test may be linked with a list of its own.
 */
extern const struct jpki_generation *const jpki_generations[];

#endif
