/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* claimed_time: reads the time that a signature claims, and writes it in words. */
#include "app/certificate/claimed_time.h"

#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/certificate/date.h"

#define MINUTE_SECONDS 60
#define HOUR_MINUTES   60
/* No zone is farther away (xs:dateTime). */
#define ZONE_HOURS_MAX 14

/* Take so many digits. False if there are fewer. */
static bool take_digits(const char **text, int count, int *value)
{
	*value = 0;
	for (int i = 0; i < count; i++, (*text)++) {
		if (**text < '0' || **text > '9')
			return false;
		*value = *value * 10 + (**text - '0');
	}
	return true;
}

static void skip(const char **text, char sign)
{
	if (**text == sign)
		(*text)++;
}

/* Take the year and all down to the second. */
static bool take_fields(const char **text, struct tm *tm)
{
	return take_digits(text, 4, &tm->tm_year) && (skip(text, '-'), true) &&
	       take_digits(text, 2, &tm->tm_mon) && (skip(text, '-'), true) &&
	       take_digits(text, 2, &tm->tm_mday) && (skip(text, 'T'), true) &&
	       take_digits(text, 2, &tm->tm_hour) && (skip(text, ':'), true) &&
	       take_digits(text, 2, &tm->tm_min) && (skip(text, ':'), true) &&
	       take_digits(text, 2, &tm->tm_sec);
}

/* Take the zone, if there is one, and the end. */
static bool take_zone(const char **text, bool *zoned, int *minutes)
{
	int hours = 0, rest = 0, sign = **text == '-' ? -1 : 1;

	*minutes = 0;
	*zoned = **text != '\0';
	if (!*zoned)
		return true;
	if (**text == 'Z' && (*text)[1] == '\0')
		return true;
	if (strchr("Z+-", **text) == NULL)
		return false;
	(*text)++;
	if (!take_digits(text, 2, &hours) || hours > ZONE_HOURS_MAX)
		return false;
	skip(text, **text == ':' ? ':' : '\'');
	if (**text != '\0' && (!take_digits(text, 2, &rest) || rest >= HOUR_MINUTES))
		return false;
	skip(text, '\'');
	*minutes = sign * (hours * HOUR_MINUTES + rest);
	return **text == '\0';
}

struct claimed_time claimed_time_read(const char *text)
{
	struct claimed_time time = {.known = false};
	struct tm tm = {0}, again;
	int minutes = 0;

	if (strncmp(text, "D:", strlen("D:")) == 0)
		text += strlen("D:");
	if (!take_fields(&text, &tm))
		return time;
	if (*text == '.')
		text += 1 + strspn(text + 1, "0123456789");
	if (!take_zone(&text, &time.zoned, &minutes))
		return time;
	tm.tm_year -= 1900;
	tm.tm_mon -= 1;
	again = tm;
	time.when = timegm(&again);
	/* Otherwise there is no such day or hour. */
	time.known = again.tm_mon == tm.tm_mon && again.tm_mday == tm.tm_mday &&
		     again.tm_hour == tm.tm_hour && again.tm_min == tm.tm_min;
	time.when -= (time_t)minutes * MINUTE_SECONDS;
	return time;
}

/* A time without a zone, as it stands. */
static bool bare_in_words(const struct claimed_time *time, char text[CLAIMED_TIME_SIZE])
{
	char day[DATE_TEXT_SIZE];
	struct tm tm;

	if (gmtime_r(&time->when, &tm) == NULL ||
	    !date_in_words(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, day))
		return false;
	/* TRANSLATORS: a time: day, hour, minute. */
	snprintf(text, CLAIMED_TIME_SIZE, _("%s, %02d:%02d (of an unknown time zone)"), day,
		 tm.tm_hour, tm.tm_min);
	return true;
}

bool claimed_time_in_words(const struct claimed_time *time, char text[CLAIMED_TIME_SIZE])
{
	char words[DATE_TIME_SIZE];

	text[0] = '\0';
	if (!time->known)
		return false;
	if (!time->zoned)
		return bare_in_words(time, text);
	if (!date_time_in_words(time->when, words))
		return false;
	snprintf(text, CLAIMED_TIME_SIZE, "%s", words);
	return true;
}

bool claimed_time_iso(const struct claimed_time *time, char text[CLAIMED_TIME_ISO_SIZE])
{
	struct tm tm;
	bool done = time->known && gmtime_r(&time->when, &tm) != NULL &&
		    strftime(text, CLAIMED_TIME_ISO_SIZE, "%Y-%m-%d %H:%M:%S", &tm) > 0;

	if (!done)
		text[0] = '\0';
	return done;
}
