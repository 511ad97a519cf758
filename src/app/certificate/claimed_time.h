/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* claimed_time: the time that a signature says it was made at, which proves nothing. */
#ifndef JPKI_APP_CERTIFICATE_CLAIMED_TIME_H
#define JPKI_APP_CERTIFICATE_CLAIMED_TIME_H

#include <stdbool.h>
#include <time.h>

/* Room for such a time in words. */
#define CLAIMED_TIME_SIZE 160
/* Room for one in the form for scripts, "2026-11-29 04:13:00". */
#define CLAIMED_TIME_ISO_SIZE 20

struct claimed_time {
	bool known;  /* or else there is none */
	bool zoned;  /* it has a time zone, so that it is a moment */
	time_t when; /* without a zone: what would be the moment in UTC */
};

/*
 * Read a time from XML (xs:dateTime: "2026-11-29T04:13:00+09:00"), from a PDF (ISO 32000-1 §7.9.4:
 * "D:20261129041300+09'00'") or as digits alone; to the second, with or without a zone. It is not
 * known if the text is anything else, or no day of the calendar.
 */
struct claimed_time claimed_time_read(const char *text);

/*
 * Write it in the words of the locale: as the clocks in Japan show it, or without a zone as it
 * stands, with a remark. False, and text is "", if it is not known or beyond the calendar.
 */
bool claimed_time_in_words(const struct claimed_time *time, char text[CLAIMED_TIME_SIZE]);

/* Write it for scripts: in UTC, or without a zone as it stands. False as above. */
bool claimed_time_iso(const struct claimed_time *time, char text[CLAIMED_TIME_ISO_SIZE]);

#endif
