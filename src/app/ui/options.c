/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * options: parses --json, --wait, --serial and --pinentry, and refuses option names with control
 * characters.
 */
#include "app/ui/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/ui/line.h"
#include "app/ui/patience.h"
#include "app/ui/process.h"
#include "app/ui/refuse.h"
#include "app/ui/text.h"

#define OPTION_PINENTRY 0x100
#define OPTION_WAIT     0x101
#define OPTION_USAGE    0x1ff

/* Each argp uses this table from some entry to the end. */
static const struct argp_option options[] = {
	{"pinentry", OPTION_PINENTRY, NULL, 0,
	 N_("ask through pinentry, even if there is a terminal"), 0},
	{"serial", 's', N_("SERIAL"), 0, N_("use only the card with this serial number"), 0},
	{"wait", OPTION_WAIT, N_("SECONDS"), 0,
	 N_("give up after waiting this long for the card or the service (default: 30)"), 0},
	{"json", 'j', NULL, 0, N_("print JSON for programs"), 0},
	{0},
};

/* Take the argument of --wait: a whole number of seconds, and not too long. */
static void parse_wait(const char *argument, const struct argp_state *state)
{
	char *end;
	unsigned long seconds = strtoul(argument, &end, 10);

	if (argument[0] < '0' || argument[0] > '9' || *end != '\0' || seconds == 0 ||
	    seconds > PATIENCE_SECONDS_MAX)
		argp_error(state, _("--wait needs a number of seconds from 1 to %d"),
			   PATIENCE_SECONDS_MAX);
	patience_set_limit((unsigned int)seconds);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct options *common = state->input;

	switch (key) {
	case OPTION_PINENTRY:
		common->pinentry = true;
		return 0;
	case 's':
		common->serial = argument;
		return 0;
	case OPTION_WAIT:
		parse_wait(argument, state);
		return 0;
	case 'j':
		common->json = true;
		patience_set_json(true);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_pin = {.options = options, .parser = parse};
const struct argp options_card = {.options = options + 1, .parser = parse};
const struct argp options_wait = {.options = options + 2, .parser = parse};
const struct argp options_json = {.options = options + 3, .parser = parse};

/* Refuse unprintable options: a shell pattern turns files with such names into options. */
static void check_names(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		size_t length = strcspn(argv[i], "=");
		char *name = argv[i][0] == '-' ? strndup(argv[i], length) : NULL;
		char *visible = name != NULL ? text_visible(name) : NULL;
		bool is_plain = visible == NULL || strcmp(visible, name) == 0;

		free(name);
		free(visible);
		if (!is_plain)
			exit(ui_fail(false, APP_USAGE, argv[i],
				     _("There is no such option; write \"--\" or \"./\" before a "
				       "file with such a name.")));
	}
}

/* --- the help ----------------------------------------------------------------------------------
 */

static const struct argp_option help_options[] = {
	{"help", 'h', NULL, 0, N_("give this help list"), 0},
	{"usage", OPTION_USAGE, NULL, 0, N_("give a short usage message"), 0},
	{NULL, '?', NULL, OPTION_HIDDEN, NULL, 0},
	{0},
};

/* What is being parsed, for the parser of these options. */
struct parsing {
	struct help help;
	void *input;
};

static error_t parse_help(int key, char *unused, struct argp_state *state)
{
	struct parsing *parsing = state->input;

	(void)unused;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = parsing->input;
		return 0;
	case 'h':
	case '?':
		help_print(&parsing->help, stdout);
		exit(ui_end(APP_OK));
	case OPTION_USAGE:
		help_print_usage(&parsing->help, stdout);
		exit(ui_end(APP_OK));
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Return the action that the command line names; NULL if it names none. */
static const struct help_action *find_action(const struct help_action *actions, int argc,
					     char **argv)
{
	for (int i = 1; actions != NULL && i < argc; i++) {
		for (const struct help_action *one = actions; one->name != NULL; one++) {
			if (strcmp(argv[i], one->name) == 0)
				return one;
		}
	}
	return NULL;
}

/* --- what argp and getopt say --------------------------------------------------------------------
 */

/* They print to stderr, which is this while they parse, and end the process. */
static struct {
	FILE *before; /* the true stderr; NULL: it is in its place */
	FILE *kept;
	char *text;
	size_t size;
} said;

/* Put stderr back, and print what was kept, in lines that fit. */
static void release_said(void)
{
	char *rest;

	if (said.before == NULL)
		return;
	fclose(said.kept);
	stderr = said.before;
	said.before = NULL;
	rest = said.text;
	for (char *line; rest != NULL && (line = strsep(&rest, "\n")) != NULL;) {
		if (line[0] != '\0')
			ui_line(stderr, UI_PLAIN, "%s", line);
	}
	free(said.text);
	said.text = NULL;
}

static void keep_said(void)
{
	static bool registered;

	if (!registered && atexit(release_said) != 0)
		return;
	registered = true;
	said.kept = open_memstream(&said.text, &said.size);
	if (said.kept == NULL)
		return;
	said.before = stderr;
	stderr = said.kept;
}

void options_parse_actions(const struct argp *argp, unsigned int user,
			   const struct help_action *actions, int argc, char **argv, void *input)
{
	struct argp_child children[] = {{.argp = argp}, {0}};
	struct argp whole = {.options = help_options,
			     .parser = parse_help,
			     .args_doc = argp->args_doc,
			     .children = children};
	struct parsing parsing = {
		.help = {.argp = argp,
			 .common = help_options,
			 .name = argv[0],
			 .actions = actions,
			 .action = find_action(actions, argc, argv),
			 .user = user},
		.input = input,
	};

	argp_err_exit_status = APP_USAGE;
	/* Where argp would break a line, it counts bytes. */
	setenv("ARGP_HELP_FMT", "rmargin=255", 1);
	check_names(argc, argv);
	keep_said();
	argp_parse(&whole, argc, argv, ARGP_NO_HELP, NULL, &parsing);
	release_said();
}

void options_parse(const struct argp *argp, unsigned int user, int argc, char **argv, void *input)
{
	options_parse_actions(argp, user, NULL, argc, argv, input);
}

/* The format of each caller has one %s. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
void options_refuse(const struct argp_state *state, const char *format, const char *word)
{
	char *visible = text_visible(word);

	argp_error(state, format, visible != NULL ? visible : "");
	free(visible);
}
#pragma GCC diagnostic pop

#if 0 /* not compiled, only read by xgettext: argp translates its own texts, too. */
N_("%s: Too many arguments\n"), N_("Try `%s --help' or `%s --usage' for more information.\n"),
#endif
