/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_wrap: a question is broken into lines that leave room for its answer. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>

#include "app/ui/wrap.h"

static void assert_question(unsigned int width, const char *text, const char *wanted)
{
	char *wrapped = wrap_question(text, width);

	assert_non_null(wrapped);
	assert_string_equal(wrapped, wanted);
	free(wrapped);
}

/* The last line has room for eight columns, and keeps its blanks. */
static void test_question_room(void **state)
{
	(void)state;
	assert_question(24, "one two three: ", "one two three: ");
	assert_question(24, "one two threee: ", "one two threee: ");
	assert_question(24, "one two threeee: ", "one two\nthreeee: ");
	assert_question(24, "one two three four five six: ", "one two three four five\nsix: ");
	assert_question(24, "一二三四五六七: ", "一二三四五六七: ");
	assert_question(24, "一二三四五六七八九十: ", "一二三四五六七\n八九十: ");
	/* a question that is not to be broken, and none */
	assert_question(0, "one two three four five six: ", "one two three four five six: ");
	assert_question(24, "", "");
}

/* Lines stay lines; only the last one has an answer behind it. */
static void test_question_lines(void **state)
{
	(void)state;
	assert_question(20, "one two three four 6\nfive: ", "one two three four 6\nfive: ");
	assert_question(20, "one two three four 67\n\nfive: ", "one two three four\n67\n\nfive: ");
	assert_question(20, "one two three four 6\n", "one two three four 6\n");
	assert_question(20, "one two three  four five\n", "one two three  four\nfive\n");
	assert_question(20, "https://example.org/a-very-long-word\nPIN: ",
			"https://example.org/\na-very-long-word\nPIN: ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_question_room),
		cmocka_unit_test(test_question_lines),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
