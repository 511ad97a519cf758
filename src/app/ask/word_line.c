/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* word_line: edits a line that is to be a word, and shows stars in place of anything else. */
#include "app/ask/word_line.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

bool word_line_begins(const char *text, size_t length, const char *words)
{
	for (;;) {
		size_t one = strcspn(words, "|");

		if (length <= one && strncasecmp(text, words, length) == 0)
			return true;
		if (words[one] == '\0')
			return false;
		words += one + 1;
	}
}

void word_line_begin(struct word_line *word, const char *visible, uint8_t *line, size_t size)
{
	explicit_bzero(line, size);
	memset(word, 0, sizeof(*word));
	word->visible = visible;
	word->line = line;
	word->size = size;
}

/* Return the columns of a character that is shown as it is; 0 if the bytes are none. */
static unsigned int columns_of(const char *bytes, size_t length)
{
	mbstate_t state;
	wchar_t character;
	int width;

	memset(&state, 0, sizeof(state));
	if (mbrtowc(&character, bytes, length, &state) != length)
		return 0;
	width = wcwidth(character);
	return width > 0 ? (unsigned int)width : 0;
}

/* Return whether the last bytes are the beginning of a character that is not complete. */
static bool is_partial(const struct word_line *word)
{
	mbstate_t state;

	memset(&state, 0, sizeof(state));
	return mbrlen((const char *)word->line + word->length - word->pending, word->pending,
		      &state) == (size_t)-2;
}

/* Remove the last character, and append to shown what takes it from the terminal. */
static void erase(struct word_line *word, char shown[WORD_LINE_SHOWN])
{
	size_t bytes;

	/* Half a character is not shown. */
	if (word->pending > 0) {
		bytes = word->pending;
		word->pending = 0;
	} else if (word->count > 0) {
		word->count--;
		bytes = word->characters[word->count].bytes;
		for (unsigned int i = 0; i < word->characters[word->count].columns; i++)
			strcat(shown, "\b \b");
	} else {
		return;
	}
	word->length -= bytes;
	explicit_bzero(word->line + word->length, bytes);
}

static void type(struct word_line *word, uint8_t byte, char shown[WORD_LINE_SHOWN])
{
	const char *begin;
	unsigned int columns = 0;

	if (byte < ' ' || byte == 0x7f)
		return;
	/* A line that is too long is no word: its last byte gives way. */
	if (word->length == word->size - 1 || word->count == WORD_LINE_MAX - 1) {
		word->line[word->length - 1] = '*';
		return;
	}
	word->line[word->length++] = byte;
	word->pending++;
	if (is_partial(word))
		return;
	begin = (const char *)word->line + word->length - word->pending;
	if (word_line_begins((const char *)word->line, word->length, word->visible))
		columns = columns_of(begin, word->pending);
	if (columns > 0)
		snprintf(shown, WORD_LINE_SHOWN, "%.*s", (int)word->pending, begin);
	else
		snprintf(shown, WORD_LINE_SHOWN, "*");
	word->characters[word->count].bytes = (uint8_t)word->pending;
	word->characters[word->count].columns = (uint8_t)(columns > 0 ? columns : 1);
	word->count++;
	word->pending = 0;
}

void word_line_take(struct word_line *word, enum word_line_key key, uint8_t byte,
		    char shown[WORD_LINE_SHOWN])
{
	shown[0] = '\0';
	if (key == WORD_LINE_TYPED) {
		type(word, byte, shown);
	} else if (key == WORD_LINE_ERASE) {
		erase(word, shown);
	} else {
		while (word->length > 0)
			erase(word, shown);
	}
}
