/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * options: parses --json, --serial and --pinentry, and refuses option names with control
 * characters.
 */
#include "app/ui/options.h"

#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/ui/refuse.h"
#include "app/ui/text.h"

#define OPTION_PINENTRY 0x100

/* Each argp uses this table from some entry to the end. */
static const struct argp_option options[] = {
	{"pinentry", OPTION_PINENTRY, NULL, 0,
	 N_("ask through the program pinentry, even if there is a terminal"), 0},
	{"serial", 's', N_("SERIAL"), 0, N_("only the card with this serial number"), 0},
	{"json", 'j', NULL, 0, N_("print JSON, for programs"), 0},
	{0},
};

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
	case 'j':
		common->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp options_pin = {.options = options, .parser = parse};
const struct argp options_card = {.options = options + 1, .parser = parse};
const struct argp options_json = {.options = options + 2, .parser = parse};

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
				     _("There is no such option; before a file with such a name "
				       "write \"--\" or \"./\".")));
	}
}

void options_parse(const struct argp *argp, int argc, char **argv, void *input)
{
	argp_err_exit_status = APP_USAGE;
	check_names(argc, argv);
	argp_parse(argp, argc, argv, 0, NULL, input);
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
N_("Usage:"), N_("  or: "), N_(" [OPTION...]"), N_("Give this help list"),
	N_("Give a short usage message"),
	N_("Mandatory or optional arguments to long options are also mandatory or optional for "
	   "any corresponding short options."),
	N_("%s: Too many arguments\n"),
	N_("Try `%s --help' or `%s --usage' for more information.\n"),
#endif
