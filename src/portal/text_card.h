/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text_card: reads what the card tells beside its keys, by the token layer. */
#ifndef JPKI_PORTAL_TEXT_CARD_H
#define JPKI_PORTAL_TEXT_CARD_H

#include "app/ui/situation.h"
#include "card/attributes.h"
#include "portal/identity.h"
#include "portal/message.h"

/* What mode 04 reads. It is personal: the caller wipes it. */
struct portal_reading {
	struct jpki_attributes attributes;
	char digits[PORTAL_DIGITS_SIZE]; /* for the combination code */
};

/*
 * Ask for the PIN for text input in a window that shows the origin and what is given, and read the
 * four attributes. NULL: they are read; otherwise why not: translated, without personal data and
 * static, and *reading is all zero.
 */
const char *portal_read(struct portal_reading *reading, const struct portal_message *message);

/*
 * Read the 13 digits for the combination code of the card with this serial. Call it only after
 * consent. SITUATION_NONE, or why there are none; SITUATION_REMOVED: it is another card's serial.
 */
enum situation portal_card_digits(const char *serial, char digits[PORTAL_DIGITS_SIZE]);

/* Return why there is no card to use: translated and static. key is what it was to be used for. */
const char *portal_card_problem(enum jpki_key key);

#endif
