/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_app_ui_line: a terminal gets colour and lines that fit, in both languages; everybody else
 * gets plain text; nobody's text begins a line of its own.
 */
#include "unit.h"

#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "app/ui/line.h"
#include "capture.h"
#include "screen.h"

/* What every text is translated to; NULL: it is not. */
static const char *translation;

/* These stand before libc's own. */
#undef gettext
#undef dcgettext
char *gettext(const char *text)
{
	return (char *)(uintptr_t)(translation != NULL ? translation : text);
}

char *dcgettext(const char *domain, const char *text, int category)
{
	(void)domain;
	(void)category;
	return gettext(text);
}

static int set_up(void **state)
{
	(void)state;
	translation = NULL;
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	return 0;
}

/* What ui_say prints of a text on a terminal of so many columns. */
static void assert_wrapped(unsigned int columns, const char *text, const char *wanted)
{
	struct screen screen;

	translation = text;
	screen_open(&screen, columns);
	ui_say(screen.out, UI_PLAIN, SITUATION_BUSY);
	assert_string_equal(screen_text(&screen), wanted);
	screen_close(&screen);
}

static void test_wrapping(void **state)
{
	(void)state;
	assert_wrapped(20, "one two three four five six", "one two three four\nfive six\n");
	/* exactly as wide as the terminal, and one more */
	assert_wrapped(20, "one two three fourxx five", "one two three fourxx\nfive\n");
	assert_wrapped(20, "one two three fourxxx five", "one two three\nfourxxx five\n");
	assert_wrapped(20, "one two three fourxx", "one two three fourxx\n");
	/* blanks at the end of a line are not shown, those within are */
	assert_wrapped(20, "one  two three fou    five", "one  two three fou\nfive\n");
	assert_wrapped(30, "one two three four five six", "one two three four five six\n");
}

#define TEN    "123456789 "
#define EIGHTY TEN TEN TEN TEN TEN TEN TEN "1234567890"

/* Too long a word, and a terminal that tells no width: nothing is lost. */
static void test_not_wrapped(void **state)
{
	static const char word[] = "https://example.org/a-very-long-word";
	static const char text[] = "one two three four five six seven";

	(void)state;
	assert_wrapped(20, word, "https://example.org/\na-very-long-word\n");
	assert_wrapped(22, word, "https://example.org/\na-very-long-word\n");
	assert_wrapped(20, "see https://example.org/a-very-long-word",
		       "see\nhttps://example.org/\na-very-long-word\n");
	assert_wrapped(20, "a-word-that-has-no-joint-at-all",
		       "a-word-that-has-no-j\noint-at-all\n");
	assert_wrapped(20, "    a-word-that-has-no-joint", "    a-word-that-has-\nno-joint\n");
	assert_wrapped(0, text, "one two three four five six seven\n");
	assert_wrapped(19, text, "one two three four five six seven\n");
	/* as wide as terminals are, or as the environment says */
	assert_wrapped(0, EIGHTY " one", EIGHTY "\none\n");
	setenv("COLUMNS", "30", 1);
	assert_wrapped(0, text, "one two three four five six\nseven\n");
	assert_wrapped(40, text, "one two three four five six seven\n");
	setenv("COLUMNS", "1001", 1);
	assert_wrapped(0, EIGHTY " one", EIGHTY "\none\n");
	setenv("COLUMNS", "19", 1);
	assert_wrapped(0, EIGHTY " one", EIGHTY "\none\n");
	unsetenv("COLUMNS");
}

/* A Japanese line breaks anywhere, but not before a full stop or behind a bracket. */
static void test_japanese(void **state)
{
	(void)state;
	assert_wrapped(20, "一二三四五六七八九十百千", "一二三四五六七八九十\n百千\n");
	assert_wrapped(21, "一二三四五六七八九十百千", "一二三四五六七八九十\n百千\n");
	assert_wrapped(20, "一二三四五六七八九十。次", "一二三四五六七八九\n十。次\n");
	assert_wrapped(20, "一二三四五六七八九（十", "一二三四五六七八九\n（十\n");
	assert_wrapped(20, "一二三四五六七八カードの", "一二三四五六七八カー\nドの\n");
	assert_wrapped(20, "一二三四五六七八九カード", "一二三四五六七八九\nカード\n");
	/* small letters and punctuation of either width begin no line, and a number keeps its unit
	 */
	assert_wrapped(20, "一二三四五六七八九シャ", "一二三四五六七八九\nシャ\n");
	assert_wrapped(20, "一二三四五六七八九十)次", "一二三四五六七八九\n十)次\n");
	assert_wrapped(20, "一二三四五六七八九(十", "一二三四五六七八九\n(十\n");
	assert_wrapped(20, "一二三四五六七八九10回", "一二三四五六七八九\n10回\n");
	/* a mark that joins the character before it */
	assert_wrapped(20, "一二三四五六七八九か\xe3\x82\x99次",
		       "一二三四五六七八九か\xe3\x82\x99\n次\n");
	assert_wrapped(20, "一二三四五六七八九か\xe3\x82\x99。",
		       "一二三四五六七八九\nか\xe3\x82\x99。\n");
	/* between the scripts, and after a blank */
	assert_wrapped(20, "一二三四五六七八JPKI九", "一二三四五六七八JPKI\n九\n");
	assert_wrapped(20, "一二三四五六七八九JPKI", "一二三四五六七八九\nJPKI\n");
	assert_wrapped(20, "一二三四五六七八九 十百", "一二三四五六七八九\n十百\n");
}

/* Every situation, as it is said: no line is wider than the terminal, and no word is lost. */
static void test_situations(void **state)
{
	(void)state;
	for (int situation = SITUATION_NONE + 1; situation < SITUATION_COUNT; situation++) {
		const char *text = situation_text((enum situation)situation);
		struct screen screen;
		const char *shown;

		if (strchr(text, '%') != NULL)
			continue;
		screen_open(&screen, 60);
		ui_say(screen.out, UI_PLAIN, (enum situation)situation);
		shown = screen_text(&screen);
		while (*shown != '\0') {
			size_t length = strcspn(shown, "\n");
			wchar_t wide[SCREEN_MAX];
			char line[SCREEN_MAX];

			snprintf(line, sizeof(line), "%.*s", (int)length, shown);
			mbstowcs(wide, line, SCREEN_MAX);
			assert_between(wcswidth(wide, SCREEN_MAX), 1, 60);
			assert_memory_equal(text, line, length);
			text += length + strspn(text + length, " ");
			shown += length + 1;
		}
		assert_string_equal(text, "");
		screen_close(&screen);
	}
}

/* A line that is an item: what is too long for it is indented; a command goes on after a backslash.
 */
static void test_items(void **state)
{
	struct screen screen;

	(void)state;
	screen_open(&screen, 24);
	ui_line(screen.out, UI_PLAIN, "  %s: one two three four five", "name");
	ui_line(screen.out, UI_PLAIN, "name: one two three four five");
	assert_string_equal(screen_text(&screen), "  name: one two three\n    four five\n"
						  "name: one two three four\n  five\n");
	ui_command(screen.out, "  %s", "one two three four five six");
	ui_command(screen.out, "  %s", "one two three fourfi");
	ui_command(screen.out, "%s", "~/a/long/directory/and/a/file");
	assert_string_equal(screen_text(&screen), "  one two three four \\\n    five six\n"
						  "  one two three fourfi\n"
						  "~/a/long/directory/\\\nand/a/file\n");
	/* below what follows a mark */
	ui_line(screen.out, UI_PLAIN, "OK  one two three four five");
	ui_line(screen.out, UI_PLAIN, "  -> one two three four five");
	ui_line(screen.out, UI_PLAIN, "  - one two three four five");
	ui_line(screen.out, UI_PLAIN, "In one two three four five");
	ui_line(screen.out, UI_PLAIN, "one  two three four five");
	assert_string_equal(screen_text(&screen), "OK  one two three four\n    five\n"
						  "  -> one two three four\n     five\n"
						  "  - one two three four\n    five\n"
						  "In one two three four\n  five\n"
						  "one  two three four five\n");
	/* too narrow to indent */
	ui_line(screen.out, UI_PLAIN, "          one two three four");
	assert_string_equal(screen_text(&screen), "          one two three\nfour\n");
	screen_close(&screen);
}

static void assert_coloured(enum ui_tone tone, const char *wanted)
{
	struct screen screen;

	translation = "text";
	screen_open(&screen, 80);
	ui_line(screen.out, tone, "a %s", "line");
	ui_say(screen.out, tone, SITUATION_BUSY);
	assert_string_equal(screen_text(&screen), wanted);
	screen_close(&screen);
}

static void test_colour(void **state)
{
	static const char plain[] = "a line\ntext\n";

	(void)state;
	assert_coloured(UI_PLAIN, plain);
	assert_coloured(UI_GOOD, "\033[32ma line\033[0m\n\033[32mtext\033[0m\n");
	assert_coloured(UI_WARN, "\033[33ma line\033[0m\n\033[33mtext\033[0m\n");
	assert_coloured(UI_BAD, "\033[31ma line\033[0m\n\033[31mtext\033[0m\n");
	setenv("NO_COLOR", "", 1);
	assert_coloured(UI_BAD, "\033[31ma line\033[0m\n\033[31mtext\033[0m\n");
	setenv("NO_COLOR", "1", 1);
	assert_coloured(UI_BAD, plain);
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	assert_coloured(UI_BAD, plain);
	unsetenv("TERM");
	assert_coloured(UI_BAD, plain);
}

/* In a file or a pipe: no colour, and no line that is broken for nobody. */
static void test_plain(void **state)
{
	struct capture capture;

	(void)state;
	capture_begin(&capture);
	ui_line(stdout, UI_BAD, "%s", "见");
	ui_say(stdout, UI_BAD, SITUATION_NO_SIGN_CERTIFICATE);
	ui_line(stderr, UI_GOOD, "%d", 5);
	capture_end(&capture);
	assert_has(capture.printed, situation_text(SITUATION_NO_SIGN_CERTIFICATE));
	assert_lacks(capture.printed, "\033");
	assert_string_equal(capture.said, "5\n");
	capture_free(&capture);
}

static void test_arguments(void **state)
{
	struct capture capture;

	(void)state;
	translation = "%d tries, %s";
	capture_begin(&capture);
	ui_say(stdout, UI_PLAIN, SITUATION_SOON, 3, "one\ntwo\033[2J\xe2\x80\xae");
	ui_line(stdout, UI_PLAIN, "%s: %s", "a\nb", "\xff");
	capture_end(&capture);
	assert_string_equal(capture.printed,
			    "3 tries, one\\x0atwo\\x1b[2J\\u202e\na\\x0ab: \\xff\n");
	capture_free(&capture);
}

/* What a listener has heard. */
static struct heard {
	enum ui_tone tone;
	char text[64];
	unsigned int times;
} heard;

static void hear(enum ui_tone tone, const char *text, void *argument)
{
	assert_ptr_equal(argument, &heard);
	heard.tone = tone;
	heard.times++;
	snprintf(heard.text, sizeof(heard.text), "%s", text);
}

/* A window hears it all, unbroken, and nothing is printed. */
static void test_listener(void **state)
{
	struct screen screen;
	bool is_terminal;

	(void)state;
	heard = (struct heard){0};
	translation = "one two three four five six seven";
	screen_open(&screen, 20);
	ui_listen(hear, &heard);
	ui_say(screen.out, UI_BAD, SITUATION_BUSY);
	is_terminal = ui_is_terminal(screen.out);
	ui_listen(NULL, NULL);
	assert_string_equal(screen_text(&screen), "");
	screen_close(&screen);
	assert_false(is_terminal);
	assert_string_equal(heard.text, translation);
	assert_int_equal(heard.tone, UI_BAD);
	assert_int_equal(heard.times, 1);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_wrapping),   TEST(test_not_wrapped), TEST(test_japanese),
		TEST(test_situations), TEST(test_items),       TEST(test_colour),
		TEST(test_plain),      TEST(test_arguments),   TEST(test_listener),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
