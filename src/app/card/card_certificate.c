/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_certificate: reads a certificate of a card, with its PIN if the card wants that. */
#include "app/card/card_certificate.h"

#include "app/card/card_report.h"
#include "app/host/signals.h"
#include "app/signature/known_authorities.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"

static enum jpki_error read_certificate(const struct jpki_token_ref *token,
					enum jpki_certificate_kind kind,
					struct jpki_certificate **certificate)
{
	enum jpki_error error;

	ui_busy(_("Reading the card..."));
	error = jpki_token_certificate(token, kind, certificate);
	ui_busy_end();
	return error;
}

struct reading {
	struct card_pin *card_pin;
	struct jpki_certificate **certificate;
};

/* Read the certificate with a PIN. */
static int read_by(void *argument, struct prompt_pin *pin)
{
	struct reading *reading = argument;
	struct jpki_token_ref token = card_pin_token(reading->card_pin);
	enum jpki_error error;
	sigset_t before;

	ui_busy(_("Reading the card..."));
	signals_hold(&before);
	error = jpki_token_login(&token, pin->value, pin->length);
	signals_release(&before);
	if (error == JPKI_OK)
		error = jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, reading->certificate);
	jpki_token_logout(&token);
	ui_busy_end();
	return error == JPKI_OK ? APP_OK
				: pin_dialog_explain(&reading->card_pin->dialog, error, pin);
}

/*
 * Read a certificate that needs the PIN. Return the exit code; on failure the reason was printed.
 */
static int read_with_pin(struct card_pin *card_pin, struct jpki_certificate **certificate)
{
	struct reading reading = {.card_pin = card_pin, .certificate = certificate};

	return pin_dialog_use(&card_pin->dialog,
			      _("The certificate is personal data; reading it requires the PIN:"),
			      read_by, &reading);
}

int card_certificate_read(struct card_pin *card_pin, const struct cert_choice *choice,
			  struct jpki_certificate **certificate)
{
	const struct pin_dialog *dialog = &card_pin->dialog;
	struct jpki_token_ref token = card_pin_token(card_pin);
	struct jpki_token_info info;
	enum jpki_error error = jpki_token_get_info(&token, &info);
	bool own = choice->kind == JPKI_CERTIFICATE_OWN;

	/* It is shown or handed on for others to trust, so each of its bytes is the card's. */
	cards_keep_nothing(card_pin->cards);
	if (error == JPKI_OK && own && !info.has_key)
		error = JPKI_E_NOT_FOUND;
	/* The card may require the PIN even if its generation does not. */
	if (error == JPKI_OK && !(own && info.certificate_is_private))
		error = read_certificate(&token, choice->kind, certificate);
	else if (error == JPKI_OK)
		error = JPKI_E_LOGIN_REQUIRED;
	if (own && error == JPKI_E_LOGIN_REQUIRED)
		return read_with_pin(card_pin, certificate);
	return error == JPKI_OK ? APP_OK
				: ui_refuse(dialog->json, situation_of_error(error, dialog->key));
}

void card_certificate_complete(struct cert_facts *facts, const struct cards *cards,
			       const struct card *card, const X509 *x509, time_t now)
{
	facts->card_serial = card->serial;
	if (!cert_is_own(facts->choice))
		facts->is_known_authority =
			authority_is_known(&cards->readers.config, facts->choice->key, x509);
	else if (facts->choice->key == JPKI_KEY_SIGN)
		facts->auth_validity = card_report_auth_validity(card, now);
}
