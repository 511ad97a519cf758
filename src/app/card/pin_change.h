/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_change: asks for the current PIN and for a new one, and changes it. */
#ifndef JPKI_APP_CARD_PIN_CHANGE_H
#define JPKI_APP_CARD_PIN_CHANGE_H

#include "app/card/card_pin.h"

/*
 * Ask for the current PIN once and for the new one twice, again after each slip, change the PIN,
 * and say what came of it. Return how jpki ends.
 */
int pin_change(struct card_pin *card_pin);

#endif
