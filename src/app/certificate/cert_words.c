/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_words: makes lines of the facts of a certificate, for the command and for the window. */
#include "app/certificate/cert_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/situation.h"

#define NOTE_SIZE 160

/* Whom the lines are told. */
struct listener {
	cert_told *told;
	void *argument;
	bool with_personal;
};

static void tell(const struct listener *listener, enum cert_line_kind kind, enum ui_tone tone,
		 const char *label, const char *text)
{
	struct cert_line line = {.kind = kind, .tone = tone, .label = label, .text = text};

	listener->told(&line, listener->argument);
}

static void tell_sentence(const struct listener *listener, enum ui_tone tone, const char *text)
{
	tell(listener, CERT_LINE_SENTENCE, tone, NULL, text);
}

/* The table of situations says what each format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void tell_situation(const struct listener *listener, enum ui_tone tone,
			   enum situation situation, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, situation);
	if (vasprintf(&text, situation_text(situation), arguments) < 0)
		text = NULL;
	va_end(arguments);
	tell_sentence(listener, tone, text != NULL ? text : situation_name(situation));
	free(text);
}
#pragma GCC diagnostic pop

/* Tell a field, unless it is empty. */
static void tell_field(const struct listener *listener, const char *label, const char *value)
{
	if (value[0] != '\0')
		tell(listener, CERT_LINE_FIELD, UI_PLAIN, label, value);
}

/* --- the holder ---------------------------------------------------------------------------- */

/* Tell a field of the holder; value is NULL if the certificate does not have it. */
static void tell_personal(const struct listener *listener, const char *label, const char *value)
{
	if (value == NULL)
		tell(listener, CERT_LINE_FIELD, UI_PLAIN, label, _("not in the certificate"));
	else if (listener->with_personal)
		tell(listener, CERT_LINE_FIELD, UI_PLAIN, label, value);
	else
		tell(listener, CERT_LINE_HIDDEN, UI_PLAIN, label, "");
}

/* Say which characters stand for others that the certificate cannot hold. */
static void tell_substitutes(const struct listener *listener, const struct holder_text *text)
{
	char note[NOTE_SIZE];
	size_t place = 0;

	while (listener->with_personal && (place = holder_next_substitute(text, place)) != 0) {
		snprintf(note, sizeof(note), _("Note: character %zu is a substitute"), place);
		tell(listener, CERT_LINE_NOTE, UI_PLAIN, NULL, note);
	}
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

static void tell_holder(const struct listener *listener, const struct holder *holder)
{
	char birth[DATE_TEXT_SIZE];
	int year, month, day;

	tell_personal(listener, _("Name"), holder->name.text);
	tell_substitutes(listener, &holder->name);
	tell_personal(listener, _("Address"), holder->address.text);
	tell_substitutes(listener, &holder->address);
	if (holder_birth(holder, &year, &month, &day) && date_in_words(year, month, day, birth))
		tell_personal(listener, _("Date of birth"), birth);
	else
		tell_personal(listener, _("Date of birth"), holder->birth);
	tell_personal(listener, _("Sex"), sex_in_words(holder));
}

/* --- what it may be used for --------------------------------------------------------------- */

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

/* Tell uses in words; what has none is named as in the certificate. */
static void tell_uses(const struct listener *listener, const char *label, const char *names)
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
		tell_field(listener, label, text);
	free(text);
}

/* --- whether it counts --------------------------------------------------------------------- */

static void tell_authority(const struct listener *listener, const struct cert_facts *facts)
{
	const struct date_validity *validity = &facts->validity;

	if (validity->band == DATE_ENDED)
		tell_sentence(listener, UI_BAD, _("It has expired."));
	else if (validity->band == DATE_NOT_YET)
		tell_situation(listener, UI_BAD, SITUATION_NOT_YET_VALID);
	else
		tell_sentence(listener, UI_PLAIN, _("It is in date."));
	if (facts->is_known_authority) {
		tell_sentence(listener, UI_PLAIN,
			      _("It is one of J-LIS' certificate authorities known to this "
				"program."));
		return;
	}
	tell_sentence(listener, UI_WARN,
		      _("Its fingerprint is not one of those known to this program. Anybody can "
			"make a card with such a certificate."));
	tell_sentence(listener, UI_PLAIN,
		      _("J-LIS publishes the fingerprints of its certificate authorities "
			"(www.jpki.go.jp): compare them to be sure."));
}

/* Say "in date", not "valid": revocation cannot be checked here. */
static void tell_validity(const struct listener *listener, const struct cert_facts *facts)
{
	const struct date_validity *validity =
		date_effective(&facts->validity, &facts->auth_validity);

	if (validity != &facts->validity)
		tell_situation(listener, UI_WARN, SITUATION_AUTH_ENDS_FIRST,
			       validity->last_day_text);
	if (validity->band == DATE_NOT_YET) {
		tell_situation(listener, UI_BAD, SITUATION_NOT_YET_VALID);
		return;
	}
	if (validity->band == DATE_ENDED) {
		tell_situation(listener, UI_BAD, SITUATION_EXPIRED, validity->last_day_text);
		return;
	}
	if (validity->band == DATE_SOON)
		tell_situation(listener, UI_WARN, SITUATION_SOON, validity->days_left,
			       validity->last_day_text);
	tell_situation(listener, UI_PLAIN, SITUATION_VALIDITY_UNKNOWN);
	tell_sentence(listener, UI_PLAIN,
		      _("Revocation is not checked here because only accredited verifiers may ask "
			"J-LIS about it."));
	if (facts->choice->key == JPKI_KEY_SIGN)
		tell_situation(listener, UI_PLAIN, SITUATION_MAYBE_REVOKED);
}

/* --- all ----------------------------------------------------------------------------------- */

const char *cert_words_title(const struct cert_choice *choice)
{
	if (cert_is_own(choice))
		return choice->key == JPKI_KEY_AUTH ? _("Authentication certificate")
						    : _("Signing certificate");
	return choice->key == JPKI_KEY_AUTH ? _("CA certificate for authentication certificates")
					    : _("CA certificate for signing certificates");
}

const char *cert_words_export(const struct cert_choice *choice)
{
	return cert_is_personal(choice)
		       ? _("This certificate contains the holder's name, address, date of birth "
			   "and sex. Give it only to those who may know them.")
		       : NULL;
}

static void tell_key(const struct listener *listener, const struct cert_facts *facts)
{
	char *text;

	if (asprintf(&text, _("%s, %d bits"), facts->key_type, facts->key_bits) < 0)
		return;
	tell_field(listener, _("Key"), text);
	free(text);
}

void cert_words_tell(const struct cert_facts *facts, bool with_personal, cert_told *told,
		     void *argument)
{
	const struct listener listener = {
		.told = told, .argument = argument, .with_personal = with_personal};
	const struct date_validity *validity = &facts->validity;

	tell_field(&listener, _("Certificate"), cert_words_title(facts->choice));
	tell_field(&listener, _("Card"), facts->card_serial);
	if (cert_is_own(facts->choice) && !with_personal)
		tell(&listener, CERT_LINE_HIDDEN, UI_PLAIN, _("Subject"), facts->subject);
	else
		tell_field(&listener, _("Subject"), facts->subject);
	if (facts->has_holder)
		tell_holder(&listener, &facts->holder);
	tell_field(&listener, _("Issuer"), facts->issuer);
	tell_field(&listener, _("Serial number"), facts->serial);
	tell_field(&listener, _("First day"), validity->first_day_text);
	tell_field(&listener, _("Last day"), validity->last_day_text);
	tell_key(&listener, facts);
	tell_field(&listener, _("Signature algorithm"), facts->signature);
	tell_uses(&listener, _("Key usage"), facts->usages);
	tell_uses(&listener, _("Extended key usage"), facts->purposes);
	tell_field(&listener, _("Policies"), facts->policies);
	tell_field(&listener, _("SHA-1 fingerprint"), facts->sha1);
	tell_field(&listener, _("SHA-256 fingerprint"), facts->sha256);
	if (cert_is_own(facts->choice))
		tell_validity(&listener, facts);
	else
		tell_authority(&listener, facts);
}
