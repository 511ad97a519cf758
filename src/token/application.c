/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* application: selects the JPKI application of a card that is known to have it. */
#include "token/application.h"

enum jpki_error jpki_application_select(struct jpki_card *card)
{
	enum jpki_error error = jpki_card_select_application(card);

	/* The card has the application: if it denies that now, its answer is wrong. */
	return error == JPKI_E_FOREIGN ? JPKI_E_PROTOCOL : error;
}
