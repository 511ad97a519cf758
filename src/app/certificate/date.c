/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* date: computes the days of a certificate in Japanese time, and writes days in words. */
#include "app/certificate/date.h"

#include <libintl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"

/* Japan is nine hours ahead of UTC all year round. */
#define JAPAN_SECONDS (9 * 60 * 60)
#define DAY_SECONDS   (24 * 60 * 60)

struct day {
	int year;
	int month;
	int day;
};

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

/* Return the number of the day that it is in Japan at this moment. */
static int64_t day_number(int64_t seconds)
{
	int64_t shifted = seconds + JAPAN_SECONDS;

	return shifted / DAY_SECONDS - (shifted % DAY_SECONDS < 0 ? 1 : 0);
}

static struct day day_of(int64_t seconds)
{
	time_t start = (time_t)(day_number(seconds) * DAY_SECONDS);
	struct tm tm;

	if (gmtime_r(&start, &tm) == NULL)
		return (struct day){1970, 1, 1};
	return (struct day){tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday};
}

/*
 * Return the day so many months (at most 12) before: the same day of an earlier month, or that
 * month's last day if the month is shorter.
 */
static struct day months_before(struct day last, int months)
{
	struct day day = last;

	day.month -= months;
	if (day.month < 1) {
		day.month += 12;
		day.year--;
	}
	if (day.day > month_length(day.year, day.month))
		day.day = month_length(day.year, day.month);
	return day;
}

/* Return the first day of renewal (rule of the municipal offices). */
static struct day renewal_day(struct day last)
{
	return months_before(last, DATE_RENEWAL_MONTHS);
}

static bool is_before(struct day left, struct day right)
{
	if (left.year != right.year)
		return left.year < right.year;
	return left.month != right.month ? left.month < right.month : left.day < right.day;
}

bool date_in_words(int year, int month, int day, char text[DATE_TEXT_SIZE])
{
	static const char *const months[] = {
		N_("January"),   N_("February"), N_("March"),    N_("April"),
		N_("May"),       N_("June"),     N_("July"),     N_("August"),
		N_("September"), N_("October"),  N_("November"), N_("December"),
	};

	text[0] = '\0';
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 ||
	    day > month_length(year, month))
		return false;
	/* TRANSLATORS: a date: day, name of the month, year. */
	snprintf(text, DATE_TEXT_SIZE, _("%d %s %d"), day, _(months[month - 1]), year);
	return true;
}

bool date_time_in_words(time_t when, char text[DATE_TIME_SIZE])
{
	time_t shifted = when + JAPAN_SECONDS;
	char day[DATE_TEXT_SIZE];
	struct tm tm;

	text[0] = '\0';
	if (gmtime_r(&shifted, &tm) == NULL ||
	    !date_in_words(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, day))
		return false;
	/* TRANSLATORS: a time in Japan: day, hour, minute. */
	snprintf(text, DATE_TIME_SIZE, _("%s, %02d:%02d JST"), day, tm.tm_hour, tm.tm_min);
	return true;
}

const char *date_band_name(enum date_band band)
{
	static const char *const names[] = {[DATE_NOT_YET] = "not-yet",
					    [DATE_FINE] = "in-date",
					    [DATE_SOON] = "soon",
					    [DATE_ENDED] = "expired"};

	return names[band];
}

static void write_day(struct day day, char iso[DATE_ISO_SIZE], char text[DATE_TEXT_SIZE])
{
	if (!date_in_words(day.year, day.month, day.day, text))
		day = (struct day){0, 0, 0};
	snprintf(iso, DATE_ISO_SIZE, "%04u-%02u-%02u", (unsigned int)day.year % 10000,
		 (unsigned int)day.month % 100, (unsigned int)day.day % 100);
}

/*
 * Return seconds since the epoch. A time that cannot be read counts as the epoch, that is, as
 * expired.
 */
static int64_t seconds_of(const ASN1_TIME *time)
{
	ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
	int days = 0, seconds = 0;

	if (epoch == NULL || time == NULL || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1)
		days = seconds = 0;
	ASN1_TIME_free(epoch);
	return (int64_t)days * DAY_SECONDS + seconds;
}

/* Return the moment at which a day begins in Japan. */
static int64_t begin_of(struct day day)
{
	struct tm tm = {.tm_year = day.year - 1900, .tm_mon = day.month - 1, .tm_mday = day.day};

	return (int64_t)timegm(&tm) - JAPAN_SECONDS;
}

bool date_before(const char *last_day, int months, int days, struct date_day *day)
{
	struct day last, before;
	char text[DATE_TEXT_SIZE];
	struct tm tm = {0};
	const char *end = strptime(last_day, "%Y-%m-%d", &tm);

	last = (struct day){.year = tm.tm_year + 1900, .month = tm.tm_mon + 1, .day = tm.tm_mday};
	if (end == NULL || *end != '\0' || !date_in_words(last.year, last.month, last.day, text))
		return false;
	before = day_of(begin_of(months_before(last, months)) - (int64_t)days * DAY_SECONDS);
	write_day(before, day->iso, day->text);
	day->days_left = (int)(day_number(begin_of(last)) - day_number(begin_of(before)));
	return true;
}

struct date_validity date_validity_of(const X509 *certificate, time_t now)
{
	int64_t begin = seconds_of(X509_get0_notBefore(certificate));
	int64_t end = seconds_of(X509_get0_notAfter(certificate));
	struct date_validity validity = {.band = DATE_FINE};

	validity.days_old = (int)(day_number(now) - day_number(begin));
	validity.days_left = (int)(day_number(end) - day_number(now));
	write_day(day_of(begin), validity.first_day, validity.first_day_text);
	write_day(day_of(end), validity.last_day, validity.last_day_text);
	/* The period includes both its ends (RFC 5280 §4.1.2.5). */
	if (now > end)
		validity.band = DATE_ENDED;
	else if (now < begin)
		validity.band = DATE_NOT_YET;
	else if (!is_before(day_of(now), renewal_day(day_of(end))))
		validity.band = DATE_SOON;
	return validity;
}

const struct date_validity *date_effective(const struct date_validity *own,
					   const struct date_validity *auth)
{
	return auth->last_day[0] != '\0' && strcmp(auth->last_day, own->last_day) < 0 ? auth : own;
}
