/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* reminder: makes a calendar file that reminds of the end of a certificate, and holds the days
 * alone. */
#ifndef JPKI_APP_CERTIFICATE_REMINDER_H
#define JPKI_APP_CERTIFICATE_REMINDER_H

#include <stddef.h>
#include <time.h>

#include "app/certificate/date.h"

#define REMINDER_MAX 3

/*
 * Put the days on which to remind of the end of this period into days, the earliest first: three
 * months, one month and one week before, as far as they are still to come. Return how many.
 */
size_t reminder_days(const struct date_validity *validity, struct date_day days[REMINDER_MAX]);

/*
 * Return a calendar (RFC 5545) with an entry for each of those days, which says what to do. Nothing
 * in it is about the holder or the card, and whoever imports it twice has each entry once. now is
 * in seconds since the epoch. The messages must come in UTF-8. The caller frees it; NULL without
 * memory.
 */
char *reminder_calendar(const struct date_validity *validity, time_t now);

#endif
