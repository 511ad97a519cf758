/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_certificate_claimed_time: times are read in each form, and nothing else is one. */
#include "unit.h"

#include "app/certificate/claimed_time.h"

static void test_forms(void **state)
{
	static const struct {
		const char *text, *iso, *words;
	} rows[] = {
		{"2026-11-29T04:13:07Z", "2026-11-29 04:13:07", "29 November 2026, 13:13 JST"},
		{"2026-11-29T04:13:07.25+09:00", "2026-11-28 19:13:07",
		 "29 November 2026, 04:13 JST"},
		{"2026-11-29T23:13:07-05:30", "2026-11-30 04:43:07", "30 November 2026, 13:43 JST"},
		{"D:20261129041307+09'00'", "2026-11-28 19:13:07", "29 November 2026, 04:13 JST"},
		{"D:20261129041307+09'00", "2026-11-28 19:13:07", "29 November 2026, 04:13 JST"},
		{"D:20261129041307Z00'00'", "2026-11-29 04:13:07", "29 November 2026, 13:13 JST"},
		{"D:20261129041307Z", "2026-11-29 04:13:07", "29 November 2026, 13:13 JST"},
		{"20261129041307", "2026-11-29 04:13:07",
		 "29 November 2026, 04:13 (of an unknown time zone)"},
		{"2026-11-29T04:13:07", "2026-11-29 04:13:07",
		 "29 November 2026, 04:13 (of an unknown time zone)"},
	};
	char words[CLAIMED_TIME_SIZE], iso[CLAIMED_TIME_ISO_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct claimed_time time = claimed_time_read(rows[i].text);

		assert_true(time.known);
		assert_true(claimed_time_iso(&time, iso));
		assert_string_equal(iso, rows[i].iso);
		assert_true(claimed_time_in_words(&time, words));
		assert_string_equal(words, rows[i].words);
	}
}

static void test_others(void **state)
{
	static const char *const texts[] = {
		"",
		"D:",
		"D:2026",
		"2026-11-29",
		"2026-02-30T04:13:07Z",
		"2026-13-01T04:13:07Z",
		"2026-11-29T24:13:07Z",
		"2026-11-29T04:60:07Z",
		"2026-11-29T04:13:07 or so",
		"2026-11-29T04:13:07+9",
		"2026-11-29T04:13:07+15:00",
		"2026-11-29T04:13:07+09:61",
		"D:20261129041307+09'00'x",
		"2026112904130\x1b",
	};
	char words[CLAIMED_TIME_SIZE], iso[CLAIMED_TIME_ISO_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct claimed_time time = claimed_time_read(texts[i]);

		assert_false(time.known);
		assert_false(claimed_time_in_words(&time, words));
		assert_string_equal(words, "");
		assert_false(claimed_time_iso(&time, iso));
		assert_string_equal(iso, "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
