/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* x509: makes an OpenSSL X509 from a certificate of the card. */
#include "app/certificate/x509.h"

#include <limits.h>

#include "crypto/context.h"

X509 *x509_of(const struct jpki_certificate *certificate)
{
	const unsigned char *der = certificate->der.data;
	X509 *x509 = X509_new_ex(jpki_crypto_context(), NULL);

	/* On failure d2i frees the object that it was given. */
	if (x509 == NULL || certificate->der.length > LONG_MAX ||
	    d2i_X509(&x509, &der, (long)certificate->der.length) == NULL)
		return NULL;
	return x509;
}
