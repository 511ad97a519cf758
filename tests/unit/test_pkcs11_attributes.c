/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every attribute that the standard lists for the classes of our objects (PKCS#11 2.40 §4.6 to
 * 4.9 and the RSA keys of its mechanisms, with what 3.0 added) is there, with a true value.
 */
#include "module_fixture.h"

#include <string.h>

enum kind { TRUTH, NUMBER, EMPTY, DATE, SOMETHING, HIDDEN };

#define CERT    0x1
#define PUBLIC  0x2
#define PRIVATE 0x4
#define KEYS    (PUBLIC | PRIVATE)
#define ALL     (CERT | KEYS)

static const struct {
	CK_ATTRIBUTE_TYPE type;
	unsigned int classes;
	enum kind kind;
	CK_ULONG value;
} wanted[] = {
	{CKA_TOKEN, ALL, TRUTH, CK_TRUE},
	{CKA_MODIFIABLE, ALL, TRUTH, CK_FALSE},
	{CKA_COPYABLE, ALL, TRUTH, CK_FALSE},
	{CKA_DESTROYABLE, ALL, TRUTH, CK_FALSE},
	{CKA_LABEL, ALL, SOMETHING, 0},
	{CKA_UNIQUE_ID, ALL, SOMETHING, 0},
	{CKA_ID, ALL, SOMETHING, 0},
	{CKA_SUBJECT, ALL, SOMETHING, 0},
	{CKA_START_DATE, ALL, DATE, 0},
	{CKA_END_DATE, ALL, DATE, 0},
	{CKA_PUBLIC_KEY_INFO, ALL, SOMETHING, 0},
	{CKA_CERTIFICATE_TYPE, CERT, NUMBER, CKC_X_509},
	{CKA_CERTIFICATE_CATEGORY, CERT, NUMBER, CK_CERTIFICATE_CATEGORY_TOKEN_USER},
	{CKA_CHECK_VALUE, CERT, SOMETHING, 0},
	{CKA_TRUSTED, CERT | PUBLIC, TRUTH, CK_FALSE},
	{CKA_VALUE, CERT, SOMETHING, 0},
	{CKA_ISSUER, CERT, SOMETHING, 0},
	{CKA_SERIAL_NUMBER, CERT, SOMETHING, 0},
	{CKA_URL, CERT, EMPTY, 0},
	{CKA_HASH_OF_SUBJECT_PUBLIC_KEY, CERT, EMPTY, 0},
	{CKA_HASH_OF_ISSUER_PUBLIC_KEY, CERT, EMPTY, 0},
	{CKA_JAVA_MIDP_SECURITY_DOMAIN, CERT, NUMBER, 0},
	{CKA_NAME_HASH_ALGORITHM, CERT, NUMBER, CKM_SHA_1},
	{CKA_KEY_TYPE, KEYS, NUMBER, CKK_RSA},
	{CKA_DERIVE, KEYS, TRUTH, CK_FALSE},
	{CKA_LOCAL, KEYS, TRUTH, CK_FALSE},
	{CKA_KEY_GEN_MECHANISM, KEYS, NUMBER, CK_UNAVAILABLE_INFORMATION},
	{CKA_ALLOWED_MECHANISMS, KEYS, SOMETHING, 0},
	{CKA_MODULUS, KEYS, SOMETHING, 0},
	{CKA_PUBLIC_EXPONENT, KEYS, SOMETHING, 0},
	{CKA_MODULUS_BITS, PUBLIC, NUMBER, 2048},
	{CKA_ENCRYPT, PUBLIC, TRUTH, CK_FALSE},
	{CKA_VERIFY, PUBLIC, TRUTH, CK_TRUE},
	{CKA_VERIFY_RECOVER, PUBLIC, TRUTH, CK_FALSE},
	{CKA_WRAP, PUBLIC, TRUTH, CK_FALSE},
	{CKA_WRAP_TEMPLATE, PUBLIC, EMPTY, 0},
	{CKA_SENSITIVE, PRIVATE, TRUTH, CK_TRUE},
	{CKA_EXTRACTABLE, PRIVATE, TRUTH, CK_FALSE},
	{CKA_ALWAYS_SENSITIVE, PRIVATE, TRUTH, CK_FALSE},
	{CKA_NEVER_EXTRACTABLE, PRIVATE, TRUTH, CK_FALSE},
	{CKA_DECRYPT, PRIVATE, TRUTH, CK_FALSE},
	{CKA_SIGN, PRIVATE, TRUTH, CK_TRUE},
	{CKA_SIGN_RECOVER, PRIVATE, TRUTH, CK_FALSE},
	{CKA_UNWRAP, PRIVATE, TRUTH, CK_FALSE},
	{CKA_WRAP_WITH_TRUSTED, PRIVATE, TRUTH, CK_FALSE},
	{CKA_ALWAYS_AUTHENTICATE, PRIVATE, TRUTH, CK_FALSE},
	{CKA_UNWRAP_TEMPLATE, PRIVATE, EMPTY, 0},
	{CKA_DERIVE_TEMPLATE, PRIVATE, EMPTY, 0},
	{CKA_PRIVATE_EXPONENT, PRIVATE, HIDDEN, 0},
	{CKA_PRIME_1, PRIVATE, HIDDEN, 0},
	{CKA_PRIME_2, PRIVATE, HIDDEN, 0},
	{CKA_EXPONENT_1, PRIVATE, HIDDEN, 0},
	{CKA_EXPONENT_2, PRIVATE, HIDDEN, 0},
	{CKA_COEFFICIENT, PRIVATE, HIDDEN, 0},
};

static bool is_date(const CK_BYTE *value, CK_ULONG length)
{
	bool digits = length == sizeof(CK_DATE);

	for (CK_ULONG i = 0; digits && i < length; i++)
		digits = value[i] >= '0' && value[i] <= '9';
	return digits;
}

static bool is_right(const CK_ATTRIBUTE *attribute, enum kind kind, CK_ULONG value)
{
	const CK_BYTE *bytes = attribute->pValue;
	CK_ULONG length = attribute->ulValueLen;
	CK_ULONG number = 0;

	switch (kind) {
	case TRUTH:
		return length == 1 && bytes[0] == (CK_BBOOL)value;
	case NUMBER:
		memcpy(&number, bytes, sizeof(number));
		return length == sizeof(number) && number == value;
	case EMPTY:
		return length == 0;
	case DATE:
		return is_date(bytes, length);
	case SOMETHING:
		return length > 0;
	case HIDDEN:
	default:
		return length == CK_UNAVAILABLE_INFORMATION;
	}
}

static void assert_complete(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class, unsigned int bit)
{
	CK_OBJECT_HANDLE object = module_find(session, class);
	CK_BYTE value[4096];

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		bool of_class = (wanted[i].classes & bit) != 0;
		CK_RV rv = of_class ? CKR_OK : CKR_ATTRIBUTE_TYPE_INVALID;
		CK_ATTRIBUTE attribute = {wanted[i].type, value, sizeof(value)};

		if (of_class && wanted[i].kind == HIDDEN)
			rv = CKR_ATTRIBUTE_SENSITIVE;
		memset(value, 0xA5, sizeof(value));
		if (p11->C_GetAttributeValue(session, object, &attribute, 1) != rv)
			fail_msg("class %lu, attribute 0x%lx: another code", class, wanted[i].type);
		if (of_class && !is_right(&attribute, wanted[i].kind, wanted[i].value))
			fail_msg("class %lu, attribute 0x%lx: another value", class,
				 wanted[i].type);
	}
}

static void test_every_attribute(void **state)
{
	static const CK_SLOT_ID slots[] = {MODULE_AUTH_SLOT, MODULE_SIGN_SLOT};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		CK_SESSION_HANDLE session = module_open_user(slots[i]);

		assert_complete(session, CKO_CERTIFICATE, CERT);
		assert_complete(session, CKO_PUBLIC_KEY, PUBLIC);
		assert_complete(session, CKO_PRIVATE_KEY, PRIVATE);
	}
}

static enum vcard_fault mute_reads(void *context, unsigned index, const uint8_t *command,
				   size_t length)
{
	(void)context;
	(void)index;
	(void)length;
	return command[1] == 0xB0 ? VCARD_FAULT_MUTE : VCARD_FAULT_NONE;
}

/* A card that fails is not hidden behind an attribute that there is not, in either order. */
static void test_failure_wins(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE object = module_find(session, CKO_CERTIFICATE);
	CK_BYTE value[16];
	CK_ATTRIBUTE template[] = {
		{0x80001234UL, value, sizeof(value)},
		{CKA_VALUE, value, sizeof(value)},
		{0x80001234UL, value, sizeof(value)},
	};

	(void)state;
	vcard_transport_set_hook(module_fixture.readers, mute_reads, NULL);
	assert_rv(p11->C_GetAttributeValue(session, object, template, 2), CKR_DEVICE_ERROR);
	assert_rv(p11->C_GetAttributeValue(session, object, template + 1, 2), CKR_DEVICE_ERROR);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
	template[1].pValue = NULL;
	assert_rv(p11->C_GetAttributeValue(session, object, template + 1, 2),
		  CKR_ATTRIBUTE_TYPE_INVALID);
	assert_true(template[1].ulValueLen > sizeof(value) && template[1].ulValueLen < 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_attribute, module_set_up,
						module_tear_down),
		cmocka_unit_test_setup_teardown(test_failure_wins, module_set_up, module_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
