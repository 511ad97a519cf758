/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* wrap: breaks text for people into lines that fit, by columns and by the rules of Japanese. */
#ifndef JPKI_APP_UI_WRAP_H
#define JPKI_APP_UI_WRAP_H

#include <stddef.h>
#include <stdio.h>

/*
 * Return the columns of the terminal out: as it tells them, else as COLUMNS does, else 80. Returns
 * 0 if out is no terminal: programs and pagers want whole lines.
 */
unsigned int wrap_width(FILE *out);
unsigned int wrap_width_of(int fd);

/* Return the same, but with COLUMNS or 80 instead of 0: for text that is a page by itself. */
unsigned int wrap_page_width(FILE *out);

/* Return how many columns a text takes. */
unsigned int wrap_columns(const char *text);

/*
 * Return how many bytes of text fit into a line of width columns, at least one character. Breaks
 * lines after blanks, and beside Japanese characters except before those that may not begin a line
 * and after those that may not end one. Only a word that is longer than a line is broken itself.
 * Counts the blanks at the end of the line, which are not to be printed.
 */
size_t wrap_length(const char *text, unsigned int width);

/* Return how many bytes of text have at most width columns, wherever that cuts a word. */
size_t wrap_cut(const char *text, unsigned int width);

/* Return how many of the length bytes of a line are to be printed: not the blanks at its end. */
size_t wrap_shown(const char *line, size_t length);

/*
 * Print text, whose first line begins in the column used and all others in the column indent, and
 * end the last line. A width of 0 breaks no line.
 */
void wrap_print(FILE *out, unsigned int width, unsigned int used, unsigned int indent,
		const char *text);

/*
 * Return text, which may have several lines, broken into lines of at most width columns (20 or
 * more; 0 breaks none). The last one, behind which somebody types, keeps its blanks and has room
 * for a word. The caller frees it; NULL without memory.
 */
char *wrap_question(const char *text, unsigned int width);

#endif
