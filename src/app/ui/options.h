/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* options: gives subcommands the options that they share, and takes their command lines. */
#ifndef JPKI_APP_UI_OPTIONS_H
#define JPKI_APP_UI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

/* What they say. */
struct options {
	bool json;
	bool pinentry;
	const char *serial; /* as in the arguments; NULL: none was given */
};

/*
 * For the children of a subcommand's argp, with {0} after it: --json alone; with --serial; with
 * --pinentry, too. The subcommand gives a struct options as the child's input when its parser
 * is called with ARGP_KEY_INIT.
 */
extern const struct argp options_json, options_card, options_pin;

/*
 * argp_parse. Does not return when the command line is wrong or asks for help. Names of options
 * with control characters are refused, which argp would print as they are.
 */
void options_parse(const struct argp *argp, int argc, char **argv, void *input);

/*
 * argp_error with a format that has one %s for a word of the command line, which is shown without
 * its control characters.
 */
void options_refuse(const struct argp_state *state, const char *format, const char *word);

#endif
