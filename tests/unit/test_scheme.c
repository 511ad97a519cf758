/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of the signature schemes: what the card is sent, and what its answer becomes. */
#include "unit.h"

#include <string.h>

#include "card/scheme.h"
#include "crypto/ecdsa.h"

/* The forms need no more of a key than the length of its signatures. */
static const struct jpki_public_key rsa_2048 = {.kind = JPKI_KEY_KIND_RSA, .signature_length = 256};
static const struct jpki_public_key rsa_4096 = {.kind = JPKI_KEY_KIND_RSA, .signature_length = 512};
static const struct jpki_public_key p_384 = {.kind = JPKI_KEY_KIND_EC, .signature_length = 96};
static const struct jpki_public_key p_521 = {.kind = JPKI_KEY_KIND_EC, .signature_length = 132};

static const struct jpki_scheme ecdsa = {.id = JPKI_SIGN_ECDSA,
					 .input = &jpki_input_cut_hash,
					 .output = jpki_output_plain,
					 .verify = jpki_public_key_verify_ecdsa};

static void assert_input(const struct jpki_scheme *scheme, const struct jpki_public_key *key,
			 size_t length, size_t wanted)
{
	uint8_t data[JPKI_SCHEME_INPUT_MAX + 1], input[JPKI_SCHEME_INPUT_MAX];
	size_t input_length = 99;

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i + 1);
	assert_error(jpki_scheme_input_of_data(scheme, key, data, length, input, &input_length),
		     wanted > 0 ? JPKI_OK : JPKI_E_ARGUMENT);
	assert_int_equal(input_length, wanted);
	assert_memory_equal(input, data, wanted);
	if (wanted > 0)
		assert_true(jpki_scheme_takes(scheme, key, input_length));
}

static void test_data(void **state)
{
	(void)state;
	assert_input(&jpki_scheme_pkcs1, &rsa_2048, 0, 0);
	assert_input(&jpki_scheme_pkcs1, &rsa_2048, 1, 1);
	assert_input(&jpki_scheme_pkcs1, &rsa_2048, 245, 245);
	assert_input(&jpki_scheme_pkcs1, &rsa_2048, 246, 0);
	assert_input(&jpki_scheme_pkcs1, &rsa_4096, JPKI_SCHEME_INPUT_MAX, JPKI_SCHEME_INPUT_MAX);
	assert_input(&jpki_scheme_pkcs1, &rsa_4096, JPKI_SCHEME_INPUT_MAX + 1, 0);
	assert_input(&jpki_scheme_pss_sha256, &rsa_2048, 31, 0);
	assert_input(&jpki_scheme_pss_sha256, &rsa_2048, 32, 32);
	assert_input(&jpki_scheme_pss_sha256, &rsa_2048, 33, 0);
	/* A hash is cut to the length of the order, and otherwise taken as it is. */
	assert_input(&ecdsa, &p_384, 0, 0);
	assert_input(&ecdsa, &p_384, 1, 1);
	assert_input(&ecdsa, &p_384, 32, 32);
	assert_input(&ecdsa, &p_384, 48, 48);
	assert_input(&ecdsa, &p_384, 64, 48);
	assert_input(&ecdsa, &p_384, 65, 0);
	assert_input(&ecdsa, &p_521, 64, 64);
}

static void assert_hash(const struct jpki_scheme *scheme, const struct jpki_public_key *key,
			enum jpki_hash hash, const uint8_t *wanted, size_t wanted_length)
{
	static const uint8_t value[JPKI_HASH_SIZE_MAX] = {1, 2, 3, 4, 5};
	uint8_t input[JPKI_SCHEME_INPUT_MAX];
	size_t length = 0;

	assert_error(jpki_scheme_input_of_hash(scheme, key, hash, value, input, &length), JPKI_OK);
	assert_int_equal(length, wanted_length);
	assert_memory_equal(input, wanted != NULL ? wanted : value, length);
}

static void test_hash(void **state)
{
	static const uint8_t value[JPKI_HASH_SIZE_MAX] = {1, 2, 3, 4, 5};
	uint8_t info[JPKI_DIGEST_INFO_MAX], input[JPKI_SCHEME_INPUT_MAX];
	size_t length;

	(void)state;
	for (int hash = 0; hash < JPKI_HASH_COUNT; hash++) {
		length = jpki_hash_digest_info((enum jpki_hash)hash, value, info);
		assert_hash(&jpki_scheme_pkcs1, &rsa_2048, (enum jpki_hash)hash, info, length);
	}
	assert_hash(&jpki_scheme_pss_sha256, &rsa_2048, JPKI_HASH_SHA256, NULL, 32);
	assert_error(jpki_scheme_input_of_hash(&jpki_scheme_pss_sha256, &rsa_2048, JPKI_HASH_SHA384,
					       value, input, &length),
		     JPKI_E_ARGUMENT);
	assert_hash(&ecdsa, &p_384, JPKI_HASH_SHA256, NULL, 32);
	assert_hash(&ecdsa, &p_384, JPKI_HASH_SHA384, NULL, 48);
	assert_hash(&ecdsa, &p_384, JPKI_HASH_SHA512, NULL, 48);
	assert_hash(&ecdsa, &p_521, JPKI_HASH_SHA512, NULL, 64);
}

/* What the token layer may send, whoever made it. */
static void test_takes(void **state)
{
	(void)state;
	assert_false(jpki_scheme_takes(&jpki_scheme_pkcs1, &rsa_2048, 0));
	assert_true(jpki_scheme_takes(&jpki_scheme_pkcs1, &rsa_2048, 245));
	assert_false(jpki_scheme_takes(&jpki_scheme_pkcs1, &rsa_2048, 246));
	assert_false(jpki_scheme_takes(&jpki_scheme_pss_sha256, &rsa_2048, 31));
	assert_true(jpki_scheme_takes(&jpki_scheme_pss_sha256, &rsa_2048, 32));
	assert_false(jpki_scheme_takes(&jpki_scheme_pss_sha256, &rsa_2048, 33));
	assert_false(jpki_scheme_takes(&ecdsa, &p_384, 0));
	assert_true(jpki_scheme_takes(&ecdsa, &p_384, 48));
	assert_false(jpki_scheme_takes(&ecdsa, &p_384, 49));
}

static void test_output(void **state)
{
	uint8_t answer[513], signature[512], der[JPKI_ECDSA_DER_MAX];
	size_t length;

	(void)state;
	for (size_t i = 0; i < sizeof(answer); i++)
		answer[i] = (uint8_t)(i * 7 + 1);
	for (length = 0; length < sizeof(answer); length++)
		assert_error(jpki_output_plain(&rsa_2048, answer, length, signature),
			     length == 256 ? JPKI_OK : JPKI_E_BAD_SIGNATURE);
	assert_memory_equal(signature, answer, 256);
	assert_error(jpki_output_plain(&p_384, answer, 96, signature), JPKI_OK);
	assert_memory_equal(signature, answer, 96);

	length = jpki_ecdsa_to_der(answer, 48, der);
	memset(signature, 0, sizeof(signature));
	assert_error(jpki_output_ecdsa_der(&p_384, der, length, signature), JPKI_OK);
	assert_memory_equal(signature, answer, 96);
	assert_error(jpki_output_ecdsa_der(&p_384, der, length - 1, signature),
		     JPKI_E_BAD_SIGNATURE);
	assert_error(jpki_output_ecdsa_der(&p_384, answer, 96, signature), JPKI_E_BAD_SIGNATURE);
	/* Numbers of another curve's length. */
	length = jpki_ecdsa_to_der(answer, 66, der);
	assert_error(jpki_output_ecdsa_der(&p_384, der, length, signature), JPKI_E_BAD_SIGNATURE);
}

static void test_rows(void **state)
{
	(void)state;
	assert_int_equal(jpki_scheme_pkcs1.id, JPKI_SIGN_PKCS1);
	assert_int_equal(jpki_scheme_pkcs1.p1, 0x00);
	assert_null(jpki_scheme_pkcs1.loss);
	assert_int_equal(jpki_scheme_pss_sha256.id, JPKI_SIGN_PSS_SHA256);
	assert_int_equal(jpki_scheme_pss_sha256.p1, 0x04);
	assert_non_null(jpki_scheme_pss_sha256.loss);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_data),  cmocka_unit_test(test_hash),
		cmocka_unit_test(test_takes), cmocka_unit_test(test_output),
		cmocka_unit_test(test_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
