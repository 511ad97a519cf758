/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki setup: registers the right module with a program that needs to be told, or undoes that. */
#include "tool/tool.h"

#include <stdio.h>

#include "app/ask/prompt.h"
#include "app/setup/setup_plan.h"
#include "app/setup/setup_planners.h"
#include "app/setup/setup_program.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/situation.h"

#define HOSTS_MAX 64

struct arguments {
	const struct setup_program *program;
	struct setup_request request;
	char *hosts[HOSTS_MAX];
	bool yes;
	bool dry_run;
	bool json;
};

enum { OPTION_UNDO = 'u', OPTION_YES = 'y', OPTION_DRY_RUN = 'n', OPTION_JSON = 'j' };

static const struct argp_option options[] = {
	{"undo", OPTION_UNDO, NULL, 0, N_("undo what was set up, and nothing else"), 0},
	{"dry-run", OPTION_DRY_RUN, NULL, 0, N_("show what would be done, but do nothing"), 0},
	{"json", OPTION_JSON, NULL, 0, N_("print JSON for programs; requires --dry-run or --yes"),
	 0},
	{"yes", OPTION_YES, NULL, 0, N_("do it without asking"), 0},
	{0},
};

static const struct help_action actions[] = {
	{"firefox", NULL, N_("All profiles of Firefox."), NULL, EXIT_SETUP,
	 N_("It adds the card's module to the security devices of each profile (file pkcs11.txt), "
	    "in place of other modules of jpki-pkcs11, and writes a note beside it "
	    "(jpki-setup.txt). It changes no settings, passwords, bookmarks or certificates of "
	    "Firefox, and nothing for other users. Close Firefox first.\n"
	    "\n"
	    "\"jpki setup firefox --undo\" removes the module and the note, and adds again what "
	    "was "
	    "replaced."),
	 false},
	{"chromium", NULL, N_("Chromium, Chrome and other browsers that are built on it."), NULL,
	 EXIT_SETUP,
	 N_("It adds the card's module to the certificate database that these browsers share "
	    "(file pkcs11.txt), in place of other modules of jpki-pkcs11, and writes a note beside "
	    "it (jpki-setup.txt). If there is no database, it makes one. It changes no settings, "
	    "passwords, bookmarks or certificates, and nothing for other users. Close the browsers "
	    "first.\n"
	    "\n"
	    "\"jpki setup chromium --undo\" removes the module and the note, and adds again what "
	    "was replaced. It removes the database, too, if jpki made it and nothing else is in "
	    "it."),
	 false},
	{"portal", NULL,
	 N_("The browsers' extension for Myna Portal and e-Tax, if something of it is missing."),
	 NULL, EXIT_SETUP,
	 N_("Myna Portal and e-Tax do not ask the browser for a certificate. They talk to an "
	    "extension and a program beside it (jpki-portal); \"jpki setup firefox\" and \"jpki "
	    "setup chromium\" do nothing for them. Installing jpki-pkcs11 gives both to Debian's "
	    "Firefox and Chromium. This shows for each of the files whether it is there and in "
	    "order, and writes what is missing.\n"
	    "\n"
	    "As root it does this for all users. For anyone else it writes the files by which the "
	    "browsers find the program, in ~/.mozilla and ~/.config, and says how an administrator "
	    "adds the extension itself. A note (setup-portal.txt in ~/.config/jpki-pkcs11; root's "
	    "is in /var/lib/jpki-pkcs11) names the files that it made. It changes no other "
	    "settings.\n"
	    "\n"
	    "\"jpki setup portal --undo\" removes these files and the note. It removes nothing "
	    "that "
	    "was installed."),
	 true},
	{"ssh", N_("HOST..."), N_("OpenSSH, for these hosts (patterns as in ssh_config(5))."), NULL,
	 EXIT_SETUP,
	 N_("It writes a block at the end of ~/.ssh/config: for these hosts, ssh also offers the "
	    "key of the card. Hosts of earlier calls stay in the block. Your own lines stay as "
	    "they are, and come first. It changes neither your other keys nor the servers: at the "
	    "end it shows the command that prints the key for a server's authorized_keys.\n"
	    "\n"
	    "\"jpki setup ssh --undo\" removes the block with all its hosts, and the file, too, if "
	    "jpki made it and nothing else is in it."),
	 false},
	{"java", NULL, N_("A configuration file of SunPKCS11, for signing."), NULL, EXIT_SETUP,
	 N_("It writes the file jpki-pkcs11/java-sign.cfg in ~/.config, which you name when you "
	    "start a Java program. Java itself is not changed.\n"
	    "\n"
	    "\"jpki setup java --undo\" removes the file."),
	 true},
	{"p11-kit", NULL,
	 N_("All programs that use p11-kit, if the module is not registered for all users."), NULL,
	 EXIT_SETUP,
	 N_("It writes the file pkcs11/modules/jpki.module in ~/.config, for this user only.\n"
	    "\n"
	    "\"jpki setup p11-kit --undo\" removes the file."),
	 true},
	{"hide-opensc", NULL,
	 N_("Hides OpenSC, which supports the same card, from this user's programs; this also "
	    "hides "
	    "other cards that they use through OpenSC."),
	 NULL, EXIT_SETUP,
	 N_("OpenSC gets to the card in three ways, and this closes each that it finds. For "
	    "p11-kit, "
	    "it writes a file with the name of each of OpenSC's modules into "
	    "~/.config/pkcs11/modules. For the desktop, where OpenSC adds its module to the "
	    "browsers "
	    "at each login, it writes pkcs11-register.desktop into ~/.config/autostart. From the "
	    "databases of Firefox, Chromium and Thunderbird it removes OpenSC's modules, and notes "
	    "them in ~/.config/jpki-pkcs11/setup-hide-opensc.txt; close these programs first. All "
	    "of this is for this user only. OpenSC stays installed, and programs that load it by "
	    "its "
	    "file still see it.\n"
	    "\n"
	    "\"jpki setup hide-opensc --undo\" removes the files and adds each module again by its "
	    "name and file. Options that somebody had set for it in the database do not come back. "
	    "What can't be added now stays in the note, and is named."),
	 true},
	{0},
};

static const char documentation[] = N_(
	"Registers the card with a program, so that you need not edit files. It first shows "
	"what it will do.\vBrowsers and ssh get the module that has the authentication key only, "
	"so they never ask for the signing password.");

static error_t take(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case OPTION_UNDO:
		arguments->request.undo = true;
		return 0;
	case OPTION_YES:
		arguments->yes = true;
		return 0;
	case OPTION_DRY_RUN:
		arguments->dry_run = true;
		return 0;
	case OPTION_JSON:
		arguments->json = true;
		return 0;
	case ARGP_KEY_END:
		if (arguments->json && !arguments->yes && !arguments->dry_run)
			argp_error(state, _("--json requires --dry-run or --yes"));
		return 0;
	case ARGP_KEY_ARG:
		if (arguments->program == NULL) {
			arguments->program = setup_program_find(value);
			if (arguments->program == NULL)
				options_refuse(state, _("\"%s\" cannot be set up"), value);
			return 0;
		}
		if (arguments->program->plan != setup_plan_ssh || arguments->request.undo ||
		    arguments->request.host_count == HOSTS_MAX)
			options_refuse(state, _("unexpected argument \"%s\""), value);
		arguments->hosts[arguments->request.host_count++] = value;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, _("specify a program"));
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Ask the user to confirm, unless --yes was given. */
static bool is_wanted(const struct arguments *arguments)
{
	if (arguments->yes)
		return true;
	fflush(stdout);
	if (prompt_confirm(_("Type \"yes\" to do this: "), _("yes")))
		return true;
	ui_line(stderr, UI_WARN, _("Nothing was changed. (--yes does it without asking.)"));
	return false;
}

static void show_plan(const struct arguments *arguments, const struct setup_plan *plan)
{
	ui_line(stdout, UI_PLAIN,
		arguments->dry_run ? _("This would be done:") : _("This will be done:"));
	setup_plan_show(plan);
	setup_plan_show_by_hand(plan);
	if (!arguments->request.undo)
		ui_line(stdout, UI_PLAIN, _("To undo this: jpki setup %s --undo"),
			arguments->program->name);
}

static enum app_exit carry_out(const struct arguments *arguments, struct setup_plan *plan)
{
	enum app_exit result;

	if (plan->note != NULL)
		ui_line(stdout, UI_PLAIN, "%s", plan->note);
	if (plan->count == 0 && plan->by_hand != NULL) {
		setup_plan_show_by_hand(plan);
		return APP_FAILED;
	}
	if (plan->count == 0) {
		ui_line(stdout, UI_GOOD,
			arguments->request.undo ? _("There is nothing to undo.")
						: _("It is already set up."));
		return APP_OK;
	}
	show_plan(arguments, plan);
	if (arguments->dry_run)
		return APP_OK;
	if (!is_wanted(arguments))
		return APP_CANCELLED;
	result = setup_program_follow(arguments->program, &arguments->request, plan);
	if (result == APP_OK)
		setup_program_tell_done(arguments->program, &arguments->request);
	return result;
}

/* Carry out the plan with JSON as output; made is the result of planning. */
static enum app_exit carry_out_json(const struct arguments *arguments, struct setup_plan *plan,
				    enum app_exit made)
{
	const char *word = "refused";
	enum app_exit result = made;

	if (made == APP_OK && plan->count == 0 && plan->by_hand != NULL) {
		result = APP_FAILED;
	} else if (made == APP_OK && plan->count == 0) {
		word = "nothing-to-do";
	} else if (made == APP_OK && arguments->dry_run) {
		word = "would-be-done";
	} else if (made == APP_OK) {
		result = setup_plan_follow(plan);
		word = result == APP_OK ? "done" : "failed";
	}
	if (!ui_json(json_pack("{s:s, s:b, s:s, s:o*, s:o, s:s*}", "program",
			       arguments->program->name, "undo", arguments->request.undo, "result",
			       word, "parts", setup_plan_parts_json(plan), "steps",
			       setup_plan_json(plan), "message",
			       plan->message != NULL ? plan->message : plan->by_hand)))
		result = APP_FAILED;
	return result;
}

int tool_setup(int argc, char **argv)
{
	static const struct argp argp = {.options = options, .parser = take, .doc = documentation};
	static struct setup_plan plan;
	struct arguments arguments = {0};
	enum app_exit result;

	options_parse_actions(&argp, EXIT_SETUP, actions, argc, argv, &arguments);
	arguments.request.hosts = arguments.hosts;
	result = setup_program_plan(arguments.program, &arguments.request, &plan);
	if (!arguments.json)
		setup_plan_show_parts(&plan);
	if (arguments.json)
		result = carry_out_json(&arguments, &plan, result);
	else if (result == APP_OK)
		result = carry_out(&arguments, &plan);
	setup_plan_free(&plan);
	return (int)result;
}
