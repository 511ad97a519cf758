/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* key: reads public keys, and verifies signatures with them. */
#include "crypto/key.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/blame.h"
#include "crypto/context.h"
#include "crypto/ecdsa.h"

#define DER_OCTET_STRING 0x04
#define DER_LONG_LENGTH  0x80
#define DER_ONE_BYTE     0x81
/* The first byte of an uncompressed point (SEC 1 §2.3.3). */
#define UNCOMPRESSED 0x04
#define POINT_MAX    (1 + 2 * JPKI_ECDSA_NUMBER_MAX)

/* The public part comes first, so that one pointer serves as both. */
struct key {
	struct jpki_public_key public;
	EVP_PKEY *key;
	uint8_t modulus[JPKI_RSA_BYTES_MAX];
	uint8_t exponent[JPKI_RSA_BYTES_MAX];
	uint8_t point[3 + POINT_MAX]; /* with the header of its OCTET STRING */
};

static enum jpki_error take_number(const EVP_PKEY *key, const char *name, uint8_t *out,
				   struct jpki_bytes *part)
{
	BIGNUM *number = NULL;
	enum jpki_error error = JPKI_E_BAD_DER;
	int length;

	if (EVP_PKEY_get_bn_param(key, name, &number) != 1) {
		error = jpki_crypto_blame(error);
		goto out;
	}
	length = BN_num_bytes(number);
	if (length <= 0 || length > JPKI_RSA_BYTES_MAX)
		goto out;
	BN_bn2bin(number, out);
	part->data = out;
	part->length = (size_t)length;
	error = JPKI_OK;
out:
	BN_free(number);
	return error;
}

static enum jpki_error take_rsa(struct key *self, const uint8_t *der, size_t length)
{
	struct jpki_public_key *public = &self->public;
	int bits = EVP_PKEY_get_bits(self->key);
	enum jpki_error error;

	(void)der;
	(void)length;
	if (bits < JPKI_RSA_BITS_MIN || bits > JPKI_RSA_BITS_MAX)
		return JPKI_E_BAD_DER;
	public->bits = (unsigned int)bits;
	error = take_number(self->key, OSSL_PKEY_PARAM_RSA_N, self->modulus, &public->modulus);
	if (error == JPKI_OK)
		error = take_number(self->key, OSSL_PKEY_PARAM_RSA_E, self->exponent,
				    &public->public_exponent);
	public->signature_length = public->modulus.length;
	return error;
}

/*
 * The named curves. A SubjectPublicKeyInfo with an uncompressed point (RFC 5480 §2) begins with the
 * same bytes for every key of a curve: two SEQUENCEs, id-ecPublicKey, the curve, and a BIT STRING
 * up to the first byte of its point.
 */
static const struct curve {
	unsigned int bits;
	size_t size; /* of a coordinate, and of a number modulo the order, in bytes */
	size_t curve_at, curve_length; /* the curve's OBJECT IDENTIFIER in the prefix */
	size_t prefix_length;
	uint8_t prefix[32];
} curves[] = {
	{256, 32, 13, 10, 27, {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
			       0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
			       0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, UNCOMPRESSED}},
	{384, 48, 13, 7, 24, {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
			      0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
			      0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, UNCOMPRESSED}},
	{521, 66, 14, 7, 26, {0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a,        0x86,
			      0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,        0x81,
			      0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, UNCOMPRESSED}},
};

static const struct curve *find_curve(const uint8_t *der, size_t length)
{
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		if (length == curves[i].prefix_length + 2 * curves[i].size &&
		    memcmp(der, curves[i].prefix, curves[i].prefix_length) == 0)
			return &curves[i];
	}
	return NULL;
}

/* OpenSSL has checked that the point is on the curve. */
static enum jpki_error take_ec(struct key *self, const uint8_t *der, size_t length)
{
	struct jpki_public_key *public = &self->public;
	const struct curve *curve = find_curve(der, length);
	struct jpki_writer point = jpki_writer_over(self->point, sizeof(self->point));
	size_t point_length;

	if (curve == NULL)
		return JPKI_E_BAD_DER;
	public->bits = curve->bits;
	public->signature_length = 2 * curve->size;
	public->curve = (struct jpki_bytes){curve->prefix + curve->curve_at, curve->curve_length};
	point_length = 1 + 2 * curve->size;
	jpki_writer_byte(&point, DER_OCTET_STRING);
	if (point_length >= DER_LONG_LENGTH)
		jpki_writer_byte(&point, DER_ONE_BYTE);
	jpki_writer_byte(&point, (uint8_t)point_length);
	jpki_writer_bytes(&point, der + length - point_length, point_length);
	public->point = (struct jpki_bytes){self->point, point.length};
	return JPKI_OK;
}

/* The kinds of key: their name in OpenSSL, and the function that reads one from its whole DER. */
static const struct {
	const char *name;
	enum jpki_error (*take)(struct key *self, const uint8_t *der, size_t length);
} kinds[JPKI_KEY_KIND_COUNT] = {
	[JPKI_KEY_KIND_RSA] = {"RSA", take_rsa},
	[JPKI_KEY_KIND_EC] = {"EC", take_ec},
};

static enum jpki_error take_apart(struct key *self, const uint8_t *der, size_t length)
{
	for (int kind = 0; kind < JPKI_KEY_KIND_COUNT; kind++) {
		if (EVP_PKEY_is_a(self->key, kinds[kind].name) == 1) {
			self->public.kind = (enum jpki_key_kind)kind;
			return kinds[kind].take(self, der, length);
		}
	}
	return JPKI_E_BAD_DER;
}

enum jpki_error jpki_public_key_read(const uint8_t *der, size_t length,
				     struct jpki_public_key **key)
{
	OSSL_LIB_CTX *library = jpki_crypto_context();
	struct key *self = calloc(1, sizeof(*self));
	const uint8_t *end = der;
	enum jpki_error error = JPKI_E_MEMORY;

	*key = NULL;
	/* Here and below, the calling program must not see the errors that OpenSSL queues. */
	ERR_set_mark();
	if (self == NULL || library == NULL)
		goto out;
	error = JPKI_E_BAD_DER;
	if (length == 0 || length > LONG_MAX)
		goto out;
	self->key = d2i_PUBKEY_ex(NULL, &end, (long)length, library, NULL);
	if (self->key == NULL) {
		error = jpki_crypto_blame(error);
		goto out;
	}
	if (end != der + length)
		goto out;
	error = take_apart(self, der, length);
out:
	if (error == JPKI_OK)
		*key = &self->public;
	else if (self != NULL)
		jpki_public_key_free(&self->public);
	ERR_pop_to_mark();
	return error;
}

void jpki_public_key_free(struct jpki_public_key *key)
{
	struct key *self = (struct key *)(void *)key;

	if (self != NULL)
		EVP_PKEY_free(self->key);
	free(self);
}

/* Return an OpenSSL context for one verification; NULL without memory. */
static EVP_PKEY_CTX *new_context(const struct jpki_public_key *key)
{
	const struct key *self = (const struct key *)(const void *)key;
	OSSL_LIB_CTX *library = jpki_crypto_context();

	return library != NULL ? EVP_PKEY_CTX_new_from_pkey(library, self->key, NULL) : NULL;
}

enum jpki_error jpki_public_key_verify_pkcs1(const struct jpki_public_key *key,
					     const uint8_t *input, size_t input_length,
					     const uint8_t *signature, size_t signature_length)
{
	EVP_PKEY_CTX *context = NULL;
	uint8_t recovered[JPKI_RSA_BYTES_MAX];
	size_t recovered_length = sizeof(recovered);
	enum jpki_error error = JPKI_E_CRYPTO;

	ERR_set_mark();
	context = new_context(key);
	if (context == NULL || EVP_PKEY_verify_recover_init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1)
		goto out;
	error = JPKI_E_BAD_SIGNATURE;
	if (EVP_PKEY_verify_recover(context, recovered, &recovered_length, signature,
				    signature_length) != 1)
		error = jpki_crypto_blame(error);
	else if (recovered_length == input_length && memcmp(recovered, input, input_length) == 0)
		error = JPKI_OK;
out:
	EVP_PKEY_CTX_free(context);
	ERR_pop_to_mark();
	return error;
}

enum jpki_error jpki_public_key_verify_pss_sha256(const struct jpki_public_key *key,
						  const uint8_t *input, size_t input_length,
						  const uint8_t *signature, size_t signature_length)
{
	EVP_PKEY_CTX *context = NULL;
	enum jpki_error error = JPKI_E_CRYPTO;

	ERR_set_mark();
	context = new_context(key);
	if (context == NULL || EVP_PKEY_verify_init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
	    EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) != 1 ||
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1)
		goto out;
	error = EVP_PKEY_verify(context, signature, signature_length, input, input_length) == 1
			? JPKI_OK
			: jpki_crypto_blame(JPKI_E_BAD_SIGNATURE);
out:
	EVP_PKEY_CTX_free(context);
	ERR_pop_to_mark();
	return error;
}

enum jpki_error jpki_public_key_verify_ecdsa(const struct jpki_public_key *key,
					     const uint8_t *input, size_t input_length,
					     const uint8_t *signature, size_t signature_length)
{
	EVP_PKEY_CTX *context = NULL;
	uint8_t der[JPKI_ECDSA_DER_MAX];
	size_t der_length;
	enum jpki_error error = JPKI_E_CRYPTO;

	if (key->kind != JPKI_KEY_KIND_EC || signature_length != key->signature_length)
		return JPKI_E_BAD_SIGNATURE;
	der_length = jpki_ecdsa_to_der(signature, signature_length / 2, der);
	ERR_set_mark();
	context = new_context(key);
	if (context == NULL || EVP_PKEY_verify_init(context) != 1)
		goto out;
	error = EVP_PKEY_verify(context, der, der_length, input, input_length) == 1
			? JPKI_OK
			: jpki_crypto_blame(JPKI_E_BAD_SIGNATURE);
out:
	EVP_PKEY_CTX_free(context);
	ERR_pop_to_mark();
	return error;
}
