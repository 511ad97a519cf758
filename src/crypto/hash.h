/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hash: computes hashes on the host, and wraps them in the DigestInfo of a signature. */
#ifndef JPKI_CRYPTO_HASH_H
#define JPKI_CRYPTO_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum jpki_hash {
	JPKI_HASH_SHA1,
	JPKI_HASH_SHA224,
	JPKI_HASH_SHA256,
	JPKI_HASH_SHA384,
	JPKI_HASH_SHA512,
	JPKI_HASH_COUNT
};

#define JPKI_HASH_SIZE_MAX 64
/* The longest DigestInfo: 19 bytes before a SHA-512 value. */
#define JPKI_DIGEST_INFO_MAX 83

/* A hash being computed. jpki_hash_new makes it; the caller frees it with jpki_hash_free. */
struct jpki_hash_state;

/* Return the length of the hash's value in bytes. */
size_t jpki_hash_size(enum jpki_hash hash);

/* Begin a hash. NULL without memory. */
struct jpki_hash_state *jpki_hash_new(enum jpki_hash hash);

/* Add length more bytes. JPKI_E_CRYPTO. */
enum jpki_error jpki_hash_update(struct jpki_hash_state *state, const void *data, size_t length);

/* Write the value, jpki_hash_size bytes, to value. Afterwards the state can only be freed. */
enum jpki_error jpki_hash_final(struct jpki_hash_state *state, uint8_t *value);

/* Free a state in any condition. NULL is allowed. */
void jpki_hash_free(struct jpki_hash_state *state);

/* Write the hash of data, jpki_hash_size bytes, to value. JPKI_E_MEMORY, JPKI_E_CRYPTO. */
enum jpki_error jpki_hash_compute(enum jpki_hash hash, const void *data, size_t length,
				  uint8_t *value);

/*
 * Write the DigestInfo (RFC 8017 §9.2 and appendix A.2.4, DER) of a hash value of jpki_hash_size
 * bytes to info, which has room for JPKI_DIGEST_INFO_MAX bytes. Return its length.
 */
size_t jpki_hash_digest_info(enum jpki_hash hash, const uint8_t *value, uint8_t *info);

/* Write the HMAC-SHA-256 (RFC 2104) of data under a key of 32 bytes to mac, 32 bytes.
 * JPKI_E_CRYPTO. */
enum jpki_error jpki_hmac_sha256(const uint8_t key[32], const void *data, size_t length,
				 uint8_t mac[32]);

/*
 * Write a digest of a secret and a salt, 32 bytes each, to digest, 32 bytes; rounds, at least 1000,
 * make it slow to find the secret by trying (PBKDF2 with HMAC-SHA-256, RFC 8018 §5.2).
 * JPKI_E_CRYPTO.
 */
enum jpki_error jpki_slow_sha256(const uint8_t secret[32], const uint8_t salt[32],
				 unsigned int rounds, uint8_t digest[32]);

#endif
