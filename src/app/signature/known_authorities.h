/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * known_authorities: tells by SHA-256 fingerprints which CA certificates are known to be J-LIS': by
 * a table, and by the configuration (verify.authority).
 */
#ifndef JPKI_APP_SIGNATURE_KNOWN_AUTHORITIES_H
#define JPKI_APP_SIGNATURE_KNOWN_AUTHORITIES_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/config.h"
#include "card/generation.h"

/* Why a CA is believed. */
enum authority {
	AUTHORITY_KNOWN,   /* its fingerprint is known */
	AUTHORITY_GIVEN,   /* the user says so (--ca) */
	AUTHORITY_UNKNOWN, /* a card has it, and anybody can make a card */
	AUTHORITY_COUNT
};

/* Write the fingerprint of a certificate. False without memory. */
bool authority_fingerprint(const X509 *certificate, char fingerprint[JPKI_FINGERPRINT_SIZE]);

/*
 * Return the known fingerprint at this place (from 0) among those of the certificates of this key;
 * NULL after the last. It is static, or points into config.
 */
const char *authority_known_at(const struct jpki_config *config, enum jpki_key key, size_t place);

/* True if this CA certificate is known to issue the certificates of this key. */
bool authority_is_known(const struct jpki_config *config, enum jpki_key key,
			const X509 *certificate);

#endif
