/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The engine of the failure injection: a job of a program, through the C_ functions, is run again
 * and again; in the first run its first call of the class fails, in the second the second, until a
 * run makes no such call. After each run all that has to hold whatever failed.
 */
#ifndef INJECT_ENGINE_H
#define INJECT_ENGINE_H

#include "inject.h"
#include "sweep.h"

struct engine_plan {
	unsigned int classes;
	bool lasting; /* from the call on, and not it alone */
	/* What PC/SC says in each run; one run for each. None: one run. */
	const long *codes;
	size_t code_count;
	/* Whether the outcome may be this, with inject_name() and inject_code() for what failed. */
	bool (*is_right)(const struct sweep_run *run);
	/* Whether what was said may be believed until the card leaves; NULL: never. */
	bool (*is_believed)(void);
};

/* The module, over src/card/pcsc.c and a fake winscard, with an adult's card in its reader; one
 * without a serial of its own is known by its certificate. */
void engine_start(bool without_serial);
void engine_stop(void);

/* All runs of a job under the plan; how many there were. Prints what is wrong, and asserts that
 * nothing is. */
unsigned int engine_run(const struct sweep_job *job, const struct engine_plan *plan);

/* Prints how many runs there were and which functions failed in them, and asserts that there are as
 * many of both as there should be: fewer mean that a part of the runs is not made any more. */
void engine_assert_all(unsigned int runs, unsigned int runs_min, unsigned int names);

/* In processes of their own: each call of the classes fails in turn when a process uses the module
 * and OpenSSL for the first time. How many runs there were. */
unsigned int engine_run_first_use(unsigned int classes);
/* One of these processes, when main has been given two arguments; its exit code. */
int engine_be_first_use(char *const arguments[]);

/* Jobs besides those of the sweep; and one of either by its name. */
const struct sweep_job *engine_find_job(const char *name);
/* After C_Initialize: makes the signature that the jobs verify. */
void engine_learn_signature(void);

#endif
