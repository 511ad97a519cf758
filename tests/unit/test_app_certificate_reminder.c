/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_certificate_reminder: on which days a calendar reminds, and that programs can read it.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "app/certificate/reminder.h"

static struct date_validity ends_in(int days_left)
{
	struct date_validity validity = {.days_left = days_left};

	snprintf(validity.last_day, sizeof(validity.last_day), "2031-05-31");
	/* So long that a line ends in it. */
	snprintf(validity.last_day_text, sizeof(validity.last_day_text),
		 "2031年5月31日(土曜日)二十四時");
	return validity;
}

/* Only what is still to come: on the day itself it is too late to be reminded. */
static void test_days(void **state)
{
	struct date_validity validity = ends_in(1000);
	struct date_day days[REMINDER_MAX];

	(void)state;
	assert_int_equal(reminder_days(&validity, days), 3);
	assert_string_equal(days[0].iso, "2031-02-28");
	assert_string_equal(days[1].iso, "2031-04-30");
	assert_string_equal(days[2].iso, "2031-05-24");
	validity = ends_in(93);
	assert_int_equal(reminder_days(&validity, days), 3);
	validity = ends_in(92);
	assert_int_equal(reminder_days(&validity, days), 2);
	assert_string_equal(days[0].iso, "2031-04-30");
	validity = ends_in(8);
	assert_int_equal(reminder_days(&validity, days), 1);
	assert_string_equal(days[0].iso, "2031-05-24");
	validity = ends_in(7);
	assert_int_equal(reminder_days(&validity, days), 0);
	validity = ends_in(-1);
	assert_int_equal(reminder_days(&validity, days), 0);
}

/* Each line ends as the standard wants, has at most 75 bytes, and does not begin in a character. */
static void check_lines(const char *calendar)
{
	while (calendar[0] != '\0') {
		size_t length = strcspn(calendar, "\r\n");

		assert_in_range(length, 1, 75);
		assert_memory_equal(calendar + length, "\r\n", 2);
		assert_int_not_equal((unsigned char)calendar[calendar[0] == ' '] & 0xc0, 0x80);
		calendar += length + 2;
	}
}

/* Return the value of the first property of this name, unfolded; the caller frees it. */
static char *value_of(const char *calendar, const char *name)
{
	const char *at = strstr(calendar, name);
	char *value;
	size_t length = 0;

	assert_non_null(at);
	at += strlen(name);
	value = calloc(1, strlen(at) + 1);
	assert_non_null(value);
	for (; strncmp(at, "\r\n", 2) != 0 || at[2] == ' '; at++) {
		if (strncmp(at, "\r\n ", 3) == 0)
			at += 2;
		else
			value[length++] = at[0];
	}
	return value;
}

static void test_calendar(void **state)
{
	struct date_validity validity = ends_in(1000);
	char *calendar = reminder_calendar(&validity, 86400);
	char *text;

	(void)state;
	assert_non_null(calendar);
	check_lines(calendar);
	assert_memory_equal(calendar, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:", 37);
	assert_has(calendar, "\r\nDTSTART;VALUE=DATE:20310228\r\n");
	assert_has(calendar, "\r\nDTSTART;VALUE=DATE:20310430\r\n");
	assert_has(calendar, "\r\nDTSTART;VALUE=DATE:20310524\r\n");
	assert_has(calendar, "\r\nUID:2031-05-31-92@jpki-pkcs11\r\nDTSTAMP:19700102T000000Z\r\n");
	assert_has(calendar, "\r\nUID:2031-05-31-31@jpki-pkcs11\r\n");
	assert_has(calendar, "\r\nUID:2031-05-31-7@jpki-pkcs11\r\n");
	text = value_of(calendar, "\r\nDESCRIPTION:");
	assert_string_equal(text, "92 days left (until 2031年5月31日(土曜日)二十四時). You can "
				  "renew at your municipal office now\\; bring the PINs.");
	free(text);
	text = strstr(calendar, "END:VCALENDAR\r\n");
	assert_non_null(text);
	assert_string_equal(text, "END:VCALENDAR\r\n");
	free(calendar);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_calendar),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
