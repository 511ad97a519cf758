/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pinentry: asks for a PIN, or for a yes, through the program pinentry, which opens a window or
 * uses the terminal.
 */
#ifndef JPKI_APP_ASK_PINENTRY_H
#define JPKI_APP_ASK_PINENTRY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

/*
 * Ask for a value of at most size bytes, with text above the field; longer input is cut to size.
 * problem says what was wrong with the last answer; NULL for the first.
 * Return APP_OK; APP_CANCELLED for the cancel button, a signal, or pinentry's own time-out;
 * APP_FAILED if pinentry is missing or failed, or is not ready to ask within 15 seconds. Prints
 * nothing.
 */
enum app_exit pinentry_ask(const char *problem, const char *text, uint8_t *value, size_t size,
			   size_t *length);

/*
 * Ask yes or no, with these words on the buttons, in the program's own window if it has one. APP_OK
 * is yes; APP_CANCELLED no, a signal or a time-out; APP_FAILED as above.
 */
enum app_exit pinentry_confirm(const char *text, const char *ok, const char *cancel);

/* Return whether the last question ended because nobody answered in the time that pinentry has. */
bool pinentry_timed_out(void);

/* Set the title of the windows from here on, "jpki" at first, and what the button says that gives
 * a PIN; NULL, as at first: pinentry's own word. Both are kept. */
void pinentry_set_words(const char *title, const char *ok);

#endif
