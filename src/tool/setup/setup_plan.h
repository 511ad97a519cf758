/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup_plan: holds what jpki setup is going to do, step by step: first it is shown, then it is
 * done.
 */
#ifndef JPKI_TOOL_SETUP_SETUP_PLAN_H
#define JPKI_TOOL_SETUP_SETUP_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "app/app.h"

#define SETUP_STEPS_MAX     256
#define SETUP_ARGUMENTS_MAX 8

enum setup_action {
	SETUP_MAKE_DIRECTORY,
	SETUP_REMOVE_DIRECTORY, /* if it is empty */
	SETUP_WRITE,
	SETUP_REMOVE,
	SETUP_RUN,
};

struct setup_step {
	enum setup_action action;
	char *path;
	char *text;  /* SETUP_WRITE: what the file will hold */
	char *shown; /* SETUP_WRITE: the lines that are new in it; NULL: lines are taken away */
	mode_t mode;
	char *arguments[SETUP_ARGUMENTS_MAX + 1]; /* SETUP_RUN: a program and its arguments */
};

struct setup_plan {
	size_t count;
	struct setup_step steps[SETUP_STEPS_MAX];
	bool failed;   /* without memory or room: it is not to be followed */
	char *message; /* why it cannot be done, if it was said */
};

/* What was asked for. */
struct setup_request {
	bool undo;
	char **hosts; /* of ssh */
	size_t host_count;
};

/* Says on standard error why it cannot be done, and keeps it in the plan. Returns code. */
enum app_exit setup_refuse(struct setup_plan *plan, enum app_exit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Adds a step; when there is no memory or room for it, the plan has failed. Texts are copied. text
 * is all that the file will hold, shown the lines that are new in it, or NULL when some are taken
 * away.
 */
void setup_plan_write(struct setup_plan *plan, const char *path, const char *text,
		      const char *shown, mode_t mode);
void setup_plan_remove(struct setup_plan *plan, const char *path);
/* The program first, and NULL at the end. */
void setup_plan_run(struct setup_plan *plan, const char *const *arguments);
/* The directories that a file needs, outermost first; and the innermost count of them away. */
void setup_plan_directories(struct setup_plan *plan, const char *path);
void setup_plan_no_directories(struct setup_plan *plan, const char *path, size_t count);

/* How much is kept of what a program says. */
#define SETUP_WORDS_SIZE 4096

/*
 * Runs a program without input; what it says on standard output and standard error is in words.
 * Returns its exit code; -1 when it could not be run, or has crashed.
 */
int setup_run(char *const arguments[], char words[SETUP_WORDS_SIZE]);

/* Shows the steps on standard output. */
void setup_plan_show(const struct setup_plan *plan);

/* The steps as JSON, see docs/jpki-setup.schema.json; NULL without memory. */
json_t *setup_plan_json(const struct setup_plan *plan);

/* Whether both have the same steps. */
bool setup_plan_equal(const struct setup_plan *one, const struct setup_plan *other);

/* Follows them; APP_FAILED, with a message by setup_refuse, at the first that fails. */
enum app_exit setup_plan_follow(struct setup_plan *plan);

/* Frees its texts; the plan is an empty one afterwards. */
void setup_plan_free(struct setup_plan *plan);

/*
 * A file that is all ours: the text goes behind a first line that says so, and how many directories
 * were made for it. A file that does not begin so is left alone.
 */
enum app_exit setup_plan_own_file(struct setup_plan *plan, const struct setup_request *request,
				  const char *program, const char *path, const char *text);

#endif
