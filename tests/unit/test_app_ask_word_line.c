/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ask_word_line: a word is shown, anything else is stars, and all of it can be erased. */
#include "unit.h"

#include <locale.h>
#include <string.h>

#include "app/ask/word_line.h"

#define SIZE 16

static struct word_line word;
static uint8_t line[SIZE + 1];

static int set_up(void **state)
{
	(void)state;
	line[SIZE] = 'x';
	word_line_begin(&word, "yes|はい|no", line, SIZE);
	return 0;
}

/* Types a text: < is Backspace, # removes the line. Asserts what was shown for all of it. */
static void assert_typed(const char *typed, const char *wanted)
{
	char all[4 * WORD_LINE_SHOWN] = "";
	char shown[WORD_LINE_SHOWN];

	for (; *typed != '\0'; typed++) {
		enum word_line_key key = *typed == '<'   ? WORD_LINE_ERASE
					 : *typed == '#' ? WORD_LINE_KILL
							 : WORD_LINE_TYPED;

		word_line_take(&word, key, (uint8_t)*typed, shown);
		strcat(all, shown);
	}
	assert_string_equal(all, wanted);
	assert_int_equal(line[SIZE], 'x');
	assert_true(word.length < SIZE);
	assert_int_equal(word.length, strlen((const char *)line));
}

static void test_word_shown(void **state)
{
	(void)state;
	assert_typed("yEs", "yEs");
	assert_string_equal((const char *)line, "yEs");
	assert_typed("#no", "\b \b\b \b\b \bno");
	assert_typed("#は", "\b \b\b \bは");
	/* It is two columns wide. */
	assert_typed("<", "\b \b\b \b");
	assert_string_equal((const char *)line, "");
	assert_typed("<<#", "");
}

static void test_word_hidden(void **state)
{
	(void)state;
	assert_typed("1234", "****");
	assert_string_equal((const char *)line, "1234");
	assert_typed("#あい", "\b \b\b \b\b \b\b \b**");
	/* A star is one column, whatever it stands for. */
	assert_typed("<<", "\b \b\b \b");
	assert_typed("yesterday", "yes******");
	assert_typed("#|", "\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b*");
}

/* Half a character shows nothing, and neither do keys that are none. */
static void test_word_parts(void **state)
{
	(void)state;
	assert_typed("\xe3\x81", "");
	assert_typed("<", "");
	assert_string_equal((const char *)line, "");
	assert_typed("\x01\x1b\x7f\t", "");
	assert_int_equal(word.length, 0);
	assert_typed("\xff", "*");
	assert_typed("#\xe3", "\b \b");
	assert_typed("#y", "y");
}

/* What is too long is no word, even if its beginning is one. */
static void test_word_long(void **state)
{
	(void)state;
	assert_typed("yes            ", "yes************");
	assert_int_equal(word.length, SIZE - 1);
	assert_typed("yes", "");
	assert_int_equal(line[SIZE - 2], '*');
	assert_int_equal(word.length, SIZE - 1);
	assert_typed("#yes",
		     "\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b\b \b"
		     "yes");
}

static void test_word_begins(void **state)
{
	(void)state;
	assert_true(word_line_begins("", 0, "yes"));
	assert_true(word_line_begins("YE", 2, "no|yes"));
	assert_true(word_line_begins("yes", 3, "yes|no"));
	assert_false(word_line_begins("yes|", 4, "yes|no"));
	assert_false(word_line_begins("o", 1, "yes|no"));
	assert_false(word_line_begins("noo", 3, "yes|no"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_word_shown, set_up),
		cmocka_unit_test_setup(test_word_hidden, set_up),
		cmocka_unit_test_setup(test_word_parts, set_up),
		cmocka_unit_test_setup(test_word_long, set_up),
		cmocka_unit_test_setup(test_word_begins, set_up),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
