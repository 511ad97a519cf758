/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_show: prints the facts of a certificate as text and as JSON. */
#include "tool/cert/cert_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/situation.h"

/* --- for people ---------------------------------------------------------------------------- */

static const char *title_of(const struct cert_choice *choice)
{
	if (cert_is_own(choice))
		return choice->key == JPKI_KEY_AUTH ? _("authentication certificate")
						    : _("signing certificate");
	return choice->key == JPKI_KEY_AUTH ? _("CA certificate for authentication certificates")
					    : _("CA certificate for signing certificates");
}

/* Print a field of the holder; value is NULL if the certificate does not have it. */
static void print_personal(const char *label, const char *value, bool shown)
{
	if (value == NULL)
		ui_line(stdout, UI_PLAIN, _("%s: not in the certificate"), label);
	else if (shown)
		ui_line(stdout, UI_PLAIN, _("%s: %s"), label, value);
	else
		ui_line(stdout, UI_PLAIN, _("%s: (hidden; --show-personal shows it)"), label);
}

/* Say which characters stand for others that the certificate cannot hold. */
static void print_substitutes(const struct holder_text *text, bool shown)
{
	size_t place = 0;

	while (shown && (place = holder_next_substitute(text, place)) != 0)
		ui_line(stdout, UI_PLAIN, _("  Note: character %zu is a substitute"), place);
}

static const char *sex_in_words(const struct holder *holder)
{
	const char *sex = holder_sex(holder);

	if (sex == NULL)
		return holder->sex;
	if (strcmp(sex, "male") == 0)
		return _("male");
	return strcmp(sex, "female") == 0 ? _("female") : _("not applicable");
}

static void print_holder(const struct holder *holder, bool shown)
{
	char birth[DATE_TEXT_SIZE];
	int year, month, day;

	print_personal(_("Name"), holder->name.text, shown);
	print_substitutes(&holder->name, shown);
	print_personal(_("Address"), holder->address.text, shown);
	print_substitutes(&holder->address, shown);
	if (holder_birth(holder, &year, &month, &day) && date_in_words(year, month, day, birth))
		print_personal(_("Date of birth"), birth, shown);
	else
		print_personal(_("Date of birth"), holder->birth, shown);
	print_personal(_("Sex"), sex_in_words(holder), shown);
}

static void print_authority_validity(const struct cert_facts *facts)
{
	const struct date_validity *validity = &facts->validity;

	if (validity->band == DATE_ENDED)
		ui_line(stdout, UI_BAD, _("It has expired."));
	else if (validity->band == DATE_NOT_YET)
		ui_say(stdout, UI_BAD, SITUATION_NOT_YET_VALID);
	else
		ui_line(stdout, UI_PLAIN, _("It is in date."));
	ui_line(stdout, UI_PLAIN,
		_("J-LIS publishes the fingerprints of its certificate authorities "
		  "(www.jpki.go.jp): compare them to be sure."));
}

/* Say "in date", not "valid": revocation cannot be checked here. */
static void print_own_validity(const struct cert_facts *facts)
{
	const struct date_validity *validity =
		date_effective(&facts->validity, &facts->auth_validity);

	if (validity != &facts->validity)
		ui_say(stdout, UI_WARN, SITUATION_AUTH_ENDS_FIRST, validity->last_day_text);
	if (validity->band == DATE_NOT_YET) {
		ui_say(stdout, UI_BAD, SITUATION_NOT_YET_VALID);
		return;
	}
	if (validity->band == DATE_ENDED) {
		ui_say(stdout, UI_BAD, SITUATION_EXPIRED, validity->last_day_text);
		return;
	}
	if (validity->band == DATE_SOON)
		ui_say(stdout, UI_WARN, SITUATION_SOON, validity->days_left,
		       validity->last_day_text);
	ui_say(stdout, UI_PLAIN, SITUATION_VALIDITY_UNKNOWN);
	ui_line(stdout, UI_PLAIN,
		_("Revocation is not checked here because only accredited verifiers may ask J-LIS "
		  "about it."));
	if (facts->choice->key == JPKI_KEY_SIGN)
		ui_say(stdout, UI_PLAIN, SITUATION_MAYBE_REVOKED);
}

/* What a key may be used for: the standard's names, which programs get, and everyday words. */
static const struct {
	const char *name;
	const char *words;
} uses[] = {
	{"digitalSignature", N_("digital signature")},
	{"nonRepudiation", N_("non-repudiation")},
	{"keyEncipherment", N_("encryption of keys")},
	{"dataEncipherment", N_("encryption of data")},
	{"keyAgreement", N_("key agreement")},
	{"keyCertSign", N_("signing certificates of others")},
	{"cRLSign", N_("signing revocation lists")},
	{"encipherOnly", N_("encryption only")},
	{"decipherOnly", N_("decryption only")},
	{"clientAuth", N_("log-in to servers")},
	{"serverAuth", N_("identity of a server")},
	{"emailProtection", N_("protection of e-mail")},
	{"codeSigning", N_("signing programs")},
	{"timeStamping", N_("time stamps")},
	{"OCSPSigning", N_("signing answers about revocation")},
};

static const char *use_in_words(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
		if (strlen(uses[i].name) == length && strncmp(uses[i].name, name, length) == 0)
			return _(uses[i].words);
	}
	return NULL;
}

/* Print uses in words; what has none is named as in the certificate. */
static void print_uses(const char *label, const char *names)
{
	char *text = NULL;
	size_t size;
	FILE *out = names[0] != '\0' ? open_memstream(&text, &size) : NULL;

	if (out == NULL)
		return;
	while (names[0] != '\0') {
		size_t length = strcspn(names, ",");
		const char *words = use_in_words(names, length);

		if (words != NULL)
			fputs(words, out);
		else
			fprintf(out, "%.*s", (int)length, names);
		names += length;
		/* TRANSLATORS: between the entries of a list. */
		fputs(names[0] != '\0' ? _(", ") : "", out);
		names += strspn(names, ", ");
	}
	if (fclose(out) == 0)
		ui_line(stdout, UI_PLAIN, _("%s: %s"), label, text);
	free(text);
}

/* Print a field, unless it is empty. */
static void print_field(const char *label, const char *value)
{
	if (value[0] != '\0')
		ui_line(stdout, UI_PLAIN, _("%s: %s"), label, value);
}

void cert_print(const struct cert_facts *facts, bool with_personal)
{
	const struct date_validity *validity = &facts->validity;

	print_field(_("Certificate"), title_of(facts->choice));
	print_field(_("Card"), facts->card_serial);
	if (cert_is_own(facts->choice) && !with_personal)
		ui_line(stdout, UI_PLAIN,
			_("Subject: %s (the rest is hidden; --show-personal shows it)"),
			facts->subject);
	else
		print_field(_("Subject"), facts->subject);
	if (facts->has_holder)
		print_holder(&facts->holder, with_personal);
	print_field(_("Issuer"), facts->issuer);
	print_field(_("Serial number"), facts->serial);
	print_field(_("First day"), validity->first_day_text);
	print_field(_("Last day"), validity->last_day_text);
	ui_line(stdout, UI_PLAIN, _("Key: %s, %d bits"), facts->key_type, facts->key_bits);
	print_field(_("Signature algorithm"), facts->signature);
	print_uses(_("Key usage"), facts->usages);
	print_uses(_("Extended key usage"), facts->purposes);
	print_field(_("Policies"), facts->policies);
	print_field(_("SHA-1 fingerprint"), facts->sha1);
	print_field(_("SHA-256 fingerprint"), facts->sha256);
	if (cert_is_own(facts->choice))
		print_own_validity(facts);
	else
		print_authority_validity(facts);
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
	if (facts->has_holder)
		json_object_set_new(value, "holder", json_of_holder(&facts->holder, with_personal));
	if (date_effective(&facts->validity, &facts->auth_validity) != validity)
		json_object_set_new(value, "auth_last_day",
				    json_string(facts->auth_validity.last_day));
	return ui_json(value);
}
