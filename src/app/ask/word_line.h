/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * word_line: edits a line that is to be a word such as "yes", and shows of it no more than such a
 * word: whoever types a PIN by mistake sees stars.
 */
#ifndef JPKI_APP_ASK_WORD_LINE_H
#define JPKI_APP_ASK_WORD_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WORD_LINE_MAX 64
/* More than one byte ever changes on the terminal: each character erased, of two columns. */
#define WORD_LINE_SHOWN (WORD_LINE_MAX * 2 * 3 + 1)

struct word_line {
	const char
		*visible; /* the words that are shown, with | between them; case does not count */
	uint8_t *line;    /* the caller's memory for size bytes; zero behind the line */
	size_t size;
	size_t length;
	size_t pending; /* how many of these do not make a whole character yet */
	size_t count;   /* of characters */
	struct {
		uint8_t bytes, columns; /* of its place in the line, and on the terminal */
	} characters[WORD_LINE_MAX];
};

enum word_line_key {
	WORD_LINE_TYPED, /* part of the line */
	WORD_LINE_ERASE, /* removes the last character */
	WORD_LINE_KILL,  /* removes all of them */
};

/* Begin with an empty line. */
void word_line_begin(struct word_line *word, const char *visible, uint8_t *line, size_t size);

/*
 * Take one byte that was typed, or what it means. Return in shown what the terminal is to be sent,
 * as a string. Control characters are no part of the line; what does not fit is lost, but counts as
 * a character that belongs to no word.
 */
void word_line_take(struct word_line *word, enum word_line_key key, uint8_t byte,
		    char shown[WORD_LINE_SHOWN]);

/* Return whether text, of length bytes, is the beginning of one of the words; case does not
 * count. */
bool word_line_begins(const char *text, size_t length, const char *words);

#endif
