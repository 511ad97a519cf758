/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_run: does all checks in their order, and tells what each found. */
#ifndef JPKI_APP_DOCTOR_DOCTOR_RUN_H
#define JPKI_APP_DOCTOR_DOCTOR_RUN_H

#include <stdbool.h>
#include <stddef.h>

#include "app/doctor/doctor_checks.h"
#include "app/ui/line.h"

/* What must have been looked at before a check. */
enum doctor_need { DOCTOR_NEEDS_NOTHING, DOCTOR_NEEDS_READERS, DOCTOR_NEEDS_CARDS };

/* Tell what a check found. name is for scripts, title is translated; all but them is the run's. */
typedef void doctor_tell(const char *name, const char *title, const struct doctor_finding *finding,
			 void *argument);

/* One run: another thread may go on with it if the service or the card is waited for in vain. */
struct doctor_run {
	doctor_tell *tell;
	void *argument;
	struct doctor_view view;
	enum doctor_need looked; /* what has been looked at */
	size_t next;             /* the check to be done */
	enum app_exit result;    /* the exit code of the first one that found something bad */
};

/* Do all checks. The caller sets tell and argument, the rest is zero, and closes view.cards (with
 * cards_close) afterwards. Return false without memory. */
bool doctor_run(struct doctor_run *run);

/* Do those of them that come before the last that needs the card, and this one: doctor_run then
 * does the rest, without a wait. As doctor_run. */
bool doctor_run_with_card(struct doctor_run *run);

/*
 * Do the checks anew in another run, as doctor_go_on, after the first of them, which have been
 * told. What the thread that is stuck still tells of them is not to be heard.
 */
bool doctor_run_after(struct doctor_run *run, size_t told, enum situation waited);

/*
 * Go on from the check that waits in vain, which tells this situation, without the card or the
 * service: the thread that did the checks until now is stuck. As doctor_run.
 */
bool doctor_go_on(struct doctor_run *run, enum situation waited);

/*
 * Do one check by itself, of those that need neither readers nor cards: also anew, after its
 * remedy. *title is as for doctor_tell. Return false if there is none of this name.
 */
bool doctor_run_one(const char *name, const char **title, struct doctor_finding *finding);

/* Return how a line about a finding begins, such as "NG"; the same in every language. Static. */
const char *doctor_mark(enum doctor_verdict verdict);

/* Return the verdict's name for scripts, and its tone. */
const char *doctor_verdict_name(enum doctor_verdict verdict);
enum ui_tone doctor_tone(enum doctor_verdict verdict);

/* Return the last line: where to begin if any check found something bad, or that no problem was
 * found. Translated. */
const char *doctor_conclusion(bool any_bad);

#endif
