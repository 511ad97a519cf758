/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Public keys of both kinds: taken apart as OpenSSL does it, or refused; and what they verify. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/ecdsa.h"
#include "crypto/key.h"

#define SIGNATURE_MAX 512

/* The key as our code holds it. */
static struct jpki_public_key *ours(EVP_PKEY *theirs)
{
	struct jpki_public_key *key = NULL;
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(theirs, &der);

	assert_true(length > 0);
	assert_error(jpki_public_key_read(der, (size_t)length, &key), JPKI_OK);
	assert_non_null(key);
	OPENSSL_free(der);
	return key;
}

static void assert_refused(const uint8_t *der, size_t length)
{
	struct jpki_public_key *key = (struct jpki_public_key *)(uintptr_t)der;

	ERR_clear_error();
	assert_error(jpki_public_key_read(der, length, &key), JPKI_E_BAD_DER);
	assert_null(key);
	/* Nor is a calling program's queue of errors littered. */
	assert_int_equal(ERR_peek_error(), 0);
}

static void assert_key_refused(EVP_PKEY *theirs)
{
	unsigned char *der = NULL;
	int length;

	assert_non_null(theirs);
	length = i2d_PUBKEY(theirs, &der);
	assert_true(length > 0);
	assert_refused(der, (size_t)length);
	OPENSSL_free(der);
	EVP_PKEY_free(theirs);
}

static void assert_number(struct jpki_bytes part, EVP_PKEY *key, const char *name)
{
	BIGNUM *number = NULL;
	unsigned char bytes[SIGNATURE_MAX];

	assert_int_equal(EVP_PKEY_get_bn_param(key, name, &number), 1);
	assert_int_equal(BN_num_bytes(number), part.length);
	BN_bn2bin(number, bytes);
	assert_memory_equal(part.data, bytes, part.length);
	BN_free(number);
}

/* A public key whose modulus is any odd number of so many bits: making a true one takes long. */
static EVP_PKEY *rsa_of(unsigned int bits)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *parts = OSSL_PARAM_BLD_new();
	BIGNUM *modulus = BN_new();
	OSSL_PARAM *parameters = NULL;
	EVP_PKEY *key = NULL;

	assert_int_equal(BN_rand(modulus, (int)bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ODD), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_BN(parts, OSSL_PKEY_PARAM_RSA_N, modulus), 1);
	assert_int_equal(OSSL_PARAM_BLD_push_ulong(parts, OSSL_PKEY_PARAM_RSA_E, RSA_F4), 1);
	parameters = OSSL_PARAM_BLD_to_param(parts);
	assert_int_equal(EVP_PKEY_fromdata_init(context), 1);
	assert_int_equal(EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters), 1);
	OSSL_PARAM_free(parameters);
	BN_free(modulus);
	OSSL_PARAM_BLD_free(parts);
	EVP_PKEY_CTX_free(context);
	return key;
}

static void test_rsa(void **state)
{
	static const unsigned int sizes[] = {1024, 2048, 3072, 4096};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		EVP_PKEY *theirs = rsa_of(sizes[i]);
		struct jpki_public_key *key = ours(theirs);

		assert_int_equal(key->kind, JPKI_KEY_KIND_RSA);
		assert_int_equal(key->bits, sizes[i]);
		assert_int_equal(key->signature_length, sizes[i] / 8);
		assert_number(key->modulus, theirs, OSSL_PKEY_PARAM_RSA_N);
		assert_number(key->public_exponent, theirs, OSSL_PKEY_PARAM_RSA_E);
		assert_int_equal(key->curve.length, 0);
		assert_int_equal(key->point.length, 0);
		jpki_public_key_free(key);
		EVP_PKEY_free(theirs);
	}
	assert_key_refused(rsa_of(512U));
	assert_key_refused(rsa_of(1023U));
	assert_key_refused(rsa_of(4104U));
	jpki_public_key_free(NULL);
}

static void test_ec(void **state)
{
	static const struct {
		const char *name, *oid;
		unsigned int bits;
		size_t size;
	} curves[] = {
		{"P-256", "06082A8648CE3D030107", 256, 32},
		{"P-384", "06052B81040022", 384, 48},
		{"P-521", "06052B81040023", 521, 66},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		EVP_PKEY *theirs = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[i].name);
		struct jpki_public_key *key = ours(theirs);
		uint8_t oid[16], point[200];
		const unsigned char *at = key->point.data;
		ASN1_OCTET_STRING *string;
		size_t length = 0;

		assert_int_equal(key->kind, JPKI_KEY_KIND_EC);
		assert_int_equal(key->bits, curves[i].bits);
		assert_int_equal(key->signature_length, 2 * curves[i].size);
		assert_int_equal(key->curve.length, unit_hex(curves[i].oid, oid, sizeof(oid)));
		assert_memory_equal(key->curve.data, oid, key->curve.length);
		assert_int_equal(key->modulus.length, 0);
		assert_int_equal(key->public_exponent.length, 0);
		/* All of it is one OCTET STRING, and its content the point. */
		string = d2i_ASN1_OCTET_STRING(NULL, &at, (long)key->point.length);
		assert_non_null(string);
		assert_ptr_equal(at, key->point.data + key->point.length);
		assert_int_equal(EVP_PKEY_get_octet_string_param(theirs, OSSL_PKEY_PARAM_PUB_KEY,
								 point, sizeof(point), &length),
				 1);
		assert_int_equal(ASN1_STRING_length(string), length);
		assert_memory_equal(ASN1_STRING_get0_data(string), point, length);
		ASN1_OCTET_STRING_free(string);
		jpki_public_key_free(key);
		EVP_PKEY_free(theirs);
	}
}

static void test_other_kinds(void **state)
{
	static const char *const curves[] = {"P-192", "P-224", "secp256k1", "brainpoolP384r1",
					     "B-283"};

	(void)state;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++)
		assert_key_refused(EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[i]));
	assert_key_refused(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
	assert_key_refused(EVP_PKEY_Q_keygen(NULL, NULL, "X25519"));
}

/* The same key with its point, or its curve, in another form. */
static void test_other_forms(void **state)
{
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");

	(void)state;
	assert_int_equal(EVP_PKEY_up_ref(key), 1);
	assert_int_equal(EVP_PKEY_set_utf8_string_param(
				 key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "compressed"),
			 1);
	assert_key_refused(key);
	assert_int_equal(EVP_PKEY_set_utf8_string_param(
				 key, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT, "uncompressed"),
			 1);
	assert_int_equal(
		EVP_PKEY_set_utf8_string_param(key, OSSL_PKEY_PARAM_EC_ENCODING, "explicit"), 1);
	assert_key_refused(key);
}

/* A SubjectPublicKeyInfo damaged anywhere, cut, and with a byte behind it. */
static void test_damaged_key(void **state)
{
	EVP_PKEY *theirs = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(theirs, &der);
	uint8_t bytes[128] = {0};

	(void)state;
	/* The last two thirds are the point: with any other byte in it, it is not on the curve. */
	for (int at = 0; at < length; at++) {
		memcpy(bytes, der, (size_t)length);
		bytes[at] ^= 0x01;
		assert_refused(bytes, (size_t)length);
		assert_refused(der, (size_t)at);
	}
	memcpy(bytes, der, (size_t)length);
	assert_refused(bytes, (size_t)length + 1);
	/* The point at infinity is one byte: OpenSSL itself has nothing against it. */
	assert_refused(bytes, unit_hex("3016301006072A8648CE3D020106052B8104002203020000", bytes,
				       sizeof(bytes)));
	OPENSSL_free(der);
	EVP_PKEY_free(theirs);
}

/* Nor may anything stand behind a key whose own length is not fixed. */
static void test_rsa_with_more(void **state)
{
	EVP_PKEY *theirs = EVP_RSA_gen(2048U);
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(theirs, &der);
	uint8_t bytes[512] = {0};

	(void)state;
	assert_between(length, 1, sizeof(bytes) - 1);
	memcpy(bytes, der, (size_t)length);
	assert_refused(bytes, (size_t)length + 1);
	OPENSSL_free(der);
	EVP_PKEY_free(theirs);
}

/* For PSS: the hash of the mask, and the length of the salt. */
static const EVP_MD *(*mask_hash)(void) = EVP_sha256;
static int salt_length = 32;

static size_t sign_rsa(EVP_PKEY *key, int padding, const uint8_t *input, size_t length,
		       uint8_t signature[SIGNATURE_MAX])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	size_t signature_length = SIGNATURE_MAX;

	assert_int_equal(EVP_PKEY_sign_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, padding), 1);
	if (padding == RSA_PKCS1_PSS_PADDING) {
		assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, salt_length), 1);
		assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask_hash()), 1);
	}
	assert_int_equal(EVP_PKEY_sign(context, signature, &signature_length, input, length), 1);
	EVP_PKEY_CTX_free(context);
	return signature_length;
}

/* Plain, as our code wants it. */
static size_t sign_ecdsa(EVP_PKEY *key, const struct jpki_public_key *public, const uint8_t *hash,
			 size_t length, uint8_t signature[SIGNATURE_MAX])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	uint8_t der[SIGNATURE_MAX];
	size_t der_length = sizeof(der);

	assert_int_equal(EVP_PKEY_sign_init(context), 1);
	assert_int_equal(EVP_PKEY_sign(context, der, &der_length, hash, length), 1);
	EVP_PKEY_CTX_free(context);
	assert_error(jpki_ecdsa_from_der(der, der_length, public->signature_length / 2, signature),
		     JPKI_OK);
	return public->signature_length;
}

/* A signature verifies, and no longer when its input, its length or any of its bytes is another. */
static void assert_verifies(jpki_verifier *verify, const struct jpki_public_key *key,
			    uint8_t *input, size_t input_length, uint8_t *signature, size_t length)
{
	ERR_clear_error();
	assert_error(verify(key, input, input_length, signature, length), JPKI_OK);
	input[0] ^= 1;
	assert_error(verify(key, input, input_length, signature, length), JPKI_E_BAD_SIGNATURE);
	input[0] ^= 1;
	assert_error(verify(key, input, input_length - 1, signature, length), JPKI_E_BAD_SIGNATURE);
	assert_error(verify(key, input, 0, signature, length), JPKI_E_BAD_SIGNATURE);
	for (size_t cut = 0; cut < length; cut += 19)
		assert_error(verify(key, input, input_length, signature, cut),
			     JPKI_E_BAD_SIGNATURE);
	for (size_t at = 0; at < length; at += 17) {
		signature[at] ^= 1;
		assert_error(verify(key, input, input_length, signature, length),
			     JPKI_E_BAD_SIGNATURE);
		signature[at] ^= 1;
	}
	assert_int_equal(ERR_peek_error(), 0);
}

static void test_verify_rsa(void **state)
{
	EVP_PKEY *theirs = EVP_RSA_gen(2048U), *other = EVP_RSA_gen(2048U);
	struct jpki_public_key *key = ours(theirs), *other_key = ours(other);
	uint8_t input[32] = "what was signed", signature[SIGNATURE_MAX];
	size_t length = sign_rsa(theirs, RSA_PKCS1_PADDING, input, sizeof(input), signature);

	(void)state;
	assert_int_equal(length, key->signature_length);
	assert_verifies(jpki_public_key_verify_pkcs1, key, input, sizeof(input), signature, length);
	assert_error(
		jpki_public_key_verify_pkcs1(other_key, input, sizeof(input), signature, length),
		JPKI_E_BAD_SIGNATURE);
	assert_error(
		jpki_public_key_verify_pss_sha256(key, input, sizeof(input), signature, length),
		JPKI_E_BAD_SIGNATURE);

	length = sign_rsa(theirs, RSA_PKCS1_PSS_PADDING, input, sizeof(input), signature);
	assert_verifies(jpki_public_key_verify_pss_sha256, key, input, sizeof(input), signature,
			length);
	assert_error(jpki_public_key_verify_pkcs1(key, input, sizeof(input), signature, length),
		     JPKI_E_BAD_SIGNATURE);
	assert_error(jpki_public_key_verify_ecdsa(key, input, sizeof(input), signature, length),
		     JPKI_E_BAD_SIGNATURE);
	memset(signature, 0, sizeof(signature));
	assert_error(jpki_public_key_verify_pkcs1(key, input, sizeof(input), signature, length),
		     JPKI_E_BAD_SIGNATURE);
	jpki_public_key_free(other_key);
	jpki_public_key_free(key);
	EVP_PKEY_free(other);
	EVP_PKEY_free(theirs);
}

/* What the card makes has one form; another is not its signature. */
static void test_other_pss(void **state)
{
	EVP_PKEY *theirs = EVP_RSA_gen(2048U);
	struct jpki_public_key *key = ours(theirs);
	uint8_t input[32] = "what was signed", signature[SIGNATURE_MAX];

	(void)state;
	for (int i = 0; i < 3; i++) {
		size_t length;

		salt_length = i == 0 ? 20 : i == 1 ? 0 : 32;
		mask_hash = i == 2 ? EVP_sha1 : EVP_sha256;
		length = sign_rsa(theirs, RSA_PKCS1_PSS_PADDING, input, sizeof(input), signature);
		assert_error(jpki_public_key_verify_pss_sha256(key, input, sizeof(input), signature,
							       length),
			     JPKI_E_BAD_SIGNATURE);
	}
	salt_length = 32;
	mask_hash = EVP_sha256;
	jpki_public_key_free(key);
	EVP_PKEY_free(theirs);
}

static void test_verify_ecdsa(void **state)
{
	static const char *const curves[] = {"P-256", "P-384", "P-521"};

	(void)state;
	for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
		EVP_PKEY *theirs = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[i]);
		struct jpki_public_key *key = ours(theirs);
		uint8_t hash[32] = "a hash", signature[SIGNATURE_MAX];
		size_t length = sign_ecdsa(theirs, key, hash, sizeof(hash), signature);
		size_t half = length / 2;
		uint8_t saved[JPKI_ECDSA_NUMBER_MAX];

		assert_verifies(jpki_public_key_verify_ecdsa, key, hash, sizeof(hash), signature,
				length);
		/* Numbers that no signature has: 0, and the greatest, which no order reaches. */
		for (size_t at = 0; at < length; at += half) {
			memcpy(saved, signature + at, half);
			memset(signature + at, 0, half);
			assert_error(jpki_public_key_verify_ecdsa(key, hash, sizeof(hash),
								  signature, length),
				     JPKI_E_BAD_SIGNATURE);
			memset(signature + at, 0xFF, half);
			assert_error(jpki_public_key_verify_ecdsa(key, hash, sizeof(hash),
								  signature, length),
				     JPKI_E_BAD_SIGNATURE);
			memcpy(signature + at, saved, half);
		}
		memset(signature, 0, length);
		assert_error(
			jpki_public_key_verify_ecdsa(key, hash, sizeof(hash), signature, length),
			JPKI_E_BAD_SIGNATURE);
		/* Schemes of the other kind of key. */
		assert_failure(
			jpki_public_key_verify_pkcs1(key, hash, sizeof(hash), signature, length));
		assert_failure(jpki_public_key_verify_pss_sha256(key, hash, sizeof(hash), signature,
								 length));
		assert_int_equal(ERR_peek_error(), 0);
		jpki_public_key_free(key);
		EVP_PKEY_free(theirs);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rsa),           cmocka_unit_test(test_ec),
		cmocka_unit_test(test_other_kinds),   cmocka_unit_test(test_other_forms),
		cmocka_unit_test(test_damaged_key),   cmocka_unit_test(test_verify_rsa),
		cmocka_unit_test(test_rsa_with_more), cmocka_unit_test(test_other_pss),
		cmocka_unit_test(test_verify_ecdsa),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
