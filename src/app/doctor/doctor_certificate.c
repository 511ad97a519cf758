/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_certificate: checks the certificates, and the clock by which they are judged. */
#include "app/doctor/doctor_checks.h"

#include <openssl/x509.h>
#include <sys/stat.h>

#include "app/certificate/date.h"
#include "app/certificate/x509.h"

#define DAY_SECONDS ((time_t)24 * 60 * 60)

/* Return a certificate of the card, which the caller frees; NULL with the reason in *error. */
static X509 *read_certificate(const struct doctor_view *view, enum jpki_key key,
			      enum jpki_certificate_kind kind, enum jpki_error *error)
{
	struct jpki_token_ref token = card_token(view->card, key);
	struct jpki_certificate *certificate;
	X509 *x509;

	*error = jpki_token_certificate(&token, kind, &certificate);
	if (*error != JPKI_OK)
		return NULL;
	x509 = x509_of(certificate);
	jpki_certificate_release(certificate);
	if (x509 == NULL)
		*error = JPKI_E_BAD_DER;
	return x509;
}

/* Tell neither the last day nor the days left: the last day is the holder's birthday. */
static struct doctor_finding judge_validity(const X509 *x509, time_t now)
{
	struct doctor_finding finding;

	switch (date_validity_of(x509, now).band) {
	case DATE_NOT_YET:
		return doctor_in(SITUATION_NOT_YET_VALID, _("not valid yet"));
	case DATE_SOON:
		finding = doctor_good(_("readable and in date; it expires within three months"));
		finding.remedy = _("You can renew it at your municipal office now; bring the "
				   "PINs.");
		return finding;
	case DATE_ENDED:
		finding = doctor_in(SITUATION_EXPIRED, _("readable, but expired"));
		finding.remedy =
			_("Services will refuse it. Your municipal office can re-issue it.");
		return finding;
	case DATE_FINE:
		break;
	}
	return doctor_good(_("readable and in date (whether it was revoked cannot be seen here)"));
}

/* Check the holder's certificate for one of the keys. */
static struct doctor_finding check_own(const struct doctor_view *view, enum jpki_key key)
{
	struct doctor_finding finding;
	enum jpki_error error;
	X509 *x509 = read_certificate(view, key, JPKI_CERTIFICATE_OWN, &error);

	if (error == JPKI_E_LOGIN_REQUIRED)
		return doctor_open(NULL, _("present, but it cannot be read without the PIN"));
	if (error != JPKI_OK)
		return doctor_in(situation_of_error(error, key), _("it cannot be read"));
	finding = judge_validity(x509, view->now);
	X509_free(x509);
	return finding;
}

struct doctor_finding doctor_certificate(const struct doctor_view *view)
{
	if (view->card == NULL)
		return doctor_open(NULL, _("cannot be checked without a card"));
	if (view->card->kind == JPKI_CARD_JUKI)
		return doctor_open(NULL, _("a Juki card has none"));
	return check_own(view, JPKI_KEY_AUTH);
}

struct doctor_finding doctor_sign_certificate(const struct doctor_view *view)
{
	struct jpki_token_ref token;
	struct jpki_token_info info;
	enum jpki_error error;

	if (view->card == NULL)
		return doctor_open(NULL, _("cannot be checked without a card"));
	token = card_token(view->card, JPKI_KEY_SIGN);
	error = jpki_token_get_info(&token, &info);
	if (error != JPKI_OK && error != JPKI_E_NO_TOKEN)
		return doctor_in(situation_of_error(error, JPKI_KEY_SIGN), _("it cannot be read"));
	/* Many cards have no signing certificate, and nothing is wrong with them. */
	if (error == JPKI_E_NO_TOKEN || !info.has_key)
		return doctor_open(situation_text(SITUATION_NO_SIGN_CERTIFICATE),
				   _("this card has none"));
	if (info.certificate_is_private)
		return doctor_open(
			_("\"jpki cert show sign\" asks for the password and shows them."),
			_("present; its dates can be read only with the signing password"));
	return check_own(view, JPKI_KEY_SIGN);
}

/* Return what is wrong with the CA certificate of one key; SITUATION_NONE if nothing is. */
static enum situation authority_situation(const struct doctor_view *view, enum jpki_key key,
					  size_t *read)
{
	enum situation situation = SITUATION_NONE;
	enum jpki_error error;
	enum date_band band;
	X509 *x509 = read_certificate(view, key, JPKI_CERTIFICATE_CA, &error);

	/* It is missing together with the holder's certificate, which earlier checks report. */
	if (error == JPKI_E_NOT_FOUND || error == JPKI_E_NO_TOKEN || error == JPKI_E_LOGIN_REQUIRED)
		return SITUATION_NONE;
	if (error != JPKI_OK)
		return situation_of_error(error, key);
	(*read)++;
	band = date_validity_of(x509, view->now).band;
	if (band == DATE_NOT_YET)
		situation = SITUATION_NOT_YET_VALID;
	else if (band == DATE_ENDED)
		situation = SITUATION_EXPIRED;
	X509_free(x509);
	return situation;
}

struct doctor_finding doctor_authorities(const struct doctor_view *view)
{
	size_t read = 0;

	if (view->card == NULL)
		return doctor_open(NULL, _("cannot be checked without a card"));
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		enum situation situation = authority_situation(view, (enum jpki_key)key, &read);

		if (situation == SITUATION_EXPIRED) {
			struct doctor_finding finding = doctor_in(situation, _("one has expired"));

			finding.remedy = _("What it issued has expired, too. Your municipal office "
					   "can re-issue it.");
			return finding;
		}
		if (situation == SITUATION_NOT_YET_VALID)
			return doctor_in(situation, _("one is not valid yet"));
		if (situation != SITUATION_NONE)
			return doctor_in(situation, _("one cannot be read"));
	}
	if (read == 0)
		return doctor_open(NULL, _("none can be read without a PIN"));
	return doctor_good(ngettext("%zu readable and in date", "%zu readable and in date", read),
			   read);
}

/* True if a certificate of the card was issued later than the time of this computer. */
static bool is_before_card(const struct doctor_view *view)
{
	static const enum jpki_certificate_kind kinds[] = {JPKI_CERTIFICATE_OWN,
							   JPKI_CERTIFICATE_CA};
	bool before = false;

	for (size_t i = 0; view->card != NULL && i < 2 * (size_t)JPKI_KEY_COUNT; i++) {
		enum jpki_error error;
		X509 *x509 = read_certificate(view, (enum jpki_key)(i / 2), kinds[i % 2], &error);

		before = before ||
			 (x509 != NULL && date_validity_of(x509, view->now).band == DATE_NOT_YET);
		X509_free(x509);
	}
	return before;
}

struct doctor_finding doctor_clock(const struct doctor_view *view)
{
	const char *remedy = _("Set the date of this computer.");
	struct stat program;

	/* The clock cannot be right before the program was built; allow a day for time zones. */
	if (stat("/proc/self/exe", &program) == 0 && view->now < program.st_mtime - DAY_SECONDS)
		return doctor_bad(remedy, _("it is before the day this program was built"));
	if (is_before_card(view))
		return doctor_bad(remedy,
				  _("it is before the day a certificate on the card was issued"));
	return doctor_good(_("plausible"));
}
