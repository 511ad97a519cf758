/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_refuse: people read why on standard error, programs on standard output. */
#include "unit.h"

#include <locale.h>
#include <string.h>

#include "app/ui/line.h"
#include "app/ui/refuse.h"
#include "capture.h"

/* Every situation that takes no argument. */
static void test_situations(void **state)
{
	(void)state;
	for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
		enum situation situation = (enum situation)i;
		struct capture plain, json;
		int code, json_code;
		json_t *object;

		if (strchr(situation_text(situation), '%') != NULL)
			continue;
		capture_begin(&plain);
		code = ui_refuse(false, situation);
		capture_end(&plain);
		capture_begin(&json);
		json_code = ui_refuse(true, situation);
		capture_end(&json);
		assert_int_equal(code, situation_exit(situation));
		assert_int_equal(json_code, code);
		assert_string_equal(plain.printed, "");
		assert_has(plain.said, situation_text(situation));
		assert_string_equal(json.said, plain.said);
		object = capture_json(&json);
		assert_int_equal(json_object_size(object), 2);
		assert_member(object, "situation", situation_name(situation));
		assert_member(object, "message", situation_text(situation));
		json_decref(object);
		capture_free(&plain);
		capture_free(&json);
	}
}

static json_t *failure(enum app_exit code, const char *file, const char *said)
{
	struct capture capture;
	json_t *object;
	int result;

	capture_begin(&capture);
	result = ui_fail(true, code, file, "It is \033 broken.");
	capture_end(&capture);
	assert_int_equal(result, code);
	assert_string_equal(capture.said, said);
	object = capture_json(&capture);
	assert_member(object, "message", "It is \033 broken.");
	capture_free(&capture);
	return object;
}

static void test_failures(void **state)
{
	json_t *object = failure(APP_USAGE, NULL, "jpki: It is \\x1b broken.\n");

	(void)state;
	assert_member(object, "situation", "usage");
	assert_null(json_object_get(object, "file"));
	json_decref(object);
	object = failure(APP_FAILED, "a\nb", "jpki: a\\x0ab: It is \\x1b broken.\n");
	assert_member(object, "situation", "file");
	assert_member(object, "file", "a\nb");
	assert_null(json_object_get(object, "file_encoded"));
	json_decref(object);
	object = failure(APP_NOT_VALID, "\xff", "jpki: \\xff: It is \\x1b broken.\n");
	assert_member(object, "situation", "file");
	assert_member(object, "file_encoded", "%FF");
	json_decref(object);
}

static void test_named(void **state)
{
	struct capture capture;
	json_t *object;

	(void)state;
	capture_begin(&capture);
	assert_int_equal(ui_fail_as(true, APP_USAGE, "empty-file", "a\xff", "\"a\" is\033."),
			 APP_USAGE);
	capture_end(&capture);
	assert_string_equal(capture.said, "jpki: \"a\" is\\x1b.\n");
	object = capture_json(&capture);
	assert_member(object, "situation", "empty-file");
	assert_member(object, "message", "\"a\" is\033.");
	assert_member(object, "file_encoded", "a%FF");
	json_decref(object);
	capture_free(&capture);
}

static void test_without_json(void **state)
{
	struct capture capture;
	int result;

	(void)state;
	capture_begin(&capture);
	result = ui_fail(false, APP_FAILED, "file", "No.");
	capture_end(&capture);
	assert_int_equal(result, APP_FAILED);
	assert_string_equal(capture.printed, "");
	assert_string_equal(capture.said, "jpki: file: No.\n");
	capture_free(&capture);
}

static void hear(enum ui_tone tone, const char *text, void *argument)
{
	(void)tone;
	*(bool *)argument = strcmp(text, "file: No.") == 0;
}

/* In a window nobody else speaks: the program does not name itself. */
static void test_heard(void **state)
{
	bool as_it_should = false;

	(void)state;
	ui_listen(hear, &as_it_should);
	assert_int_equal(ui_fail(false, APP_FAILED, "file", "No."), APP_FAILED);
	ui_listen(NULL, NULL);
	assert_true(as_it_should);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_situations), cmocka_unit_test(test_failures),
		cmocka_unit_test(test_named),      cmocka_unit_test(test_without_json),
		cmocka_unit_test(test_heard),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
