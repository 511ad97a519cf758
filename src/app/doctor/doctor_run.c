/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_run: lists the checks, and does them from the service to the programs. */
#include "app/doctor/doctor_run.h"

#include <string.h>
#include <time.h>

#include "app/ui/progress.h"

/* In the order of their dependence: the first NG is where to begin. */
static const struct {
	const char *name; /* for scripts */
	const char *title;
	doctor_check *check;
	enum doctor_need need;
} checks[] = {
	{"sandbox", N_("sandbox"), doctor_sandbox, DOCTOR_NEEDS_NOTHING},
	{"service", N_("smart card service"), doctor_service, DOCTOR_NEEDS_READERS},
	{"reader", N_("card reader"), doctor_readers, DOCTOR_NEEDS_READERS},
	{"access", N_("permission"), doctor_access, DOCTOR_NEEDS_CARDS},
	{"sharing", N_("other programs at the card"), doctor_sharing, DOCTOR_NEEDS_CARDS},
	{"card", N_("card"), doctor_card, DOCTOR_NEEDS_CARDS},
	{"certificate", N_("authentication certificate"), doctor_certificate, DOCTOR_NEEDS_CARDS},
	{"sign-certificate", N_("signing certificate"), doctor_sign_certificate,
	 DOCTOR_NEEDS_CARDS},
	{"authorities", N_("CA certificates"), doctor_authorities, DOCTOR_NEEDS_CARDS},
	{"pin", N_("PINs"), doctor_pins, DOCTOR_NEEDS_CARDS},
	{"clock", N_("clock"), doctor_clock, DOCTOR_NEEDS_CARDS},
	{"module", N_("PKCS#11 module"), doctor_module, DOCTOR_NEEDS_NOTHING},
	{"p11-kit", N_("registration with p11-kit"), doctor_registration, DOCTOR_NEEDS_NOTHING},
	{"rivals", N_("other modules for this card"), doctor_rivals, DOCTOR_NEEDS_NOTHING},
	{"browsers", N_("snap and Flatpak browsers"), doctor_browsers, DOCTOR_NEEDS_NOTHING},
	{"firefox", N_("Firefox"), doctor_firefox, DOCTOR_NEEDS_NOTHING},
	{"chromium", N_("Chromium"), doctor_chromium, DOCTOR_NEEDS_NOTHING},
	{"portal-program", N_("program for Myna Portal and e-Tax"), doctor_portal_program,
	 DOCTOR_NEEDS_NOTHING},
	{"portal-firefox", N_("Firefox for Myna Portal and e-Tax"), doctor_portal_firefox,
	 DOCTOR_NEEDS_NOTHING},
	{"portal-chromium", N_("Chromium for Myna Portal and e-Tax"), doctor_portal_chromium,
	 DOCTOR_NEEDS_NOTHING},
	{"portal-window", N_("PIN window for Myna Portal and e-Tax"), doctor_portal_window,
	 DOCTOR_NEEDS_NOTHING},
	{"portal-others", N_("other programs for Myna Portal and e-Tax"), doctor_portal_others,
	 DOCTOR_NEEDS_NOTHING},
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

const char *doctor_mark(enum doctor_verdict verdict)
{
	return verdicts[verdict].mark;
}

const char *doctor_verdict_name(enum doctor_verdict verdict)
{
	return verdicts[verdict].word;
}

enum ui_tone doctor_tone(enum doctor_verdict verdict)
{
	return verdicts[verdict].tone;
}

const char *doctor_conclusion(bool any_bad)
{
	return any_bad ? _("Begin with the first line that says NG.") : _("No problem was found.");
}

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
static bool look(struct doctor_run *run, enum doctor_need need)
{
	bool opened = true;

	if (run->looked >= need)
		return true;
	ui_busy(_("Checking..."));
	if (run->looked < DOCTOR_NEEDS_READERS)
		opened = cards_open_list(&run->view.cards);
	cards_keep_nothing(&run->view.cards);
	/* The readers are told before their cards are looked at. */
	if (opened && need == DOCTOR_NEEDS_CARDS) {
		cards_recognise(&run->view.cards);
		choose(&run->view);
	}
	ui_busy_end();
	run->looked = need;
	return opened;
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

static void tell(struct doctor_run *run, const struct doctor_finding *finding)
{
	if (run->result == APP_OK && finding->verdict == DOCTOR_BAD)
		run->result = finding->exit_code;
	run->tell(checks[run->next].name, _(checks[run->next].title), finding, run->argument);
}

/* Do the checks from the next one on, before this one. Return false without memory. */
static bool run_checks(struct doctor_run *run, size_t end)
{
	enum situation untold = run->view.waited;

	for (; run->next < end; run->next++) {
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

bool doctor_run(struct doctor_run *run)
{
	run->view.now = time(NULL);
	return run_checks(run, CHECK_COUNT);
}

bool doctor_run_with_card(struct doctor_run *run)
{
	size_t end = CHECK_COUNT;

	while (end > 0 && checks[end - 1].need == DOCTOR_NEEDS_NOTHING)
		end--;
	run->view.now = time(NULL);
	return run_checks(run, end);
}

bool doctor_run_after(struct doctor_run *run, size_t told, enum situation waited)
{
	run->next = told;
	run->looked = told > 0 ? checks[told - 1].need : DOCTOR_NEEDS_NOTHING;
	run->view.now = time(NULL);
	return doctor_go_on(run, waited);
}

bool doctor_go_on(struct doctor_run *run, enum situation waited)
{
	run->view.waited = waited;
	run->view.card = NULL;
	if (run->looked < DOCTOR_NEEDS_READERS) {
		run->view.cards.error = JPKI_E_NO_SERVICE;
		run->view.cards.service.situation = waited;
		run->view.cards.count = 0;
	}
	run->looked = DOCTOR_NEEDS_CARDS;
	return run_checks(run, CHECK_COUNT);
}

bool doctor_run_one(const char *name, const char **title, struct doctor_finding *finding)
{
	static const struct doctor_view nothing;

	for (size_t i = 0; i < CHECK_COUNT; i++) {
		if (checks[i].need != DOCTOR_NEEDS_NOTHING || strcmp(checks[i].name, name) != 0)
			continue;
		*title = _(checks[i].title);
		*finding = checks[i].check(&nothing);
		return true;
	}
	return false;
}
