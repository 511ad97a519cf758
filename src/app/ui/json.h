/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json: prints JSON for programs, in which nothing can drive a terminal. */
#ifndef JPKI_APP_UI_JSON_H
#define JPKI_APP_UI_JSON_H

#include <jansson.h>
#include <stdbool.h>

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

/* Whether a value was printed since the process began; and whether one could not be. */
bool ui_json_is_printed(void);
bool ui_json_has_failed(void);

#endif
