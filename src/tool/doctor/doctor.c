/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki doctor: checks each step of the way from a program to the card, and says what is wrong. */
#include "tool/tool.h"

#include <stdio.h>

#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "tool/doctor/doctor_checks.h"

/* What must have been looked at before a check. */
enum need { NEEDS_NOTHING, NEEDS_READERS, NEEDS_CARDS };

/* In the order of their dependence: the first NG is where to begin. */
static const struct {
	const char *name; /* for scripts */
	const char *title;
	doctor_check *check;
	enum need need;
} checks[] = {
	{"sandbox", N_("sandbox"), doctor_sandbox, NEEDS_NOTHING},
	{"service", N_("smart card service"), doctor_service, NEEDS_READERS},
	{"reader", N_("card reader"), doctor_readers, NEEDS_READERS},
	{"access", N_("permission"), doctor_access, NEEDS_CARDS},
	{"sharing", N_("other programs at the card"), doctor_sharing, NEEDS_CARDS},
	{"card", N_("card"), doctor_card, NEEDS_CARDS},
	{"certificate", N_("authentication certificate"), doctor_certificate, NEEDS_CARDS},
	{"sign-certificate", N_("signing certificate"), doctor_sign_certificate, NEEDS_CARDS},
	{"authorities", N_("CA certificates"), doctor_authorities, NEEDS_CARDS},
	{"pin", N_("PINs"), doctor_pins, NEEDS_CARDS},
	{"clock", N_("clock"), doctor_clock, NEEDS_CARDS},
	{"module", N_("PKCS#11 module"), doctor_module, NEEDS_NOTHING},
	{"p11-kit", N_("registration with p11-kit"), doctor_registration, NEEDS_NOTHING},
	{"rivals", N_("other modules for this card"), doctor_rivals, NEEDS_NOTHING},
	{"browsers", N_("snap and Flatpak browsers"), doctor_browsers, NEEDS_NOTHING},
	{"firefox", N_("Firefox"), doctor_firefox, NEEDS_NOTHING},
	{"chromium", N_("Chromium"), doctor_chromium, NEEDS_NOTHING},
	{"portal-program", N_("program for Myna Portal and e-Tax"), doctor_portal_program,
	 NEEDS_NOTHING},
	{"portal-firefox", N_("Firefox for Myna Portal and e-Tax"), doctor_portal_firefox,
	 NEEDS_NOTHING},
	{"portal-chromium", N_("Chromium for Myna Portal and e-Tax"), doctor_portal_chromium,
	 NEEDS_NOTHING},
	{"portal-window", N_("PIN window for Myna Portal and e-Tax"), doctor_portal_window,
	 NEEDS_NOTHING},
	{"portal-others", N_("other programs for Myna Portal and e-Tax"), doctor_portal_others,
	 NEEDS_NOTHING},
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

/* One run: another thread goes on with it if the service or the card is waited for in vain. */
static struct run {
	struct doctor_view view;
	enum need looked; /* what has been looked at */
	size_t next;      /* the check to be done */
	enum app_exit result;
	bool json;
	json_t *list;
} doctor;

/* Choose the card to check. */
static void choose(struct doctor_view *view)
{
	view->card = cards_choose(&view->cards, NULL, &view->no_card);
	/* Of two cards the first is as good as the other. */
	for (size_t i = 0; view->card == NULL && i < view->cards.count; i++) {
		if (card_situation(&view->cards.cards[i]) == SITUATION_NONE)
			view->card = &view->cards.cards[i];
	}
}

/* Look at what the next check needs. Return false without memory. */
static bool look(struct run *run, enum need need)
{
	bool opened = true;

	if (run->looked >= need)
		return true;
	ui_busy(_("Checking..."));
	if (run->looked < NEEDS_READERS)
		opened = cards_open_list(&run->view.cards);
	/* The readers are told before their cards are looked at. */
	if (opened && need == NEEDS_CARDS) {
		cards_recognise(&run->view.cards);
		choose(&run->view);
	}
	ui_busy_end();
	run->looked = need;
	return opened;
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

/*
 * Return whether a check is the one to tell what was waited for in vain: the one that waited,
 * unless it only needs to know what comes after it.
 */
static bool tells_wait(size_t check, enum situation waited)
{
	if (checks[check].check == doctor_service)
		return waited == SITUATION_SERVICE_HANGS;
	if (checks[check].check == doctor_sharing)
		return waited != SITUATION_MUTE_CARD;
	return checks[check].check == doctor_card || checks[check].check == doctor_certificate ||
	       checks[check].check == doctor_sign_certificate ||
	       checks[check].check == doctor_authorities || checks[check].check == doctor_pins ||
	       checks[check].check == doctor_clock;
}

static void tell(struct run *run, const struct doctor_finding *finding)
{
	if (run->result == APP_OK && finding->verdict == DOCTOR_BAD)
		run->result = finding->exit_code;
	if (run->list != NULL)
		json_array_append_new(run->list, finding_json(checks[run->next].name, finding));
	else
		print_finding(_(checks[run->next].title), finding);
	fflush(stdout);
}

/* Do the checks from the next one on. Return false without memory. */
static bool run_checks(struct run *run)
{
	enum situation untold = run->view.waited;

	for (; run->next < CHECK_COUNT; run->next++) {
		struct doctor_finding finding;

		if (!look(run, checks[run->next].need))
			return false;
		finding = checks[run->next].check(&run->view);
		if (untold != SITUATION_NONE && tells_wait(run->next, untold)) {
			finding = finding.situation == untold
					  ? finding
					  : doctor_in(untold, _("it was waited for in vain"));
			untold = SITUATION_NONE;
		}
		tell(run, &finding);
	}
	return true;
}

/* Print the end. Return how jpki ends. */
static int end(struct run *run)
{
	if (run->json && !ui_json(json_pack("{s:s, s:b, s:o}", "version", PACKAGE_VERSION, "ok",
					    run->result == APP_OK, "checks", run->list)))
		run->result = APP_FAILED;
	if (!run->json)
		ui_line(stdout, run->result == APP_OK ? UI_GOOD : UI_BAD, "%s",
			run->result == APP_OK ? _("No problem was found.")
					      : _("Begin with the first line that says NG."));
	return (int)run->result;
}

/*
 * Go on without the card or the service, which was waited for in vain: the thread that did the
 * checks until now is stuck.
 */
static int go_on(enum situation situation, void *argument)
{
	struct run *run = argument;

	run->view.waited = situation;
	run->view.card = NULL;
	if (run->looked < NEEDS_READERS) {
		run->view.cards.error = JPKI_E_NO_SERVICE;
		run->view.cards.service.situation = situation;
		run->view.cards.count = 0;
	}
	run->looked = NEEDS_CARDS;
	run_checks(run);
	return end(run);
}

static const struct argp_child children[] = {{.argp = &options_wait}, {0}};

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
	struct options common = {0};
	int result;

	options_parse(&argp, EXIT_DOCTOR, argc, argv, &common);
	doctor.view.now = time(NULL);
	doctor.json = common.json;
	doctor.list = common.json ? json_array() : NULL;
	patience_set_end(go_on, &doctor);
	if (!run_checks(&doctor))
		return ui_refuse(common.json, SITUATION_INTERNAL);
	result = end(&doctor);
	patience_set_result(result);
	cards_close(&doctor.view.cards);
	return result;
}
