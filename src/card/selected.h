/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* selected: names the applications that may be selected on a card. */
#ifndef JPKI_CARD_SELECTED_H
#define JPKI_CARD_SELECTED_H

/* The application that the last SELECT by AID has chosen in this transaction. */
enum jpki_card_application {
	JPKI_APPLICATION_NONE, /* not known: nothing was selected yet, or the card has refused */
	JPKI_APPLICATION_JPKI,
	JPKI_APPLICATION_TEXT,
	JPKI_APPLICATION_OTHER,
};

#endif
