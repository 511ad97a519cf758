/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prompt: asks a person for a PIN, on the terminal without echo or through pinentry.
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

/* Longer than any PIN: what is typed beyond it is a mistake, and is judged as one. */
#define PROMPT_PIN_MAX 256

/* A PIN as typed, in secret memory. */
struct prompt_pin {
	uint8_t *value; /* NULL: none */
	size_t length;
};

/*
 * Asks for a PIN. text says which, in everyday words, and how many tries are left. The terminal is
 * /dev/tty; pinentry is used when there is none, or when it is wanted. APP_OK; APP_CANCELLED:
 * Ctrl-C, Ctrl-D, or the cancel button: nothing is said, and the terminal is as before;
 * APP_FAILED: there is neither, with a message. *pin is to be freed with prompt_pin_free after
 * APP_OK.
 */
enum app_exit prompt_for_pin(const char *text, bool use_pinentry, struct prompt_pin *pin);

/* Wipes and frees. One without a value is allowed. */
void prompt_pin_free(struct prompt_pin *pin);

/*
 * Asks for a word to be typed, such as a confirmation: true when the answer, without blanks
 * around it, is wanted, or one of several words with | between them. Capitals and small letters
 * are the same. False without a terminal.
 */
bool prompt_confirm(const char *text, const char *wanted);

#endif
