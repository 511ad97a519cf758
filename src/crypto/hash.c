/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* hash: computes digests, and wraps them in a DigestInfo. */
#include "crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <string.h>

#include "crypto/context.h"

#define PREFIX_MAX 19

/* The DER encoding that precedes the value (RFC 8017 §9.2, note 1). */
static const struct {
	const char *name; /* OpenSSL's */
	size_t size;
	size_t prefix_length;
	uint8_t prefix[PREFIX_MAX];
} hashes[JPKI_HASH_COUNT] = {
	[JPKI_HASH_SHA1] = {"SHA1",
			    20,
			    15,
			    {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05,
			     0x00, 0x04, 0x14}},
	[JPKI_HASH_SHA224] = {"SHA2-224",
			      28,
			      19,
			      {0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
			       0x03, 0x04, 0x02, 0x04, 0x05, 0x00, 0x04, 0x1c}},
	[JPKI_HASH_SHA256] = {"SHA2-256",
			      32,
			      19,
			      {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
			       0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}},
	[JPKI_HASH_SHA384] = {"SHA2-384",
			      48,
			      19,
			      {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
			       0x03, 0x04, 0x02, 0x02, 0x05, 0x00, 0x04, 0x30}},
	[JPKI_HASH_SHA512] = {"SHA2-512",
			      64,
			      19,
			      {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65,
			       0x03, 0x04, 0x02, 0x03, 0x05, 0x00, 0x04, 0x40}},
};

/* The state is OpenSSL's own; naming its type ourselves keeps OpenSSL out of the header. */
static EVP_MD_CTX *openssl_context(struct jpki_hash_state *state)
{
	return (EVP_MD_CTX *)(void *)state;
}

size_t jpki_hash_size(enum jpki_hash hash)
{
	return hashes[hash].size;
}

struct jpki_hash_state *jpki_hash_new(enum jpki_hash hash)
{
	OSSL_LIB_CTX *library = jpki_crypto_context();
	EVP_MD_CTX *context = NULL;
	EVP_MD *md = NULL;

	/* Here and below, the calling program must not see the errors that OpenSSL queues. */
	ERR_set_mark();
	if (library != NULL)
		md = EVP_MD_fetch(library, hashes[hash].name, NULL);
	if (md != NULL)
		context = EVP_MD_CTX_new();
	if (context == NULL || EVP_DigestInit_ex2(context, md, NULL) != 1) {
		EVP_MD_CTX_free(context);
		context = NULL;
	}
	EVP_MD_free(md);
	ERR_pop_to_mark();
	return (struct jpki_hash_state *)(void *)context;
}

enum jpki_error jpki_hash_update(struct jpki_hash_state *state, const void *data, size_t length)
{
	enum jpki_error error = JPKI_E_CRYPTO;

	if (length == 0)
		return JPKI_OK;
	ERR_set_mark();
	if (EVP_DigestUpdate(openssl_context(state), data, length) == 1)
		error = JPKI_OK;
	ERR_pop_to_mark();
	return error;
}

enum jpki_error jpki_hash_final(struct jpki_hash_state *state, uint8_t *value)
{
	enum jpki_error error = JPKI_E_CRYPTO;

	ERR_set_mark();
	if (EVP_DigestFinal_ex(openssl_context(state), value, NULL) == 1)
		error = JPKI_OK;
	ERR_pop_to_mark();
	return error;
}

void jpki_hash_free(struct jpki_hash_state *state)
{
	EVP_MD_CTX_free(openssl_context(state));
}

enum jpki_error jpki_hash_compute(enum jpki_hash hash, const void *data, size_t length,
				  uint8_t *value)
{
	struct jpki_hash_state *state = jpki_hash_new(hash);
	enum jpki_error error;

	if (state == NULL)
		return JPKI_E_MEMORY;
	error = jpki_hash_update(state, data, length);
	if (error == JPKI_OK)
		error = jpki_hash_final(state, value);
	jpki_hash_free(state);
	return error;
}

size_t jpki_hash_digest_info(enum jpki_hash hash, const uint8_t *value, uint8_t *info)
{
	size_t prefix_length = hashes[hash].prefix_length;

	memcpy(info, hashes[hash].prefix, prefix_length);
	memcpy(info + prefix_length, value, hashes[hash].size);
	return prefix_length + hashes[hash].size;
}

enum jpki_error jpki_hmac_sha256(const uint8_t key[32], const void *data, size_t length,
				 uint8_t mac[32])
{
	char digest[] = "SHA2-256";
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	size_t mac_length = 0;
	enum jpki_error error = JPKI_E_CRYPTO;
	EVP_MAC_CTX *context = NULL;
	OSSL_LIB_CTX *library = jpki_crypto_context();
	EVP_MAC *hmac = NULL;

	ERR_set_mark();
	if (library != NULL)
		hmac = EVP_MAC_fetch(library, "HMAC", NULL);
	if (hmac != NULL)
		context = EVP_MAC_CTX_new(hmac);
	if (context != NULL && EVP_MAC_init(context, key, 32, parameters) == 1 &&
	    EVP_MAC_update(context, data, length) == 1 &&
	    EVP_MAC_final(context, mac, &mac_length, 32) == 1 && mac_length == 32)
		error = JPKI_OK;
	EVP_MAC_CTX_free(context);
	EVP_MAC_free(hmac);
	ERR_pop_to_mark();
	return error;
}

enum jpki_error jpki_slow_sha256(const uint8_t secret[32], const uint8_t salt[32],
				 unsigned int rounds, uint8_t digest[32])
{
	char hash[] = "SHA2-256";
	uint8_t password[32];
	uint8_t salted[32];
	OSSL_PARAM parameters[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, hash, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, password, 32),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, salted, 32),
		OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &rounds),
		OSSL_PARAM_construct_end(),
	};
	enum jpki_error error = JPKI_E_CRYPTO;
	EVP_KDF_CTX *context = NULL;
	OSSL_LIB_CTX *library = jpki_crypto_context();
	EVP_KDF *pbkdf2 = NULL;

	memcpy(password, secret, sizeof(password));
	memcpy(salted, salt, sizeof(salted));
	ERR_set_mark();
	if (library != NULL)
		pbkdf2 = EVP_KDF_fetch(library, "PBKDF2", NULL);
	if (pbkdf2 != NULL)
		context = EVP_KDF_CTX_new(pbkdf2);
	if (context != NULL && EVP_KDF_derive(context, digest, 32, parameters) == 1)
		error = JPKI_OK;
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(pbkdf2);
	explicit_bzero(password, sizeof(password));
	ERR_pop_to_mark();
	return error;
}
