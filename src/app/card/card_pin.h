/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_pin: lets the dialog about a PIN use a card through the token layer. */
#ifndef JPKI_APP_CARD_CARD_PIN_H
#define JPKI_APP_CARD_CARD_PIN_H

#include "app/card/cards.h"
#include "app/card/pin_dialog.h"
#include "app/ui/options.h"

struct card_pin {
	struct cards *cards;
	const struct card *card;
	struct pin_dialog dialog;
};

/*
 * Prepare the dialog about a PIN of this card. The cards must outlive it, and card_pin must not be
 * moved. From here on no last try is spent on these cards, whatever the configuration says, until
 * the user has typed that it may be.
 */
void card_pin_init(struct card_pin *card_pin, struct cards *cards, const struct card *card,
		   enum jpki_key key, const struct options *options);

/* Return the token that the PIN belongs to. */
struct jpki_token_ref card_pin_token(const struct card_pin *card_pin);

#endif
