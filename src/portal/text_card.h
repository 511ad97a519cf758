/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text_card: reads what the card's other applications tell beside its keys. */
#ifndef JPKI_PORTAL_TEXT_CARD_H
#define JPKI_PORTAL_TEXT_CARD_H

#include <stdbool.h>

#include "portal/identity.h"

/*
 * Read the 13 digits for the combination code of the card with this serial of its tokens. Call it
 * only after consent. False if the card does not tell them: the answer then has neither uuid nor
 * combination code.
 */
bool portal_card_digits(const char *serial, char digits[PORTAL_DIGITS_SIZE]);

#endif
