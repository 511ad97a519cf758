/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki status: shows what is in the readers and when it expires, without a PIN. */
#include "tool/tool.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "app/card/card_report.h"
#include "app/card/card_words.h"
#include "app/host/opensc.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/situation.h"

/* A new reader may go unnoticed in a wait, so look at least this often. */
#define LOOK_AGAIN_MS 1000

struct arguments {
	bool watch;
	struct options common;
};

static const struct argp_option options[] = {
	{"watch", 'w', NULL, 0,
	 N_("report each card that is inserted or removed, until Ctrl-C; with --json, print one "
	    "line of JSON for each"),
	 0},
	{0},
};

static const char documentation[] =
	N_("Shows the readers, their cards, the certificates on them, when these expire, and the "
	   "tries left for each PIN. It asks for no PIN. It cannot show whether a certificate was "
	   "revoked.\vThe most serious finding sets the exit code. A card without a signing "
	   "certificate, such as a child's, is no problem.");

static const struct argp_child children[] = {{.argp = &options_card}, {0}};

static error_t parse(int key, char *unused, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	(void)unused;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		return 0;
	case 'w':
		arguments->watch = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- for people ---------------------------------------------------------------------------- */

static void print_certificate(const struct card_report *report, enum jpki_key key)
{
	const struct date_validity *latest = card_words_latest_end(report, key);
	const struct card_report_half *half = &report->halves[key];
	char text[CARD_WORDS_SIZE];
	enum ui_tone tone = card_words_certificate(report, key, text);

	/* Where the date is to be seen, unless it does not matter any more. */
	if (half->certificate == CARD_REPORT_NEEDS_PIN &&
	    (latest == NULL || latest->band != DATE_ENDED))
		ui_line(stdout, tone, _("  Certificate: %s (jpki cert show %s)"), text,
			key_name(key));
	else
		ui_line(stdout, tone, _("  Certificate: %s"), text);
}

static void print_half(const struct card_report *report, enum jpki_key key)
{
	const struct card_report_half *half = &report->halves[key];
	char text[CARD_WORDS_SIZE];
	enum ui_tone tone;

	if (!half->exists)
		return;
	ui_line(stdout, UI_PLAIN, "%s:", card_words_key(key));
	print_certificate(report, key);
	tone = card_words_tries(half, text);
	ui_line(stdout, tone, "  %s: %s", card_words_pin(key), text);
}

static void print_advice(const struct card_report *report)
{
	struct card_advice advice[CARD_WORDS_ADVICE_MAX];
	size_t count = card_words_advice(report, advice);

	for (size_t i = 0; i < count; i++) {
		if (advice[i].text != NULL)
			ui_say_text(stdout, advice[i].tone, advice[i].text);
		free(advice[i].text);
	}
}

/* Print a line now, so that it is seen while the next one is waited for. */
static void show(void)
{
	fflush(stdout);
}

/* Print what is known of a reader before its card is looked at. */
static void print_reader(const struct card *card)
{
	ui_line(stdout, UI_PLAIN, _("Reader: %s"), jpki_reader_name(card->reader));
	show();
}

static void print_card(const struct card_report *report)
{
	const struct card *card = report->card;

	if (report->situation == SITUATION_NO_CARD)
		ui_line(stdout, UI_PLAIN, _("Card: none"));
	else if (report->situation == SITUATION_NONE)
		ui_line(stdout, UI_PLAIN,
			_("Card: %s, serial number %s (not the number printed on it)"),
			cards_kind_text(card->kind), card->serial);
	show();
}

static void print_end(const struct card_report *report)
{
	if (report->situation != SITUATION_NONE && report->situation != SITUATION_NO_CARD)
		ui_say(stdout, UI_BAD, report->situation);
	print_advice(report);
	show();
}

/* Say in one line that OpenSC comes between programs and this module. */
static void print_rival(void)
{
	static struct opensc_ways ways;

	opensc_look("", &ways);
	if (opensc_is_beside(&ways))
		ui_line(stdout, UI_WARN,
			_("Programs also see this card through OpenSC, which makes them slow: see "
			  "\"jpki doctor\"."));
}

/* --- for programs: docs/jpki-status.schema.json ---------------------------------------------- */

static const char *card_name(const struct card *card)
{
	static const char *const names[] = {
		[JPKI_CARD_MY_NUMBER] = "my-number", [JPKI_CARD_JUKI] = "juki",
		[JPKI_CARD_ANDROID] = "android",     [JPKI_CARD_IPHONE] = "iphone",
		[JPKI_CARD_UNKNOWN] = "unknown",     [JPKI_CARD_FOREIGN] = "foreign",
		[JPKI_CARD_MUTE] = "mute",
	};

	return card->error == JPKI_OK ? names[card->kind] : NULL;
}

static json_t *json_of_certificate(const struct card_report *report, enum jpki_key key)
{
	static const char *const states[] = {[CARD_REPORT_READ] = "read",
					     [CARD_REPORT_NEEDS_PIN] = "needs-pin",
					     [CARD_REPORT_ABSENT] = "absent",
					     [CARD_REPORT_UNREADABLE] = "unreadable"};
	const struct card_report_half *half = &report->halves[key];
	const struct date_validity *validity = &half->validity;
	const struct date_validity *latest = card_words_latest_end(report, key);
	const char *state = states[half->certificate];

	if (half->certificate == CARD_REPORT_UNREADABLE)
		return json_pack("{s:s, s:s}", "state", state, "situation",
				 situation_name(situation_of_error(half->error, key)));
	if (half->certificate == CARD_REPORT_NEEDS_PIN && latest != NULL)
		return json_pack("{s:s, s:s}", "state", state, "last_day_at_most",
				 latest->last_day);
	if (half->certificate != CARD_REPORT_READ)
		return json_pack("{s:s}", "state", state);
	return json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "state", state, "period",
			 date_band_name(validity->band), "first_day", validity->first_day,
			 "last_day", validity->last_day, "days_left", validity->days_left,
			 "revocation", "unknown");
}

static json_t *json_of_half(const struct card_report *report, enum jpki_key key)
{
	const struct card_report_half *half = &report->halves[key];
	const struct jpki_token_info *info = &half->info;
	json_t *tries;

	if (!half->exists)
		return json_null();
	tries = info->pin_is_set && info->tries >= 0 ? json_integer(info->tries) : json_null();
	return json_pack("{s:o, s:{s:b, s:o, s:i, s:b, s:i, s:i}}", "certificate",
			 json_of_certificate(report, key), "pin", "set", info->pin_is_set,
			 "tries_left", tries, "tries_max", (int)info->tries_full, "locked",
			 info->pin_is_set && info->tries == 0, "min_length",
			 (int)info->pin_rule->min_length, "max_length",
			 (int)info->pin_rule->max_length);
}

static json_t *json_of_report(const struct card_report *report)
{
	const struct card *card = report->card;
	const char *reader = jpki_reader_name(card->reader);
	json_t *advice;

	if (report->situation != SITUATION_NONE)
		return json_pack("{s:s, s:s?, s:s}", "reader", reader, "card", card_name(card),
				 "situation", situation_name(report->situation));
	advice = json_array();
	for (size_t i = 0; i < report->advice_count; i++)
		json_array_append_new(advice, json_string(situation_name(report->advice[i])));
	return json_pack("{s:s, s:s?, s:n, s:s, s:o, s:o, s:o}", "reader", reader, "card",
			 card_name(card), "situation", "serial", card->serial, "auth",
			 json_of_half(report, JPKI_KEY_AUTH), "sign",
			 json_of_half(report, JPKI_KEY_SIGN), "advice", advice);
}

static bool print_json(json_t *readers, enum situation situation, enum app_exit code, bool line)
{
	const char *name = situation == SITUATION_NONE ? NULL : situation_name(situation);
	json_t *value = json_pack("{s:i, s:s?, s:i, s:O}", "version", 1, "situation", name,
				  "exit_code", (int)code, "readers", readers);

	return line ? ui_json_line(value) : ui_json(value);
}

/* --- looking ------------------------------------------------------------------------------- */

/* What was last reported about a reader. */
struct told {
	jpki_insertion insertion;
	bool listed;
};

static bool is_listed(const struct cards *cards, const struct card *card)
{
	return jpki_reader_list_find(&cards->seen, jpki_reader_name(card->reader)) != NULL;
}

/*
 * True if a reader is to be reported: it is connected, and has the requested card, if one was
 * requested.
 */
static bool is_wanted(const struct cards *cards, const struct card *card,
		      const struct arguments *arguments)
{
	return is_listed(cards, card) && (arguments->common.serial == NULL ||
					  strcasecmp(arguments->common.serial, card->serial) == 0);
}

/* Return why there is no card to report; SITUATION_NONE if there is one. */
static enum situation nothing_because(const struct cards *cards, size_t with_card)
{
	if (cards->error != JPKI_OK)
		return cards->service.situation;
	if (with_card > 0)
		return SITUATION_NONE;
	return cards->seen.count == 0 ? SITUATION_NO_READER : SITUATION_NO_CARD;
}

/* What one round of telling has found. */
struct telling {
	const struct arguments *arguments;
	json_t *readers; /* released with the next round */
	size_t printed, with_card;
	enum app_exit code;
};

/* Read a card and, unless JSON is wanted, print each part as soon as it is known. */
static void tell_card(struct telling *telling, const struct card *card)
{
	bool text = !telling->arguments->common.json;
	struct card_report report;

	card_report_begin(&report, card);
	if (text)
		print_card(&report);
	for (int key = 0; report.situation == SITUATION_NONE && key < JPKI_KEY_COUNT; key++) {
		ui_busy(_("Reading the card..."));
		card_report_read(&report, (enum jpki_key)key, time(NULL));
		ui_busy_end();
		if (text && report.situation == SITUATION_NONE)
			print_half(&report, (enum jpki_key)key);
		show();
	}
	card_report_end(&report);
	if (text)
		print_end(&report);
	telling->code = card_report_worse(telling->code, report.exit_code);
	telling->with_card += report.situation != SITUATION_NO_CARD;
	json_array_append_new(telling->readers, json_of_report(&report));
}

static void tell_reader(struct telling *telling, const struct cards *cards, struct card *card)
{
	const struct arguments *arguments = telling->arguments;
	/* Whether the reader is wanted at all may depend on its card. */
	bool first = arguments->common.serial == NULL && !arguments->common.json;

	if (!is_listed(cards, card))
		return;
	if (first && telling->printed++ > 0)
		putchar('\n');
	if (first)
		print_reader(card);
	ui_busy(_("Reading the card..."));
	card_recognise(card, JPKI_READER_TOKENS);
	ui_busy_end();
	if (!is_wanted(cards, card, arguments))
		return;
	if (!first && !arguments->common.json) {
		if (telling->printed++ > 0)
			putchar('\n');
		print_reader(card);
	}
	tell_card(telling, card);
}

/* Print the end of a round. Return its exit code. */
static enum app_exit tell_end(struct telling *telling, enum situation situation)
{
	const struct arguments *arguments = telling->arguments;
	enum app_exit code = telling->code;

	if (situation != SITUATION_NONE)
		code = situation_exit(situation);
	if (!arguments->common.json && situation != SITUATION_NONE)
		ui_say(stdout, UI_BAD, situation);
	else if (!arguments->common.json)
		print_rival();
	if (arguments->common.json &&
	    !print_json(telling->readers, situation, code, arguments->watch))
		code = APP_FAILED;
	/* A report that could not be written has failed. */
	if (fflush(stdout) != 0 || ferror(stdout))
		code = APP_FAILED;
	return code;
}

/* Tell what is known when a wait has taken too long. */
static int tell_waited(enum situation situation, void *argument)
{
	enum app_exit code = tell_end(argument, situation);

	return (int)code;
}

/* Report all wanted readers. */
static enum app_exit tell(struct cards *cards, const struct arguments *arguments)
{
	static struct telling telling;
	enum app_exit code;

	json_decref(telling.readers);
	telling = (struct telling){
		.arguments = arguments, .readers = json_array(), .code = APP_NO_READER};
	patience_set_end(tell_waited, &telling);
	for (size_t i = 0; i < cards->count; i++)
		tell_reader(&telling, cards, &cards->cards[i]);
	code = tell_end(&telling, nothing_because(cards, telling.with_card));
	/* What may be waited for from here on is no part of this round. */
	json_array_clear(telling.readers);
	return code;
}

/* Note the current state. True if it differs from what was reported. */
static bool has_changed(const struct cards *cards, struct told told[JPKI_READERS_MAX])
{
	bool changed = false;

	for (size_t i = 0; i < cards->count; i++) {
		struct told now = {cards->cards[i].insertion, is_listed(cards, &cards->cards[i])};

		changed = changed || now.insertion != told[i].insertion ||
			  now.listed != told[i].listed;
		told[i] = now;
	}
	return changed;
}

static enum app_exit watch(struct cards *cards, const struct arguments *arguments)
{
	struct told told[JPKI_READERS_MAX] = {{0}};
	enum jpki_error told_error = cards->error;
	struct jpki_transport *transport = cards->readers.transport;
	struct timespec pause = {.tv_sec = LOOK_AGAIN_MS / 1000};

	has_changed(cards, told);
	while (!ferror(stdout)) {
		enum jpki_error error =
			transport->ops->wait(transport, &cards->seen, LOOK_AGAIN_MS);

		/* Without a service, all that can be done is to wait for the service. */
		if (error != JPKI_OK && error != JPKI_E_TIMEOUT)
			nanosleep(&pause, NULL);
		cards_list(cards);
		if (!has_changed(cards, told) && cards->error == told_error)
			continue;
		told_error = cards->error;
		if (!arguments->common.json)
			putchar('\n');
		tell(cards, arguments);
	}
	return APP_FAILED;
}

static int run(struct cards *cards, void *argument)
{
	const struct arguments *arguments = argument;
	enum app_exit code = tell(cards, arguments);

	return (int)(arguments->watch ? watch(cards, arguments) : code);
}

int tool_status(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options, .parser = parse, .doc = documentation, .children = children};
	struct arguments arguments = {0};

	options_parse(&argp, EXIT_STATUS, argc, argv, &arguments);
	return cards_with_all(&arguments.common, run, &arguments);
}
