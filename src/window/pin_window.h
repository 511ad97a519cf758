/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_window: asks in a window what the change of a PIN needs, and shows what came of it. */
#ifndef JPKI_WINDOW_PIN_WINDOW_H
#define JPKI_WINDOW_PIN_WINDOW_H

#include <adwaita.h>

#include "card/generation.h"

#define JPKI_TYPE_PIN_WINDOW (jpki_pin_window_get_type())
G_DECLARE_FINAL_TYPE(JpkiPinWindow, jpki_pin_window, JPKI, PIN_WINDOW, AdwWindow)

/*
 * Begin to change the PIN of this key on the card with this serial number, in a window over parent
 * that is shown. It closes by the person, but not while a PIN may be on its way to the card; while
 * one only waits to be sent, closing ends the program. The
 * signal "changed" is emitted when the work is done, whatever came of it.
 */
JpkiPinWindow *jpki_pin_window_new(GtkWindow *parent, enum jpki_key key, const char *serial);

/* The card has left its reader: end a question that waits, and say so. */
void jpki_pin_window_card_has_left(JpkiPinWindow *window);

/* Show no question any more: what was answered comes to its end, and then the work does. */
void jpki_pin_window_ask_no_more(JpkiPinWindow *window);

/* Say what is waited for; NULL: nothing any more. */
void jpki_pin_window_set_waiting(JpkiPinWindow *window, const char *text);

/* Return whether a PIN may be on its way to the card, so that nothing is to be broken off. */
bool jpki_pin_window_may_send(JpkiPinWindow *window);

#endif
