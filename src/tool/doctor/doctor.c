/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki doctor: checks each step of the way from a program to the card, and says what is wrong. */
#include "tool/tool.h"

#include <stdio.h>
#include <string.h>

#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "tool/doctor/doctor_checks.h"

/* In the order of their dependence: the first NG is where to begin. */
static const struct {
	const char *name; /* for scripts */
	const char *title;
	doctor_check *check;
} checks[] = {
	{"sandbox", N_("sandbox"), doctor_sandbox},
	{"service", N_("smart card service"), doctor_service},
	{"access", N_("permission"), doctor_access},
	{"reader", N_("card reader"), doctor_readers},
	{"sharing", N_("other programs at the card"), doctor_sharing},
	{"card", N_("card"), doctor_card},
	{"certificate", N_("authentication certificate"), doctor_certificate},
	{"sign-certificate", N_("signing certificate"), doctor_sign_certificate},
	{"authorities", N_("CA certificates"), doctor_authorities},
	{"pin", N_("PINs"), doctor_pins},
	{"clock", N_("clock"), doctor_clock},
	{"module", N_("PKCS#11 module"), doctor_module},
	{"p11-kit", N_("registration with p11-kit"), doctor_registration},
	{"rivals", N_("other modules for this card"), doctor_rivals},
	{"browsers", N_("snap and Flatpak browsers"), doctor_browsers},
	{"firefox", N_("Firefox"), doctor_firefox},
	{"chromium", N_("Chromium"), doctor_chromium},
};

#define CHECK_COUNT (sizeof(checks) / sizeof(checks[0]))

/* The beginning of a line, the name for scripts, and the colour. */
static const struct {
	const char *mark;
	const char *word;
	enum ui_tone tone;
} verdicts[] = {
	[DOCTOR_GOOD] = {"OK", "ok", UI_GOOD},
	[DOCTOR_BAD] = {"NG", "ng", UI_BAD},
	[DOCTOR_OPEN] = {"--", "not-applicable", UI_PLAIN},
};

static bool look(struct doctor_view *view)
{
	memset(view, 0, sizeof(*view));
	view->now = time(NULL);
	if (!cards_open(&view->cards))
		return false;
	view->card = cards_choose(&view->cards, NULL, &view->no_card);
	/* Of two cards the first is as good as the other. */
	for (size_t i = 0; view->card == NULL && i < view->cards.count; i++) {
		if (card_situation(&view->cards.cards[i]) == SITUATION_NONE)
			view->card = &view->cards.cards[i];
	}
	return true;
}

static void print_finding(const char *title, const struct doctor_finding *finding)
{
	ui_line(stdout, verdicts[finding->verdict].tone, "%s  %s: %s",
		verdicts[finding->verdict].mark, title, finding->text);
	if (finding->remedy != NULL)
		ui_line(stdout, UI_PLAIN, "    -> %s", finding->remedy);
}

static json_t *finding_json(const char *name, const struct doctor_finding *finding)
{
	return json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "check", name, "result",
			 verdicts[finding->verdict].word, "text", finding->text, "situation",
			 finding->situation == SITUATION_NONE ? NULL
							      : situation_name(finding->situation),
			 "remedy", finding->remedy);
}

/* Run all checks; with list, append the findings to it instead of printing them. */
static enum app_exit run_checks(const struct doctor_view *view, json_t *list)
{
	enum app_exit result = APP_OK;

	for (size_t i = 0; i < CHECK_COUNT; i++) {
		struct doctor_finding finding = checks[i].check(view);

		if (result == APP_OK && finding.verdict == DOCTOR_BAD)
			result = finding.exit_code;
		if (list != NULL)
			json_array_append_new(list, finding_json(checks[i].name, &finding));
		else
			print_finding(_(checks[i].title), &finding);
	}
	return result;
}

static const struct argp_child children[] = {{.argp = &options_json}, {0}};

static error_t take(int key, char *unused, struct argp_state *state)
{
	(void)unused;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

int tool_doctor(int argc, char **argv)
{
	static const struct argp argp = {
		.parser = take,
		.children = children,
		.doc = N_("Finds out why something does not work. It prints one line for each "
			  "check, OK or NG, and for NG what to do.\vIt changes nothing and asks "
			  "for no PIN. The output contains no personal data, so you can show it to "
			  "those who help you.\n"
			  "\n"
			  "The first line that says NG sets the exit code."),
	};
	static struct doctor_view view;
	enum app_exit result;
	struct options common = {0};
	json_t *list = NULL;

	options_parse(&argp, EXIT_DOCTOR, argc, argv, &common);
	ui_busy(_("Checking..."));
	if (!look(&view)) {
		ui_busy_end();
		return ui_refuse(common.json, SITUATION_INTERNAL);
	}
	ui_busy_end();
	list = common.json ? json_array() : NULL;
	result = run_checks(&view, list);
	if (common.json && !ui_json(json_pack("{s:s, s:b, s:o}", "version", PACKAGE_VERSION, "ok",
					      result == APP_OK, "checks", list)))
		result = APP_FAILED;
	if (!common.json)
		ui_line(stdout, result == APP_OK ? UI_GOOD : UI_BAD, "%s",
			result == APP_OK ? _("No problem was found.")
					 : _("Begin with the first line that says NG."));
	cards_close(&view.cards);
	return (int)result;
}
