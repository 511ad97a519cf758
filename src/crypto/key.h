/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * key: holds a public key: its kind, its size and the numbers that PKCS#11 shows of it; and
 * verifies that a signature was made with its private key.
 */
#ifndef JPKI_CRYPTO_KEY_H
#define JPKI_CRYPTO_KEY_H

#include <stddef.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/error.h"

/* The RSA sizes that are believed: 1024 bits on old Juki cards, and room for larger keys to
 * come. */
#define JPKI_RSA_BITS_MIN  1024
#define JPKI_RSA_BITS_MAX  4096
#define JPKI_RSA_BYTES_MAX (JPKI_RSA_BITS_MAX / 8)
/* RSASSA-PKCS1-v1_5 takes at least this many bytes of a modulus for itself (RFC 8017 §9.2). */
#define JPKI_PKCS1_PADDING_MIN 11

/* Each kind has one row in key.c. */
enum jpki_key_kind {
	JPKI_KEY_KIND_RSA,
	JPKI_KEY_KIND_EC, /* P-256, P-384 or P-521 (FIPS 186-4 D.1.2) */
	JPKI_KEY_KIND_COUNT
};

/* Numbers that a kind of key does not have are empty. The key owns the memory. */
struct jpki_public_key {
	enum jpki_key_kind kind;
	unsigned int bits;       /* of the modulus, or of the curve's order */
	size_t signature_length; /* in bytes: of the modulus, or of r || s */

	struct jpki_bytes modulus;         /* RSA: big-endian, no leading zero */
	struct jpki_bytes public_exponent; /* RSA: big-endian, no leading zero */
	struct jpki_bytes curve;           /* EC: DER OBJECT IDENTIFIER of the named curve */
	struct jpki_bytes point; /* EC: DER OCTET STRING of the uncompressed point (X9.62) */
};

/*
 * Read a key from length bytes of DER, all of which must be a SubjectPublicKeyInfo (RFC 5280
 * §4.1.2.7). On JPKI_OK the caller frees *key with jpki_public_key_free; otherwise it is NULL.
 * JPKI_E_BAD_DER: not a key, bytes behind it, another kind of key, an RSA key outside the sizes
 * above, or an EC key that is not an uncompressed point of one of the named curves; JPKI_E_MEMORY.
 */
enum jpki_error jpki_public_key_read(const uint8_t *der, size_t length,
				     struct jpki_public_key **key);

/* Free a key. NULL is allowed. */
void jpki_public_key_free(struct jpki_public_key *key);

/*
 * Check a signature over input, which has the scheme's form: JPKI_OK if it is valid,
 * JPKI_E_BAD_SIGNATURE if not, JPKI_E_CRYPTO, JPKI_E_MEMORY. Never JPKI_OK if the key is of another
 * kind than the scheme's. Any thread.
 */
typedef enum jpki_error jpki_verifier(const struct jpki_public_key *key, const uint8_t *input,
				      size_t input_length, const uint8_t *signature,
				      size_t signature_length);

/* RSASSA-PKCS1-v1_5 (RFC 8017 §8.2): input is what is padded, a DigestInfo or anything else. */
jpki_verifier jpki_public_key_verify_pkcs1;

/* RSASSA-PSS (RFC 8017 §8.1) over a SHA-256 value, MGF1 with SHA-256, 32 bytes of salt. */
jpki_verifier jpki_public_key_verify_pss_sha256;

/* ECDSA (FIPS 186-4 §6.4) over a hash value; the signature is r || s, each as long as the order. */
jpki_verifier jpki_public_key_verify_ecdsa;

#endif
