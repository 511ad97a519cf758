/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* turn: waits until no other program keeps a card for itself, before a PIN goes to it through a
 * module. */
#ifndef JPKI_APP_CARD_TURN_H
#define JPKI_APP_CARD_TURN_H

/*
 * Wait for our turn at the card in the reader that a slot's description names, whole or without its
 * middle, or, if there is none such or description is NULL, at the cards in all readers. Nothing is
 * sent to a card. The wait is one of app/ui/patience.h: it is named, and ends the process after the
 * limit, or at once by a signal, even one that is held; call it outside of any other step. A return
 * promises nothing: another program may take the card right after it, and errors are left to be
 * found by who uses the card.
 */
void turn_await(const char *description);

#endif
