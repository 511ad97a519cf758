/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor_finding: holds what a check of jpki doctor has found, in words that tell nothing
 * personal.
 */
#ifndef JPKI_TOOL_DOCTOR_DOCTOR_FINDING_H
#define JPKI_TOOL_DOCTOR_DOCTOR_FINDING_H

#include <limits.h>

#include "app/app.h"
#include "app/ui/situation.h"

#define DOCTOR_TEXT_SIZE 512

enum doctor_verdict {
	DOCTOR_GOOD,
	DOCTOR_BAD,
	DOCTOR_OPEN, /* there is nothing to check, or it can't be checked */
};

struct doctor_finding {
	enum doctor_verdict verdict;
	enum app_exit exit_code;     /* DOCTOR_BAD: how jpki ends if this is the first */
	enum situation situation;    /* SITUATION_NONE: none of them */
	char text[DOCTOR_TEXT_SIZE]; /* one line */
	const char *remedy;          /* translated; NULL: none is needed */
};

/* A path as it may be shown: without the name of the home directory. path is room for it. */
const char *doctor_path(const char *full, char path[PATH_MAX]);

/*
 * A finding. The text is a printf format, translated. With the text of a situation, one without
 * arguments, for a remedy, unless it is SITUATION_NONE.
 */
struct doctor_finding doctor_find(enum doctor_verdict verdict, enum situation situation,
				  const char *remedy, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

#define doctor_good(...)          doctor_find(DOCTOR_GOOD, SITUATION_NONE, NULL, __VA_ARGS__)
#define doctor_open(remedy, ...)  doctor_find(DOCTOR_OPEN, SITUATION_NONE, remedy, __VA_ARGS__)
#define doctor_bad(remedy, ...)   doctor_find(DOCTOR_BAD, SITUATION_NONE, remedy, __VA_ARGS__)
#define doctor_in(situation, ...) doctor_find(DOCTOR_BAD, situation, NULL, __VA_ARGS__)

#endif
