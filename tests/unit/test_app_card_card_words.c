/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_card_words: each state of a certificate and of a PIN has its words and its tone. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "app/card/card_words.h"

static struct card_report report;

static struct card_report_half *half(enum jpki_key key)
{
	report.halves[key].exists = true;
	return &report.halves[key];
}

static int set_up(void **state)
{
	(void)state;
	memset(&report, 0, sizeof(report));
	return 0;
}

static void assert_dates(enum date_band band, enum ui_tone tone, const char *wanted)
{
	struct card_report_half *auth = half(JPKI_KEY_AUTH);
	char text[CARD_WORDS_SIZE];

	auth->certificate = CARD_REPORT_READ;
	auth->validity = (struct date_validity){.band = band,
						.days_left = 7,
						.last_day_text = "7 March 2031",
						.first_day_text = "8 March 2026"};
	assert_int_equal(card_words_certificate(&report, JPKI_KEY_AUTH, text), tone);
	assert_string_equal(text, wanted);
}

static void test_dates(void **state)
{
	(void)state;
	assert_dates(DATE_NOT_YET, UI_BAD, "not valid before 8 March 2026");
	assert_dates(DATE_FINE, UI_GOOD,
		     "in date until 7 March 2031, 7 days left (revocation not checked)");
	assert_dates(DATE_SOON, UI_WARN,
		     "EXPIRES SOON, in date until 7 March 2031, 7 days left (revocation not "
		     "checked)");
	assert_dates(DATE_ENDED, UI_BAD, "EXPIRED on 7 March 2031");
}

static void assert_hidden(enum ui_tone tone, const char *wanted)
{
	char text[CARD_WORDS_SIZE];

	half(JPKI_KEY_SIGN)->certificate = CARD_REPORT_NEEDS_PIN;
	assert_int_equal(card_words_certificate(&report, JPKI_KEY_SIGN, text), tone);
	assert_string_equal(text, wanted);
}

/* The signing certificate ends with the other one at the latest. */
static void test_hidden_dates(void **state)
{
	(void)state;
	assert_hidden(UI_PLAIN, "present; its dates need the password");
	assert_dates(DATE_FINE, UI_GOOD,
		     "in date until 7 March 2031, 7 days left (revocation not checked)");
	assert_hidden(UI_PLAIN, "present; expires on 7 March 2031 at the latest; its own date "
				"needs the password");
	assert_dates(DATE_ENDED, UI_BAD, "EXPIRED on 7 March 2031");
	assert_hidden(UI_BAD, "present; EXPIRED on 7 March 2031 at the latest, with the other one");
}

static void test_no_dates(void **state)
{
	char text[CARD_WORDS_SIZE];

	(void)state;
	half(JPKI_KEY_AUTH)->certificate = CARD_REPORT_ABSENT;
	assert_int_equal(card_words_certificate(&report, JPKI_KEY_AUTH, text), UI_PLAIN);
	assert_string_equal(text, "none");
	half(JPKI_KEY_AUTH)->certificate = CARD_REPORT_UNREADABLE;
	assert_int_equal(card_words_certificate(&report, JPKI_KEY_AUTH, text), UI_BAD);
	assert_string_equal(text, "could not be read");
	half(JPKI_KEY_AUTH)->certificate = CARD_REPORT_NEEDS_PIN;
	card_words_certificate(&report, JPKI_KEY_AUTH, text);
	assert_string_equal(text, "present; its dates need the PIN");
}

static void assert_tries(bool is_set, int tries, enum ui_tone tone, const char *wanted)
{
	struct card_report_half *auth = half(JPKI_KEY_AUTH);
	char text[CARD_WORDS_SIZE];

	auth->info =
		(struct jpki_token_info){.pin_is_set = is_set, .tries = tries, .tries_full = 3};
	assert_int_equal(card_words_tries(auth, text), tone);
	assert_string_equal(text, wanted);
}

static void test_tries(void **state)
{
	(void)state;
	assert_tries(false, 3, UI_WARN, "not set");
	assert_tries(true, -1, UI_PLAIN, "the card does not tell the tries left");
	assert_tries(true, 0, UI_BAD, "LOCKED, no try left");
	assert_tries(true, 1, UI_WARN, "ONLY ONE TRY LEFT of 3");
	assert_tries(true, 2, UI_PLAIN, "2 of 3 tries left");
}

/* The last try of each PIN has a piece of its own, and what takes arguments has them. */
static void test_advice(void **state)
{
	struct card_advice advice[CARD_WORDS_ADVICE_MAX];

	(void)state;
	assert_dates(DATE_SOON, UI_WARN,
		     "EXPIRES SOON, in date until 7 March 2031, 7 days left (revocation not "
		     "checked)");
	assert_tries(true, 1, UI_WARN, "ONLY ONE TRY LEFT of 3");
	half(JPKI_KEY_SIGN)->info = report.halves[JPKI_KEY_AUTH].info;
	report.advice[0] = SITUATION_FINAL_TRY;
	report.advice[1] = SITUATION_SOON;
	report.advice_count = 2;
	assert_int_equal(card_words_advice(&report, advice), 3);
	assert_string_equal(advice[0].text, situation_pin_text(SITUATION_FINAL_TRY, JPKI_KEY_AUTH));
	assert_string_equal(advice[1].text, situation_pin_text(SITUATION_FINAL_TRY, JPKI_KEY_SIGN));
	assert_non_null(strstr(advice[2].text, "7 days left (until 7 March 2031)"));
	assert_int_equal(advice[2].tone, UI_WARN);
	for (size_t i = 0; i < 3; i++)
		free(advice[i].text);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_dates), TEST(test_hidden_dates), TEST(test_no_dates),
		TEST(test_tries), TEST(test_advice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
