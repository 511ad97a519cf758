/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * x509: hands a certificate of the card to OpenSSL, for the fields that src/crypto does not read.
 */
#ifndef JPKI_APP_CERTIFICATE_X509_H
#define JPKI_APP_CERTIFICATE_X509_H

#include <openssl/x509.h>

#include "crypto/certificate.h"

/* Return the certificate; the caller frees it with X509_free. NULL without memory. */
X509 *x509_of(const struct jpki_certificate *certificate);

#endif
