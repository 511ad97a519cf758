/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * date: counts days as people in Japan do: a certificate that expires at 14:59:59 UTC expires on
 * that day.
 */
#ifndef JPKI_APP_CERTIFICATE_DATE_H
#define JPKI_APP_CERTIFICATE_DATE_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <time.h>

/* Room for a day in words, such as "2031年3月7日" or "7 March 2031". */
#define DATE_TEXT_SIZE 64
/* Room for a time in words, such as "2026年11月29日 4時13分(日本時間)". */
#define DATE_TIME_SIZE 96
/* Room for a day in the form for scripts, such as "2031-03-07". */
#define DATE_ISO_SIZE 11

/*
 * How much of a certificate's validity period is left. Renewal is possible in the last three
 * months.
 */
enum date_band { DATE_NOT_YET, DATE_FINE, DATE_SOON, DATE_ENDED };

struct date_validity {
	enum date_band band;
	int days_old;  /* whole days since the first day: 0 on it, negative before it */
	int days_left; /* whole days until the last day: 0 on it, negative after it */
	char last_day[DATE_ISO_SIZE];       /* YYYY-MM-DD in Japanese time, for scripts */
	char last_day_text[DATE_TEXT_SIZE]; /* the same day in the words of the locale */
	char first_day[DATE_ISO_SIZE];
	char first_day_text[DATE_TEXT_SIZE];
};

/* Return the validity of a certificate at this moment (seconds since the epoch). */
struct date_validity date_validity_of(const X509 *certificate, time_t now);

/* Return "not-yet", "in-date", "soon" or "expired", for scripts. Static. */
const char *date_band_name(enum date_band band);

/* A day before another one. */
struct date_day {
	char iso[DATE_ISO_SIZE];
	char text[DATE_TEXT_SIZE];
	int days_left; /* until the other one */
};

/* From so many months before a certificate's last day on it can be renewed. */
#define DATE_RENEWAL_MONTHS 3

/*
 * Return the day so many months and days before last_day (YYYY-MM-DD): the same day of an earlier
 * month, or that month's last day if the month is shorter. False if last_day is none.
 */
bool date_before(const char *last_day, int months, int days, struct date_day *day);

/*
 * Write a day in the words of the locale. False, and text is "", if the calendar has no such day.
 */
bool date_in_words(int year, int month, int day, char text[DATE_TEXT_SIZE]);

/*
 * Write a time in the words of the locale, as the clocks in Japan show it, whatever this computer's
 * time zone is. False, and text is "", if it is beyond the calendar of date_in_words.
 */
bool date_time_in_words(time_t when, char text[DATE_TIME_SIZE]);

/*
 * Return the validity period that counts for a certificate of the card: its own, or that of the
 * authentication certificate if this expires on an earlier day, because the signing certificate
 * expires with it. auth is all zero if it is not known or does not matter.
 */
const struct date_validity *date_effective(const struct date_validity *own,
					   const struct date_validity *auth);

#endif
