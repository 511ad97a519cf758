/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_certificate_date: days are counted as in Japan, whatever the time zone here is. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/certificate/date.h"

/* A certificate of which there is nothing but the period. */
static X509 *certificate_of(const char *begin, const char *end)
{
	X509 *certificate = X509_new();

	assert_non_null(certificate);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(certificate), begin), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(certificate), end), 1);
	return certificate;
}

static time_t moment(const char *text)
{
	ASN1_TIME *time = ASN1_TIME_new();
	struct tm tm;
	time_t seconds;

	assert_non_null(time);
	assert_int_equal(ASN1_TIME_set_string(time, text), 1);
	assert_int_equal(ASN1_TIME_to_tm(time, &tm), 1);
	seconds = timegm(&tm);
	ASN1_TIME_free(time);
	return seconds;
}

#define JAPAN (9 * 60 * 60)
#define BEGIN "20260307021530Z"
#define END   "20310307145959Z"

static const struct {
	const char *end;
	const char *now;
	enum date_band band;
	int days_left;
	const char *last_day;
} rows[] = {
	/* the last second of the day in Japan, and the first of the next */
	{END, "20310307145959Z", DATE_SOON, 0, "2031-03-07"},
	{END, "20310307150000Z", DATE_ENDED, -1, "2031-03-07"},
	{END, "20310306150000Z", DATE_SOON, 0, "2031-03-07"},
	{END, "20310306145959Z", DATE_SOON, 1, "2031-03-07"},
	{"20310307150000Z", "20310306150000Z", DATE_SOON, 1, "2031-03-08"},
	/* three months before it, in Japan */
	{END, "20301206150000Z", DATE_SOON, 90, "2031-03-07"},
	{END, "20301206145959Z", DATE_FINE, 91, "2031-03-07"},
	/* a month that lacks the day, in a leap year and in another */
	{"20320531145959Z", "20320228145959Z", DATE_FINE, 93, "2032-05-31"},
	{"20320531145959Z", "20320228150000Z", DATE_SOON, 92, "2032-05-31"},
	{"20310531145959Z", "20310227145959Z", DATE_FINE, 93, "2031-05-31"},
	{"20310531145959Z", "20310227150000Z", DATE_SOON, 92, "2031-05-31"},
	/* the first second of the period, and the one before it */
	{END, "20260307021530Z", DATE_FINE, 1826, "2031-03-07"},
	{END, "20260307021529Z", DATE_NOT_YET, 1826, "2031-03-07"},
	/* one that ends within a day */
	{"20310307030000Z", "20310307030001Z", DATE_ENDED, 0, "2031-03-07"},
	/* long after, and beyond 2038 and 2050 */
	{END, "20410307000000Z", DATE_ENDED, -3653, "2031-03-07"},
	{"20600101145959Z", "20590101000000Z", DATE_FINE, 365, "2060-01-01"},
};

static void test_bands(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		X509 *certificate = certificate_of(BEGIN, rows[i].end);
		struct date_validity validity = date_validity_of(certificate, moment(rows[i].now));

		print_message("# until %s, seen on %s\n", rows[i].end, rows[i].now);
		assert_int_equal(validity.band, rows[i].band);
		assert_int_equal(validity.days_left, rows[i].days_left);
		assert_string_equal(validity.last_day, rows[i].last_day);
		assert_string_equal(validity.first_day, "2026-03-07");
		X509_free(certificate);
	}
}

static void test_words(void **state)
{
	X509 *certificate = certificate_of("20260306150000Z", END);
	struct date_validity validity = date_validity_of(certificate, moment(END));
	char text[DATE_TEXT_SIZE];

	(void)state;
	assert_string_equal(validity.first_day_text, "7 March 2026");
	assert_string_equal(validity.last_day_text, "7 March 2031");
	X509_free(certificate);
	assert_true(date_in_words(2024, 2, 29, text));
	assert_string_equal(text, "29 February 2024");
	assert_false(date_in_words(2023, 2, 29, text));
	assert_string_equal(text, "");
	assert_false(date_in_words(1900, 2, 29, text));
	assert_true(date_in_words(2000, 2, 29, text));
	assert_false(date_in_words(0, 1, 1, text));
	assert_false(date_in_words(10000, 1, 1, text));
	assert_false(date_in_words(1990, 0, 1, text));
	assert_false(date_in_words(1990, 13, 1, text));
	assert_false(date_in_words(1990, 4, 31, text));
	assert_false(date_in_words(1990, 4, 0, text));
}

static void test_times(void **state)
{
	char text[DATE_TIME_SIZE];

	(void)state;
	assert_true(date_time_in_words(moment("20261128191300Z"), text));
	assert_string_equal(text, "29 November 2026, 04:13 JST");
	assert_true(date_time_in_words(moment("20261231145959Z"), text));
	assert_string_equal(text, "31 December 2026, 23:59 JST");
	assert_true(date_time_in_words(moment("20261231150000Z"), text));
	assert_string_equal(text, "1 January 2027, 00:00 JST");
	assert_true(date_time_in_words(-JAPAN, text));
	assert_string_equal(text, "1 January 1970, 00:00 JST");
	assert_false(date_time_in_words(moment("99991231150000Z"), text));
	assert_string_equal(text, "");
}

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(date_band_name(DATE_NOT_YET), "not-yet");
	assert_string_equal(date_band_name(DATE_FINE), "in-date");
	assert_string_equal(date_band_name(DATE_SOON), "soon");
	assert_string_equal(date_band_name(DATE_ENDED), "expired");
}

/* A signing certificate lapses with that for authentication, if this is the first of the two. */
static void test_effective(void **state)
{
	struct date_validity own = {.last_day = "2031-03-07"};
	struct date_validity earlier = {.last_day = "2031-03-06"};
	struct date_validity later = {.last_day = "2031-04-01"};
	struct date_validity unknown = {0};

	(void)state;
	assert_ptr_equal(date_effective(&own, &earlier), &earlier);
	assert_ptr_equal(date_effective(&own, &later), &own);
	assert_ptr_equal(date_effective(&own, &unknown), &own);
	later = own;
	assert_ptr_equal(date_effective(&own, &later), &own);
}

static void test_days_old(void **state)
{
	/* the 7th in Japan, shortly before the 8th */
	X509 *certificate = certificate_of("20260307145959Z", END);

	(void)state;
	assert_int_equal(date_validity_of(certificate, moment("20260307145959Z")).days_old, 0);
	assert_int_equal(date_validity_of(certificate, moment("20260307150000Z")).days_old, 1);
	assert_int_equal(date_validity_of(certificate, moment("20260306145959Z")).days_old, -1);
	X509_free(certificate);
}

/* A certificate without a period that makes sense has ended. */
static void test_nonsense(void **state)
{
	X509 *certificate = X509_new();
	struct date_validity validity;

	(void)state;
	assert_non_null(certificate);
	validity = date_validity_of(certificate, moment(END));
	assert_int_equal(validity.band, DATE_ENDED);
	X509_free(certificate);
}

/* A month is shorter than the one that is gone back from; a year begins. */
static void test_before(void **state)
{
	struct date_day day;

	(void)state;
	assert_true(date_before("2031-05-31", 3, 0, &day));
	assert_string_equal(day.iso, "2031-02-28");
	assert_string_equal(day.text, "28 February 2031");
	assert_int_equal(day.days_left, 92);
	assert_true(date_before("2028-05-30", 3, 0, &day));
	assert_string_equal(day.iso, "2028-02-29");
	assert_true(date_before("2031-03-01", 3, 0, &day));
	assert_string_equal(day.iso, "2030-12-01");
	assert_true(date_before("2031-01-05", 0, 7, &day));
	assert_string_equal(day.iso, "2030-12-29");
	assert_int_equal(day.days_left, 7);
	assert_false(date_before("2031-02-29", 0, 7, &day));
	assert_false(date_before("", 1, 0, &day));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bands),     cmocka_unit_test(test_words),
		cmocka_unit_test(test_times),     cmocka_unit_test(test_names),
		cmocka_unit_test(test_effective), cmocka_unit_test(test_days_old),
		cmocka_unit_test(test_nonsense),  cmocka_unit_test(test_before),
	};

	/* Whoever sits elsewhere counts the same days. */
	setenv("TZ", "America/Los_Angeles", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
