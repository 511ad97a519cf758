/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * help: prints the help of a subcommand, and of each of its actions, for the width of the terminal;
 * argp's own counts bytes instead of columns, and knows no actions.
 */
#ifndef JPKI_APP_UI_HELP_H
#define JPKI_APP_UI_HELP_H

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

#include "app/ui/situation.h"

/* An action of a subcommand, such as change in "jpki pin change"; its texts are translated here. */
struct help_action {
	const char *name;
	const char *arguments; /* what follows the name; NULL: nothing */
	const char *does;      /* a sentence or more */
	const char *without;   /* options that it does not take: " --output --force "; NULL: none */
	unsigned int user;     /* a set of enum exit_user */
	const char *more;      /* paragraphs that only its own help has; NULL: none */
	bool alone;            /* what the subcommand's help says at the end is not about it */
};

struct help {
	const struct argp *argp;           /* its children have no children */
	const struct argp_option *common;  /* options to be listed last */
	const char *name;                  /* "jpki pin" */
	const struct help_action *actions; /* NULL: none; ends with {0} */
	const struct help_action *action;  /* the one that is asked about; NULL: the subcommand */
	unsigned int user;                 /* a set of enum exit_user */
};

/* Print the help, with the options of the argp and its children and with the exit codes. */
void help_print(const struct help *help, FILE *out);

/* Print how the subcommand or the action is called, with all options. */
void help_print_usage(const struct help *help, FILE *out);

#endif
