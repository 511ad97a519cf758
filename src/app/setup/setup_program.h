/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_program: knows the programs that can be set up, and sets one up as it was shown. */
#ifndef JPKI_APP_SETUP_SETUP_PROGRAM_H
#define JPKI_APP_SETUP_SETUP_PROGRAM_H

#include "app/setup/setup_planners.h"

struct setup_program {
	const char *name;
	setup_planner *plan;
	const char *hint;    /* what to do next, to be translated; NULL: nothing */
	const char *purpose; /* of the command, to be translated */
	const char *command; /* that may come next; NULL: none */
};

/* Return the program of this name; NULL: there is none. */
const struct setup_program *setup_program_find(const char *name);

/*
 * Find out what is to be done for a program of the user who runs this. *plan is empty. It can be
 * followed if this returns APP_OK; else it was said why not. In both cases the caller frees it.
 */
enum app_exit setup_program_plan(const struct setup_program *program,
				 const struct setup_request *request, struct setup_plan *plan);

/*
 * Follow a plan that was shown, if it is still the same: a browser may have been started since, or
 * a file changed. Otherwise say so, and do nothing.
 */
enum app_exit setup_program_follow(const struct setup_program *program,
				   const struct setup_request *request, struct setup_plan *plan);

/* Say that it was done, and what to do next: with a command only where somebody can type it. */
void setup_program_tell_done(const struct setup_program *program,
			     const struct setup_request *request);

#endif
