/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * x509: puts a certificate of the card into OpenSSL's hands, for what src/crypto does not tell
 * of it.
 */
#ifndef JPKI_APP_CERTIFICATE_X509_H
#define JPKI_APP_CERTIFICATE_X509_H

#include <openssl/x509.h>

#include "crypto/certificate.h"

/* The caller frees it with X509_free; NULL without memory. */
X509 *x509_of(const struct jpki_certificate *certificate);

#endif
