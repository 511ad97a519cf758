/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * card_report: tells the state of a reader and its card without a PIN, and what its holder should
 * do.
 */
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
	CARD_REPORT_NEEDS_PIN, /* the certificate exists, but needs the PIN */
	CARD_REPORT_ABSENT,
	CARD_REPORT_UNREADABLE, /* error says why */
};

/* One key with its PIN and certificate. */
struct card_report_half {
	bool exists; /* the card has this half */
	struct jpki_token_info info;
	enum card_report_certificate certificate;
	enum jpki_error error;
	struct date_validity validity;
};

#define CARD_REPORT_ADVICE_MAX 8

struct card_report {
	const struct card *card;
	/* Why the card cannot be used, or that the reader is empty; else SITUATION_NONE. */
	enum situation situation;
	struct card_report_half halves[JPKI_KEY_COUNT];
	enum situation advice[CARD_REPORT_ADVICE_MAX]; /* most urgent first */
	size_t advice_count;
	enum app_exit exit_code;
};

/* Read the card, which takes one or more exchanges. now is in seconds since the epoch. */
void card_report_make(struct card_report *report, const struct card *card, time_t now);

/*
 * The same in parts, to show each as soon as it is known: what the recognition says, one half after
 * the other in the order of their keys, and what the holder should do. Once the situation is not
 * SITUATION_NONE no further half is read.
 */
void card_report_begin(struct card_report *report, const struct card *card);
void card_report_read(struct card_report *report, enum jpki_key key, time_t now);
void card_report_end(struct card_report *report);

/* True if the half exists, its PIN was set, and exactly this many tries are left. */
bool card_report_has_tries(const struct card_report_half *half, int tries);

/*
 * Return the more serious of two exit codes. From the most serious: failed, expired, locked,
 * absent, soon, fine; then those without a usable card: another kind of card, no card, no reader.
 */
enum app_exit card_report_worse(enum app_exit left, enum app_exit right);

/*
 * Return the validity period of the card's authentication certificate at this moment (seconds since
 * the epoch), for date_effective: all zero if the certificate is missing or needs a PIN.
 */
struct date_validity card_report_auth_validity(const struct card *card, time_t now);

#endif
