/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* wrap: breaks text for people into lines that fit, by columns and by the rules of Japanese. */
#include "app/ui/wrap.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define WIDTH_UNKNOWN 80
/* Do not believe that a terminal is narrower. */
#define WIDTH_MIN 20
#define WIDTH_MAX 1000
/* What is typed behind a question has so much room in its line. */
#define ANSWER_COLUMNS 8

/* Return the width that the environment names; 80 if it names none. */
static unsigned int width_of_environment(void)
{
	const char *columns = getenv("COLUMNS");
	long width = columns != NULL ? strtol(columns, NULL, 10) : 0;

	return width >= WIDTH_MIN && width <= WIDTH_MAX ? (unsigned int)width : WIDTH_UNKNOWN;
}

unsigned int wrap_width_of(int fd)
{
	struct winsize size;

	if (isatty(fd) != 1)
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col >= WIDTH_MIN)
		return size.ws_col;
	return width_of_environment();
}

unsigned int wrap_width(FILE *out)
{
	return wrap_width_of(fileno(out));
}

unsigned int wrap_page_width(FILE *out)
{
	unsigned int width = wrap_width(out);

	return width != 0 ? width : width_of_environment();
}

/* Find the first character of text and its width in columns. Return its length in bytes. */
static size_t first_character(const char *text, wchar_t *character, unsigned int *columns)
{
	mbstate_t state;
	size_t length;
	int width;

	memset(&state, 0, sizeof(state));
	/* Not all that follows: it may be long, and this is asked for each character. */
	length = mbrtowc(character, text, strnlen(text, MB_LEN_MAX), &state);
	if (length == 0 || length > MB_LEN_MAX) {
		*character = (wchar_t)(unsigned char)text[0];
		*columns = 1;
		return 1;
	}
	width = wcwidth(*character);
	*columns = width > 0 ? (unsigned int)width : 0;
	return length;
}

unsigned int wrap_columns(const char *text)
{
	unsigned int used = 0, columns;
	wchar_t character;

	while (text[0] != '\0') {
		text += first_character(text, &character, &columns);
		used += columns;
	}
	return used;
}

/* Japanese text may be broken between any two characters except these (JIS X 4051). */
static bool may_not_begin(wchar_t character)
{
	return wcschr(L"、。，．・：；？！）」』】〕〉》ー々〜～…‥"
		      L"ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶゝゞヽヾ"
		      L",.:;?!)]}%'\"",
		      character) != NULL;
}

/* A number stays together with its unit. */
static bool may_not_end(wchar_t character)
{
	return wcschr(L"（「『【〔〈《([{0123456789", character) != NULL;
}

/* What is being read, and the character before it. */
struct reading {
	wchar_t character, previous;
	unsigned int columns, previous_columns;
};

static bool may_break_before(const struct reading *at)
{
	if (at->previous == L' ')
		return at->character != L' ';
	return at->previous != L'\0' && (at->columns > 1 || at->previous_columns > 1) &&
	       at->columns > 0 && at->character != L' ' && !may_not_begin(at->character) &&
	       !may_not_end(at->previous);
}

/* True after the punctuation of names and numbers, where a long one can be broken best. */
static bool is_joint(wchar_t character)
{
	return wcschr(L"/:,=", character) != NULL;
}

/* Return how many of the first bytes of text, at most, fit into a line (see wrap_length). */
static size_t fitting_length(const char *text, size_t bytes, unsigned int width)
{
	size_t place = 0, fitting = 0, joint = 0, length;
	struct reading at = {L'\0', L'\0', 0, 0};
	unsigned int used = 0;

	for (; place < bytes && text[place] != '\0'; place += length) {
		length = first_character(text + place, &at.character, &at.columns);
		/* The blanks that a line begins with are no place to break it. */
		if (may_break_before(&at) && strspn(text, " ") < place)
			fitting = place;
		else if (at.previous != L'\0' && is_joint(at.previous))
			joint = place;
		used += at.columns;
		if (used > width && at.character != L' ' && place > 0)
			return fitting > 0 ? fitting : joint > 0 ? joint : place;
		at.previous = at.character;
		at.previous_columns = at.columns;
	}
	return place;
}

size_t wrap_length(const char *text, unsigned int width)
{
	return fitting_length(text, SIZE_MAX, width);
}

size_t wrap_cut(const char *text, unsigned int width)
{
	unsigned int used = 0, columns;
	size_t place = 0, length;
	wchar_t character;

	for (; text[place] != '\0'; place += length) {
		length = first_character(text + place, &character, &columns);
		used += columns;
		if (used > width)
			break;
	}
	return place;
}

size_t wrap_shown(const char *line, size_t length)
{
	while (length > 0 && line[length - 1] == ' ')
		length--;
	return length;
}

void wrap_print(FILE *out, unsigned int width, unsigned int used, unsigned int indent,
		const char *text)
{
	do {
		unsigned int room = width > used ? width - used : 1;
		size_t length = width == 0 ? strlen(text) : wrap_length(text, room);

		fprintf(out, "%.*s\n", (int)wrap_shown(text, length), text);
		text += length;
		used = indent;
		if (text[0] != '\0')
			fprintf(out, "%*s", (int)indent, "");
	} while (text[0] != '\0');
}

/* Return how many bytes of a question fit into its next line. */
static size_t question_length(const char *text, unsigned int width)
{
	size_t bytes = strcspn(text, "\n");
	size_t length = fitting_length(text, bytes, width);

	if (text[length] == '\0' && wrap_columns(text) + ANSWER_COLUMNS > width) {
		/* A line has its blanks for nothing, but the answer stands behind them. */
		unsigned int blanks = (unsigned int)(bytes - wrap_shown(text, bytes));

		length = fitting_length(text, bytes, width - ANSWER_COLUMNS - blanks);
	}
	return length;
}

char *wrap_question(const char *text, unsigned int width)
{
	/* Every byte may end a line. */
	char *wrapped = width == 0 ? strdup(text) : malloc(2 * strlen(text) + 1);
	char *end = wrapped;

	if (width == 0 || wrapped == NULL)
		return wrapped;
	while (text[0] != '\0') {
		size_t length = question_length(text, width);
		bool more = text[length] != '\0';
		/* The cursor stands behind the last blank. */
		size_t shown = more ? wrap_shown(text, length) : length;

		memcpy(end, text, shown);
		end += shown;
		if (more)
			*end++ = '\n';
		text += length + (text[length] == '\n' ? 1 : 0);
	}
	*end = '\0';
	return wrapped;
}
