/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text: makes texts from others harmless, such as names of files, readers or programs and the
 * fields of certificates: they must not control the terminal, nor look like our own lines.
 */
#ifndef JPKI_APP_UI_TEXT_H
#define JPKI_APP_UI_TEXT_H

/*
 * Return a copy of text, in the locale's encoding, that is a single line: each control character,
 * and each byte that is no character, is written as its number, such as \x1b or \u202e. The caller
 * frees it; NULL without memory.
 */
char *text_visible(const char *text);

/*
 * Return a copy of JSON text, in UTF-8, with the line feeds between its members, in which the
 * control characters that JSON allows in strings are escaped in JSON's way. The caller frees it;
 * NULL without memory.
 */
char *text_visible_json(const char *json);

/*
 * Return a word of a command as a shell takes it, in quotes if it needs them. The caller frees it;
 * NULL without memory.
 */
char *text_for_shell(const char *word);

/*
 * The same for the name of a file, which is never taken for an option: "./" stands before a name
 * that begins with "-".
 */
char *text_file_for_shell(const char *path);

/* Return what a file is called where there is no room for its folders: a part of the path. */
const char *text_file_name(const char *path);

#endif
