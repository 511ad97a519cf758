/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin log: prints the record of tries, to show who used them up. */
#include "tool/pin/pin_parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "app/certificate/date.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "base/config.h"
#include "token/record.h"

static const struct {
	const char *outcome; /* as written in the record */
	enum ui_tone tone;
	const char *text;
} outcomes[] = {
	{"right", UI_GOOD, N_("right; all tries are restored")},
	{"wrong", UI_BAD, N_("wrong; the card refused it")},
	{"unknown", UI_WARN, N_("sent, but the card's answer was lost")},
	{"withheld:length", UI_PLAIN, N_("not sent: impossible length")},
	{"withheld:alphabet", UI_PLAIN, N_("not sent: impossible characters")},
	{"withheld:repeated", UI_PLAIN, N_("not sent: the card had refused this value before")},
	{"withheld:final-try", UI_WARN, N_("not sent: it would have been the last try")},
	{"withheld:locked", UI_WARN, N_("not sent: locked")},
	{"withheld:not-set", UI_PLAIN, N_("not sent: no PIN was ever set")},
};

#define OUTCOME_COUNT (sizeof(outcomes) / sizeof(outcomes[0]))

struct listing {
	const char *serial; /* of the wanted card; NULL for all */
	json_t *array;      /* NULL if the output is for people */
	size_t count;
};

static void print_line(const struct jpki_record_line *line)
{
	static const char *const pins[JPKI_PIN_COUNT] = {[JPKI_KEY_AUTH] = N_("authentication PIN"),
							 [JPKI_KEY_SIGN] = N_("signing password"),
							 [JPKI_PIN_TEXT] = N_("text-input PIN")};
	const char *pin = _(pins[line->key]);
	const char *outcome = line->outcome;
	enum ui_tone tone = UI_PLAIN;
	char when[DATE_TIME_SIZE];
	char tries[64] = "";

	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		if (strcmp(outcomes[i].outcome, line->outcome) == 0) {
			outcome = _(outcomes[i].text);
			tone = outcomes[i].tone;
		}
	}
	date_time_in_words(line->when, when);
	if (line->tries >= 0)
		snprintf(tries, sizeof(tries), _(" Tries left: %d."), line->tries);
	/* TRANSLATORS: time, PIN, outcome, tries left, program, serial number. */
	ui_line(stdout, tone, _("%s: %s: %s.%s Program: %s. Card: %s"), when, pin, outcome, tries,
		line->program, line->serial);
}

static json_t *json_of_line(const struct jpki_record_line *line)
{
	char when[32] = "";
	struct tm utc;

	if (gmtime_r(&line->when, &utc) != NULL)
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return json_pack("{s:s, s:s, s:s, s:s, s:o, s:s}", "time", when, "serial", line->serial,
			 "pin", key_name(line->key), "outcome", line->outcome, "tries_left",
			 line->tries >= 0 ? json_integer(line->tries) : json_null(), "program",
			 line->program);
}

static void take_line(const struct jpki_record_line *line, void *argument)
{
	struct listing *listing = argument;

	if (listing->serial != NULL && strcasecmp(listing->serial, line->serial) != 0)
		return;
	listing->count++;
	if (listing->array != NULL)
		json_array_append_new(listing->array, json_of_line(line));
	else
		print_line(line);
}

int pin_log(const char *serial, bool json)
{
	struct listing listing = {.serial = serial, .array = json ? json_array() : NULL};
	struct jpki_config config = jpki_config_load();

	/* To the user a missing record is the same as an empty one. */
	jpki_record_read(&config.record_place, take_line, &listing);
	if (json)
		return ui_json(json_pack("{s:o}", "tries", listing.array)) ? APP_OK : APP_FAILED;
	if (listing.count == 0)
		ui_line(stdout, UI_PLAIN,
			serial == NULL ? _("The record is empty: no try was used up or withheld, "
					   "or it is switched off (try-record).")
				       : _("The record has no entry for this card."));
	return APP_OK;
}
