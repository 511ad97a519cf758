/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kept_authorities: keeps known CA certificates that a card had, which are public, so that
 * signatures can be verified later without a card. Each is in a file of the user's data directory,
 * jpki-pkcs11/KEY-FINGERPRINT.pem.
 */
#ifndef JPKI_APP_SIGNATURE_KEPT_AUTHORITIES_H
#define JPKI_APP_SIGNATURE_KEPT_AUTHORITIES_H

#include <openssl/x509.h>

#include "base/config.h"
#include "card/generation.h"

/*
 * Return the kept certificate with this fingerprint, which the caller frees. NULL if there is none:
 * a file with another content counts as none.
 */
X509 *authority_kept(enum jpki_key key, const char *fingerprint);

/* Keep a known certificate. If that is impossible, the card is needed again; the log says why. */
void authority_keep(enum jpki_key key, X509 *certificate);

#endif
