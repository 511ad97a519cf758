/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/x509.h"

#include <limits.h>
#include <string.h>

#include "crypto/context.h"
#include "tool/progress.h"

X509 *tool_x509_of(const struct jpki_certificate *certificate)
{
	const unsigned char *der = certificate->der.data;
	X509 *x509 = X509_new_ex(jpki_crypto_context(), NULL);

	/* On failure d2i frees what it was given. */
	if (x509 == NULL || certificate->der.length > LONG_MAX ||
	    d2i_X509(&x509, &der, (long)certificate->der.length) == NULL)
		return NULL;
	return x509;
}

bool tool_auth_validity(const struct tool_card *card, time_t now, struct date_validity *validity)
{
	struct jpki_token_ref auth = tool_card_token(card, JPKI_KEY_AUTH);
	struct jpki_certificate *certificate = NULL;
	enum jpki_error error;
	X509 *x509;

	ui_busy(_("Reading the card..."));
	error = jpki_token_certificate(&auth, JPKI_CERTIFICATE_OWN, &certificate);
	ui_busy_end();
	if (error != JPKI_OK)
		return false;
	x509 = tool_x509_of(certificate);
	jpki_certificate_release(certificate);
	if (x509 == NULL)
		return false;
	*validity = date_validity_of(x509, now);
	X509_free(x509);
	return true;
}

const struct date_validity *tool_effective_validity(const struct date_validity *sign,
						    const struct date_validity *auth)
{
	return auth != NULL && strcmp(auth->last_day, sign->last_day) < 0 ? auth : sign;
}
