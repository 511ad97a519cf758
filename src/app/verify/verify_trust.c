/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_trust: reads CA certificates from --ca, from what is kept, and from the card. */
#include "app/verify/verify_trust.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>

#include "app/card/cards.h"
#include "app/certificate/x509.h"
#include "app/signature/kept_authorities.h"
#include "app/signature/pem.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "app/verify/verify_file.h"

/* Trust one more CA. */
static bool add(struct verify_request *request, enum authority authority, X509 *certificate)
{
	X509_STORE **store = &request->trusted[authority];

	if (*store == NULL)
		*store = X509_STORE_new();
	return *store != NULL && X509_STORE_add_cert(*store, certificate) == 1;
}

X509 *verify_next_certificate(BIO *bio, size_t place, bool *encrypted)
{
	X509 *certificate;

	*encrypted = false;
	certificate = PEM_read_bio_X509(bio, NULL, pem_no_password, encrypted);
	if (certificate == NULL && !*encrypted && place == 0 && BIO_seek(bio, 0) == 0)
		certificate = d2i_X509_bio(bio, NULL);
	ERR_clear_error();
	return certificate;
}

int verify_no_certificate(const struct verify_request *request, const char *file, bool encrypted)
{
	return ui_fail(request->common.json, APP_FAILED, file,
		       encrypted ? _("It is encrypted. A certificate is no secret: specify it "
				     "without encryption.")
				 : _("It contains no certificate."));
}

static int trust_file(struct verify_request *request)
{
	BIO *bio = verify_open(request->ca);
	X509 *certificate;
	bool encrypted;
	size_t count = 0;

	if (bio == NULL)
		return ui_fail(request->common.json, APP_FAILED, request->ca, strerror(errno));
	while ((certificate = verify_next_certificate(bio, count, &encrypted)) != NULL) {
		count += add(request, AUTHORITY_GIVEN, certificate) ? 1 : 0;
		X509_free(certificate);
	}
	BIO_free(bio);
	return count > 0 && !encrypted ? APP_OK
				       : verify_no_certificate(request, request->ca, encrypted);
}

/* Trust a CA certificate of the card as far as it is known. */
static bool add_of_card(struct verify_request *request, X509 *certificate)
{
	struct jpki_config config = jpki_config_load();
	bool known = authority_is_known(&config, request->key, certificate);

	if (known)
		authority_keep(request->key, certificate);
	return add(request, known ? AUTHORITY_KNOWN : AUTHORITY_UNKNOWN, certificate);
}

/* Take the CA certificate from this card; argument is the request. */
static int trust_authority(struct cards *cards, const struct card *card, void *argument)
{
	struct verify_request *request = argument;
	struct jpki_token_ref token = card_token(card, request->key);
	enum situation situation = SITUATION_INTERNAL;
	struct jpki_certificate *authority = NULL;
	X509 *certificate = NULL;
	enum jpki_error error;
	bool trusted;

	(void)cards;
	ui_busy(_("Reading the card..."));
	error = jpki_token_certificate(&token, JPKI_CERTIFICATE_CA, &authority);
	ui_busy_end();
	if (error == JPKI_OK)
		certificate = x509_of(authority);
	else
		situation = situation_of_error(error, request->key);
	trusted = certificate != NULL && add_of_card(request, certificate);
	X509_free(certificate);
	jpki_certificate_release(authority);
	return trusted ? APP_OK : ui_refuse(request->common.json, situation);
}

static int trust_card(struct verify_request *request)
{
	int result = cards_with_one(&request->common, trust_authority, request);

	if (result != APP_OK && request->by_window)
		ui_line(stderr, UI_PLAIN, "%s",
			_("To tell who signed, this program needs a certificate that is on any My "
			  "Number card. Insert yours and check again."));
	else if (result != APP_OK)
		ui_line(stderr, UI_PLAIN, "%s",
			_("The CA certificate is read from the card; --ca specifies one without a "
			  "card."));
	return result;
}

void verify_trust_kept(struct verify_request *request)
{
	struct jpki_config config = jpki_config_load();
	const char *fingerprint;

	for (size_t i = 0; (fingerprint = authority_known_at(&config, request->key, i)) != NULL;
	     i++) {
		X509 *certificate = authority_kept(request->key, fingerprint);

		if (certificate != NULL)
			(void)add(request, AUTHORITY_KNOWN, certificate);
		X509_free(certificate);
	}
}

int verify_trust_given(struct verify_request *request)
{
	int result = request->ca == NULL ? APP_OK : trust_file(request);

	ERR_clear_error();
	return result;
}

int verify_trust_card(struct verify_request *request, bool kept_is_enough)
{
	int result = request->ca != NULL || kept_is_enough ? APP_OK : trust_card(request);

	ERR_clear_error();
	return result;
}

int verify_trust_document(struct verify_request *request, bool kept_is_enough, bool invalid)
{
	const bool json = request->common.json;

	if (request->ca != NULL || kept_is_enough)
		return APP_OK;
	request->unjudged = invalid;
	if (invalid || request->by_window)
		return invalid ? APP_OK : verify_trust_card(request, kept_is_enough);
	/* What is told of the document follows, and there is to be one answer. */
	request->common.json = false;
	request->without_card = verify_trust_card(request, kept_is_enough);
	request->common.json = json;
	request->unjudged = request->without_card != APP_OK;
	return APP_OK;
}

void verify_trust_end(struct verify_request *request)
{
	for (size_t i = 0; i < AUTHORITY_COUNT; i++)
		X509_STORE_free(request->trusted[i]);
}
