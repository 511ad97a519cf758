/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_show: prints the facts of a certificate as text and as JSON. */
#include "tool/cert/cert_show.h"

#include <stdio.h>
#include <string.h>

#include "app/certificate/cert_words.h"
#include "app/ui/json.h"
#include "app/ui/line.h"

/* --- for people ---------------------------------------------------------------------------- */

static void print_line(const struct cert_line *line, void *unused)
{
	(void)unused;
	switch (line->kind) {
	case CERT_LINE_FIELD:
		ui_line(stdout, line->tone, _("%s: %s"), line->label, line->text);
		break;
	case CERT_LINE_HIDDEN:
		if (line->text[0] == '\0')
			ui_line(stdout, line->tone, _("%s: (hidden; --show-personal shows it)"),
				line->label);
		else
			ui_line(stdout, line->tone,
				_("%s: %s (the rest is hidden; --show-personal shows it)"),
				line->label, line->text);
		break;
	case CERT_LINE_NOTE:
		ui_line(stdout, line->tone, "  %s", line->text);
		break;
	case CERT_LINE_SENTENCE:
		ui_say_text(stdout, line->tone, line->text);
		break;
	}
}

void cert_print(const struct cert_facts *facts, bool with_personal)
{
	cert_words_tell(facts, with_personal, print_line, NULL);
}

/* --- for programs -------------------------------------------------------------------------- */

/* Return the words of a list that is separated by ", ". */
static json_t *json_of_words(const char *words)
{
	json_t *list = json_array();

	while (words[0] != '\0') {
		size_t length = strcspn(words, ",");

		json_array_append_new(list, json_stringn(words, length));
		words += length;
		words += strspn(words, ", ");
	}
	return list;
}

static json_t *json_of_substitutes(const struct holder_text *text, bool shown)
{
	json_t *list;
	size_t place = 0;

	if (!shown)
		return json_null();
	list = json_array();
	while ((place = holder_next_substitute(text, place)) != 0)
		json_array_append_new(list, json_integer((json_int_t)place));
	return list;
}

/* All members exist; the value of a hidden one is null. */
static json_t *json_of_holder(const struct holder *holder, bool shown)
{
	char birth[DATE_ISO_SIZE];
	const char *birth_or_null = NULL;
	int year, month, day;

	if (shown && holder_birth(holder, &year, &month, &day)) {
		snprintf(birth, sizeof(birth), "%04u-%02u-%02u", (unsigned int)year % 10000,
			 (unsigned int)month % 100, (unsigned int)day % 100);
		birth_or_null = birth;
	}
	return json_pack("{s:s?, s:o, s:s?, s:o, s:s?, s:s?}", "name",
			 shown ? holder->name.text : NULL, "name_substitutes",
			 json_of_substitutes(&holder->name, shown), "address",
			 shown ? holder->address.text : NULL, "address_substitutes",
			 json_of_substitutes(&holder->address, shown), "birth_date", birth_or_null,
			 "sex", shown ? holder_sex(holder) : NULL);
}

bool cert_print_json(const struct cert_facts *facts, bool with_personal)
{
	const struct date_validity *validity = &facts->validity;
	bool hidden = cert_is_own(facts->choice) && !with_personal;
	json_t *value = json_pack(
		"{s:s, s:s, s:b, s:s?, s:s, s:s, s:s, s:s, s:i, s:s, s:s}", "certificate",
		facts->choice->name, "card_serial", facts->card_serial, "personal_shown",
		with_personal, "subject", hidden ? NULL : facts->subject, "issuer", facts->issuer,
		"serial_number", facts->serial, "first_day", validity->first_day, "last_day",
		validity->last_day, "days_left", validity->days_left, "period",
		date_band_name(validity->band), "revocation", "unknown");
	json_t *more = json_pack("{s:{s:s, s:i}, s:s, s:o, s:o, s:o, s:{s:s, s:s}}", "key", "type",
				 facts->key_type, "bits", facts->key_bits, "signature_algorithm",
				 facts->signature, "key_usage", json_of_words(facts->usages),
				 "extended_key_usage", json_of_words(facts->purposes), "policies",
				 json_of_words(facts->policies), "fingerprints", "sha1",
				 facts->sha1, "sha256", facts->sha256);

	json_object_update(value, more);
	json_decref(more);
	if (!cert_is_own(facts->choice))
		json_object_set_new(value, "authority",
				    json_string(facts->is_known_authority ? "known" : "unknown"));
	if (facts->has_holder)
		json_object_set_new(value, "holder", json_of_holder(&facts->holder, with_personal));
	if (date_effective(&facts->validity, &facts->auth_validity) != validity)
		json_object_set_new(value, "auth_last_day",
				    json_string(facts->auth_validity.last_day));
	return ui_json(value);
}
