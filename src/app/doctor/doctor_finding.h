/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_finding: holds what a check found, in words without personal data. */
#ifndef JPKI_APP_DOCTOR_DOCTOR_FINDING_H
#define JPKI_APP_DOCTOR_DOCTOR_FINDING_H

#include <limits.h>

#include "app/app.h"
#include "app/ui/situation.h"

#define DOCTOR_TEXT_SIZE 512

enum doctor_verdict {
	DOCTOR_GOOD,
	DOCTOR_BAD,
	DOCTOR_OPEN, /* nothing to check, or it cannot be checked */
};

struct doctor_finding {
	enum doctor_verdict verdict;
	enum app_exit exit_code;     /* DOCTOR_BAD: the exit code if this is the first one */
	enum situation situation;    /* SITUATION_NONE if none applies */
	char text[DOCTOR_TEXT_SIZE]; /* one line */
	const char *remedy;          /* translated; NULL if none is needed */
	/* The program that the remedy has jpki setup set up (app/setup/setup_program.h); NULL: it
	 * is something else. */
	const char *setup;
};

/*
 * Return a path without the name of the home directory, so that it may be shown. path is its
 * buffer.
 */
const char *doctor_path(const char *full, char path[PATH_MAX]);

/*
 * Make a finding. format is a translated printf format. The remedy is the text of the situation,
 * which must take no arguments, unless the situation is SITUATION_NONE.
 */
struct doctor_finding doctor_find(enum doctor_verdict verdict, enum situation situation,
				  const char *remedy, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Return the finding; if it has a remedy, that is to set this program up, as the remedy says. */
struct doctor_finding doctor_with_setup(struct doctor_finding finding, const char *program);

#define doctor_good(...)          doctor_find(DOCTOR_GOOD, SITUATION_NONE, NULL, __VA_ARGS__)
#define doctor_open(remedy, ...)  doctor_find(DOCTOR_OPEN, SITUATION_NONE, remedy, __VA_ARGS__)
#define doctor_bad(remedy, ...)   doctor_find(DOCTOR_BAD, SITUATION_NONE, remedy, __VA_ARGS__)
#define doctor_in(situation, ...) doctor_find(DOCTOR_BAD, situation, NULL, __VA_ARGS__)

#endif
