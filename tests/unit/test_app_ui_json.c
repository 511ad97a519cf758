/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_json: what programs read is JSON whatever is in it, and it drives no terminal. */
#include "unit.h"

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/ui/json.h"
#include "capture.h"

static void check_text(const char *text, const char *wanted)
{
	json_t *value = ui_json_text(text);

	assert_true(json_is_string(value));
	assert_string_equal(json_string_value(value), wanted);
	json_decref(value);
}

/* What is UTF-8 stays as it is; each byte that is no character becomes U+FFFD, and no more. */
static void test_text(void **state)
{
	(void)state;
	check_text("", "");
	check_text("見本 花子", "見本 花子");
	check_text("\xf0\xa0\xae\xb7", "\xf0\xa0\xae\xb7");
	check_text("a\xff"
		   "b",
		   "a\uFFFD"
		   "b");
	check_text("\xff\xfe", "\uFFFD\uFFFD");
	check_text("\xff \u00e9 \u898b \xf0\xa0\xae\xb7", "\uFFFD \u00e9 \u898b \xf0\xa0\xae\xb7");
	/* cut off at the end */
	check_text("a\xe3\x81", "a\uFFFD\uFFFD");
	assert_null(ui_json_text(NULL));
}

static void test_file(void **state)
{
	json_t *object = json_object();

	(void)state;
	ui_json_set_file(object, "plain", "/tmp/見本.txt");
	ui_json_set_file(object, "none", NULL);
	ui_json_set_file(object, "other", "/tmp/a b%\xff-._~Zz09");
	assert_int_equal(json_object_size(object), 3);
	assert_member(object, "plain", "/tmp/見本.txt");
	assert_member(object, "other", "/tmp/a b%\uFFFD-._~Zz09");
	assert_member(object, "other_encoded", "/tmp/a%20b%25%FF-._~Zz09");
	json_decref(object);
}

static json_t *hostile(void)
{
	return json_pack("{s:s, s:i}", "name", "a\033[31m\xc2\x9b\xe2\x80\xae\x7f\nb", "one", 1);
}

/* Prints it in one way or the other; the caller frees what was printed. */
static struct capture print(bool (*how)(json_t *value), json_t *value)
{
	struct capture capture;
	bool done;

	capture_begin(&capture);
	done = how(value);
	capture_end(&capture);
	assert_true(done);
	return capture;
}

static void test_print(void **state)
{
	bool (*const ways[])(json_t * value) = {ui_json, ui_json_line};

	(void)state;
	assert_false(ui_json_is_printed());
	for (size_t i = 0; i < 2; i++) {
		struct capture capture = print(ways[i], hostile());
		json_t *object = capture_json(&capture);
		size_t lines = 0;

		assert_member(object, "name", "a\033[31m\xc2\x9b\xe2\x80\xae\x7f\nb");
		for (const char *at = capture.printed; *at != '\0'; at++) {
			assert_true(*at == '\n' || (*at >= 0x20 && *at < 0x7f));
			lines += *at == '\n';
		}
		assert_int_equal(lines, i == 0 ? 4 : 1);
		assert_int_equal(capture.printed[strlen(capture.printed) - 1], '\n');
		json_decref(object);
		capture_free(&capture);
	}
	assert_true(ui_json_is_printed());
	assert_false(ui_json_has_failed());
}

/* Standard output for one value, which goes into a device that takes nothing. */
static bool print_in_vain(void)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
	int saved = dup(STDOUT_FILENO);
	bool printed;

	fflush(stdout);
	dup2(full, STDOUT_FILENO);
	printed = ui_json_line(json_object());
	clearerr(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	close(full);
	return printed;
}

/* The last tests: what has failed once stays failed. */
static void test_full(void **state)
{
	(void)state;
	assert_false(ui_json_has_failed());
	assert_false(print_in_vain());
	assert_true(ui_json_has_failed());
}

static void test_no_value(void **state)
{
	struct capture capture;
	bool printed;

	(void)state;
	capture_begin(&capture);
	printed = ui_json(NULL);
	capture_end(&capture);
	assert_false(printed);
	assert_string_equal(capture.printed, "");
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),     cmocka_unit_test(test_file),
		cmocka_unit_test(test_print),    cmocka_unit_test(test_full),
		cmocka_unit_test(test_no_value),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
