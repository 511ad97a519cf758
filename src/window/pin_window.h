/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_window: asks in a window what work with a PIN needs, and shows what came of it. */
#ifndef JPKI_WINDOW_PIN_WINDOW_H
#define JPKI_WINDOW_PIN_WINDOW_H

#include <adwaita.h>

#include "window/asking.h"

#define JPKI_TYPE_PIN_WINDOW (jpki_pin_window_get_type())
G_DECLARE_FINAL_TYPE(JpkiPinWindow, jpki_pin_window, JPKI, PIN_WINDOW, AdwWindow)

/* What the window is for. The texts are static, but for place, which is copied. */
struct pin_task {
	const char *title; /* of the window */
	const char *place; /* said with each question: where the card is; NULL: that is clear */
	asking_work *work;
	void *argument;               /* the work's */
	GDestroyNotify free_argument; /* called when the window goes; NULL: it is the caller's */
	const char *busy;             /* said while the card works */
	const char *done; /* the heading of a success, shown here; NULL: the window closes by itself
			   */
	const char *stop; /* on the button that stops it after what is under way; NULL: nothing
			   * does */
};

/*
 * Begin the work in a window over parent that is shown. It closes by the person, but not while a
 * PIN may be on its way to the card; while one only waits to be sent, closing ends the program. The
 * signal "changed" is emitted when the work is done, whatever came of it.
 */
JpkiPinWindow *jpki_pin_window_new(GtkWindow *parent, const struct pin_task *task);

/* The card has left its reader: end a question that waits, and say so. */
void jpki_pin_window_card_has_left(JpkiPinWindow *window);

/* Show no question any more: what was answered comes to its end, and then the work does. */
void jpki_pin_window_ask_no_more(JpkiPinWindow *window);

/* Say what is waited for; NULL: nothing any more. */
void jpki_pin_window_set_waiting(JpkiPinWindow *window, const char *text);

/* Return whether a PIN may be on its way to the card, so that nothing is to be broken off. */
bool jpki_pin_window_may_send(JpkiPinWindow *window);

/*
 * Somebody wants to close while it may be: have the work stop when it can, if it can; end the
 * program if the PIN only waits to be sent.
 */
void jpki_pin_window_stop(JpkiPinWindow *window);

/* Return what is to be said once "changed" was emitted; valid as long as the window. */
const char *jpki_pin_window_get_end(JpkiPinWindow *window);

#endif
