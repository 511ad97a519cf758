/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* An X.509 certificate with an RSA key, taken apart once and never changed after. */
#ifndef JPKI_CRYPTO_CERTIFICATE_H
#define JPKI_CRYPTO_CERTIFICATE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* RSA sizes that are believed: 1024 bits on old Juki cards, room for what may come. */
#define JPKI_RSA_BITS_MIN  1024
#define JPKI_RSA_BITS_MAX  4096
#define JPKI_RSA_BYTES_MAX (JPKI_RSA_BITS_MAX / 8)
/* The bytes of a modulus that RSASSA-PKCS1-v1_5 takes for itself (RFC 8017 §9.2). */
#define JPKI_PKCS1_PADDING_MIN 11

/* A part of a certificate; the memory is the certificate's. */
struct jpki_bytes {
	const uint8_t *data;
	size_t length;
};

struct jpki_certificate {
	struct jpki_bytes der;             /* the whole certificate */
	struct jpki_bytes subject;         /* DER Name */
	struct jpki_bytes issuer;          /* DER Name */
	struct jpki_bytes serial;          /* DER INTEGER */
	struct jpki_bytes public_key_info; /* DER SubjectPublicKeyInfo */
	struct jpki_bytes modulus;         /* big-endian, no leading zero */
	struct jpki_bytes public_exponent; /* big-endian, no leading zero */
	unsigned int modulus_bits;
	uint8_t sha1[20];   /* of der: the fingerprint that PKCS#11 calls a check value */
	char not_before[9]; /* YYYYMMDD, UTC, zero-terminated */
	char not_after[9];
};

/*
 * Parses length bytes of DER, all of which must be the certificate (RFC 5280 §4.1). On JPKI_OK
 * *certificate is held by the caller once, to be let go by jpki_certificate_release; NULL
 * otherwise. JPKI_E_BAD_DER: not a certificate, bytes behind it, not RSA, or an RSA key outside
 * the sizes above. Neither signature nor validity is judged.
 */
enum jpki_error jpki_certificate_parse(const uint8_t *der, size_t length,
				       struct jpki_certificate **certificate);

/* One more holder; returns its argument. Any thread. */
struct jpki_certificate *jpki_certificate_hold(struct jpki_certificate *certificate);

/* One holder less; the last one wipes the DER and frees. NULL is allowed. Any thread. */
void jpki_certificate_release(struct jpki_certificate *certificate);

/*
 * Checks an RSASSA-PKCS1-v1_5 signature (RFC 8017 §8.2) whose padded content is block, taken as
 * it is: a DigestInfo, or whatever was signed. JPKI_OK when it fits, JPKI_E_BAD_SIGNATURE when
 * not, JPKI_E_CRYPTO, JPKI_E_MEMORY.
 */
enum jpki_error jpki_certificate_verify(const struct jpki_certificate *certificate,
					const uint8_t *block, size_t block_length,
					const uint8_t *signature, size_t signature_length);

/*
 * Checks an RSASSA-PSS signature (RFC 8017 §8.1) over a SHA-256 value of 32 bytes, made with
 * MGF1-SHA-256 and 32 bytes of salt. Returns as jpki_certificate_verify.
 */
enum jpki_error jpki_certificate_verify_pss(const struct jpki_certificate *certificate,
					    const uint8_t hash[32], const uint8_t *signature,
					    size_t signature_length);

#endif
