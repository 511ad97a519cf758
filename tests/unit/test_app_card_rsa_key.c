/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_rsa_key: a key signs by somebody else's function, and what that says is told. */
#include "unit.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "pkcs11v3.h"
#include "signer.h"
#include "app/card/rsa_key.h"
#include "app/card/rv_situation.h"

#define DATA "what is signed"

static size_t signed_blocks;
static bool works;

/* As a card does: PKCS #1 v1.5 around the block. */
static bool sign(void *argument, unsigned char *block, size_t block_length,
		 unsigned char *signature, size_t *length)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(argument, NULL);
	bool done = works && context != NULL && EVP_PKEY_sign_init(context) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
		    EVP_PKEY_sign(context, signature, length, block, block_length) == 1;

	signed_blocks++;
	/* The block is the function's own. */
	memset(block, 0, block_length);
	EVP_PKEY_CTX_free(context);
	return done;
}

static EVP_PKEY *key_over(EVP_PKEY *real)
{
	BIGNUM *modulus = NULL, *exponent = NULL;
	EVP_PKEY *key;

	assert_int_equal(EVP_PKEY_get_bn_param(real, "n", &modulus), 1);
	assert_int_equal(EVP_PKEY_get_bn_param(real, "e", &exponent), 1);
	key = rsa_key_new(modulus, exponent, sign, real);
	BN_free(modulus);
	BN_free(exponent);
	return key;
}

/* Returns whether a signature with this padding was made. */
static bool can_sign(EVP_PKEY *key, int padding, unsigned char *signature, size_t *length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *of_key;
	bool done = EVP_DigestSignInit(context, &of_key, EVP_sha256(), NULL, key) == 1 &&
		    EVP_PKEY_CTX_set_rsa_padding(of_key, padding) == 1 &&
		    EVP_DigestSign(context, signature, length, (const unsigned char *)DATA,
				   strlen(DATA)) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return done;
}

static bool is_valid(EVP_PKEY *real, const unsigned char *signature, size_t length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool valid = EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, real) == 1 &&
		     EVP_DigestVerify(context, signature, length, (const unsigned char *)DATA,
				      strlen(DATA)) == 1;

	EVP_MD_CTX_free(context);
	ERR_clear_error();
	return valid;
}

static void test_signed_elsewhere(void **state)
{
	EVP_PKEY *real = signer_key(SIGNER_KEY_OWN);
	EVP_PKEY *key = key_over(real);
	unsigned char signature[512];
	size_t length = sizeof(signature);

	(void)state;
	assert_non_null(key);
	works = true;
	signed_blocks = 0;
	assert_true(can_sign(key, RSA_PKCS1_PADDING, signature, &length));
	assert_int_equal(signed_blocks, 1);
	assert_int_equal(length, 256);
	assert_true(is_valid(real, signature, length));
	/* It refuses, and so does the key. */
	works = false;
	length = sizeof(signature);
	assert_false(can_sign(key, RSA_PKCS1_PADDING, signature, &length));
	assert_int_equal(signed_blocks, 2);
	EVP_PKEY_free(key);
}

/* Another padding is not what the card would sign. */
static void test_other_padding(void **state)
{
	EVP_PKEY *real = signer_key(SIGNER_KEY_OWN);
	EVP_PKEY *key = key_over(real);
	unsigned char signature[512];
	size_t length = sizeof(signature);

	(void)state;
	works = true;
	signed_blocks = 0;
	assert_false(can_sign(key, RSA_PKCS1_PSS_PADDING, signature, &length));
	assert_int_equal(signed_blocks, 0);
	EVP_PKEY_free(key);
	assert_null(rsa_key_new(NULL, NULL, sign, real));
	ERR_clear_error();
}

static void test_situations_of_module(void **state)
{
	(void)state;
	assert_int_equal(situation_of_rv(CKR_PIN_LOCKED, JPKI_KEY_AUTH), SITUATION_AUTH_LOCKED);
	assert_int_equal(situation_of_rv(CKR_PIN_LOCKED, JPKI_KEY_SIGN), SITUATION_SIGN_LOCKED);
	assert_int_equal(situation_of_rv(CKR_PIN_INCORRECT, JPKI_KEY_SIGN), SITUATION_WRONG);
	assert_int_equal(situation_of_rv(CKR_DEVICE_REMOVED, JPKI_KEY_SIGN), SITUATION_REMOVED);
	assert_int_equal(situation_of_rv(CKR_TOKEN_NOT_PRESENT, JPKI_KEY_SIGN), SITUATION_REMOVED);
	assert_int_equal(situation_of_rv(CKR_SESSION_HANDLE_INVALID, JPKI_KEY_SIGN),
			 SITUATION_REMOVED);
	assert_int_equal(situation_of_rv(CKR_KEY_HANDLE_INVALID, JPKI_KEY_SIGN), SITUATION_REMOVED);
	assert_int_equal(situation_of_rv(CKR_USER_NOT_LOGGED_IN, JPKI_KEY_SIGN), SITUATION_RESET);
	assert_int_equal(situation_of_rv(CKR_DEVICE_ERROR, JPKI_KEY_SIGN), SITUATION_LINK);
	assert_int_equal(situation_of_rv(CKR_FUNCTION_FAILED, JPKI_KEY_SIGN), SITUATION_BUSY);
	assert_int_equal(situation_of_rv(CKR_USER_PIN_NOT_INITIALIZED, JPKI_KEY_SIGN),
			 SITUATION_PIN_NOT_SET);
	assert_int_equal(situation_of_rv(CKR_TOKEN_NOT_RECOGNIZED, JPKI_KEY_SIGN),
			 SITUATION_OTHER_CARD);
	assert_int_equal(situation_of_rv(CKR_HOST_MEMORY, JPKI_KEY_SIGN), SITUATION_INTERNAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signed_elsewhere),
		cmocka_unit_test(test_other_padding),
		cmocka_unit_test(test_situations_of_module),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
