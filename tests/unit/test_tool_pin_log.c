/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_tool_pin_log: the record tells who used up the tries of which card. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "capture.h"
#include "place.h"
#include "tool/pin/pin_parts.h"

#define RECORD ".local/state/jpki-pkcs11/tries"
#define ONE    "0123456789abcdef"
#define TWO    "fedcba9876543210"

static const char record[] = "2026-11-22T05:21:48Z\t" ONE "\tauth\twrong\t2\tfirefox\n"
			     "2026-11-22T05:21:50Z\t" TWO "\tsign\twithheld:length\t-\tjpki\n"
			     "this is no line of a record\n"
			     "2026-11-23T15:00:00Z\t" ONE "\tauth\tunknown\t1\tssh\n"
			     "2026-11-23T15:00:01Z\t" ONE "\tsign\tright\t5\tjpki\n";

static struct capture log_of(const char *serial, bool json)
{
	struct capture capture;
	int code;

	capture_begin(&capture);
	code = pin_log(serial, json);
	capture_end(&capture);
	assert_int_equal(code, APP_OK);
	assert_string_equal(capture.said, "");
	return capture;
}

static size_t lines(const char *text)
{
	size_t count = 0;

	for (; (text = strchr(text, '\n')) != NULL; text++)
		count++;
	return count;
}

static void test_people(void **state)
{
	struct capture capture;

	(void)state;
	place_write(RECORD, record);
	capture = log_of(NULL, false);
	assert_int_equal(lines(capture.printed), 4);
	/* The oldest first, in the time of Japan, wherever this place is. */
	assert_memory_equal(capture.printed, "22 November 2026, 14:21 JST", 27);
	assert_has(capture.printed, "firefox");
	assert_has(capture.printed, TWO);
	assert_has(capture.printed, "24 November 2026, 00:00 JST");
	/* It is told in words. */
	assert_lacks(capture.printed, "withheld:");
	assert_lacks(capture.printed, ": -1");
	capture_free(&capture);
	/* A serial number is one in capitals, too. */
	capture = log_of("FEDCBA9876543210", false);
	assert_int_equal(lines(capture.printed), 1);
	assert_has(capture.printed, TWO);
	capture_free(&capture);
}

/* Every outcome that is written down is told in words of its own. */
static void test_outcomes(void **state)
{
	static const char *const outcomes[] = {"right",
					       "wrong",
					       "unknown",
					       "withheld:length",
					       "withheld:alphabet",
					       "withheld:repeated",
					       "withheld:final-try",
					       "withheld:locked",
					       "withheld:not-set"};
	char *seen[sizeof(outcomes) / sizeof(outcomes[0])];
	const size_t count = sizeof(outcomes) / sizeof(outcomes[0]);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		char line[256];
		struct capture capture;

		snprintf(line, sizeof(line), "2026-11-22T05:21:48Z\t" ONE "\tauth\t%s\t-\tx\n",
			 outcomes[i]);
		place_write(RECORD, line);
		capture = log_of(NULL, false);
		assert_lacks(capture.printed, "withheld:");
		seen[i] = strdup(capture.printed);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
		capture_free(&capture);
	}
	for (size_t i = 0; i < count; i++)
		free(seen[i]);
}

static void test_programs(void **state)
{
	struct capture capture;
	json_t *object, *tries, *one;

	(void)state;
	place_write(RECORD, record);
	capture = log_of(NULL, true);
	object = capture_json(&capture);
	tries = json_object_get(object, "tries");
	assert_int_equal(json_array_size(tries), 4);
	one = json_array_get(tries, 0);
	assert_member(one, "time", "2026-11-22T05:21:48Z");
	assert_member(one, "serial", ONE);
	assert_member(one, "pin", "auth");
	assert_member(one, "outcome", "wrong");
	assert_member(one, "program", "firefox");
	assert_int_equal(json_integer_value(json_object_get(one, "tries_left")), 2);
	one = json_array_get(tries, 1);
	assert_member(one, "pin", "sign");
	assert_member(one, "outcome", "withheld:length");
	assert_true(json_is_null(json_object_get(one, "tries_left")));
	json_decref(object);
	capture_free(&capture);
	capture = log_of(ONE, true);
	object = capture_json(&capture);
	assert_int_equal(json_array_size(json_object_get(object, "tries")), 3);
	json_decref(object);
	capture_free(&capture);
}

/* That there is no record is no failure. */
static void test_empty(void **state)
{
	struct capture all = log_of(NULL, false);
	struct capture one = log_of(ONE, false);
	struct capture json = log_of(ONE, true);
	json_t *object = capture_json(&json);

	(void)state;
	assert_int_equal(lines(all.printed), 1);
	assert_int_equal(lines(one.printed), 1);
	assert_string_not_equal(all.printed, one.printed);
	assert_true(json_is_array(json_object_get(object, "tries")));
	assert_int_equal(json_array_size(json_object_get(object, "tries")), 0);
	json_decref(object);
	capture_free(&all);
	capture_free(&one);
	capture_free(&json);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_people),
		HERE(test_outcomes),
		HERE(test_programs),
		HERE(test_empty),
	};

	setenv("TZ", "EST5", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
