/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text: makes text of others harmless, such as the name of a file, a reader or a program, or
 * what a certificate holds: it must not drive the terminal it is shown on, nor look like lines
 * of our own.
 */
#ifndef JPKI_APP_UI_TEXT_H
#define JPKI_APP_UI_TEXT_H

/*
 * A copy of text, in the encoding of the locale, that is one line and nothing else: a control
 * character is written as its number, such as \x1b or \u202e, and so is each byte that is no
 * character. To be freed; NULL without memory.
 */
char *text_visible(const char *text);

/*
 * A copy of JSON, in UTF-8 and with line feeds between its members as they are, in which the
 * control characters that JSON allows in strings are escaped as JSON does it. To be freed; NULL
 * without memory.
 */
char *text_visible_json(const char *json);

#endif
