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
#include "app/ui/refuse.h"
#include "app/ui/text.h"

#define OPTION_PINENTRY 0x100
#define OPTION_WAIT     0x101
#define HELP_WIDTH      78
#define EXIT_INDENT     5 /* the width of an exit code and the blanks around it */

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

/* Write one meaning of an exit code, wrapped. lead goes before its text. */
static void put_meaning(FILE *out, enum app_exit code, const char *lead, const char *text)
{
	char *whole;

	if (asprintf(&whole, "%s%s", lead, text) < 0)
		return;
	fprintf(out, " %2d  ", (int)code);
	for (const char *rest = whole; *rest != '\0';) {
		size_t length = ui_line_length(rest, HELP_WIDTH - EXIT_INDENT);
		size_t shown = length;

		while (shown > 0 && rest[shown - 1] == ' ')
			shown--;
		fprintf(out, "%*s%.*s\n", rest == whole ? 0 : EXIT_INDENT, "", (int)shown, rest);
		rest += length;
	}
	free(whole);
}

/* Return the exit codes of a subcommand as text; the caller frees it. NULL without memory. */
static char *exit_codes(enum exit_user user)
{
	size_t count;
	const struct exit_meaning *meanings = situation_exit_meanings(&count);
	unsigned int users = user == EXIT_CERT ? EXIT_CERT | EXIT_CERT_SHOW : user;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	fprintf(out, "%s\n", _("Exit codes:"));
	for (size_t i = 0; i < count; i++) {
		const struct exit_meaning *meaning = &meanings[i];

		if ((meaning->users & users) == 0)
			continue;
		put_meaning(out, meaning->code, (meaning->users & user) == 0 ? "show: " : "",
			    _(meaning->text));
	}
	fclose(out);
	return text;
}

static enum exit_user helped;

/* Give argp the exit codes as the end of its help. It frees what is not the text itself. */
static char *filter_help(int key, const char *text, void *unused)
{
	(void)unused;
	if (key == ARGP_KEY_HELP_EXTRA)
		return exit_codes(helped);
	return text != NULL ? strdup(text) : NULL;
}

void options_parse(const struct argp *argp, enum exit_user user, int argc, char **argv, void *input)
{
	struct argp with_codes = *argp;

	argp_err_exit_status = APP_USAGE;
	check_names(argc, argv);
	helped = user;
	with_codes.help_filter = filter_help;
	argp_parse(&with_codes, argc, argv, 0, NULL, input);
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
