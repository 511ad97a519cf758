/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* line: prints lines of text, with the colours and the width that the terminal allows. */
#include "app/ui/line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "app/ui/text.h"

/* Do not wrap for narrower terminals: their width is not to be believed. */
#define WIDTH_MIN 20

bool ui_is_terminal(FILE *out)
{
	const char *term = getenv("TERM");

	return isatty(fileno(out)) == 1 && term != NULL && strcmp(term, "dumb") != 0;
}

static bool has_colour(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");

	/* no-color.org: present and not empty. */
	return ui_is_terminal(out) && (no_colour == NULL || no_colour[0] == '\0');
}

static const char *colour_of(FILE *out, enum ui_tone tone)
{
	static const char *const colours[] = {[UI_PLAIN] = "",
					      [UI_GOOD] = "\033[32m",
					      [UI_WARN] = "\033[33m",
					      [UI_BAD] = "\033[31m"};

	return has_colour(out) ? colours[tone] : "";
}

/* Return the columns of the terminal; 0 if there is none, and so no reason to wrap. */
static unsigned int width_of(FILE *out)
{
	struct winsize size;

	if (!ui_is_terminal(out) || ioctl(fileno(out), TIOCGWINSZ, &size) != 0 ||
	    size.ws_col < WIDTH_MIN)
		return 0;
	return size.ws_col;
}

/* Find the first character of text and its width in columns. Return its length in bytes. */
static size_t first_character(const char *text, wchar_t *character, unsigned int *columns)
{
	mbstate_t state;
	size_t length;
	int width;

	memset(&state, 0, sizeof(state));
	length = mbrtowc(character, text, strlen(text), &state);
	if (length == 0 || length > strlen(text)) {
		*character = (wchar_t)(unsigned char)text[0];
		*columns = 1;
		return 1;
	}
	width = wcwidth(*character);
	*columns = width > 0 ? (unsigned int)width : 0;
	return length;
}

/* Japanese text may be broken between any two characters except these. */
static bool may_not_begin(wchar_t character)
{
	return wcschr(L"、。，．・：；？！）」』】〕〉》ー", character) != NULL;
}

static bool may_not_end(wchar_t character)
{
	return wcschr(L"（「『【〔〈《", character) != NULL;
}

size_t ui_line_length(const char *text, unsigned int width)
{
	unsigned int used = 0, columns, previous_columns = 0;
	size_t place = 0, fitting = 0, length;
	wchar_t character, previous = L'\0';

	for (; text[place] != '\0'; place += length) {
		length = first_character(text + place, &character, &columns);
		/* Break after blanks, and on both sides of a wide character. */
		if (previous == L' ' ? character != L' '
				     : previous != L'\0' && (columns > 1 || previous_columns > 1) &&
					       character != L' ' && !may_not_begin(character) &&
					       !may_not_end(previous))
			fitting = place;
		used += columns;
		if (used > width && character != L' ')
			/* Leave a word that is longer than the line to the terminal. */
			return fitting > 0 ? fitting : strlen(text);
		previous = character;
		previous_columns = columns;
	}
	return place;
}

size_t ui_line_cut(const char *text, unsigned int width)
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

static void print_wrapped(FILE *out, enum ui_tone tone, const char *text)
{
	const char *colour = colour_of(out, tone);
	unsigned int width = width_of(out);

	do {
		size_t length = width == 0 ? strlen(text) : ui_line_length(text, width);
		size_t shown = length;

		while (shown > 0 && text[shown - 1] == ' ')
			shown--;
		fprintf(out, "%s%.*s%s\n", colour, (int)shown, text,
			colour[0] != '\0' ? "\033[0m" : "");
		text += length;
	} while (text[0] != '\0');
}

static void free_text(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void ui_line(FILE *out, enum ui_tone tone, const char *format, ...)
{
	const char *colour = colour_of(out, tone);
	char *visible = NULL;
	char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	if (text != NULL)
		visible = text_visible(text);
	fprintf(out, "%s%s%s\n", colour, visible != NULL ? visible : strerror(ENOMEM),
		colour[0] != '\0' ? "\033[0m" : "");
	/* The text may be personal. */
	free_text(text);
	free_text(visible);
}

/* The compiler cannot check these formats: the table of situations says what each takes. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void say(FILE *out, enum ui_tone tone, enum situation situation, const char *format,
		va_list arguments)
{
	char *visible = NULL;
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	if (text != NULL)
		visible = text_visible(text);
	print_wrapped(out, tone, visible != NULL ? visible : situation_name(situation));
	free(text);
	free(visible);
}
#pragma GCC diagnostic pop

void ui_say(FILE *out, enum ui_tone tone, enum situation situation, ...)
{
	va_list arguments;

	va_start(arguments, situation);
	say(out, tone, situation, situation_text(situation), arguments);
	va_end(arguments);
}

void ui_say_pin(FILE *out, enum ui_tone tone, enum situation situation, enum jpki_key key, ...)
{
	va_list arguments;

	va_start(arguments, key);
	say(out, tone, situation, situation_pin_text(situation, key), arguments);
	va_end(arguments);
}
