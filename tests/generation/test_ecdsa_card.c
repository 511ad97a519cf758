/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The card generation that is rows alone, through the C_ functions: its PIN rule, mechanisms,
 * attributes and signatures; and what a malicious card of it might answer. The other generations
 * are known beside it, and are as they were.
 */
#include "module_fixture.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#define SIGNATURE_LENGTH 96
#define HALF             (SIGNATURE_LENGTH / 2)

static CK_BYTE text[] = "The quick brown fox jumps over the lazy dog";
#define TEXT_LENGTH (sizeof(text) - 1)

static const char *const pins[] = {VCARD_ECDSA_AUTH_PIN, VCARD_SIGN_PIN};
static const char *const certificates[] = {"auth.crt", "sign.crt"};

static int set_up(void **state)
{
	module_set_up(state);
	module_exchange_card("ecdsa");
	return 0;
}

static CK_SESSION_HANDLE open_user(CK_SLOT_ID slot)
{
	CK_SESSION_HANDLE session = module_open(slot);

	assert_rv(module_login(session, pins[slot]), CKR_OK);
	return session;
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_BYTE *data, CK_ULONG length,
		  CK_BYTE signature[SIGNATURE_LENGTH])
{
	CK_MECHANISM mechanism = {type, NULL, 0};
	CK_ULONG signature_length = SIGNATURE_LENGTH;
	CK_RV rv;

	assert_rv(p11->C_SignInit(session, &mechanism, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	rv = p11->C_Sign(session, data, length, signature, &signature_length);
	if (rv == CKR_OK)
		assert_int_equal(signature_length, SIGNATURE_LENGTH);
	return rv;
}

static CK_RV verify(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_BYTE *data,
		    CK_ULONG length, CK_BYTE *signature, CK_ULONG signature_length)
{
	CK_MECHANISM mechanism = {type, NULL, 0};

	assert_rv(p11->C_VerifyInit(session, &mechanism, module_find(session, CKO_PUBLIC_KEY)),
		  CKR_OK);
	return p11->C_Verify(session, data, length, signature, signature_length);
}

/* OpenSSL's word, with the certificate as the card's maker wrote it. */
static void assert_openssl_verifies(CK_SLOT_ID slot, const uint8_t *hash, size_t hash_length,
				    const CK_BYTE signature[SIGNATURE_LENGTH])
{
	X509 *certificate = unit_certificate(&module_fixture.card, certificates[slot]);
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);
	ECDSA_SIG *numbers = ECDSA_SIG_new();
	unsigned char *der = NULL;
	int length;

	assert_int_equal(ECDSA_SIG_set0(numbers, BN_bin2bn(signature, HALF, NULL),
					BN_bin2bn(signature + HALF, HALF, NULL)),
			 1);
	length = i2d_ECDSA_SIG(numbers, &der);
	assert_int_equal(EVP_PKEY_verify_init(context), 1);
	assert_int_equal(EVP_PKEY_verify(context, der, (size_t)length, hash, hash_length), 1);
	OPENSSL_free(der);
	ECDSA_SIG_free(numbers);
	EVP_PKEY_CTX_free(context);
	X509_free(certificate);
}

/* What has not the form of a PIN of this card is not sent, though it is one of another card. */
static void test_pin(void **state)
{
	static const char *const impossible[] = {"1234", "12345", "123456789", "24681A", "246 10"};
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_TOKEN_INFO info;

	(void)state;
	assert_rv(p11->C_GetTokenInfo(MODULE_AUTH_SLOT, &info), CKR_OK);
	assert_int_equal(info.ulMinPinLen, 6);
	assert_int_equal(info.ulMaxPinLen, 8);
	assert_memory_equal(info.label, "JPKI TEST auth (6-8 digits)     ", 32);
	vcard_transport_forget(module_fixture.readers);
	for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++)
		assert_rv(module_login(session, impossible[i]), CKR_PIN_INCORRECT);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
	assert_rv(module_login(session, "24681000"), CKR_PIN_INCORRECT);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 1);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 2);
	assert_rv(module_login(session, VCARD_ECDSA_AUTH_PIN), CKR_OK);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 3);
}

static bool is_listed(CK_SLOT_ID slot, CK_MECHANISM_TYPE type)
{
	CK_MECHANISM_TYPE list[20];
	CK_ULONG count = 20;
	bool found = false;

	assert_rv(p11->C_GetMechanismList(slot, list, &count), CKR_OK);
	for (CK_ULONG i = 0; i < count; i++)
		found = found || list[i] == type;
	return found;
}

/* Each token offers what its own key can do, and a card of another generation what it did. */
static void test_mechanisms(void **state)
{
	static const CK_MECHANISM_TYPE ours[] = {CKM_ECDSA, CKM_ECDSA_SHA384};
	static const CK_MECHANISM_TYPE theirs[] = {CKM_RSA_PKCS, CKM_SHA256_RSA_PKCS,
						   CKM_RSA_PKCS_PSS, CKM_SHA256_RSA_PKCS_PSS};
	CK_MECHANISM_INFO info;
	CK_ULONG count;

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		assert_rv(p11->C_GetMechanismList(slot, NULL, &count), CKR_OK);
		assert_int_equal(count, 7); /* with five digests */
		for (size_t i = 0; i < 2; i++) {
			assert_true(is_listed(slot, ours[i]));
			assert_rv(p11->C_GetMechanismInfo(slot, ours[i], &info), CKR_OK);
			assert_int_equal(info.ulMinKeySize, 384);
			assert_int_equal(info.ulMaxKeySize, 384);
			assert_int_equal(info.flags, CKF_HW | CKF_SIGN | CKF_VERIFY | CKF_EC_F_P |
							     CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS);
		}
		for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++) {
			assert_false(is_listed(slot, theirs[i]));
			assert_rv(p11->C_GetMechanismInfo(slot, theirs[i], &info),
				  CKR_MECHANISM_INVALID);
		}
	}
	module_exchange_card("mynumber");
	for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
		assert_true(is_listed(MODULE_AUTH_SLOT, theirs[i]));
	for (size_t i = 0; i < 2; i++) {
		assert_false(is_listed(MODULE_AUTH_SLOT, ours[i]));
		assert_rv(p11->C_GetMechanismInfo(MODULE_AUTH_SLOT, ours[i], &info),
			  CKR_MECHANISM_INVALID);
	}
}

static void assert_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			     CK_ATTRIBUTE_TYPE type, const void *wanted, size_t length)
{
	CK_BYTE value[512];
	CK_ATTRIBUTE attribute = {type, value, sizeof(value)};

	assert_rv(p11->C_GetAttributeValue(session, object, &attribute, 1), CKR_OK);
	assert_int_equal(attribute.ulValueLen, length);
	assert_memory_equal(value, wanted, length);
}

static void assert_no_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
				CK_ATTRIBUTE_TYPE type, CK_RV why)
{
	CK_ATTRIBUTE attribute = {type, NULL, 0};

	assert_rv(p11->C_GetAttributeValue(session, object, &attribute, 1), why);
}

static void test_attributes(void **state)
{
	static const CK_BYTE p_384[] = {0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22};
	static const CK_MECHANISM_TYPE allowed[] = {CKM_ECDSA, CKM_ECDSA_SHA384};
	const CK_KEY_TYPE type = CKK_EC;

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = open_user(slot);
		CK_OBJECT_HANDLE keys[] = {module_find(session, CKO_PRIVATE_KEY),
					   module_find(session, CKO_PUBLIC_KEY)};
		X509 *certificate = unit_certificate(&module_fixture.card, certificates[slot]);
		CK_BYTE point[99] = {0x04, 0x61};
		const unsigned char *bits = X509_get0_pubkey_bitstr(certificate)->data;

		for (size_t i = 0; i < 2; i++) {
			assert_attribute(session, keys[i], CKA_KEY_TYPE, &type, sizeof(type));
			assert_attribute(session, keys[i], CKA_EC_PARAMS, p_384, sizeof(p_384));
			assert_attribute(session, keys[i], CKA_ALLOWED_MECHANISMS, allowed,
					 sizeof(allowed));
			assert_no_attribute(session, keys[i], CKA_MODULUS,
					    CKR_ATTRIBUTE_TYPE_INVALID);
			assert_no_attribute(session, keys[i], CKA_MODULUS_BITS,
					    CKR_ATTRIBUTE_TYPE_INVALID);
		}
		memcpy(point + 2, bits, 97);
		assert_attribute(session, keys[1], CKA_EC_POINT, point, sizeof(point));
		assert_no_attribute(session, keys[0], CKA_EC_POINT, CKR_ATTRIBUTE_TYPE_INVALID);
		assert_no_attribute(session, keys[0], CKA_VALUE, CKR_ATTRIBUTE_SENSITIVE);
		assert_no_attribute(session, keys[1], CKA_VALUE, CKR_ATTRIBUTE_TYPE_INVALID);
		X509_free(certificate);
	}
}

static void test_hash_and_sign(void **state)
{
	uint8_t hash[SHA384_DIGEST_LENGTH];

	(void)state;
	SHA384(text, TEXT_LENGTH, hash);
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = open_user(slot);
		CK_BYTE signature[SIGNATURE_LENGTH];

		assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature), CKR_OK);
		assert_openssl_verifies(slot, hash, sizeof(hash), signature);
		assert_rv(verify(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature,
				 sizeof(signature)),
			  CKR_OK);
		assert_rv(verify(session, CKM_ECDSA, hash, sizeof(hash), signature,
				 sizeof(signature)),
			  CKR_OK);
		assert_rv(verify(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH - 1, signature,
				 sizeof(signature)),
			  CKR_SIGNATURE_INVALID);
		assert_rv(verify(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature,
				 sizeof(signature) - 1),
			  CKR_SIGNATURE_LEN_RANGE);
		signature[0] ^= 1;
		assert_rv(verify(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature,
				 sizeof(signature)),
			  CKR_SIGNATURE_INVALID);
	}
}

/* Any hash, also one that is longer than the order, of which the first bytes count. */
static void test_given_hash(void **state)
{
	static const CK_ULONG lengths[] = {1, 20, 28, 32, 47, 48, 49, 64};
	CK_SESSION_HANDLE session = open_user(MODULE_AUTH_SLOT);
	CK_BYTE hash[65], signature[SIGNATURE_LENGTH];

	(void)state;
	for (size_t i = 0; i < sizeof(hash); i++)
		hash[i] = (CK_BYTE)(0xA0 + i);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		assert_rv(sign(session, CKM_ECDSA, hash, lengths[i], signature), CKR_OK);
		assert_openssl_verifies(MODULE_AUTH_SLOT, hash, lengths[i], signature);
		assert_rv(
			verify(session, CKM_ECDSA, hash, lengths[i], signature, sizeof(signature)),
			CKR_OK);
	}
	vcard_transport_forget(module_fixture.readers);
	assert_rv(sign(session, CKM_ECDSA, hash, 0, signature), CKR_DATA_LEN_RANGE);
	assert_rv(sign(session, CKM_ECDSA, hash, 65, signature), CKR_DATA_LEN_RANGE);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

/* In parts; with the questions for the length; and at the cost of every other signature. */
static void test_calls(void **state)
{
	CK_SESSION_HANDLE session = open_user(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE key = module_find(session, CKO_PRIVATE_KEY);
	CK_MECHANISM mechanism = {CKM_ECDSA_SHA384, NULL, 0};
	CK_BYTE signature[SIGNATURE_LENGTH], parameter = 0;
	CK_MECHANISM with_parameter = {CKM_ECDSA, &parameter, 1};
	CK_MECHANISM of_rsa = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_ULONG length = 0;

	(void)state;
	assert_rv(p11->C_SignInit(session, &with_parameter, key), CKR_MECHANISM_PARAM_INVALID);
	assert_rv(p11->C_SignInit(session, &of_rsa, key), CKR_MECHANISM_INVALID);
	assert_rv(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	assert_rv(p11->C_SignUpdate(session, text, 10), CKR_OK);
	assert_rv(p11->C_SignUpdate(session, text + 10, TEXT_LENGTH - 10), CKR_OK);
	assert_rv(p11->C_SignFinal(session, NULL, &length), CKR_OK);
	assert_int_equal(length, SIGNATURE_LENGTH);
	length = SIGNATURE_LENGTH - 1;
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(length, SIGNATURE_LENGTH);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_SignFinal(session, signature, &length), CKR_OK);
	unit_assert_trace(module_fixture.readers, "AP EF:0018 TRIES VERIFY SIGN:0017 LEAVE AP");
	assert_rv(verify(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature, length), CKR_OK);
	assert_false(unit_key_is_open(module_fixture.readers, MODULE_READER_A, UNIT_AUTH_KEY_FILE));
}

static enum vcard_fault at_signature(void *context, unsigned int index, const uint8_t *command,
				     size_t length)
{
	(void)context;
	(void)index;
	(void)length;
	return command[1] == 0x2A ? VCARD_FAULT_ANSWER : VCARD_FAULT_NONE;
}

/* The card answers these bytes instead of a signature: not one of them is given out. */
static void assert_not_given_out(CK_SESSION_HANDLE session, const uint8_t *bytes, size_t length)
{
	CK_BYTE signature[SIGNATURE_LENGTH], untouched[SIGNATURE_LENGTH];
	uint8_t answer[258];

	memcpy(answer, bytes, length);
	answer[length] = 0x90;
	answer[length + 1] = 0x00;
	memset(signature, 0x5A, sizeof(signature));
	memset(untouched, 0x5A, sizeof(untouched));
	vcard_transport_answer(module_fixture.readers, answer, length + 2);
	vcard_transport_set_hook(module_fixture.readers, at_signature, NULL);
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature), CKR_DEVICE_ERROR);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_memory_equal(signature, untouched, sizeof(untouched));
	assert_false(unit_key_is_open(module_fixture.readers, MODULE_READER_A, UNIT_AUTH_KEY_FILE));
}

static void test_malicious_plain(void **state)
{
	static const size_t lengths[] = {0, 1, 48, 95, 97, 128, 256};
	CK_SESSION_HANDLE session = open_user(MODULE_AUTH_SLOT);
	CK_BYTE good[256] = {0}, bad[SIGNATURE_LENGTH];

	(void)state;
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, good), CKR_OK);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_not_given_out(session, good, lengths[i]);
	for (size_t at = 0; at < SIGNATURE_LENGTH; at += HALF) {
		memcpy(bad, good, sizeof(bad));
		memset(bad + at, 0, HALF); /* r, or s, is zero */
		assert_not_given_out(session, bad, sizeof(bad));
		memset(bad + at, 0xFF, HALF); /* or more than the order */
		assert_not_given_out(session, bad, sizeof(bad));
		memcpy(bad, good, sizeof(bad));
		bad[at + HALF - 1] ^= 1;
		assert_not_given_out(session, bad, sizeof(bad));
	}
	memset(bad, 0, sizeof(bad));
	assert_not_given_out(session, bad, sizeof(bad));
	/* A signature of this card, but over something else. */
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH - 1, bad), CKR_OK);
	assert_not_given_out(session, bad, sizeof(bad));
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, good), CKR_OK);
}

static void test_malicious_der(void **state)
{
	static const char *const answers[] = {
		"",
		"30",
		"3000",
		"3006020100020100",   /* zeros */
		"30060201010201",     /* cut */
		"300602010102010100", /* a byte too many */
		"300602018102017F",   /* negative */
		"30820100",
	};
	CK_SESSION_HANDLE session = open_user(MODULE_SIGN_SLOT);
	CK_BYTE plain[SIGNATURE_LENGTH];

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		uint8_t bytes[32];
		size_t length = unit_hex(answers[i], bytes, sizeof(bytes));

		assert_not_given_out(session, bytes, length);
	}
	/* The other form of a good signature. */
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, plain), CKR_OK);
	assert_not_given_out(session, plain, sizeof(plain));
}

/* A signature that the card refuses is a failure, and not a reason to offer less. */
static void test_refused(void **state)
{
	static const uint8_t no[] = {0x6A, 0x86};
	CK_SESSION_HANDLE session = open_user(MODULE_AUTH_SLOT);
	CK_BYTE signature[SIGNATURE_LENGTH];

	(void)state;
	vcard_transport_answer(module_fixture.readers, no, sizeof(no));
	vcard_transport_set_hook(module_fixture.readers, at_signature, NULL);
	assert_int_not_equal(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature), CKR_OK);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	assert_true(is_listed(MODULE_AUTH_SLOT, CKM_ECDSA_SHA384));
	assert_rv(sign(session, CKM_ECDSA_SHA384, text, TEXT_LENGTH, signature), CKR_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_pin),
		TEST(test_mechanisms),
		TEST(test_attributes),
		TEST(test_hash_and_sign),
		TEST(test_given_hash),
		TEST(test_calls),
		TEST(test_malicious_plain),
		TEST(test_malicious_der),
		TEST(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
