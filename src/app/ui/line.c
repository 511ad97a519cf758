/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* line: prints lines of text, with the colours and the width that the terminal allows. */
#include "app/ui/line.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/ui/text.h"
#include "app/ui/wrap.h"

/* Indent no line if that leaves less room for what it says. */
#define WIDTH_OF_WORDS 16
/* The bytes of a mark at the beginning of a line. */
#define MARK_MAX 2

static ui_listener *heard_by;
static void *heard_by_argument;

void ui_listen(ui_listener *listener, void *argument)
{
	heard_by = listener;
	heard_by_argument = argument;
	situation_in_window(listener != NULL);
}

bool ui_is_heard(void)
{
	return heard_by != NULL;
}

bool ui_is_terminal(FILE *out)
{
	const char *term = getenv("TERM");

	return heard_by == NULL && isatty(fileno(out)) == 1 && term != NULL &&
	       strcmp(term, "dumb") != 0;
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

/*
 * Print text in lines that fit. All but the first begin in the column indent. If it is a command,
 * all but the last end with a backslash, and what follows one within a word begins at the margin,
 * so that the shell puts the word together again.
 */
static void print_lines(FILE *out, enum ui_tone tone, const char *text, unsigned int indent,
			bool command)
{
	const char *colour = colour_of(out, tone);
	const char *end = colour[0] != '\0' ? "\033[0m" : "";
	unsigned int width = wrap_width(out);
	unsigned int tail = command ? 2 : 0;
	unsigned int used = 0;

	if (heard_by != NULL) {
		heard_by(tone, text, heard_by_argument);
		return;
	}
	indent = indent + WIDTH_OF_WORDS > width ? 0 : indent;
	do {
		size_t length = width == 0 ? strlen(text) : wrap_length(text, width - used - tail);
		size_t shown = wrap_shown(text, length);
		bool more = text[length] != '\0';

		fprintf(out, "%s%*s%.*s%s%s%s\n", colour, (int)used, "", (int)shown, text,
			command && more && shown < length ? " " : "", command && more ? "\\" : "",
			end);
		used = command && shown == length ? 0 : indent;
		text += length;
	} while (text[0] != '\0');
}

static void print_wrapped(FILE *out, enum ui_tone tone, const char *text)
{
	print_lines(out, tone, text, 0, false);
}

static void free_text(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

/* Return the column of what a line says after its mark, such as "OK  " or "->"; else two more. */
static unsigned int indent_of(const char *text)
{
	size_t before = strspn(text, " ");
	size_t mark = strcspn(text + before, " ");
	size_t blanks = strspn(text + before + mark, " ");
	bool is_mark = mark <= MARK_MAX && (blanks > 1 || strspn(text + before, "->") == mark);

	return (unsigned int)(before + (is_mark && blanks > 0 ? mark + blanks : 2));
}

/* Print one line for people, and what is too long for it below, indented. */
static void print_item(FILE *out, enum ui_tone tone, bool command, const char *format,
		       va_list arguments) __attribute__((format(printf, 4, 0)));

static void print_item(FILE *out, enum ui_tone tone, bool command, const char *format,
		       va_list arguments)
{
	char *visible = NULL;
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	if (text != NULL)
		visible = text_visible(text);
	print_lines(out, tone, visible != NULL ? visible : strerror(ENOMEM),
		    visible != NULL ? indent_of(visible) : 0, command);
	/* The text may be personal. */
	free_text(text);
	free_text(visible);
}

void ui_line(FILE *out, enum ui_tone tone, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_item(out, tone, false, format, arguments);
	va_end(arguments);
}

void ui_command(FILE *out, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	print_item(out, UI_PLAIN, true, format, arguments);
	va_end(arguments);
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

void ui_say_text(FILE *out, enum ui_tone tone, const char *text)
{
	char *visible = text_visible(text);

	print_wrapped(out, tone, visible != NULL ? visible : strerror(ENOMEM));
	free(visible);
}
