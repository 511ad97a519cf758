/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_tool_doctor_finding: a finding tells nothing personal, and ends jpki as its situation does.
 */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "app/doctor/doctor_finding.h"

static void test_paths(void **state)
{
	char path[PATH_MAX];

	(void)state;
	setenv("HOME", "/home/hanako", 1);
	assert_string_equal(doctor_path("/home/hanako/.ssh/config", path), "~/.ssh/config");
	assert_string_equal(doctor_path("/home/hanako2/file", path), "/home/hanako2/file");
	assert_string_equal(doctor_path("/home/hanako", path), "/home/hanako");
	assert_string_equal(doctor_path("/etc/home/hanako/x", path), "/etc/home/hanako/x");
	unsetenv("HOME");
	assert_string_equal(doctor_path("/etc/file", path), "/etc/file");
}

static void test_verdicts(void **state)
{
	struct doctor_finding finding = doctor_good("It is %d of %s", 1, "1");

	(void)state;
	assert_int_equal(finding.verdict, DOCTOR_GOOD);
	assert_int_equal(finding.exit_code, APP_OK);
	assert_int_equal(finding.situation, SITUATION_NONE);
	assert_string_equal(finding.text, "It is 1 of 1");
	assert_null(finding.remedy);
	finding = doctor_open("Look elsewhere.", "x");
	assert_int_equal(finding.verdict, DOCTOR_OPEN);
	assert_int_equal(finding.exit_code, APP_OK);
	assert_string_equal(finding.remedy, "Look elsewhere.");
	finding = doctor_bad("Mend it.", "x");
	assert_int_equal(finding.verdict, DOCTOR_BAD);
	assert_int_equal(finding.exit_code, APP_FAILED);
	assert_string_equal(finding.remedy, "Mend it.");
}

static void test_in_situations(void **state)
{
	(void)state;
	for (int i = SITUATION_NONE + 1; i < SITUATION_COUNT; i++) {
		enum situation situation = (enum situation)i;
		enum app_exit code = situation_exit(situation);
		struct doctor_finding finding = doctor_in(situation, "x");

		assert_int_equal(finding.verdict, DOCTOR_BAD);
		assert_int_equal(finding.situation, situation);
		/* What is no failure elsewhere is one here. */
		assert_int_equal(finding.exit_code, code != APP_OK ? code : APP_FAILED);
		assert_string_equal(finding.remedy, situation_text(situation));
	}
}

static void test_with_setup(void **state)
{
	struct doctor_finding finding = doctor_with_setup(doctor_bad("run it", "x"), "firefox");

	(void)state;
	assert_string_equal(finding.setup, "firefox");
	/* Where all is well nothing is to be set up. */
	assert_null(doctor_with_setup(doctor_good("x"), "firefox").setup);
	assert_null(doctor_bad("do it yourself", "x").setup);
}

static void test_long_finding(void **state)
{
	char text[2 * DOCTOR_TEXT_SIZE];
	struct doctor_finding finding;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	finding = doctor_good("%s", text);
	assert_int_equal(strlen(finding.text), DOCTOR_TEXT_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_paths),         cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_in_situations), cmocka_unit_test(test_with_setup),
		cmocka_unit_test(test_long_finding),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
