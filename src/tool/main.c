/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki: finds the subcommand, and leaves the rest to it. */
#include "tool/tool.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "app/ui/line.h"
#include "app/ui/process.h"
#include "app/ui/situation.h"
#include "app/ui/wrap.h"
#include "base/log.h"

static const struct {
	const char *name;
	tool_command *run;
	const char *summary;
} commands[] = {
	{"status", tool_status, N_("show the card's certificates and when they expire (no PIN)")},
	{"cert", tool_cert, N_("show or export a certificate")},
	{"pin", tool_pin,
	 N_("show the tries left, verify or change a PIN, show who used up tries")},
	{"sign", tool_sign, N_("sign files")},
	{"verify", tool_verify, N_("verify a signature")},
	{"doctor", tool_doctor, N_("find out why something does not work")},
	{"setup", tool_setup, N_("register the card with a program, or undo it")},
};

#define SUMMARY_COLUMN 11
#define COMMAND_COUNT  (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *out)
{
	unsigned int width = wrap_page_width(out);

	fprintf(out, "%s\n\n%s\n", _("Usage: jpki COMMAND [ARGUMENT...]"), _("Commands:"));
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		fprintf(out, "  %-*s", SUMMARY_COLUMN - 2, commands[i].name);
		wrap_print(out, width, SUMMARY_COLUMN, SUMMARY_COLUMN, _(commands[i].summary));
	}
	fputc('\n', out);
	wrap_print(out, width, 0, 0,
		   _("\"jpki COMMAND --help\" lists the options of a command. Manual: man jpki"));
	if (out == stdout) {
		fputc('\n', out);
		wrap_print(out, width, 0, 0, situation_text(SITUATION_CARD_LOST));
	}
}

static int run(int argc, char **argv)
{
	char name[32];

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		snprintf(name, sizeof(name), "jpki %s", commands[i].name);
		argv[1] = name;
		return ui_end(commands[i].run(argc - 1, argv + 1));
	}
	ui_line(stderr, UI_PLAIN, _("jpki: there is no command \"%s\"."), argv[1]);
	print_usage(stderr);
	return APP_USAGE;
}

int main(int argc, char **argv)
{
	ui_begin(argc, argv);
	/* A PIN may be in memory: allow no core dump, and no debugger of another process. */
	prctl(PR_SET_DUMPABLE, 0);
	setlocale(LC_ALL, "");
	bindtextdomain(PACKAGE_NAME, LOCALEDIR);
	textdomain(PACKAGE_NAME);
	/* Silence the warnings of the layers below: jpki says the same in its own words. */
	setenv("JPKI_LOG", "error", 0);
	jpki_log_open();
	if (argc < 2) {
		print_usage(stderr);
		return APP_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return APP_OK;
	}
	if (strcmp(argv[1], "--version") == 0) {
		printf("jpki %s\n", PACKAGE_VERSION);
		return APP_OK;
	}
	return run(argc, argv);
}
