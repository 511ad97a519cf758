/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What files, readers and certificates are called does not drive the terminal. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/text.h"

static const struct {
	const char *text;
	const char *visible;
	const char *json; /* NULL: as it was */
} rows[] = {
	{"", "", NULL},
	{"a plain name.txt", "a plain name.txt", NULL},
	{"見本 花子 、ﾊﾝｶｸ", "見本 花子 、ﾊﾝｶｸ", NULL},
	/* a character of a plane beyond the first, and a variant that names have */
	{"\xf0\xa0\xae\xb7\xe8\xbe\xbb\xf3\xa0\x84\x80",
	 "\xf0\xa0\xae\xb7\xe8\xbe\xbb\xf3\xa0\x84\x80", NULL},
	{"a\033[31mb", "a\\x1b[31mb", "a\\u001b[31mb"},
	{"a\rb\tc\177", "a\\x0db\\x09c\\x7f", "a\\u000db\\u0009c\\u007f"},
	{"one\ntwo", "one\\x0atwo", NULL},
	/* CSI in one character: U+009B; the byte alone is none in UTF-8 */
	{"a\xc2\x9b"
	 "31mb",
	 "a\\x9b31mb", "a\\u009b31mb"},
	{"a\x9b"
	 "31mb",
	 "a\\x9b31mb", NULL},
	{"a\xc2\xa0z", "a\xc2\xa0z", NULL},
	/* directions, and what ends a line */
	{"a\u202eb", "a\\u202eb", "a\\u202eb"},
	{"\u061c\u200e\u200f\u2066\u2069", "\\u061c\\u200e\\u200f\\u2066\\u2069",
	 "\\u061c\\u200e\\u200f\\u2066\\u2069"},
	{"a\u2028b\u2029c", "a\\u2028b\\u2029c", "a\\u2028b\\u2029c"},
	{"\u2027\u202f\u2065\u206a", "\u2027\u202f\u2065\u206a", NULL},
	/* cut off, too long for what it is, a surrogate, beyond Unicode */
	{"a\xe3\x81", "a\\xe3\\x81", NULL},
	{"\xc0\x9b", "\\xc0\\x9b", NULL},
	{"\xed\xa0\x80", "\\xed\\xa0\\x80", NULL},
	{"\xf7\xbf\xbf\xbf", "\\xf7\\xbf\\xbf\\xbf", NULL},
};

static void check_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *wanted = rows[i].json != NULL ? rows[i].json : rows[i].text;
		char *visible = text_visible(rows[i].text);
		char *json = text_visible_json(rows[i].text);

		assert_string_equal(visible, rows[i].visible);
		assert_string_equal(json, wanted);
		free(visible);
		free(json);
	}
}

static void test_utf8(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	check_rows();
}

/* Our own texts have Japanese words there, too. */
static void test_without_locale(void **state)
{
	(void)state;
	assert_non_null(setlocale(LC_ALL, "C"));
	check_rows();
}

/* A name as somebody can type it: what means something to a shell is in quotes. */
static void test_for_shell(void **state)
{
	static const struct {
		const char *word;
		const char *wanted;
	} words[] = {
		{"letter.txt", "letter.txt"},
		{"申告書.txt.p7s", "申告書.txt.p7s"},
		{"a b", "'a b'"},
		{"it's", "'it'\\''s'"},
		{"$HOME", "'$HOME'"},
		{"", "''"},
		{"~", "'~'"},
		{"-o", "-o"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *text = text_for_shell(words[i].word);

		assert_string_equal(text, words[i].wanted);
		free(text);
	}
}

/* The name of a file is no option for the command that it is pasted into. */
static void test_file_for_shell(void **state)
{
	static const struct {
		const char *path;
		const char *wanted;
	} paths[] = {
		{"letter.txt", "letter.txt"},
		{"-letter.txt", "./-letter.txt"},
		{"--raw", "./--raw"},
		{"-", "./-"},
		{"-a b", "'./-a b'"},
		{"a-b", "a-b"},
		{"./-a", "./-a"},
		{"/tmp/-a", "/tmp/-a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		char *text = text_file_for_shell(paths[i].path);

		assert_string_equal(text, paths[i].wanted);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_utf8),
		cmocka_unit_test(test_without_locale),
		cmocka_unit_test(test_for_shell),
		cmocka_unit_test(test_file_for_shell),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
