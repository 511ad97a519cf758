/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * line: prints text for people: plain, so that it reads well aloud, and coloured only on a
 * terminal.
 */
#ifndef JPKI_APP_UI_LINE_H
#define JPKI_APP_UI_LINE_H

#include <stdbool.h>
#include <stdio.h>

#include "app/ui/situation.h"

enum ui_tone { UI_PLAIN, UI_GOOD, UI_WARN, UI_BAD };

/*
 * From here on hand each text to a listener, in the thread that says it, and print nothing: a
 * window is where the person looks. NULL, as at first: print. No stream counts as a terminal then.
 */
typedef void ui_listener(enum ui_tone tone, const char *text, void *argument);
void ui_listen(ui_listener *listener, void *argument);

/* Return whether somebody listens. */
bool ui_is_heard(void);

/*
 * Print a line of text, coloured if out is a terminal (and NO_COLOR is not set, and TERM is not
 * dumb). A colour adds nothing that the text does not say. The output is one line even if the
 * arguments come from others: control characters are shown by their numbers (app/ui/text.h). Only
 * a terminal that is too narrow gets several lines; all but the first are indented.
 */
void ui_line(FILE *out, enum ui_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a command of the shell: where it is broken, a backslash continues it. */
void ui_command(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Print the text of a situation with its arguments, wrapped to the terminal. */
void ui_say(FILE *out, enum ui_tone tone, enum situation situation, ...);

/* The same with the text that names the PIN of key (situation_pin_text). */
void ui_say_pin(FILE *out, enum ui_tone tone, enum situation situation, enum jpki_key key, ...);

/* Print a text that a situation has become, wrapped in the same way. */
void ui_say_text(FILE *out, enum ui_tone tone, const char *text);

/* True if out is a terminal that supports more than plain text. */
bool ui_is_terminal(FILE *out);

#endif
