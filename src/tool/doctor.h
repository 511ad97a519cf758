/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The checks of jpki doctor. Each looks at one thing, changes nothing, asks for no PIN, and says
 * nothing personal: no name, no serial number, no path below the home directory, and no date of a
 * certificate, for it ends on a birthday. So people can show the output to others.
 */
#ifndef JPKI_TOOL_DOCTOR_H
#define JPKI_TOOL_DOCTOR_H

#include <limits.h>
#include <stdbool.h>
#include <time.h>

#include "tool/cards.h"
#include "tool/situation.h"
#include "tool/tool.h"

#define DOCTOR_TEXT_SIZE 512

enum doctor_verdict {
	DOCTOR_GOOD,
	DOCTOR_BAD,
	DOCTOR_OPEN, /* there is nothing to check, or it can't be checked */
};

struct doctor_finding {
	enum doctor_verdict verdict;
	enum tool_exit exit_code;    /* DOCTOR_BAD: how jpki ends if this is the first */
	enum situation situation;    /* SITUATION_COUNT: none of them */
	char text[DOCTOR_TEXT_SIZE]; /* one line */
	const char *remedy;          /* translated; NULL: none is needed */
};

/* What the checks look at. */
struct doctor_view {
	struct tool_cards cards;
	const struct tool_card *card; /* the one that is checked; NULL when none can be used */
	enum situation no_card;       /* why */
	time_t now;
};

typedef struct doctor_finding doctor_check(const struct doctor_view *view);

doctor_check doctor_sandbox, doctor_service, doctor_access, doctor_readers, doctor_sharing,
	doctor_card, doctor_pins;
doctor_check doctor_certificate, doctor_sign_certificate, doctor_authorities, doctor_clock;
doctor_check doctor_module, doctor_registration, doctor_rivals, doctor_browsers, doctor_firefox,
	doctor_chromium;

/* A path as it may be shown: without the name of the home directory. path is room for it. */
const char *doctor_path(const char *full, char path[PATH_MAX]);

/*
 * A finding. The text is a printf format, translated. With the text of a situation, one without
 * arguments, for a remedy, unless it is SITUATION_COUNT.
 */
struct doctor_finding doctor_find(enum doctor_verdict verdict, enum situation situation,
				  const char *remedy, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define doctor_good(...)          doctor_find(DOCTOR_GOOD, SITUATION_COUNT, NULL, __VA_ARGS__)
#define doctor_open(remedy, ...)  doctor_find(DOCTOR_OPEN, SITUATION_COUNT, remedy, __VA_ARGS__)
#define doctor_bad(remedy, ...)   doctor_find(DOCTOR_BAD, SITUATION_COUNT, remedy, __VA_ARGS__)
#define doctor_in(situation, ...) doctor_find(DOCTOR_BAD, situation, NULL, __VA_ARGS__)

#endif
