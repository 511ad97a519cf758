/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands before OpenSSL. */
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "inject.h"

/* They are called under the names of others, in the copy of the shipped objects. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

/* Whether a call fails; as when OpenSSL finds no memory, which it says in its queue of errors. */
static bool fails(const char *name)
{
	bool failing = inject_fails(INJECT_CRYPTO, name);

	if (failing)
		ERR_raise(ERR_LIB_CRYPTO, ERR_R_MALLOC_FAILURE);
	return failing;
}

/* One that makes something, and fails with NULL. */
#define MAKES(type, name, parameters, arguments)                                                   \
	type *inject_##name parameters                                                             \
	{                                                                                          \
		return fails(#name) ? NULL : inject_took(INJECT_OBJECTS, name arguments);          \
	}

/* One that frees. */
#define FREES(type, name)                                                                          \
	void inject_##name(type *object)                                                           \
	{                                                                                          \
		name(inject_gave(INJECT_OBJECTS, object));                                         \
	}

/* One that fails with a number. */
#define WORKS(failure, name, parameters, arguments)                                                \
	int inject_##name parameters                                                               \
	{                                                                                          \
		return fails(#name) ? (failure) : name arguments;                                  \
	}

/* One that writes DER into memory of its own, which the caller frees. */
#define ENCODES(type, name)                                                                        \
	int inject_##name(type *object, unsigned char **out)                                       \
	{                                                                                          \
		int length = fails(#name) ? -1 : name(object, out);                                \
                                                                                                   \
		if (length > 0)                                                                    \
			inject_took(INJECT_OBJECTS, *out);                                         \
		return length;                                                                     \
	}

MAKES(EVP_KDF, EVP_KDF_fetch, (OSSL_LIB_CTX * library, const char *name, const char *properties),
      (library, name, properties))
MAKES(EVP_KDF_CTX, EVP_KDF_CTX_new, (EVP_KDF * kdf), (kdf))
MAKES(EVP_MAC, EVP_MAC_fetch, (OSSL_LIB_CTX * library, const char *name, const char *properties),
      (library, name, properties))
MAKES(EVP_MAC_CTX, EVP_MAC_CTX_new, (EVP_MAC * mac), (mac))
MAKES(EVP_MD, EVP_MD_fetch, (OSSL_LIB_CTX * library, const char *name, const char *properties),
      (library, name, properties))
MAKES(EVP_MD_CTX, EVP_MD_CTX_new, (void), ())
MAKES(EVP_PKEY_CTX, EVP_PKEY_CTX_new_from_pkey,
      (OSSL_LIB_CTX * library, EVP_PKEY *key, const char *properties), (library, key, properties))
MAKES(OSSL_LIB_CTX, OSSL_LIB_CTX_new, (void), ())
MAKES(EVP_PKEY, d2i_PUBKEY_ex,
      (EVP_PKEY * *key, const unsigned char **data, long length, OSSL_LIB_CTX *library,
       const char *properties),
      (key, data, length, library, properties))
MAKES(X509, X509_new_ex, (OSSL_LIB_CTX * library, const char *properties), (library, properties))

FREES(BIGNUM, BN_free)
FREES(EVP_KDF, EVP_KDF_free)
FREES(EVP_KDF_CTX, EVP_KDF_CTX_free)
FREES(EVP_MAC, EVP_MAC_free)
FREES(EVP_MAC_CTX, EVP_MAC_CTX_free)
FREES(EVP_MD, EVP_MD_free)
FREES(EVP_MD_CTX, EVP_MD_CTX_free)
FREES(EVP_PKEY, EVP_PKEY_free)
FREES(EVP_PKEY_CTX, EVP_PKEY_CTX_free)
FREES(OSSL_LIB_CTX, OSSL_LIB_CTX_free)
FREES(X509, X509_free)

WORKS(0, ASN1_TIME_to_tm, (const ASN1_TIME *time, struct tm *broken_down), (time, broken_down))
WORKS(0, EVP_DigestInit_ex2, (EVP_MD_CTX * context, const EVP_MD *md, const OSSL_PARAM *parameters),
      (context, md, parameters))
WORKS(0, EVP_DigestUpdate, (EVP_MD_CTX * context, const void *data, size_t length),
      (context, data, length))
WORKS(0, EVP_DigestFinal_ex, (EVP_MD_CTX * context, unsigned char *value, unsigned int *length),
      (context, value, length))
WORKS(0, EVP_KDF_derive,
      (EVP_KDF_CTX * context, unsigned char *key, size_t length, const OSSL_PARAM *parameters),
      (context, key, length, parameters))
WORKS(0, EVP_MAC_init,
      (EVP_MAC_CTX * context, const unsigned char *key, size_t length,
       const OSSL_PARAM *parameters),
      (context, key, length, parameters))
WORKS(0, EVP_MAC_update, (EVP_MAC_CTX * context, const unsigned char *data, size_t length),
      (context, data, length))
WORKS(0, EVP_MAC_final,
      (EVP_MAC_CTX * context, unsigned char *mac, size_t *length, size_t capacity),
      (context, mac, length, capacity))
WORKS(-1, X509_self_signed, (X509 * certificate, int verify_signature),
      (certificate, verify_signature))
WORKS(-1, EVP_PKEY_CTX_set_rsa_mgf1_md, (EVP_PKEY_CTX * context, const EVP_MD *md), (context, md))
WORKS(-1, EVP_PKEY_CTX_set_rsa_padding, (EVP_PKEY_CTX * context, int padding), (context, padding))
WORKS(-1, EVP_PKEY_CTX_set_rsa_pss_saltlen, (EVP_PKEY_CTX * context, int length), (context, length))
WORKS(-1, EVP_PKEY_CTX_set_signature_md, (EVP_PKEY_CTX * context, const EVP_MD *md), (context, md))
WORKS(-1, EVP_PKEY_verify_init, (EVP_PKEY_CTX * context), (context))
WORKS(-1, EVP_PKEY_verify_recover_init, (EVP_PKEY_CTX * context), (context))
WORKS(-1, EVP_PKEY_verify,
      (EVP_PKEY_CTX * context, const unsigned char *signature, size_t length,
       const unsigned char *hash, size_t hash_length),
      (context, signature, length, hash, hash_length))
WORKS(-1, EVP_PKEY_verify_recover,
      (EVP_PKEY_CTX * context, unsigned char *block, size_t *block_length,
       const unsigned char *signature, size_t length),
      (context, block, block_length, signature, length))

ENCODES(const ASN1_INTEGER, i2d_ASN1_INTEGER)
ENCODES(const X509_NAME, i2d_X509_NAME)
ENCODES(const X509_PUBKEY, i2d_X509_PUBKEY)

/* The number is made for the caller. */
int inject_EVP_PKEY_get_bn_param(const EVP_PKEY *key, const char *name, BIGNUM **number)
{
	int done = fails("EVP_PKEY_get_bn_param") ? 0 : EVP_PKEY_get_bn_param(key, name, number);

	if (done == 1)
		inject_took(INJECT_OBJECTS, *number);
	return done;
}

/* An object that is given and can't be filled is freed, as OpenSSL does it. */
X509 *inject_d2i_X509(X509 **certificate, const unsigned char **data, long length)
{
	X509 *given = *certificate;
	X509 *read = NULL;

	if (!fails("d2i_X509"))
		read = d2i_X509(certificate, data, length);
	else
		X509_free(given);
	if (read == NULL) {
		inject_gave(INJECT_OBJECTS, given);
		*certificate = NULL;
	}
	return read;
}

void inject_CRYPTO_free(void *block, const char *file, int line)
{
	CRYPTO_free(inject_gave(INJECT_OBJECTS, block), file, line);
}

void inject_CRYPTO_clear_free(void *block, size_t length, const char *file, int line)
{
	CRYPTO_clear_free(inject_gave(INJECT_OBJECTS, block), length, file, line);
}
