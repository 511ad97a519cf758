/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: holds an X.509 certificate, parsed once and never changed after. */
#ifndef JPKI_CRYPTO_CERTIFICATE_H
#define JPKI_CRYPTO_CERTIFICATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"
#include "crypto/key.h"

/* The certificate owns all memory. */
struct jpki_certificate {
	struct jpki_bytes der;             /* the whole certificate */
	struct jpki_bytes subject;         /* DER Name */
	struct jpki_bytes issuer;          /* DER Name */
	struct jpki_bytes serial;          /* DER INTEGER */
	struct jpki_bytes public_key_info; /* DER SubjectPublicKeyInfo */
	const struct jpki_public_key *key;
	uint8_t sha1[20];   /* of der: the fingerprint that PKCS#11 calls a check value */
	char not_before[9]; /* YYYYMMDD, UTC, zero-terminated */
	char not_after[9];
};

/*
 * Parse length bytes of DER, all of which must be the certificate (RFC 5280 §4.1). Neither its
 * signature nor its validity is checked. On JPKI_OK the caller holds *certificate once, and
 * releases it with jpki_certificate_release; otherwise it is NULL. JPKI_E_BAD_DER: not a
 * certificate, bytes behind it, or a key that jpki_public_key_read refuses.
 */
enum jpki_error jpki_certificate_parse(const uint8_t *der, size_t length,
				       struct jpki_certificate **certificate);

/*
 * Return whether the certificate names itself as its issuer and its signature verifies with its own
 * key (RFC 5280 §3.2), so that no byte of it can be another. Also false if that cannot be told. Any
 * thread.
 */
bool jpki_certificate_is_self_signed(const struct jpki_certificate *certificate);

/* Add a holder, and return the argument. Any thread. */
struct jpki_certificate *jpki_certificate_hold(struct jpki_certificate *certificate);

/* Remove a holder; the last one wipes the DER and frees the certificate. NULL is allowed. Any
 * thread. */
void jpki_certificate_release(struct jpki_certificate *certificate);

#endif
