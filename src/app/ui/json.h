/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json: prints JSON for programs, without characters that could control a terminal. */
#ifndef JPKI_APP_UI_JSON_H
#define JPKI_APP_UI_JSON_H

#include <jansson.h>
#include <stdbool.h>

/*
 * Print a value as indented JSON with a newline, and release it. False on failure. Escapes control
 * characters, because the output may go to a terminal.
 */
bool ui_json(json_t *value);
/* The same on one line. */
bool ui_json_line(json_t *value);

/*
 * Convert a text to JSON, which is UTF-8: converts it from the locale's encoding if necessary, and
 * replaces each byte that is no character by U+FFFD. NULL for NULL, and without memory.
 */
json_t *ui_json_text(const char *text);

/*
 * Set a file name in an object. JSON cannot hold a name that is not UTF-8: a second member then has
 * the exact name, percent-encoded (RFC 3986 §2.1), and is called key with "_encoded" after it. Sets
 * nothing for NULL.
 */
void ui_json_set_file(json_t *object, const char *key, const char *file);

/* True if a value was printed since the process began; true if one could not be. */
bool ui_json_is_printed(void);
bool ui_json_has_failed(void);

#endif
