/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The objects of both tokens: finding them, and every attribute that they have. */
#include "module_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a search finds; the count. */
static CK_ULONG search(CK_SESSION_HANDLE session, CK_ATTRIBUTE *template, CK_ULONG count,
		       CK_OBJECT_HANDLE objects[10])
{
	CK_ULONG found = 0;

	assert_rv(p11->C_FindObjectsInit(session, template, count), CKR_OK);
	assert_rv(p11->C_FindObjects(session, objects, 10, &found), CKR_OK);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	return found;
}

static CK_ULONG search_class(CK_SESSION_HANDLE session, CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[10];

	return search(session, &template, 1, objects);
}

static CK_ULONG count_all(CK_SESSION_HANDLE session)
{
	CK_OBJECT_HANDLE objects[10];

	return search(session, NULL, 0, objects);
}

/* One attribute whose length is known. */
static void assert_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			     CK_ATTRIBUTE_TYPE type, const void *wanted, size_t length)
{
	CK_BYTE value[4096];
	CK_ATTRIBUTE attribute = {type, NULL, 0};

	assert_rv(p11->C_GetAttributeValue(session, object, &attribute, 1), CKR_OK);
	assert_int_equal(attribute.ulValueLen, length);
	attribute.pValue = value;
	attribute.ulValueLen = sizeof(value);
	assert_rv(p11->C_GetAttributeValue(session, object, &attribute, 1), CKR_OK);
	assert_int_equal(attribute.ulValueLen, length);
	assert_memory_equal(value, wanted, length);
}

static void assert_truth(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type,
			 bool wanted)
{
	CK_BBOOL truth = wanted ? CK_TRUE : CK_FALSE;

	assert_attribute(session, object, type, &truth, sizeof(truth));
}

static void assert_number(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
			  CK_ATTRIBUTE_TYPE type, CK_ULONG wanted)
{
	assert_attribute(session, object, type, &wanted, sizeof(wanted));
}

static void test_public_view(void **state)
{
	CK_SESSION_HANDLE auth = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open(MODULE_SIGN_SLOT);

	(void)state;
	assert_int_equal(search_class(auth, CKO_CERTIFICATE), 2);
	assert_int_equal(search_class(auth, CKO_PUBLIC_KEY), 1);
	assert_int_equal(search_class(auth, CKO_PRIVATE_KEY), 0);
	assert_int_equal(search_class(auth, CKO_PROFILE), 1);
	/* Of the signer nothing is seen before the login: it is personal data. */
	assert_int_equal(search_class(sign, CKO_CERTIFICATE), 1);
	assert_int_equal(search_class(sign, CKO_PUBLIC_KEY), 0);
	assert_int_equal(search_class(sign, CKO_PRIVATE_KEY), 0);
	assert_int_equal(search_class(sign, CKO_PROFILE), 0);
	assert_int_equal(count_all(auth), 4);
	assert_int_equal(count_all(sign), 1);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

static void test_private_view(void **state)
{
	CK_SESSION_HANDLE auth = module_open_user(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open_user(MODULE_SIGN_SLOT);
	CK_OBJECT_HANDLE certificate = module_find(sign, CKO_CERTIFICATE);
	CK_ATTRIBUTE attribute = {CKA_VALUE, NULL, 0};

	(void)state;
	assert_int_equal(count_all(auth), 5);
	assert_int_equal(count_all(sign), 4);
	assert_int_equal(search_class(sign, CKO_PRIVATE_KEY), 1);
	assert_int_equal(search_class(sign, CKO_PUBLIC_KEY), 1);
	assert_int_equal(search_class(sign, CKO_CERTIFICATE), 2);
	assert_rv(p11->C_Logout(sign), CKR_OK);
	assert_int_equal(count_all(sign), 1);
	assert_rv(p11->C_GetAttributeValue(sign, certificate, &attribute, 1),
		  CKR_OBJECT_HANDLE_INVALID);
}

/* Without a login, no number leads to a private object. */
static void assert_no_private(CK_SESSION_HANDLE session)
{
	for (CK_OBJECT_HANDLE guess = 0; guess < 256; guess++) {
		CK_BBOOL private = CK_FALSE;
		CK_ATTRIBUTE attribute = {CKA_PRIVATE, &private, sizeof(private)};
		CK_ULONG size = 0;
		CK_RV rv = p11->C_GetAttributeValue(session, guess, &attribute, 1);

		if (rv == CKR_OK)
			assert_false(private);
		else if (rv == CKR_OBJECT_HANDLE_INVALID)
			assert_rv(p11->C_GetObjectSize(session, guess, &size),
				  CKR_OBJECT_HANDLE_INVALID);
	}
}

static void test_guessed_handles(void **state)
{
	CK_SESSION_HANDLE auth = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open(MODULE_SIGN_SLOT);

	(void)state;
	assert_no_private(auth);
	assert_no_private(sign);
	assert_rv(module_login(sign, VCARD_SIGN_PIN), CKR_OK);
	assert_no_private(auth);
	assert_rv(p11->C_Logout(sign), CKR_OK);
	assert_no_private(sign);
}

/* Existing pkcs11: URIs name objects by these. */
static void test_identifiers(void **state)
{
	static const struct {
		CK_SLOT_ID slot;
		CK_OBJECT_CLASS class;
		CK_BYTE id;
		const char *label;
	} rows[] = {
		{0, CKO_PRIVATE_KEY, 1, "User Authentication Key"},
		{0, CKO_PUBLIC_KEY, 1, "User Authentication Key"},
		{0, CKO_CERTIFICATE, 1, "User Authentication Certificate"},
		{0, CKO_CERTIFICATE, 3, "User Authentication Certificate CA"},
		{1, CKO_PRIVATE_KEY, 2, "Digital Signature Key"},
		{1, CKO_PUBLIC_KEY, 2, "Digital Signature Key"},
		{1, CKO_CERTIFICATE, 2, "Digital Signature Certificate"},
		{1, CKO_CERTIFICATE, 4, "Digital Signature Certificate CA"},
	};
	CK_SESSION_HANDLE sessions[] = {module_open_user(0), module_open_user(1)};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CK_OBJECT_CLASS class = rows[i].class;
		CK_BYTE id = rows[i].id;
		CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
					   {CKA_ID, &id, sizeof(id)}};
		CK_SESSION_HANDLE session = sessions[rows[i].slot];
		CK_OBJECT_HANDLE objects[10];

		assert_int_equal(search(session, template, 2, objects), 1);
		assert_attribute(session, objects[0], CKA_LABEL, rows[i].label,
				 strlen(rows[i].label));
		assert_truth(session, objects[0], CKA_TOKEN, true);
		assert_truth(session, objects[0], CKA_MODIFIABLE, false);
	}
}

/* No two objects of a card have the same one. */
static void test_unique_identifiers(void **state)
{
	static char seen[20][64];
	size_t count = 0;

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = module_open_user(slot);
		CK_OBJECT_HANDLE objects[10];
		CK_ULONG found = search(session, NULL, 0, objects);

		for (CK_ULONG i = 0; i < found; i++, count++) {
			CK_ATTRIBUTE unique = {CKA_UNIQUE_ID, seen[count], sizeof(seen[count]) - 1};

			assert_rv(p11->C_GetAttributeValue(session, objects[i], &unique, 1),
				  CKR_OK);
			for (size_t j = 0; j < count; j++)
				assert_string_not_equal(seen[count], seen[j]);
		}
	}
	assert_between((int64_t)count, 8, 20);
}

static void check_certificate(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, const char *name)
{
	X509 *certificate = unit_certificate(&module_fixture.card, name);
	unsigned char *der = NULL, *subject = NULL, *issuer = NULL, *serial = NULL, *key = NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_length = 0;
	int length;

	length = i2d_X509(certificate, &der);
	assert_attribute(session, object, CKA_VALUE, der, (size_t)length);
	length = i2d_X509_NAME(X509_get_subject_name(certificate), &subject);
	assert_attribute(session, object, CKA_SUBJECT, subject, (size_t)length);
	length = i2d_X509_NAME(X509_get_issuer_name(certificate), &issuer);
	assert_attribute(session, object, CKA_ISSUER, issuer, (size_t)length);
	length = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &serial);
	assert_attribute(session, object, CKA_SERIAL_NUMBER, serial, (size_t)length);
	length = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &key);
	assert_attribute(session, object, CKA_PUBLIC_KEY_INFO, key, (size_t)length);
	assert_int_equal(X509_digest(certificate, EVP_sha1(), digest, &digest_length), 1);
	assert_attribute(session, object, CKA_CHECK_VALUE, digest, 3);
	assert_number(session, object, CKA_CERTIFICATE_TYPE, CKC_X_509);
	OPENSSL_free(der);
	OPENSSL_free(subject);
	OPENSSL_free(issuer);
	OPENSSL_free(serial);
	OPENSSL_free(key);
	X509_free(certificate);
}

static void test_certificates(void **state)
{
	static const char *const names[2][2] = {{"auth.crt", "auth-ca.crt"},
						{"sign.crt", "sign-ca.crt"}};
	CK_ULONG authority = CK_CERTIFICATE_CATEGORY_AUTHORITY;
	CK_ATTRIBUTE template = {CKA_CERTIFICATE_CATEGORY, &authority, sizeof(authority)};

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = module_open_user(slot);
		CK_OBJECT_HANDLE own = module_find(session, CKO_CERTIFICATE);
		CK_OBJECT_HANDLE objects[10];

		check_certificate(session, own, names[slot][0]);
		assert_truth(session, own, CKA_PRIVATE, slot == 1);
		assert_int_equal(search(session, &template, 1, objects), 1);
		check_certificate(session, objects[0], names[slot][1]);
		assert_truth(session, objects[0], CKA_PRIVATE, false);
	}
}

static void test_dates(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	X509 *certificate = unit_certificate(&module_fixture.card, "auth.crt");
	const ASN1_TIME *times[] = {X509_get0_notBefore(certificate),
				    X509_get0_notAfter(certificate)};
	const CK_ATTRIBUTE_TYPE types[] = {CKA_START_DATE, CKA_END_DATE};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		char text[32];
		struct tm tm;

		assert_int_equal(ASN1_TIME_to_tm(times[i], &tm), 1);
		snprintf(text, sizeof(text), "%04d%02d%02d", tm.tm_year + 1900, tm.tm_mon + 1,
			 tm.tm_mday);
		assert_attribute(session, module_find(session, CKO_CERTIFICATE), types[i], text, 8);
	}
	X509_free(certificate);
}

static void test_keys(void **state)
{
	static const CK_ATTRIBUTE_TYPE sensitive[] = {CKA_PRIVATE_EXPONENT, CKA_PRIME_1,
						      CKA_PRIME_2,          CKA_EXPONENT_1,
						      CKA_EXPONENT_2,       CKA_COEFFICIENT};
	static const CK_BYTE exponent[] = {0x01, 0x00, 0x01};

	(void)state;
	for (CK_SLOT_ID slot = 0; slot < 2; slot++) {
		CK_SESSION_HANDLE session = module_open_user(slot);
		CK_OBJECT_HANDLE private = module_find(session, CKO_PRIVATE_KEY);
		CK_OBJECT_HANDLE public = module_find(session, CKO_PUBLIC_KEY);
		CK_BYTE modulus[256];
		CK_ATTRIBUTE attribute = {CKA_MODULUS, modulus, sizeof(modulus)};

		assert_rv(p11->C_GetAttributeValue(session, public, &attribute, 1), CKR_OK);
		assert_attribute(session, private, CKA_MODULUS, modulus, sizeof(modulus));
		assert_attribute(session, public, CKA_PUBLIC_EXPONENT, exponent, 3);
		assert_number(session, public, CKA_MODULUS_BITS, 2048);
		assert_number(session, public, CKA_KEY_TYPE, CKK_RSA);
		assert_number(session, private, CKA_KEY_TYPE, CKK_RSA);
		assert_truth(session, private, CKA_PRIVATE, true);
		assert_truth(session, public, CKA_PRIVATE, slot == 1);
		assert_truth(session, private, CKA_SIGN, true);
		assert_truth(session, private, CKA_SENSITIVE, true);
		assert_truth(session, private, CKA_EXTRACTABLE, false);
		assert_truth(session, private, CKA_DECRYPT, false);
		assert_truth(session, private, CKA_UNWRAP, false);
		assert_truth(session, private, CKA_ALWAYS_AUTHENTICATE, false);
		assert_truth(session, public, CKA_VERIFY, true);
		assert_truth(session, public, CKA_ENCRYPT, false);
		for (size_t i = 0; i < sizeof(sensitive) / sizeof(sensitive[0]); i++) {
			CK_BYTE value[256] = {0x77};
			CK_ATTRIBUTE secret = {sensitive[i], value, sizeof(value)};

			assert_rv(p11->C_GetAttributeValue(session, private, &secret, 1),
				  CKR_ATTRIBUTE_SENSITIVE);
			assert_int_equal(secret.ulValueLen, CK_UNAVAILABLE_INFORMATION);
			assert_int_equal(value[0], 0x77);
		}
	}
}

/* All entries are worked on, whatever becomes of one of them (2.40 §5.7). */
static void test_mixed_template(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE object = module_find(session, CKO_CERTIFICATE);
	CK_OBJECT_CLASS class = 77;
	CK_BYTE id = 0, little[2] = {0x55, 0x55};
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_MODULUS, little, sizeof(little)},
		{CKA_VALUE, little, sizeof(little)},
		{0x80001234UL, little, sizeof(little)},
		{CKA_ISSUER, NULL, 0},
		{CKA_ID, &id, sizeof(id)},
	};
	CK_RV rv = p11->C_GetAttributeValue(session, object, template, 6);

	(void)state;
	assert_true(rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_BUFFER_TOO_SMALL);
	assert_int_equal(class, CKO_CERTIFICATE);
	assert_int_equal(template[0].ulValueLen, sizeof(class));
	assert_int_equal(template[1].ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(template[2].ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(template[3].ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_true(template[4].ulValueLen > 20 && template[4].ulValueLen < 2000);
	assert_int_equal(id, 1);
	assert_true(little[0] == 0x55 && little[1] == 0x55);
	template[2].ulValueLen = sizeof(little);
	assert_rv(p11->C_GetAttributeValue(session, object, &template[2], 1), CKR_BUFFER_TOO_SMALL);
	template[3].ulValueLen = sizeof(little);
	assert_rv(p11->C_GetAttributeValue(session, object, &template[3], 1),
		  CKR_ATTRIBUTE_TYPE_INVALID);
}

static void test_object_handles(void **state)
{
	CK_SESSION_HANDLE auth = module_open(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open(MODULE_SIGN_SLOT);
	CK_OBJECT_HANDLE object = module_find(auth, CKO_CERTIFICATE);
	const CK_OBJECT_HANDLE bad[] = {0, 10, 99, ~0UL};
	CK_ATTRIBUTE attribute = {CKA_CLASS, NULL, 0};
	CK_ULONG size = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_rv(p11->C_GetAttributeValue(auth, bad[i], &attribute, 1),
			  CKR_OBJECT_HANDLE_INVALID);
		assert_rv(p11->C_GetObjectSize(auth, bad[i], &size), CKR_OBJECT_HANDLE_INVALID);
	}
	assert_rv(p11->C_GetAttributeValue(sign, object, &attribute, 1), CKR_OBJECT_HANDLE_INVALID);
	assert_rv(p11->C_GetAttributeValue(auth, object, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetAttributeValue(auth, object, NULL, 0), CKR_OK);
	assert_rv(p11->C_GetObjectSize(auth, object, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetObjectSize(auth, object, &size), CKR_OK);
	assert_true(size != 0);
}

static void test_templates(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_OBJECT_CLASS class = CKO_PRIVATE_KEY;
	CK_BBOOL yes = CK_TRUE;
	CK_BYTE id = 1, bytes[300] = {0};
	CK_ATTRIBUTE signs[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_SIGN, &yes, sizeof(yes)}};
	CK_ATTRIBUTE by_id = {CKA_ID, &id, 1};
	CK_ATTRIBUTE wrong_length = {CKA_ID, bytes, 2};
	CK_ATTRIBUTE short_class = {CKA_CLASS, &class, 1};
	CK_ATTRIBUTE unknown = {0x80001234UL, bytes, 4};
	CK_ATTRIBUTE secret = {CKA_PRIME_1, bytes, 128};
	CK_ATTRIBUTE null_value = {CKA_ID, NULL, 1};
	CK_ATTRIBUTE empty_value = {CKA_LABEL, NULL, 0};
	CK_OBJECT_HANDLE objects[10];

	(void)state;
	assert_int_equal(search(session, signs, 2, objects), 1);
	assert_int_equal(search(session, &by_id, 1, objects), 3);
	assert_int_equal(search(session, &wrong_length, 1, objects), 0);
	assert_int_equal(search(session, &short_class, 1, objects), 0);
	assert_int_equal(search(session, &unknown, 1, objects), 0);
	assert_int_equal(search(session, &secret, 1, objects), 0);
	assert_rv(p11->C_FindObjectsInit(session, &null_value, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjectsInit(session, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
	assert_true(search(session, &empty_value, 1, objects) <= 1); /* the profile has no label */
	assert_int_equal(search_class(session, 0x1234), 0);
	assert_int_equal(search_class(session, ~0UL), 0);
	assert_int_equal(search_class(session, CKO_DATA), 0);
	assert_int_equal(search_class(session, CKO_HW_FEATURE), 1);
}

/* By the contents of a certificate, as browsers and Java look for an issuer. */
static void test_template_of_certificate(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	X509 *certificate = unit_certificate(&module_fixture.card, "auth.crt");
	unsigned char *name = NULL;
	int length = i2d_X509_NAME(X509_get_issuer_name(certificate), &name);
	CK_ATTRIBUTE template = {CKA_ISSUER, name, (CK_ULONG)length};
	CK_OBJECT_HANDLE objects[10];

	(void)state;
	/* The CA has issued the holder's and, to itself, its own. */
	assert_int_equal(search(session, &template, 1, objects), 2);
	name[length - 1] ^= 1;
	assert_int_equal(search(session, &template, 1, objects), 0);
	OPENSSL_free(name);
	X509_free(certificate);
}

static void test_find_in_parts(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE object, seen[10];
	CK_ULONG count = 77, total = 0;

	(void)state;
	assert_rv(p11->C_FindObjects(session, &object, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	assert_rv(p11->C_FindObjectsInit(session, NULL, 0), CKR_OPERATION_ACTIVE);
	assert_rv(p11->C_FindObjects(session, NULL, 1, &count), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjects(session, &object, 1, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjects(session, NULL, 0, &count), CKR_OK);
	assert_int_equal(count, 0);
	do {
		assert_rv(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
		for (CK_ULONG i = 0; count == 1 && i < total; i++)
			assert_true(seen[i] != object);
		if (count == 1)
			seen[total++] = object;
	} while (count == 1 && total < 10);
	assert_int_equal(total, 4);
	assert_rv(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	assert_int_equal(count, 0);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OK);
	assert_rv(p11->C_FindObjectsFinal(session), CKR_OPERATION_NOT_INITIALIZED);
}

/* What can be told without the card is told without it; a certificate is read once. */
static void test_costs(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_ATTRIBUTE value = {CKA_VALUE, NULL, 0};
	CK_BYTE byte = 0;
	/* What differs without the card comes last. */
	CK_ATTRIBUTE no_such[] = {{CKA_SUBJECT, &byte, 1}, {CKA_ID, &byte, 1}};
	CK_OBJECT_HANDLE object, objects[10];
	unsigned int first;

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_int_equal(search(session, no_such, 2, objects), 0);
	/* SELECT of the application, and READ of what there is. */
	module_assert_exchanges(2);
	vcard_transport_forget(module_fixture.readers);
	assert_int_equal(count_all(session), 4);
	object = module_find(session, CKO_CERTIFICATE);
	module_assert_exchanges(0);
	assert_rv(p11->C_GetAttributeValue(session, object, &value, 1), CKR_OK);
	first = vcard_transport_exchanges(module_fixture.readers);
	/* SELECT of the application, and 256 bytes with each READ. */
	assert_int_equal(first, 1 + (value.ulValueLen + 255) / 256);
	assert_rv(p11->C_GetAttributeValue(session, object, &value, 1), CKR_OK);
	module_assert_exchanges(first);
}

static void test_profile(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE object = module_find(session, CKO_PROFILE);

	(void)state;
	assert_number(session, object, CKA_PROFILE_ID, CKP_PUBLIC_CERTIFICATES_TOKEN);
	assert_truth(session, object, CKA_PRIVATE, false);
}

/* The authority's file is not found, whether it is named or selected. */
static enum vcard_fault lose_authority(void *context, unsigned index, const uint8_t *command,
				       size_t length)
{
	static const uint8_t select[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x0B};
	static const uint8_t read[] = {0x00, 0xB0, 0x8B, 0x00, 0x00};
	bool lost = (length == sizeof(select) && memcmp(command, select, length) == 0) ||
		    (length == sizeof(read) && memcmp(command, read, length) == 0);

	(void)context, (void)index;
	return lost ? VCARD_FAULT_ANSWER : VCARD_FAULT_NONE;
}

/* A search by what only a certificate tells finds the others though one is missing. */
static void test_missing_certificate(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_CERTIFICATE_TYPE type = CKC_X_509;
	CK_BYTE serial[32];
	CK_ATTRIBUTE known = {CKA_SERIAL_NUMBER, serial, sizeof(serial)};
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)},
				   {CKA_CERTIFICATE_TYPE, &type, sizeof(type)},
				   {CKA_SERIAL_NUMBER, serial, 0}};
	CK_OBJECT_HANDLE objects[10];

	(void)state;
	vcard_transport_answer(module_fixture.readers, (const uint8_t *)"\x6A\x82", 2);
	vcard_transport_set_hook(module_fixture.readers, lose_authority, NULL);
	assert_rv(
		p11->C_GetAttributeValue(session, module_find(session, CKO_CERTIFICATE), &known, 1),
		CKR_OK);
	template[2].ulValueLen = known.ulValueLen;
	assert_int_equal(search(session, template, 3, objects), 1);
	vcard_transport_set_hook(module_fixture.readers, NULL, NULL);
}

/* A value with something behind it is another. */
static void test_longer_value(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_UTF8CHAR label[] = "User Authentication Certificate CA and more";
	CK_ATTRIBUTE template = {CKA_LABEL, label, strlen("User Authentication Certificate CA")};
	CK_OBJECT_HANDLE objects[10];

	(void)state;
	assert_int_equal(search(session, &template, 1, objects), 1);
	template.ulValueLen = strlen((const char *)label);
	assert_int_equal(search(session, &template, 1, objects), 0);
}

/* A card without a signing certificate has no objects that need one. */
static void test_child(void **state)
{
	CK_SESSION_HANDLE session;

	(void)state;
	module_exchange_card("child-filled");
	session = module_open(MODULE_SIGN_SLOT);
	assert_int_equal(count_all(session), 0);
	assert_rv(module_login(session, VCARD_SIGN_PIN), CKR_OK);
	assert_int_equal(count_all(session), 0);
	session = module_open_user(MODULE_AUTH_SLOT);
	assert_int_equal(count_all(session), 5);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_public_view),     TEST(test_private_view),
		TEST(test_guessed_handles), TEST(test_unique_identifiers),
		TEST(test_identifiers),     TEST(test_certificates),
		TEST(test_dates),           TEST(test_keys),
		TEST(test_mixed_template),  TEST(test_object_handles),
		TEST(test_templates),       TEST(test_template_of_certificate),
		TEST(test_find_in_parts),   TEST(test_costs),
		TEST(test_profile),         TEST(test_missing_certificate),
		TEST(test_longer_value),    TEST(test_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
