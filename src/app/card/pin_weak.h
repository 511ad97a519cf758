/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_weak: tells whether a new PIN is one that others guess first. */
#ifndef JPKI_APP_CARD_PIN_WEAK_H
#define JPKI_APP_CARD_PIN_WEAK_H

#include "token/pin_value.h"

enum pin_weakness {
	PIN_WEAK_NOT,
	PIN_WEAK_SAME,     /* as the current one */
	PIN_WEAK_SEQUENCE, /* such as 0000, 1234 or ABC123 */
	PIN_WEAK_DATE,     /* such as a birthday or a year of birth */
};

/* Judge a new PIN in the form that the card compares. The current one may be empty. */
enum pin_weakness pin_weak(const struct jpki_pin *new_pin, const struct jpki_pin *current);

#endif
