/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Signatures, verifications, digests and random numbers through the C_ functions. */
#include "module_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rsa.h>

static CK_BYTE text[] = "The quick brown fox jumps over the lazy dog";
#define TEXT_LENGTH (sizeof(text) - 1)

struct signing {
	CK_MECHANISM_TYPE mechanism;
	const char *digest; /* OpenSSL's name */
};

static const struct signing signings[] = {
	{CKM_SHA1_RSA_PKCS, "SHA1"},     {CKM_SHA224_RSA_PKCS, "SHA224"},
	{CKM_SHA256_RSA_PKCS, "SHA256"}, {CKM_SHA384_RSA_PKCS, "SHA384"},
	{CKM_SHA512_RSA_PKCS, "SHA512"},
};

#define SIGNING_COUNT (sizeof(signings) / sizeof(signings[0]))

static void sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM mechanism = {type, NULL, 0};

	assert_rv(p11->C_SignInit(session, &mechanism, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
}

static void verify_init(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM mechanism = {type, NULL, 0};

	assert_rv(p11->C_VerifyInit(session, &mechanism, module_find(session, CKO_PUBLIC_KEY)),
		  CKR_OK);
}

/* OpenSSL's word, with the certificate as the card's maker wrote it. */
static void assert_openssl_verifies(const char *name, const char *digest, const CK_BYTE *signature,
				    size_t length)
{
	X509 *certificate = unit_certificate(&module_fixture.card, name);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	assert_int_equal(EVP_DigestVerifyInit_ex(context, NULL, digest, NULL, NULL,
						 X509_get0_pubkey(certificate), NULL),
			 1);
	assert_int_equal(EVP_DigestVerify(context, signature, length, text, TEXT_LENGTH), 1);
	EVP_MD_CTX_free(context);
	X509_free(certificate);
}

static void test_hash_mechanisms(void **state)
{
	static const char *const names[] = {"auth.crt", "sign.crt"};

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = module_open_user(slot);

		for (size_t i = 0; i < SIGNING_COUNT; i++) {
			CK_BYTE signature[300];
			CK_ULONG length = sizeof(signature);

			sign_init(session, signings[i].mechanism);
			assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length),
				  CKR_OK);
			assert_int_equal(length, 256);
			assert_openssl_verifies(names[slot], signings[i].digest, signature, length);
			verify_init(session, signings[i].mechanism);
			assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, length),
				  CKR_OK);
		}
	}
}

static void test_plain_mechanism(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	X509 *certificate = unit_certificate(&module_fixture.card, "auth.crt");
	const CK_ULONG lengths[] = {1, 35, 51, 244, 245};
	CK_BYTE data[246], signature[256];
	CK_ULONG length;

	(void)state;
	memset(data, 0x5A, sizeof(data));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		length = sizeof(signature);
		sign_init(session, CKM_RSA_PKCS);
		assert_rv(p11->C_Sign(session, data, lengths[i], signature, &length), CKR_OK);
		unit_assert_signed(certificate, data, lengths[i], signature, length);
		verify_init(session, CKM_RSA_PKCS);
		assert_rv(p11->C_Verify(session, data, lengths[i], signature, length), CKR_OK);
	}
	X509_free(certificate);
	vcard_transport_forget(module_fixture.readers);
	for (CK_ULONG bad = 0; bad <= 246; bad += 246) {
		length = sizeof(signature);
		sign_init(session, CKM_RSA_PKCS);
		assert_rv(p11->C_Sign(session, data, bad, signature, &length), CKR_DATA_LEN_RANGE);
		/* The failure has ended the operation. */
		assert_rv(p11->C_Sign(session, data, 1, signature, &length),
			  CKR_OPERATION_NOT_INITIALIZED);
	}
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

/* In parts or in one piece: the same signature, byte for byte. */
static void test_multi_part(void **state)
{
	static const CK_MECHANISM_TYPE types[] = {CKM_RSA_PKCS, CKM_SHA1_RSA_PKCS,
						  CKM_SHA256_RSA_PKCS, CKM_SHA512_RSA_PKCS};
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		CK_BYTE whole[256], parts[256];
		CK_ULONG whole_length = sizeof(whole), parts_length = sizeof(parts);

		sign_init(session, types[i]);
		assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, whole, &whole_length), CKR_OK);
		sign_init(session, types[i]);
		assert_rv(p11->C_SignUpdate(session, text, 10), CKR_OK);
		assert_rv(p11->C_SignUpdate(session, NULL, 0), CKR_OK);
		for (CK_ULONG at = 10; at < TEXT_LENGTH; at++)
			assert_rv(p11->C_SignUpdate(session, text + at, 1), CKR_OK);
		assert_rv(p11->C_SignFinal(session, parts, &parts_length), CKR_OK);
		assert_int_equal(whole_length, parts_length);
		assert_memory_equal(whole, parts, sizeof(whole));
		verify_init(session, types[i]);
		assert_rv(p11->C_VerifyUpdate(session, text, 20), CKR_OK);
		assert_rv(p11->C_VerifyUpdate(session, text + 20, TEXT_LENGTH - 20), CKR_OK);
		assert_rv(p11->C_VerifyFinal(session, parts, parts_length), CKR_OK);
	}
}

static void test_multi_part_too_long(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE data[200] = {1}, signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	sign_init(session, CKM_RSA_PKCS);
	assert_rv(p11->C_SignUpdate(session, data, sizeof(data)), CKR_OK);
	assert_rv(p11->C_SignUpdate(session, data, 46), CKR_DATA_LEN_RANGE);
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
	/* A hash has no such limit. */
	sign_init(session, CKM_SHA256_RSA_PKCS);
	for (int i = 0; i < 100; i++)
		assert_rv(p11->C_SignUpdate(session, data, sizeof(data)), CKR_OK);
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_OK);
}

static void test_no_mixing(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	sign_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_SignUpdate(session, text, 5), CKR_OK);
	assert_rv(p11->C_Sign(session, text, 5, signature, &length), CKR_OPERATION_ACTIVE);
	assert_rv(p11->C_Sign(session, text, 5, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_SignUpdate(session, text, 5), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_VerifyUpdate(session, text, 5), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_DigestUpdate(session, text, 5), CKR_OPERATION_NOT_INITIALIZED);
}

/* The question for the length costs nothing and keeps the operation. */
static void test_sign_length(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[256];
	CK_ULONG length = 0;

	(void)state;
	sign_init(session, CKM_SHA256_RSA_PKCS);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, NULL, &length), CKR_OK);
	assert_int_equal(length, 256);
	length = 255;
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length),
		  CKR_BUFFER_TOO_SMALL);
	assert_int_equal(length, 256);
	length = 0;
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length),
		  CKR_BUFFER_TOO_SMALL);
	module_assert_exchanges(0);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
	module_assert_exchanges(7);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length),
		  CKR_OPERATION_NOT_INITIALIZED);

	sign_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_SignUpdate(session, text, TEXT_LENGTH), CKR_OK);
	assert_rv(p11->C_SignFinal(session, NULL, &length), CKR_OK);
	length = 1;
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(length, 256);
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_OK);
	assert_openssl_verifies("auth.crt", "SHA256", signature, length);
}

/* Each further signature: seven exchanges, and the card is left locked. */
static void test_budget(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_SIGN_SLOT);
	CK_BYTE signature[256];

	(void)state;
	for (int i = 0; i < 3; i++) {
		CK_ULONG length = sizeof(signature);

		vcard_transport_forget(module_fixture.readers);
		sign_init(session, CKM_SHA256_RSA_PKCS);
		assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
		module_assert_exchanges(7);
	}
	assert_false(unit_key_is_open(module_fixture.readers, MODULE_READER_A, UNIT_SIGN_KEY_FILE));
}

static void test_sign_init(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_MECHANISM good = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_MECHANISM unknown = {CKM_RSA_X_509, NULL, 0};
	CK_MECHANISM digest = {CKM_SHA256, NULL, 0};
	CK_MECHANISM parameter = {CKM_RSA_PKCS, text, 4};
	CK_OBJECT_HANDLE key;
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	/* The card is not asked for anything before the login, once it is known what it has. */
	module_find(session, CKO_PUBLIC_KEY);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_SignInit(session, &good, 1), CKR_USER_NOT_LOGGED_IN);
	assert_int_equal(vcard_transport_exchanges(module_fixture.readers), 0);
	assert_rv(module_login(session, VCARD_AUTH_PIN), CKR_OK);
	key = module_find(session, CKO_PRIVATE_KEY);
	/* Without a mechanism it cancels (3.0 §5.13.1), also when there is nothing to cancel. */
	assert_rv(p11->C_SignInit(session, NULL, key), CKR_OK);
	assert_rv(p11->C_SignInit(session, &unknown, key), CKR_MECHANISM_INVALID);
	assert_rv(p11->C_SignInit(session, &digest, key), CKR_MECHANISM_INVALID);
	assert_rv(p11->C_SignInit(session, &parameter, key), CKR_MECHANISM_PARAM_INVALID);
	assert_rv(p11->C_SignInit(session, &good, 0), CKR_KEY_HANDLE_INVALID);
	assert_rv(p11->C_SignInit(session, &good, ~0UL), CKR_KEY_HANDLE_INVALID);
	assert_rv(p11->C_SignInit(session, &good, module_find(session, CKO_PUBLIC_KEY)),
		  CKR_KEY_FUNCTION_NOT_PERMITTED);
	assert_rv(p11->C_SignInit(session, &good, module_find(session, CKO_CERTIFICATE)),
		  CKR_KEY_HANDLE_INVALID);
	assert_rv(p11->C_Sign(session, text, 1, signature, &length), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_SignInit(session, &good, key), CKR_OK);
	assert_rv(p11->C_SignInit(session, &good, key), CKR_OPERATION_ACTIVE);
	assert_rv(p11->C_Sign(session, text, 1, signature, &length), CKR_OK);
	/* The key of the other token is none of this one's. */
	assert_rv(p11->C_SignInit(module_open_user(MODULE_SIGN_SLOT), &good, key),
		  CKR_KEY_HANDLE_INVALID);
}

/* A login that ends between Init and Sign. */
static void test_logout_before_sign(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	sign_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_Logout(session), CKR_OK);
	vcard_transport_forget(module_fixture.readers);
	length = sizeof(signature);
	assert_int_not_equal(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

/* Every bit counts. */
static void test_verify_refuses(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[257] = {0}, other[TEXT_LENGTH];
	CK_ULONG length = 256;

	(void)state;
	sign_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
	memcpy(other, text, TEXT_LENGTH);
	other[0] ^= 1;
	verify_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_Verify(session, other, TEXT_LENGTH, signature, 256),
		  CKR_SIGNATURE_INVALID);
	assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256),
		  CKR_OPERATION_NOT_INITIALIZED);
	for (int i = 0; i < 2; i++) {
		verify_init(session, CKM_SHA256_RSA_PKCS);
		assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, i == 0 ? 255 : 257),
			  CKR_SIGNATURE_LEN_RANGE);
	}
	verify_init(session, CKM_SHA384_RSA_PKCS);
	assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256), CKR_SIGNATURE_INVALID);
	for (size_t at = 0; at < 256; at += 51) {
		signature[at] ^= 0x80;
		verify_init(session, CKM_SHA256_RSA_PKCS);
		assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256),
			  CKR_SIGNATURE_INVALID);
		signature[at] ^= 0x80;
	}
	verify_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_VerifyUpdate(session, text, TEXT_LENGTH), CKR_OK);
	assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256), CKR_OPERATION_ACTIVE);
	verify_init(session, CKM_RSA_PKCS);
	assert_rv(p11->C_Verify(session, signature, 246, signature, 256), CKR_DATA_LEN_RANGE);
}

/* Verifying needs no PIN on the authentication token, and no card for the arithmetic. */
static void test_verify_is_public(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE signature[256] = {0};

	(void)state;
	verify_init(session, CKM_SHA256_RSA_PKCS);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256), CKR_SIGNATURE_INVALID);
	module_assert_exchanges(0);
	assert_rv(p11->C_VerifyInit(session, &mechanism, 1), CKR_KEY_HANDLE_INVALID);
	assert_rv(p11->C_VerifyInit(session, &mechanism, 2), CKR_OK);
	assert_rv(p11->C_VerifyInit(session, NULL, 2), CKR_OK);
	assert_rv(p11->C_Verify(session, text, TEXT_LENGTH, signature, 256),
		  CKR_OPERATION_NOT_INITIALIZED);
}

static void test_digests(void **state)
{
	static const struct {
		CK_MECHANISM_TYPE type;
		const char *digest;
		CK_ULONG length;
	} digests[] = {{CKM_SHA_1, "SHA1", 20},
		       {CKM_SHA224, "SHA224", 28},
		       {CKM_SHA256, "SHA256", 32},
		       {CKM_SHA384, "SHA384", 48},
		       {CKM_SHA512, "SHA512", 64}};
	CK_SESSION_HANDLE session = module_open(MODULE_SIGN_SLOT);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
		CK_MECHANISM mechanism = {digests[i].type, NULL, 0};
		CK_BYTE ours[64], theirs[64];
		CK_ULONG length = 0;
		size_t theirs_length = 0;

		assert_int_equal(EVP_Q_digest(NULL, digests[i].digest, NULL, text, TEXT_LENGTH,
					      theirs, &theirs_length),
				 1);
		assert_rv(p11->C_DigestInit(session, &mechanism), CKR_OK);
		assert_rv(p11->C_DigestInit(session, &mechanism), CKR_OPERATION_ACTIVE);
		assert_rv(p11->C_Digest(session, text, TEXT_LENGTH, NULL, &length), CKR_OK);
		assert_int_equal(length, digests[i].length);
		length--;
		assert_rv(p11->C_Digest(session, text, TEXT_LENGTH, ours, &length),
			  CKR_BUFFER_TOO_SMALL);
		length = sizeof(ours);
		assert_rv(p11->C_Digest(session, text, TEXT_LENGTH, ours, &length), CKR_OK);
		assert_int_equal(length, theirs_length);
		assert_memory_equal(ours, theirs, theirs_length);
		assert_rv(p11->C_DigestInit(session, &mechanism), CKR_OK);
		assert_rv(p11->C_DigestUpdate(session, text, 7), CKR_OK);
		assert_rv(p11->C_DigestUpdate(session, text + 7, TEXT_LENGTH - 7), CKR_OK);
		length = sizeof(ours);
		assert_rv(p11->C_DigestFinal(session, ours, &length), CKR_OK);
		assert_memory_equal(ours, theirs, theirs_length);
	}
	module_assert_exchanges(0);
}

static void test_digest_of_nothing(void **state)
{
	static const CK_BYTE empty[] = {0xDA, 0x39, 0xA3, 0xEE, 0x5E, 0x6B, 0x4B, 0x0D, 0x32, 0x55,
					0xBF, 0xEF, 0x95, 0x60, 0x18, 0x90, 0xAF, 0xD8, 0x07, 0x09};
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_MECHANISM mechanism = {CKM_SHA_1, NULL, 0}, signing = {CKM_SHA1_RSA_PKCS, NULL, 0};
	CK_BYTE digest[20];
	CK_ULONG length = sizeof(digest);

	(void)state;
	assert_rv(p11->C_DigestInit(session, &mechanism), CKR_OK);
	assert_rv(p11->C_DigestInit(session, NULL), CKR_OK);
	assert_rv(p11->C_DigestInit(session, &signing), CKR_MECHANISM_INVALID);
	assert_rv(p11->C_Digest(session, NULL, 0, digest, &length), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_DigestInit(session, &mechanism), CKR_OK);
	assert_rv(p11->C_Digest(session, NULL, 0, digest, &length), CKR_OK);
	assert_memory_equal(digest, empty, sizeof(empty));
}

static enum vcard_fault leave_in_the_midst(void *context, unsigned index, const uint8_t *command,
					   size_t length)
{
	unsigned int *seen = context;

	(void)index, (void)command, (void)length;
	return ++*seen == 100 ? VCARD_FAULT_REMOVE : VCARD_FAULT_NONE;
}

static void test_random(void **state)
{
	enum { LARGE = 5 * 16384 + 100 }; /* six transactions */
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_BYTE first[300] = {0}, second[300] = {0}, zeros[10] = {0};
	CK_BYTE *large = calloc(1, LARGE + 1);
	unsigned int seen = 0;

	(void)state;
	assert_non_null(large);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_GenerateRandom(session, first, sizeof(first)), CKR_OK);
	assert_rv(p11->C_GenerateRandom(session, second, sizeof(second)), CKR_OK);
	assert_memory_not_equal(first, second, sizeof(first));
	unit_assert_trace(module_fixture.readers, "RANDOM RANDOM RANDOM RANDOM");
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_GenerateRandom(session, NULL, 0), CKR_OK);
	assert_rv(p11->C_GenerateRandom(session, NULL, 1), CKR_ARGUMENTS_BAD);
	module_assert_exchanges(0);
	assert_rv(p11->C_GenerateRandom(session, large, LARGE), CKR_OK);
	module_assert_exchanges(5 * 64 + 1);
	/* To the last byte, which may be 0 by chance, and not beyond it. */
	for (size_t i = 0; i < LARGE; i += 10)
		assert_memory_not_equal(large + i, zeros, 10);
	assert_int_equal(large[LARGE], 0);
	/* The card leaves in the midst. */
	vcard_transport_set_hook(module_fixture.readers, leave_in_the_midst, &seen);
	assert_rv(p11->C_GenerateRandom(session, large, LARGE), CKR_DEVICE_REMOVED);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	free(large);
}

static enum vcard_fault corrupt_signature(void *context, unsigned index, const uint8_t *command,
					  size_t length)
{
	static uint8_t answer[258] = {0x01};

	(void)context;
	(void)index;
	(void)length;
	if (command[1] != 0x2A)
		return VCARD_FAULT_NONE;
	answer[256] = 0x90;
	vcard_transport_answer(module_fixture.readers, answer, sizeof(answer));
	return VCARD_FAULT_ANSWER;
}

static void test_bad_signature(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[256];
	CK_BYTE untouched[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	memset(untouched, 0xAA, sizeof(untouched));
	sign_init(session, CKM_SHA256_RSA_PKCS);
	vcard_transport_set_hook(module_fixture.readers, corrupt_signature, NULL);
	memset(signature, 0xAA, sizeof(signature));
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_DEVICE_ERROR);
	assert_memory_equal(signature, untouched, sizeof(untouched));
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	length = sizeof(signature);
	sign_init(session, CKM_SHA256_RSA_PKCS);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_OK);
}

static void test_removed_before_sign(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	sign_init(session, CKM_SHA256_RSA_PKCS);
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length), CKR_DEVICE_REMOVED);
	assert_rv(p11->C_Sign(session, text, TEXT_LENGTH, signature, &length),
		  CKR_SESSION_HANDLE_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_hash_mechanisms),
		TEST(test_plain_mechanism),
		TEST(test_multi_part),
		TEST(test_multi_part_too_long),
		TEST(test_no_mixing),
		TEST(test_sign_length),
		TEST(test_budget),
		TEST(test_sign_init),
		TEST(test_logout_before_sign),
		TEST(test_verify_refuses),
		TEST(test_verify_is_public),
		TEST(test_digests),
		TEST(test_digest_of_nothing),
		TEST(test_random),
		TEST(test_bad_signature),
		TEST(test_removed_before_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
