/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setting: sets a program up in the worker as the command does, or undoes that. */
#ifndef JPKI_WINDOW_SETTING_H
#define JPKI_WINDOW_SETTING_H

#include "app/setup/setup_program.h"
#include "window/told.h"

/* What is to be done for a program, and what came of it. */
struct setting {
	const struct setup_program *program;
	struct setup_request request;
	struct setup_plan plan;
	bool is_possible; /* the plan can be followed, or needs no step */
	struct told told; /* what it would do, or why it can't; then what came of it */
};

/* Make one for the program of this name; end it with setting_free. */
struct setting *setting_new(const char *name, bool undo);
void setting_free(struct setting *setting);

/* In the worker: find out what is to be done, and say that. */
void setting_plan(struct setting *setting);

/* Once it is planned: is there something that can be done here? Is there nothing left to do? */
bool setting_has_steps(const struct setting *setting);
bool setting_is_done(const struct setting *setting);

/* In the worker: do it if it is still the same, and say what came of it. */
void setting_follow(struct setting *setting);

#endif
