/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_words: says when certificates expire, how many tries are left, and what to do about it. */
#include "app/card/card_words.h"

#include <stdio.h>

#include "app/app.h"

const char *card_words_key(enum jpki_key key)
{
	return key == JPKI_KEY_AUTH ? _("Authentication (Myna Portal, convenience stores)")
				    : _("Signing (filings such as e-Tax)");
}

const char *card_words_pin(enum jpki_key key)
{
	return key == JPKI_KEY_AUTH ? _("PIN (4 digits)") : _("Password");
}

static enum ui_tone say_dates(const struct date_validity *validity, char text[CARD_WORDS_SIZE])
{
	switch (validity->band) {
	case DATE_NOT_YET:
		snprintf(text, CARD_WORDS_SIZE, _("not valid before %s"), validity->first_day_text);
		return UI_BAD;
	case DATE_FINE:
		snprintf(text, CARD_WORDS_SIZE,
			 ngettext("in date until %s, %d day left (revocation not checked)",
				  "in date until %s, %d days left (revocation not checked)",
				  (unsigned long)validity->days_left),
			 validity->last_day_text, validity->days_left);
		return UI_GOOD;
	case DATE_SOON:
		snprintf(text, CARD_WORDS_SIZE,
			 ngettext("EXPIRES SOON, in date until %s, %d day left (revocation not "
				  "checked)",
				  "EXPIRES SOON, in date until %s, %d days left (revocation not "
				  "checked)",
				  (unsigned long)validity->days_left),
			 validity->last_day_text, validity->days_left);
		return UI_WARN;
	case DATE_ENDED:
	default:
		snprintf(text, CARD_WORDS_SIZE, _("EXPIRED on %s"), validity->last_day_text);
		return UI_BAD;
	}
}

const struct date_validity *card_words_latest_end(const struct card_report *report,
						  enum jpki_key key)
{
	const struct card_report_half *auth = &report->halves[JPKI_KEY_AUTH];

	if (key != JPKI_KEY_SIGN || !auth->exists || auth->certificate != CARD_REPORT_READ)
		return NULL;
	return &auth->validity;
}

static enum ui_tone say_hidden_dates(const struct card_report *report, enum jpki_key key,
				     char text[CARD_WORDS_SIZE])
{
	const struct date_validity *latest = card_words_latest_end(report, key);

	if (latest == NULL) {
		snprintf(text, CARD_WORDS_SIZE, "%s",
			 key == JPKI_KEY_AUTH ? _("present; its dates need the PIN")
					      : _("present; its dates need the password"));
		return UI_PLAIN;
	}
	if (latest->band == DATE_ENDED) {
		snprintf(text, CARD_WORDS_SIZE,
			 _("present; EXPIRED on %s at the latest, with the other one"),
			 latest->last_day_text);
		return UI_BAD;
	}
	snprintf(text, CARD_WORDS_SIZE,
		 _("present; expires on %s at the latest; its own date needs the password"),
		 latest->last_day_text);
	return UI_PLAIN;
}

enum ui_tone card_words_certificate(const struct card_report *report, enum jpki_key key,
				    char text[CARD_WORDS_SIZE])
{
	const struct card_report_half *half = &report->halves[key];

	switch (half->certificate) {
	case CARD_REPORT_READ:
		return say_dates(&half->validity, text);
	case CARD_REPORT_NEEDS_PIN:
		return say_hidden_dates(report, key, text);
	case CARD_REPORT_ABSENT:
		snprintf(text, CARD_WORDS_SIZE, "%s", _("none"));
		return UI_PLAIN;
	case CARD_REPORT_UNREADABLE:
	default:
		snprintf(text, CARD_WORDS_SIZE, "%s", _("could not be read"));
		return UI_BAD;
	}
}

enum ui_tone card_words_tries(const struct card_report_half *half, char text[CARD_WORDS_SIZE])
{
	const struct jpki_token_info *info = &half->info;

	if (!info->pin_is_set) {
		snprintf(text, CARD_WORDS_SIZE, "%s", _("not set"));
		return UI_WARN;
	}
	if (info->tries < 0) {
		snprintf(text, CARD_WORDS_SIZE, "%s", _("the card does not tell the tries left"));
		return UI_PLAIN;
	}
	if (info->tries == 0) {
		snprintf(text, CARD_WORDS_SIZE, "%s", _("LOCKED, no try left"));
		return UI_BAD;
	}
	if (info->tries == 1) {
		snprintf(text, CARD_WORDS_SIZE, _("ONLY ONE TRY LEFT of %u"), info->tries_full);
		return UI_WARN;
	}
	snprintf(text, CARD_WORDS_SIZE, _("%d of %u tries left"), info->tries, info->tries_full);
	return UI_PLAIN;
}

/* The table of situations says what each format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static struct card_advice advice_of(const struct card_report *report, enum situation situation)
{
	const struct date_validity *auth = &report->halves[JPKI_KEY_AUTH].validity;
	const char *format = situation_text(situation);
	struct card_advice advice = {.tone = UI_PLAIN};
	int length;

	/* These two take their arguments in this order; the others take none. */
	if (situation == SITUATION_SOON) {
		advice.tone = UI_WARN;
		length = asprintf(&advice.text, format, auth->days_left, auth->last_day_text);
	} else if (situation == SITUATION_EXPIRED) {
		advice.tone = UI_BAD;
		length = asprintf(&advice.text, format, auth->last_day_text);
	} else {
		length = asprintf(&advice.text, "%s", format);
	}
	if (length < 0)
		advice.text = NULL;
	return advice;
}
#pragma GCC diagnostic pop

size_t card_words_advice(const struct card_report *report,
			 struct card_advice advice[CARD_WORDS_ADVICE_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < report->advice_count; i++) {
		if (report->advice[i] != SITUATION_FINAL_TRY) {
			advice[count++] = advice_of(report, report->advice[i]);
			continue;
		}
		/* Say of each PIN whose last try is left which one it is. */
		for (int key = 0; key < JPKI_KEY_COUNT; key++) {
			const char *text =
				situation_pin_text(SITUATION_FINAL_TRY, (enum jpki_key)key);
			struct card_advice *next = &advice[count];

			if (!card_report_has_tries(&report->halves[key], 1))
				continue;
			next->tone = UI_PLAIN;
			if (asprintf(&next->text, "%s", text) < 0)
				next->text = NULL;
			count++;
		}
	}
	return count;
}
