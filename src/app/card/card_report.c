/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_report: reads what a card tells without a PIN, and decides what its holder should do. */
#include "app/card/card_report.h"

#include <string.h>

#include "app/certificate/x509.h"
#include "app/ui/progress.h"

/* For this many days some services may not accept a new certificate yet. */
#define NEW_DAYS 7

/* Read the validity period of the holder's certificate. */
static void look_at_certificate(struct card_report_half *half, const struct jpki_token_ref *token,
				time_t now)
{
	struct jpki_certificate *certificate = NULL;
	X509 *x509;

	half->certificate = CARD_REPORT_ABSENT;
	if (!half->info.has_key)
		return;
	half->certificate = CARD_REPORT_NEEDS_PIN;
	if (half->info.certificate_is_private)
		return;
	half->error = jpki_token_certificate(token, JPKI_CERTIFICATE_OWN, &certificate);
	if (half->error == JPKI_E_LOGIN_REQUIRED)
		return;
	half->certificate =
		half->error == JPKI_E_NOT_FOUND ? CARD_REPORT_ABSENT : CARD_REPORT_UNREADABLE;
	if (half->error != JPKI_OK)
		return;
	x509 = x509_of(certificate);
	if (x509 != NULL) {
		half->validity = date_validity_of(x509, now);
		half->certificate = CARD_REPORT_READ;
	} else {
		half->error = JPKI_E_BAD_DER;
	}
	X509_free(x509);
	jpki_certificate_release(certificate);
}

void card_report_read(struct card_report *report, enum jpki_key key, time_t now)
{
	struct jpki_token_ref token = card_token(report->card, key);
	struct card_report_half *half = &report->halves[key];
	enum jpki_error error;

	if (report->situation != SITUATION_NONE)
		return;
	error = jpki_token_get_info(&token, &half->info);
	if (error == JPKI_E_NO_TOKEN)
		return;
	if (error != JPKI_OK) {
		report->situation = situation_of_error(error, key);
		return;
	}
	half->exists = true;
	look_at_certificate(half, &token, now);
}

static void advise(struct card_report *report, enum situation situation)
{
	if (report->advice_count < CARD_REPORT_ADVICE_MAX)
		report->advice[report->advice_count++] = situation;
}

bool card_report_has_tries(const struct card_report_half *half, int tries)
{
	return half->exists && half->info.pin_is_set && half->info.tries == tries;
}

static void advise_on_pins(struct card_report *report)
{
	const struct card_report_half *auth = &report->halves[JPKI_KEY_AUTH];
	const struct card_report_half *sign = &report->halves[JPKI_KEY_SIGN];

	if (card_report_has_tries(auth, 0) && card_report_has_tries(sign, 0))
		advise(report, SITUATION_BOTH_LOCKED);
	else if (card_report_has_tries(auth, 0))
		advise(report, SITUATION_AUTH_LOCKED);
	else if (card_report_has_tries(sign, 0))
		advise(report, SITUATION_SIGN_LOCKED);
	if (card_report_has_tries(auth, 1) || card_report_has_tries(sign, 1))
		advise(report, SITUATION_FINAL_TRY);
	if (auth->exists && !auth->info.pin_is_set)
		advise(report, SITUATION_PIN_NOT_SET);
}

static void advise_on_certificates(struct card_report *report)
{
	const struct card_report_half *auth = &report->halves[JPKI_KEY_AUTH];
	const struct card_report_half *sign = &report->halves[JPKI_KEY_SIGN];

	if (auth->certificate == CARD_REPORT_READ && auth->validity.band == DATE_ENDED)
		advise(report, SITUATION_EXPIRED);
	else if (auth->certificate == CARD_REPORT_READ && auth->validity.band == DATE_SOON)
		advise(report, SITUATION_SOON);
	else if (auth->certificate == CARD_REPORT_READ && auth->validity.band == DATE_NOT_YET)
		advise(report, SITUATION_NOT_YET_VALID);
	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		if (report->halves[key].exists &&
		    report->halves[key].certificate == CARD_REPORT_UNREADABLE)
			advise(report,
			       situation_of_error(report->halves[key].error, (enum jpki_key)key));
	}
	/* A card without PINs has no signing certificate either, but for another reason. */
	if (auth->exists && !auth->info.pin_is_set)
		return;
	if (!auth->exists || auth->certificate == CARD_REPORT_ABSENT)
		advise(report, SITUATION_NO_AUTH_CERTIFICATE);
	if (!sign->exists || sign->certificate == CARD_REPORT_ABSENT)
		advise(report, SITUATION_NO_SIGN_CERTIFICATE);
	if (report->advice_count == 0 && auth->certificate == CARD_REPORT_READ)
		advise(report, SITUATION_VALIDITY_UNKNOWN);
	if (auth->certificate == CARD_REPORT_READ && auth->validity.days_old >= 0 &&
	    auth->validity.days_old <= NEW_DAYS)
		advise(report, SITUATION_JUST_RENEWED);
}

enum app_exit card_report_worse(enum app_exit left, enum app_exit right)
{
	static const int ranks[] = {
		[APP_NO_CARD] = 1,   [APP_NOT_RECOGNISED] = 2, [APP_OK] = 3,      [APP_SOON] = 4,
		[APP_ABSENT] = 5,    [APP_PIN_LOCKED] = 6,     [APP_EXPIRED] = 7, [APP_FAILED] = 8,
		[APP_CA_UNKNOWN] = 0}; /* all other codes are 0 */

	return ranks[left] >= ranks[right] ? left : right;
}

static enum app_exit exit_of(const struct card_report *report)
{
	enum app_exit code = APP_OK;

	for (size_t i = 0; i < report->advice_count; i++) {
		enum situation situation = report->advice[i];

		/* A missing signing certificate is no fault: children have none. Neither is one
		 * remaining try. */
		if (situation != SITUATION_NO_SIGN_CERTIFICATE && situation != SITUATION_FINAL_TRY)
			code = card_report_worse(code, situation_exit(situation));
	}
	/* All certificates of Juki cards have expired. */
	if (report->card->kind == JPKI_CARD_JUKI)
		code = card_report_worse(code, APP_EXPIRED);
	return code;
}

void card_report_begin(struct card_report *report, const struct card *card)
{
	memset(report, 0, sizeof(*report));
	report->card = card;
	report->situation = card_situation(card);
}

void card_report_end(struct card_report *report)
{
	if (report->situation != SITUATION_NONE) {
		report->exit_code = situation_exit(report->situation);
		return;
	}
	/* Advice about its PINs would send the holder to the office in vain. */
	if (report->card->kind == JPKI_CARD_JUKI) {
		advise(report, SITUATION_JUKI);
	} else {
		advise_on_pins(report);
		advise_on_certificates(report);
	}
	report->exit_code = exit_of(report);
}

void card_report_make(struct card_report *report, const struct card *card, time_t now)
{
	card_report_begin(report, card);
	for (int key = 0; key < JPKI_KEY_COUNT; key++)
		card_report_read(report, (enum jpki_key)key, now);
	card_report_end(report);
}

struct date_validity card_report_auth_validity(const struct card *card, time_t now)
{
	struct jpki_token_ref auth = card_token(card, JPKI_KEY_AUTH);
	struct jpki_certificate *certificate = NULL;
	struct date_validity validity = {0};
	enum jpki_error error;
	X509 *x509 = NULL;

	ui_busy(_("Reading the card..."));
	error = jpki_token_certificate(&auth, JPKI_CERTIFICATE_OWN, &certificate);
	ui_busy_end();
	if (error == JPKI_OK)
		x509 = x509_of(certificate);
	if (x509 != NULL)
		validity = date_validity_of(x509, now);
	X509_free(x509);
	jpki_certificate_release(certificate);
	return validity;
}
