/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup_plan: holds what jpki setup is going to do, step by step, to be shown first and then done.
 */
#ifndef JPKI_APP_SETUP_SETUP_PLAN_H
#define JPKI_APP_SETUP_SETUP_PLAN_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "app/app.h"

#define SETUP_STEPS_MAX     256
#define SETUP_ARGUMENTS_MAX 8
#define SETUP_PARTS_MAX     8

enum setup_action {
	SETUP_MAKE_DIRECTORY,
	SETUP_REMOVE_DIRECTORY, /* only if it is empty */
	SETUP_WRITE,
	SETUP_LINK, /* make a symbolic link */
	SETUP_REMOVE,
	SETUP_RUN,
};

struct setup_step {
	enum setup_action action;
	char *path;
	char *text;  /* SETUP_WRITE: the whole new text of the file; SETUP_LINK: where it leads */
	char *shown; /* SETUP_WRITE: the new lines in it; NULL if lines are removed */
	mode_t mode; /* SETUP_WRITE, SETUP_MAKE_DIRECTORY */
	char *arguments[SETUP_ARGUMENTS_MAX + 1]; /* SETUP_RUN: a program and its arguments */
};

enum setup_state { SETUP_MISSING, SETUP_WRONG, SETUP_RIGHT };

/* A part of an installation, as it was found. */
struct setup_part {
	const char *name;  /* for scripts */
	const char *title; /* translated */
	char *path;
	enum setup_state state;
};

struct setup_plan {
	size_t count;
	struct setup_step steps[SETUP_STEPS_MAX];
	size_t part_count;
	struct setup_part parts[SETUP_PARTS_MAX];
	bool failed;      /* memory or room ran out: do not follow the plan */
	char *message;    /* why it cannot be done, if that was said */
	const char *note; /* what to tell the user first; a constant, or NULL */
	char *by_hand; /* what is left for the person to do: a paragraph in each line; else NULL */
};

/* The user's request. */
struct setup_request {
	bool undo;
	char **hosts; /* for ssh */
	size_t host_count;
};

/* Print on standard error why it cannot be done, and keep the message in the plan. Return code. */
enum app_exit setup_refuse(struct setup_plan *plan, enum app_exit code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Add a step. If memory or room runs out, the plan has failed. Copies the texts. text is the whole
 * new text of the file; shown has the new lines in it, or is NULL if lines are removed.
 */
void setup_plan_write(struct setup_plan *plan, const char *path, const char *text,
		      const char *shown, mode_t mode);
void setup_plan_remove(struct setup_plan *plan, const char *path);
/* arguments begins with the program and ends with NULL. */
void setup_plan_run(struct setup_plan *plan, const char *const *arguments);
void setup_plan_link(struct setup_plan *plan, const char *path, const char *target);
/*
 * Add the directories that a file needs, outermost first, unless they are planned already; and
 * remove the innermost count of them, after all that is planned to be in them.
 */
void setup_plan_directories(struct setup_plan *plan, const char *path, mode_t mode);
void setup_plan_no_directories(struct setup_plan *plan, const char *path, size_t count);

/* Tell what was found of an installation; the path is copied. Changes nothing. */
void setup_plan_tell(struct setup_plan *plan, const struct setup_part *part, const char *path);

/* How much of a program's output is kept. */
#define SETUP_WORDS_SIZE 4096

/*
 * Run a program without input; words receives its standard output and standard error. Return its
 * exit code; -1 if it could not be run or crashed.
 */
int setup_run(char *const arguments[], char words[SETUP_WORDS_SIZE]);

/* Print on standard output what was found; the steps; what is left to do by hand. */
void setup_plan_show_parts(const struct setup_plan *plan);
void setup_plan_show(const struct setup_plan *plan);
void setup_plan_show_by_hand(const struct setup_plan *plan);

/* Return the steps as JSON (docs/jpki-setup.schema.json); NULL without memory. */
json_t *setup_plan_json(const struct setup_plan *plan);

/* Return what was found as JSON; NULL without memory, or if the program has no parts. */
json_t *setup_plan_parts_json(const struct setup_plan *plan);

/* True if both plans have the same steps. */
bool setup_plan_equal(const struct setup_plan *one, const struct setup_plan *other);

/*
 * Follow the steps. Stop at the first that fails, and return APP_FAILED with a message from
 * setup_refuse.
 */
enum app_exit setup_plan_follow(struct setup_plan *plan);

/* Free the texts of the plan, and empty it. */
void setup_plan_free(struct setup_plan *plan);

/*
 * Plan a file that belongs to us as a whole: its first line says so, and how many directories were
 * made for it; text follows. Does not touch a file that does not begin that way.
 */
enum app_exit setup_plan_own_file(struct setup_plan *plan, const struct setup_request *request,
				  const char *program, const char *path, const char *text);

#endif
