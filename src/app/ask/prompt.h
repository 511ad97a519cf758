/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prompt: asks the user for a PIN, on the terminal without echo or through pinentry.
 *
 * A PIN comes from nowhere else: not from the command line, the environment, a file or standard
 * input.
 */
#ifndef JPKI_APP_ASK_PROMPT_H
#define JPKI_APP_ASK_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

/* Longer than any PIN: a longer input is a mistake and is judged as one. */
#define PROMPT_PIN_MAX 256

/* A PIN as the user typed it, in secret memory. */
struct prompt_pin {
	uint8_t *value; /* NULL: none */
	size_t length;
};

/*
 * Ask for a PIN. text says in everyday words which one, and how many tries are left; error says
 * what was wrong with the last one, NULL for the first. It was printed on standard error, and is
 * repeated where that is not seen. Uses /dev/tty; uses pinentry if there is no terminal or if
 * use_pinentry is set; a program with a window of its own (app/ask/own_window.h) asks there. Return
 * APP_OK: the caller frees *pin with prompt_pin_free; APP_CANCELLED for Ctrl-C, Ctrl-D, the cancel
 * button, or nothing typed: prints nothing, and the terminal is as before; APP_FAILED, with a
 * message, if there is neither terminal nor pinentry.
 */
enum app_exit prompt_for_pin(const char *error, const char *text, bool use_pinentry,
			     struct prompt_pin *pin);

/* Return whether prompt_for_pin asks through pinentry, behind which there may be a program. */
bool prompt_by_pinentry(bool use_pinentry);

/* Wipe and free a PIN. A PIN without a value is allowed. */
void prompt_pin_free(struct prompt_pin *pin);

/*
 * Ask the user to type a word, such as a confirmation. True if the answer, without blanks around
 * it, is wanted, which may be several words with | between them. Ignores case. False if there is no
 * terminal.
 */
bool prompt_confirm(const char *text, const char *wanted);

/*
 * The same before a PIN is asked for, when somebody may type the PIN already: shows only the wanted
 * words, and others with which people decline. What has digits is no answer: says so, and asks
 * again, at most a few times.
 */
bool prompt_consent(const char *text, const char *wanted);

#endif
