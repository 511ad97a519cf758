/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_report: tells the state of a reader and its card without a PIN, and what is to be done. */
#ifndef JPKI_APP_CARD_CARD_REPORT_H
#define JPKI_APP_CARD_CARD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "app/card/cards.h"
#include "app/certificate/date.h"
#include "app/ui/situation.h"

enum card_report_certificate {
	CARD_REPORT_READ,      /* validity is filled in */
	CARD_REPORT_NEEDS_PIN, /* it is there, and is shown after the PIN only */
	CARD_REPORT_ABSENT,
	CARD_REPORT_UNREADABLE, /* error says why */
};

/* One PIN with its certificate. */
struct card_report_half {
	bool exists; /* the card has it */
	struct jpki_token_info info;
	enum card_report_certificate certificate;
	enum jpki_error error;
	struct date_validity validity;
};

#define CARD_REPORT_ADVICE_MAX 8

struct card_report {
	const struct card *card;
	/* Of a card that can't be used, and of an empty reader: why; else SITUATION_NONE. */
	enum situation situation;
	struct card_report_half halves[JPKI_KEY_COUNT];
	enum situation advice[CARD_REPORT_ADVICE_MAX]; /* the most urgent first */
	size_t advice_count;
	enum app_exit exit_code;
};

/* Looks at the card, with an exchange or more; now is in seconds since the epoch. */
void card_report_make(struct card_report *report, const struct card *card, time_t now);

/*
 * The worse of two: what has gone wrong, expired, locked, absent, soon, fine; and then, as there is
 * no card to be good or bad: another card, no card, no reader.
 */
enum app_exit card_report_worse(enum app_exit left, enum app_exit right);

/*
 * The period of the card's authentication certificate at this moment (seconds since the epoch),
 * for date_effective: all zero if it can't be known without a PIN, or there is none.
 */
struct date_validity card_report_auth_validity(const struct card *card, time_t now);

#endif
