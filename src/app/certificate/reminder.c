/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reminder: writes the few lines of a calendar that such a reminder needs. */
#include "app/certificate/reminder.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/situation.h"

/* A line has at most so many bytes (RFC 5545 §3.1). */
#define LINE_MAX_BYTES   75
#define DESCRIPTION_SIZE 512

size_t reminder_days(const struct date_validity *validity, struct date_day days[REMINDER_MAX])
{
	static const struct {
		int months;
		int days;
	} before[REMINDER_MAX] = {{DATE_RENEWAL_MONTHS, 0}, {1, 0}, {0, 7}};
	size_t count = 0;

	for (size_t i = 0; i < REMINDER_MAX; i++) {
		if (date_before(validity->last_day, before[i].months, before[i].days,
				&days[count]) &&
		    days[count].days_left < validity->days_left)
			count++;
	}
	return count;
}

/* Return how many bytes the character at text has: it is not cut (RFC 5545 §3.1). */
static size_t character_length(const char *text)
{
	size_t length = 1;

	while (((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* Write a property whose value is a text: escaped (§3.3.11), and folded (§3.1). */
static void put_text(FILE *out, const char *name, const char *text)
{
	size_t used = (size_t)fprintf(out, "%s:", name);

	while (text[0] != '\0') {
		size_t length = character_length(text);
		bool escaped = strchr("\\;,\n", text[0]) != NULL;

		if (used + length + (escaped ? 1 : 0) > LINE_MAX_BYTES) {
			fputs("\r\n ", out);
			used = 1;
		}
		fprintf(out, "%s%.*s", escaped ? "\\" : "", (int)length,
			text[0] != '\n' ? text : "n");
		used += length + (escaped ? 1 : 0);
		text += length;
	}
	fputs("\r\n", out);
}

/* The table of situations says what each format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void describe(const struct date_validity *validity, const struct date_day *day,
		     char text[DESCRIPTION_SIZE])
{
	snprintf(text, DESCRIPTION_SIZE, situation_text(SITUATION_SOON), day->days_left,
		 validity->last_day_text);
}
#pragma GCC diagnostic pop

static void put_entry(FILE *out, const struct date_validity *validity, const struct date_day *day,
		      const char *stamp)
{
	/* TRANSLATORS: an entry of a calendar. */
	const char *summary = _("My Number card: its certificates expire soon");
	char text[DESCRIPTION_SIZE];

	describe(validity, day, text);
	fprintf(out, "BEGIN:VEVENT\r\nUID:%s-%d@jpki-pkcs11\r\nDTSTAMP:%s\r\n", validity->last_day,
		day->days_left, stamp);
	fprintf(out, "DTSTART;VALUE=DATE:%.4s%.2s%.2s\r\n", day->iso, day->iso + 5, day->iso + 8);
	put_text(out, "SUMMARY", summary);
	put_text(out, "DESCRIPTION", text);
	/* The day is not taken, and is nobody else's business. */
	fputs("TRANSP:TRANSPARENT\r\nCLASS:PRIVATE\r\n", out);
	/* At nine in the morning. */
	fputs("BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:PT9H\r\n", out);
	put_text(out, "DESCRIPTION", summary);
	fputs("END:VALARM\r\nEND:VEVENT\r\n", out);
}

char *reminder_calendar(const struct date_validity *validity, time_t now)
{
	struct date_day days[REMINDER_MAX];
	size_t count = reminder_days(validity, days);
	char stamp[sizeof("YYYYMMDDThhmmssZ")] = "19700101T000000Z";
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	struct tm tm;

	if (out == NULL)
		return NULL;
	if (gmtime_r(&now, &tm) != NULL)
		strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &tm);
	fputs("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//jpki-pkcs11//jpki-window//EN\r\n", out);
	for (size_t i = 0; i < count; i++)
		put_entry(out, validity, &days[i], stamp);
	fputs("END:VCALENDAR\r\n", out);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
