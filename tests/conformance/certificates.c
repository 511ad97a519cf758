/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* That attributes are true: 2.40 and 3.0 §4.6 to §4.9, with libcrypto's reading beside them. */
#include "conform.h"

#include <openssl/asn1.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdio.h>
#include <time.h>

#define OBJECTS_MAX 64
#define VALUE_MAX   16384

/* The attribute, when the object has it and it is not empty, must be these bytes. */
static void must_be(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, const void *bytes, int length)
{
	CK_BYTE value[VALUE_MAX];
	CK_ULONG value_length = sizeof(value);

	if (!check(length > 0, "libcrypto does not know attribute 0x%lx", type) ||
	    get_bytes(object, type, value, &value_length) != CKR_OK || value_length == 0)
		return;
	check(value_length == (CK_ULONG)length && memcmp(value, bytes, value_length) == 0,
	      "attribute 0x%lx is not what the certificate says", type);
}

/* CK_DATE: year, month and day as digits. */
static void must_be_date(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, const ASN1_TIME *time)
{
	char digits[40] = "";
	struct tm parts;

	if (ASN1_TIME_to_tm(time, &parts) == 1)
		snprintf(digits, sizeof(digits), "%04d%02d%02d", parts.tm_year + 1900,
			 parts.tm_mon + 1, parts.tm_mday);
	must_be(object, type, digits, (int)strlen(digits));
}

static X509 *read_certificate(CK_OBJECT_HANDLE object, CK_BYTE value[VALUE_MAX], CK_ULONG *length)
{
	const CK_BYTE *at = value;
	X509 *certificate = NULL;

	*length = VALUE_MAX;
	if (EXPECT(get_bytes(object, CKA_VALUE, value, length), CKR_OK))
		certificate = d2i_X509(NULL, &at, (long)*length);
	check(certificate != NULL && at == value + *length, "CKA_VALUE is no certificate");
	return certificate;
}

/* DER that libcrypto made, which this lets go of. */
static void must_be_der(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, unsigned char *der,
			int length)
{
	must_be(object, type, der, length);
	OPENSSL_free(der);
}

/* 0 says nothing, 1 is the user's own, 2 an authority's, 3 somebody else's. */
static void must_be_category(CK_OBJECT_HANDLE object, X509 *certificate)
{
	CK_ULONG category = 0;
	CK_ULONG length = sizeof(category);

	if (get_bytes(object, CKA_CERTIFICATE_CATEGORY, &category, &length) != CKR_OK)
		return;
	if (X509_check_ca(certificate) != 0)
		check(category == 0 || category == 2, "category %lu of an authority", category);
	else
		check(category < 4 && category != 2, "category %lu of a holder", category);
}

static void compare(CK_OBJECT_HANDLE object)
{
	CK_BYTE value[VALUE_MAX], hash[64];
	CK_ULONG length;
	unsigned char *der = NULL;
	X509 *certificate = read_certificate(object, value, &length);
	int made;

	if (certificate == NULL)
		return;
	made = i2d_X509_NAME(X509_get_subject_name(certificate), &der);
	must_be_der(object, CKA_SUBJECT, der, made);
	der = NULL;
	made = i2d_X509_NAME(X509_get_issuer_name(certificate), &der);
	must_be_der(object, CKA_ISSUER, der, made);
	der = NULL;
	made = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &der);
	must_be_der(object, CKA_SERIAL_NUMBER, der, made);
	der = NULL;
	made = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	must_be_der(object, CKA_PUBLIC_KEY_INFO, der, made);
	must_be(object, CKA_CERTIFICATE_TYPE, &(CK_CERTIFICATE_TYPE){CKC_X_509},
		sizeof(CK_CERTIFICATE_TYPE));
	must_be_category(object, certificate);
	must_be_date(object, CKA_START_DATE, X509_get0_notBefore(certificate));
	must_be_date(object, CKA_END_DATE, X509_get0_notAfter(certificate));
	X509_free(certificate);
	hash_of("SHA1", value, length, hash);
	must_be(object, CKA_CHECK_VALUE, hash, 3);
}

static void certificates(void)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, &template, 1, objects, OBJECTS_MAX);

	if (count == 0)
		absent("the token has no certificate");
	for (long i = 0; i < count && i < OBJECTS_MAX && !failed(); i++)
		compare(objects[i]);
}

/* The certificate of the key's identifier is about this key. */
static void certificate_of_key(void)
{
	CK_OBJECT_CLASS class = CKO_CERTIFICATE;
	CK_BYTE value[VALUE_MAX], id[128];
	CK_ULONG length = sizeof(id);
	CK_ATTRIBUTE template[] = {{CKA_CLASS, &class, sizeof(class)}, {CKA_ID, id, 0}};
	CK_OBJECT_HANDLE object = 0;
	X509 *certificate;
	EVP_PKEY *public = rsa_public_key();
	unsigned char *der = NULL;
	int made;

	EXPECT(get_bytes(key, CKA_ID, id, &length), CKR_OK);
	template[1].ulValueLen = length;
	if (find(session, template, 2, &object, 1) != 1) {
		absent("the key has no certificate");
		EVP_PKEY_free(public);
		return;
	}
	certificate = read_certificate(object, value, &length);
	if (certificate != NULL) {
		CHECK(EVP_PKEY_eq(public, X509_get0_pubkey(certificate)) == 1);
		made = i2d_X509_NAME(X509_get_subject_name(certificate), &der);
		must_be_der(key, CKA_SUBJECT, der, made);
	}
	X509_free(certificate);
	EVP_PKEY_free(public);
}

static void public_key_info(void)
{
	EVP_PKEY *public = rsa_public_key();
	CK_OBJECT_HANDLE object = find_public_key();
	CK_ULONG bits = 0;
	CK_ULONG length = sizeof(bits);
	unsigned char *der = NULL;
	int made = i2d_PUBKEY(public, &der);

	must_be(key, CKA_PUBLIC_KEY_INFO, der, made);
	must_be(key, CKA_MODULUS, modulus, (int)modulus_length);
	must_be(key, CKA_PUBLIC_EXPONENT, exponent, (int)exponent_length);
	if (object != CK_INVALID_HANDLE) {
		must_be(object, CKA_PUBLIC_KEY_INFO, der, made);
		EXPECT(get_bytes(object, CKA_MODULUS_BITS, &bits, &length), CKR_OK);
		CHECK(bits == (CK_ULONG)EVP_PKEY_get_bits(public));
	}
	OPENSSL_free(der);
	EVP_PKEY_free(public);
}

/* 3.0: a value of its own for each object, the same whenever it is asked for. */
static void unique_ids(void)
{
	CK_OBJECT_HANDLE objects[OBJECTS_MAX], object = 0;
	CK_BYTE ids[OBJECTS_MAX][128];
	CK_ULONG lengths[OBJECTS_MAX];
	long count = find(session, NULL, 0, objects, OBJECTS_MAX);

	if (target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	for (long i = 0; i < count && i < OBJECTS_MAX && !failed(); i++) {
		CK_ATTRIBUTE template = {CKA_UNIQUE_ID, ids[i], 0};

		lengths[i] = sizeof(ids[i]);
		EXPECT(get_bytes(objects[i], CKA_UNIQUE_ID, ids[i], &lengths[i]), CKR_OK);
		for (long j = 0; j < i; j++)
			CHECK(lengths[i] != lengths[j] || memcmp(ids[i], ids[j], lengths[i]) != 0);
		template.ulValueLen = lengths[i];
		CHECK(find(session, &template, 1, &object, 1) == 1);
		CHECK(object == objects[i]);
	}
}

static const struct conform_case cases[] = {
	{"Certificate objects", "attributes of a certificate are what it says", USER, certificates},
	{"Certificate objects", "the key's certificate is about the key", KEY, certificate_of_key},
	{"Public key objects", "both halves of a key tell the same public key", KEY,
	 public_key_info},
	{"The CKA_UNIQUE_ID attribute", "CKA_UNIQUE_ID is unique", USER, unique_ids},
};

const struct chapter chapter_values = {"values", cases, COUNT(cases)};
