/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rsa_key: makes an RSA key that OpenSSL signs with by a function of the caller's. */

/* The other way to a key in somebody else's hands is a provider: a library of its own. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "app/card/rsa_key.h"

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

/* A block is shorter than the modulus. */
#define BLOCK_MAX 512

/* Where a key keeps its struct signer. */
static int place = -1;
/* OpenSSL's own method but for the signature; made once. */
static RSA_METHOD *method;

struct signer {
	rsa_key_sign *sign;
	void *argument;
};

static void free_signer(void *parent, void *signer, CRYPTO_EX_DATA *data, int index, long number,
			void *pointer)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)number;
	(void)pointer;
	free(signer);
}

/* Sign a block for OpenSSL, as RSA_private_encrypt does. */
static int sign_block(int length, const unsigned char *block, unsigned char *signature, RSA *rsa,
		      int padding)
{
	const struct signer *signer = RSA_get_ex_data(rsa, place);
	size_t signature_length = (size_t)RSA_size(rsa);
	unsigned char copy[BLOCK_MAX];

	if (padding != RSA_PKCS1_PADDING || length < 0 || (size_t)length > sizeof(copy))
		return -1;
	memcpy(copy, block, (size_t)length);
	if (!signer->sign(signer->argument, copy, (size_t)length, signature, &signature_length))
		return -1;
	return (int)signature_length;
}

static bool need_method(void)
{
	if (method != NULL)
		return true;
	if (place < 0)
		place = RSA_get_ex_new_index(0, NULL, NULL, NULL, free_signer);
	method = RSA_meth_dup(RSA_PKCS1_OpenSSL());
	if (method == NULL || place < 0 || RSA_meth_set_priv_enc(method, sign_block) != 1) {
		RSA_meth_free(method);
		method = NULL;
	}
	return method != NULL;
}

/* Give the key its numbers. */
static bool set_numbers(RSA *rsa, const BIGNUM *modulus, const BIGNUM *exponent)
{
	BIGNUM *n = BN_dup(modulus);
	BIGNUM *e = BN_dup(exponent);

	if (n != NULL && e != NULL && RSA_set0_key(rsa, n, e, NULL) == 1)
		return true;
	BN_free(n);
	BN_free(e);
	return false;
}

/* Give the key its signer. */
static bool set_signer(RSA *rsa, rsa_key_sign *sign, void *argument)
{
	struct signer *signer = calloc(1, sizeof(*signer));

	if (signer == NULL)
		return false;
	signer->sign = sign;
	signer->argument = argument;
	if (RSA_set_ex_data(rsa, place, signer) == 1)
		return true;
	free(signer);
	return false;
}

EVP_PKEY *rsa_key_new(const BIGNUM *modulus, const BIGNUM *exponent, rsa_key_sign *sign,
		      void *argument)
{
	RSA *rsa = need_method() ? RSA_new() : NULL;
	EVP_PKEY *key = NULL;

	if (rsa != NULL && set_numbers(rsa, modulus, exponent) && set_signer(rsa, sign, argument) &&
	    RSA_set_method(rsa, method) == 1)
		key = EVP_PKEY_new();
	if (key != NULL && EVP_PKEY_set1_RSA(key, rsa) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	RSA_free(rsa);
	return key;
}
