/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is written for people: plain text that reads well aloud; colour only on a terminal. */
#ifndef JPKI_TOOL_UI_H
#define JPKI_TOOL_UI_H

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "tool/situation.h"

enum ui_tone { UI_PLAIN, UI_GOOD, UI_WARN, UI_BAD };

/*
 * A line of text, coloured when out is a terminal (and NO_COLOR is not set, TERM is not dumb). The
 * text itself says what the colour says. It is one line whatever is in the arguments, which may
 * come from others: control characters are shown by their numbers (tool/text.h).
 */
void ui_line(FILE *out, enum ui_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The text of a situation, wrapped to the terminal, with its arguments. */
void ui_say(FILE *out, enum ui_tone tone, enum situation situation, ...);

/*
 * Says why a command ends without its work: on standard error, and with json also as an object on
 * standard output ("situation" and "message"). For a situation without arguments. Returns how jpki
 * ends.
 */
int ui_refuse(bool json, enum situation situation);

/*
 * Progress of something that takes long, on standard error: one line that is overwritten on a
 * terminal, and nothing elsewhere. done == total ends it. Nothing is shown in the first second.
 */
void ui_progress(const char *what, size_t done, size_t total);

/*
 * The same for a wait of which nobody can say how far it is, such as one for the card: between the
 * two, what is shown once a second has passed, and taken back at the end. They do not nest, and
 * what must stay as it is until the end.
 */
void ui_busy(const char *what);
void ui_busy_end(void);

/*
 * The same for what no situation tells of: the command line makes no sense (code TOOL_USAGE), or
 * something is wrong with a file, which may be NULL. message is in words, translated.
 */
int ui_fail(bool json, enum tool_exit code, const char *file, const char *message);

/*
 * Prints a value as indented JSON with a newline, and lets go of it; false when it can't. Control
 * characters in it are escaped, for it may be printed on a terminal.
 */
bool ui_json(json_t *value);
/* The same in one line. */
bool ui_json_line(json_t *value);

/*
 * A text as JSON, which is UTF-8: a text of another locale is converted, and each byte that is no
 * character becomes U+FFFD. NULL for NULL, and without memory.
 */
json_t *ui_json_text(const char *text);

/*
 * Sets a file name in an object. When it is not UTF-8, which JSON can't hold, a second member has
 * it exactly: its name is key with "_encoded" after it, its value percent-encoded (RFC 3986 §2.1).
 * NULL sets nothing.
 */
void ui_json_set_file(json_t *object, const char *key, const char *file);

/*
 * First and last of a process. With "--json" or "-j" among the arguments, a command that ends with
 * anything but 0 and has printed no JSON is given an object of "situation" and "message", for
 * example when the command line is wrong. ui_end returns how the process is to end: with
 * TOOL_FAILED when standard output did not take all, else with result.
 */
void ui_begin(int argc, char **argv);
int ui_end(int result);

#endif
