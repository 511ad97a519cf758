/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* options: gives the subcommands their common options, and parses their command lines. */
#ifndef JPKI_APP_UI_OPTIONS_H
#define JPKI_APP_UI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "app/ui/help.h"
#include "app/ui/situation.h"

/* The values of the common options. */
struct options {
	bool json;
	bool pinentry;
	const char *serial; /* points into the arguments; NULL if none was given */
};

/*
 * Children for a subcommand's argp, to be followed by {0}: --json alone; with --wait; with
 * --serial; with --pinentry, too. The subcommand sets a struct options as the child's input when
 * its parser is called with ARGP_KEY_INIT.
 */
extern const struct argp options_json, options_wait, options_card, options_pin;

/*
 * Call argp_parse, with -h, --help and --usage besides the options of argp. Does not return if the
 * command line is wrong or asks for help. Refuses option names with control characters, because
 * argp would print them as they are. The help ends with the exit codes of user, a set of enum
 * exit_user.
 */
void options_parse(const struct argp *argp, unsigned int user, int argc, char **argv, void *input);

/* The same for a subcommand with actions: each has a help of its own. actions ends with {0}. */
void options_parse_actions(const struct argp *argp, unsigned int user,
			   const struct help_action *actions, int argc, char **argv, void *input);

/*
 * Call argp_error with a format that has one %s for a word of the command line. Shows the word
 * without its control characters.
 */
void options_refuse(const struct argp_state *state, const char *format, const char *word);

#endif
