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

/* cmocka's setup and teardown: the module, over src/card/pcsc.c and a fake winscard, with an
 * adult's card in its reader; one without a serial of its own is known by its certificate. */
int engine_set_up(void **state);
int engine_set_up_without_serial(void **state);
int engine_tear_down(void **state);

/* A test of cmocka that is given the name of a job as its state. */
#define ENGINE_JOB(name, test, set_up)                                                             \
	{                                                                                          \
		name, test, set_up, engine_tear_down, (void *)(uintptr_t)(name)                    \
	}

/* The jobs that every class but INJECT_FILE is tried in; a program may have more. */
#define ENGINE_JOBS(job)                                                                           \
	job("start and list"), job("read auth"), job("login auth"), job("login sign and read"),    \
		job("wrong login auth"), job("wrong login sign"), job("login auth and sign"),      \
		job("sign auth"), job("sign auth PSS"), job("sign sign"), job("sign sign PSS"),    \
		job("change auth PIN"), job("change sign PIN, logged in"),                         \
		job("wrong change auth PIN"), job("wrong change sign PIN"), job("random"),         \
		job("verify"), job("digest"), job("sign after a reset")

/* All runs of a job under the plan; how many there were. Prints what is wrong, and asserts that
 * nothing is. */
unsigned int engine_run(const struct sweep_job *job, const struct engine_plan *plan);

/* The runs in which the call fails alone, and then those in which all after it fail, too. */
unsigned int engine_run_both(const struct sweep_job *job, unsigned int classes,
			     bool (*is_right)(const struct sweep_run *run));

/* Prints how many runs there were and which functions failed in them, and asserts that there are as
 * many of both as there should be: fewer mean that a part of the runs is not made any more. */
void engine_assert_all(unsigned int runs, unsigned int runs_min, unsigned int names);

/* In processes of their own: each call of the classes fails in turn when a process uses the module
 * and OpenSSL for the first time. How many runs there were. */
unsigned int engine_run_first_use(unsigned int classes);
/* One of these processes, when main has been given two arguments; its exit code. */
int engine_be_first_use(char *const arguments[]);

/* A class of calls that fail whatever the card does, in a program of its own. */
struct engine_class {
	unsigned int classes;
	bool (*is_right)(const struct sweep_run *run);
	/* See engine_assert_all. */
	unsigned int runs_min, names;
};

/* The program: its calls fail in every job, and at the first use. What main returns. */
int engine_test_class(int count, char **arguments, const struct engine_class *class);

/* Jobs besides those of the sweep; and one of either by its name. */
const struct sweep_job *engine_find_job(const char *name);
/* After C_Initialize: makes the signature that the jobs verify. */
void engine_learn_signature(void);

#endif
