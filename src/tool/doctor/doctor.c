/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki doctor: checks each step of the way from a program to the card, and says what is wrong. */
#include "tool/tool.h"

#include <stdio.h>

#include "app/doctor/doctor_run.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/patience.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"

/* The run, and how it is told. */
static struct telling {
	struct doctor_run run;
	bool json;
	json_t *list;
} doctor;

static void print_finding(const char *title, const struct doctor_finding *finding)
{
	ui_line(stdout, doctor_tone(finding->verdict), "%s  %s: %s", doctor_mark(finding->verdict),
		title, finding->text);
	if (finding->remedy != NULL)
		ui_line(stdout, UI_PLAIN, "    -> %s", finding->remedy);
}

static json_t *finding_json(const char *name, const struct doctor_finding *finding)
{
	return json_pack("{s:s, s:s, s:s, s:s*, s:s*}", "check", name, "result",
			 doctor_verdict_name(finding->verdict), "text", finding->text, "situation",
			 finding->situation == SITUATION_NONE ? NULL
							      : situation_name(finding->situation),
			 "remedy", finding->remedy);
}

static void tell(const char *name, const char *title, const struct doctor_finding *finding,
		 void *argument)
{
	const struct telling *telling = argument;

	if (telling->list != NULL)
		json_array_append_new(telling->list, finding_json(name, finding));
	else
		print_finding(title, finding);
	fflush(stdout);
}

/* Print the end. Return how jpki ends. */
static int end(struct telling *telling)
{
	struct doctor_run *run = &telling->run;

	if (telling->json && !ui_json(json_pack("{s:s, s:b, s:o}", "version", PACKAGE_VERSION, "ok",
						run->result == APP_OK, "checks", telling->list)))
		run->result = APP_FAILED;
	if (!telling->json)
		ui_line(stdout, run->result == APP_OK ? UI_GOOD : UI_BAD, "%s",
			doctor_conclusion(run->result != APP_OK));
	return (int)run->result;
}

/* Go on without the card or the service, which was waited for in vain. */
static int go_on(enum situation situation, void *argument)
{
	struct telling *telling = argument;

	doctor_go_on(&telling->run, situation);
	return end(telling);
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
	doctor.run = (struct doctor_run){.tell = tell, .argument = &doctor};
	doctor.json = common.json;
	doctor.list = common.json ? json_array() : NULL;
	patience_set_end(go_on, &doctor);
	if (!doctor_run(&doctor.run))
		return ui_refuse(common.json, SITUATION_INTERNAL);
	result = end(&doctor);
	patience_set_result(result);
	cards_close(&doctor.run.view.cards);
	return result;
}
