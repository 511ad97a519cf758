/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C_GetAttributeValue to the letter: 2.40 §5.7, 3.0 §5.7.5; what objects must have: §4. */
#include "conform.h"

#define OBJECTS_MAX 256
#define VALUE_MAX   16384
/* In no version and no vendor's range that is in use. */
#define NO_ATTRIBUTE 0x7ffffff1UL
#define NO_LENGTH    CK_UNAVAILABLE_INFORMATION
/* Not in every header of 2.40. */
#define COPYABLE        0x171UL
#define DESTROYABLE     0x172UL
#define PUBLIC_KEY_INFO 0x129UL

static void size_query(void)
{
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, NULL, 99},
		{CKA_KEY_TYPE, NULL, 0},
		{CKA_TOKEN, NULL, 0},
		{CKA_ID, NULL, 0},
	};

	EXPECT(p11->C_GetAttributeValue(session, key, template, 4), CKR_OK);
	CHECK(template[0].ulValueLen == sizeof(CK_OBJECT_CLASS));
	CHECK(template[1].ulValueLen == sizeof(CK_KEY_TYPE));
	CHECK(template[2].ulValueLen == sizeof(CK_BBOOL));
	CHECK(template[3].ulValueLen != NO_LENGTH);
}

static void values(void)
{
	CK_OBJECT_CLASS class = 0;
	CK_KEY_TYPE type = 0;
	CK_BBOOL token = 99;
	CK_BYTE more[64];
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_KEY_TYPE, more, sizeof(more)},
		{CKA_TOKEN, &token, sizeof(token)},
	};

	EXPECT(p11->C_GetAttributeValue(session, key, template, 3), CKR_OK);
	CHECK(class == CKO_PRIVATE_KEY && token == CK_TRUE);
	CHECK(template[1].ulValueLen == sizeof(type));
	memcpy(&type, more, sizeof(type));
	CHECK(type == CKK_RSA);
}

static void too_small(void)
{
	CK_BYTE class[sizeof(CK_OBJECT_CLASS)];
	CK_ATTRIBUTE template = {CKA_CLASS, class, 1};

	memset(class, 0xaa, sizeof(class));
	EXPECT(p11->C_GetAttributeValue(session, key, &template, 1), CKR_BUFFER_TOO_SMALL);
	CHECK(template.ulValueLen == NO_LENGTH);
	CHECK(class[1] == 0xaa);
}

static void unknown(void)
{
	CK_BYTE room[16];
	CK_ATTRIBUTE with_room = {NO_ATTRIBUTE, room, sizeof(room)};
	CK_ATTRIBUTE without = {NO_ATTRIBUTE, NULL, 0};

	EXPECT(p11->C_GetAttributeValue(session, key, &with_room, 1), CKR_ATTRIBUTE_TYPE_INVALID);
	CHECK(with_room.ulValueLen == NO_LENGTH);
	EXPECT(p11->C_GetAttributeValue(session, key, &without, 1), CKR_ATTRIBUTE_TYPE_INVALID);
	CHECK(without.ulValueLen == NO_LENGTH);
}

/* The private exponent is told by no key that is sensitive or cannot be taken out. */
static void sensitive(void)
{
	CK_BYTE room[1024];
	CK_BBOOL is = CK_TRUE;
	CK_ULONG length = sizeof(is);
	CK_ATTRIBUTE template = {CKA_PRIVATE_EXPONENT, room, sizeof(room)};

	EXPECT(get_bytes(key, CKA_SENSITIVE, &is, &length), CKR_OK);
	if (!is) {
		absent("the key is not sensitive");
		return;
	}
	EXPECT(p11->C_GetAttributeValue(session, key, &template, 1), CKR_ATTRIBUTE_SENSITIVE);
	CHECK(template.ulValueLen == NO_LENGTH);
	template = (CK_ATTRIBUTE){CKA_PRIME_1, NULL, 0};
	EXPECT(p11->C_GetAttributeValue(session, key, &template, 1), CKR_ATTRIBUTE_SENSITIVE);
	CHECK(template.ulValueLen == NO_LENGTH);
}

/* Whatever goes wrong with one entry, the others are answered. */
static void all_entries(void)
{
	CK_OBJECT_CLASS class = 0;
	CK_KEY_TYPE type = NO_LENGTH;
	CK_BYTE small[1], room[1024];
	CK_ATTRIBUTE template[] = {
		{NO_ATTRIBUTE, room, sizeof(room)},
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_KEY_TYPE, small, sizeof(small)},
		{CKA_PRIVATE_EXPONENT, room, sizeof(room)},
		{CKA_ID, NULL, 0},
		{CKA_KEY_TYPE, &type, sizeof(type)},
	};

	EXPECT(p11->C_GetAttributeValue(session, key, template, COUNT(template)),
	       CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL);
	CHECK(template[0].ulValueLen == NO_LENGTH);
	CHECK(template[1].ulValueLen == sizeof(class) && class == CKO_PRIVATE_KEY);
	CHECK(template[2].ulValueLen == NO_LENGTH);
	CHECK(template[4].ulValueLen != NO_LENGTH);
	CHECK(template[5].ulValueLen == sizeof(type) && type == CKK_RSA);
}

static void good_before_bad(void)
{
	CK_OBJECT_CLASS class = 0;
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{NO_ATTRIBUTE, NULL, 0},
	};

	EXPECT(p11->C_GetAttributeValue(session, key, template, 2), CKR_ATTRIBUTE_TYPE_INVALID);
	CHECK(class == CKO_PRIVATE_KEY && template[0].ulValueLen == sizeof(class));
	CHECK(template[1].ulValueLen == NO_LENGTH);
}

static void no_object(void)
{
	CK_ATTRIBUTE template = {CKA_CLASS, NULL, 0};
	CK_ULONG size = 0;

	EXPECT(p11->C_GetAttributeValue(session, NO_HANDLE, &template, 1),
	       CKR_OBJECT_HANDLE_INVALID);
	EXPECT(p11->C_GetAttributeValue(session, CK_INVALID_HANDLE, &template, 1),
	       CKR_OBJECT_HANDLE_INVALID);
	EXPECT(p11->C_GetObjectSize(session, NO_HANDLE, &size), CKR_OBJECT_HANDLE_INVALID,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void object_size(void)
{
	CK_ULONG size = 0;

	EXPECT(p11->C_GetObjectSize(session, key, &size), CKR_OK, CKR_INFORMATION_SENSITIVE,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

/* --- what all objects of a class have --- */

/* The attributes of §4 that an object of this class must be able to tell. */
static const struct {
	CK_OBJECT_CLASS class;
	CK_ATTRIBUTE_TYPE type;
	CK_ULONG length; /* 0: any */
} duties[] = {
	{CKO_CERTIFICATE, CKA_TOKEN, 1},
	{CKO_CERTIFICATE, CKA_PRIVATE, 1},
	{CKO_CERTIFICATE, CKA_MODIFIABLE, 1},
	{CKO_CERTIFICATE, CKA_LABEL, 0},
	{CKO_CERTIFICATE, CKA_CERTIFICATE_TYPE, sizeof(CK_ULONG)},
	{CKO_CERTIFICATE, CKA_TRUSTED, 1},
	{CKO_CERTIFICATE, CKA_CERTIFICATE_CATEGORY, sizeof(CK_ULONG)},
	{CKO_CERTIFICATE, CKA_SUBJECT, 0},
	{CKO_CERTIFICATE, CKA_ID, 0},
	{CKO_CERTIFICATE, CKA_ISSUER, 0},
	{CKO_CERTIFICATE, CKA_SERIAL_NUMBER, 0},
	{CKO_CERTIFICATE, CKA_VALUE, 0},
	{CKO_PUBLIC_KEY, CKA_TOKEN, 1},
	{CKO_PUBLIC_KEY, CKA_PRIVATE, 1},
	{CKO_PUBLIC_KEY, CKA_LABEL, 0},
	{CKO_PUBLIC_KEY, CKA_KEY_TYPE, sizeof(CK_ULONG)},
	{CKO_PUBLIC_KEY, CKA_ID, 0},
	{CKO_PUBLIC_KEY, CKA_SUBJECT, 0},
	{CKO_PUBLIC_KEY, CKA_ENCRYPT, 1},
	{CKO_PUBLIC_KEY, CKA_VERIFY, 1},
	{CKO_PUBLIC_KEY, CKA_VERIFY_RECOVER, 1},
	{CKO_PUBLIC_KEY, CKA_WRAP, 1},
	{CKO_PUBLIC_KEY, CKA_DERIVE, 1},
	{CKO_PUBLIC_KEY, CKA_LOCAL, 1},
	{CKO_PUBLIC_KEY, CKA_MODULUS, 0},
	{CKO_PUBLIC_KEY, CKA_MODULUS_BITS, sizeof(CK_ULONG)},
	{CKO_PUBLIC_KEY, CKA_PUBLIC_EXPONENT, 0},
	{CKO_PRIVATE_KEY, CKA_TOKEN, 1},
	{CKO_PRIVATE_KEY, CKA_PRIVATE, 1},
	{CKO_PRIVATE_KEY, CKA_LABEL, 0},
	{CKO_PRIVATE_KEY, CKA_KEY_TYPE, sizeof(CK_ULONG)},
	{CKO_PRIVATE_KEY, CKA_ID, 0},
	{CKO_PRIVATE_KEY, CKA_SUBJECT, 0},
	{CKO_PRIVATE_KEY, CKA_SENSITIVE, 1},
	{CKO_PRIVATE_KEY, CKA_ALWAYS_SENSITIVE, 1},
	{CKO_PRIVATE_KEY, CKA_EXTRACTABLE, 1},
	{CKO_PRIVATE_KEY, CKA_NEVER_EXTRACTABLE, 1},
	{CKO_PRIVATE_KEY, CKA_DECRYPT, 1},
	{CKO_PRIVATE_KEY, CKA_SIGN, 1},
	{CKO_PRIVATE_KEY, CKA_SIGN_RECOVER, 1},
	{CKO_PRIVATE_KEY, CKA_UNWRAP, 1},
	{CKO_PRIVATE_KEY, CKA_DERIVE, 1},
	{CKO_PRIVATE_KEY, CKA_LOCAL, 1},
	{CKO_PRIVATE_KEY, CKA_ALWAYS_AUTHENTICATE, 1},
	{CKO_PRIVATE_KEY, CKA_MODULUS, 0},
	{CKO_PROFILE, CKA_PROFILE_ID, sizeof(CK_ULONG)},
};

static void duty(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type, CK_ULONG wanted)
{
	CK_BYTE value[VALUE_MAX];
	CK_ATTRIBUTE size = {type, NULL, 0};
	CK_ULONG length = sizeof(value);
	CK_RV rv = p11->C_GetAttributeValue(session, object, &size, 1);

	if (!check(rv == CKR_OK, "attribute 0x%lx: %s", type, rv_name(rv)))
		return;
	rv = get_bytes(object, type, value, &length);
	if (!check(rv == CKR_OK, "value of attribute 0x%lx: %s", type, rv_name(rv)))
		return;
	/* What is told of the length may be more than the length. */
	check(length <= size.ulValueLen, "attribute 0x%lx is longer than was said", type);
	check(wanted == 0 || length == wanted, "attribute 0x%lx: length %lu", type, length);
	if (wanted == 1)
		check(value[0] == CK_TRUE || value[0] == CK_FALSE, "attribute 0x%lx: %d", type,
		      value[0]);
}

static void duties_of(CK_OBJECT_CLASS class)
{
	CK_ATTRIBUTE template = {CKA_CLASS, &class, sizeof(class)};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, &template, 1, objects, OBJECTS_MAX);

	if (count == 0)
		absent("the token has no such object");
	for (long i = 0; i < count && i < OBJECTS_MAX; i++) {
		for (size_t j = 0; j < COUNT(duties); j++) {
			if (duties[j].class == class)
				duty(objects[i], duties[j].type, duties[j].length);
		}
	}
}

static void duties_of_certificates(void)
{
	duties_of(CKO_CERTIFICATE);
}

static void duties_of_public_keys(void)
{
	duties_of(CKO_PUBLIC_KEY);
}

static void duties_of_private_keys(void)
{
	duties_of(CKO_PRIVATE_KEY);
}

static void duties_of_profiles(void)
{
	if (target.new == NULL)
		absent("no 3.0 interface");
	else
		duties_of(CKO_PROFILE);
}

/* All that the classes of this token may have, of all versions. */
static const CK_ATTRIBUTE_TYPE searched[] = {
	CKA_CLASS,
	CKA_TOKEN,
	CKA_PRIVATE,
	CKA_LABEL,
	CKA_UNIQUE_ID,
	CKA_VALUE,
	CKA_CERTIFICATE_TYPE,
	CKA_ISSUER,
	CKA_SERIAL_NUMBER,
	CKA_TRUSTED,
	CKA_CERTIFICATE_CATEGORY,
	CKA_JAVA_MIDP_SECURITY_DOMAIN,
	CKA_URL,
	CKA_CHECK_VALUE,
	CKA_KEY_TYPE,
	CKA_SUBJECT,
	CKA_ID,
	CKA_SENSITIVE,
	CKA_ENCRYPT,
	CKA_DECRYPT,
	CKA_WRAP,
	CKA_UNWRAP,
	CKA_SIGN,
	CKA_SIGN_RECOVER,
	CKA_VERIFY,
	CKA_VERIFY_RECOVER,
	CKA_DERIVE,
	CKA_START_DATE,
	CKA_END_DATE,
	CKA_MODULUS,
	CKA_MODULUS_BITS,
	CKA_PUBLIC_EXPONENT,
	PUBLIC_KEY_INFO,
	CKA_EXTRACTABLE,
	CKA_LOCAL,
	CKA_NEVER_EXTRACTABLE,
	CKA_ALWAYS_SENSITIVE,
	CKA_KEY_GEN_MECHANISM,
	CKA_MODIFIABLE,
	COPYABLE,
	DESTROYABLE,
	CKA_ALWAYS_AUTHENTICATE,
	CKA_WRAP_WITH_TRUSTED,
	CKA_PROFILE_ID,
	CKA_ALLOWED_MECHANISMS,
};

/* The object is among those that a search by this value of its own finds. */
static void found_by(CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type)
{
	static CK_BYTE value[VALUE_MAX];
	CK_ULONG length = sizeof(value);
	CK_ATTRIBUTE template = {type, value, 0};
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	bool found = false;
	long count;

	if (get_bytes(object, type, value, &length) != CKR_OK)
		return;
	template.ulValueLen = length;
	count = find(session, &template, 1, objects, OBJECTS_MAX);
	for (long i = 0; i < count && i < OBJECTS_MAX; i++)
		found = found || objects[i] == object;
	check(found, "object %lu is not found by its attribute 0x%lx", object, type);
}

/* "An exact byte-for-byte match": what an object tells of itself is what it is found by. */
static void found_by_values(void)
{
	CK_OBJECT_HANDLE objects[OBJECTS_MAX];
	long count = find(session, NULL, 0, objects, OBJECTS_MAX);

	for (long i = 0; i < count && i < OBJECTS_MAX; i++) {
		for (size_t j = 0; j < COUNT(searched) && !failed(); j++)
			found_by(objects[i], searched[j]);
	}
}

static void flags_agree(void)
{
	CK_BBOOL is = 0, always = 0, extractable = 0, never = 0;
	CK_ATTRIBUTE template[] = {
		{CKA_SENSITIVE, &is, 1},
		{CKA_ALWAYS_SENSITIVE, &always, 1},
		{CKA_EXTRACTABLE, &extractable, 1},
		{CKA_NEVER_EXTRACTABLE, &never, 1},
	};

	EXPECT(p11->C_GetAttributeValue(session, key, template, COUNT(template)), CKR_OK);
	CHECK(!always || is);
	CHECK(!never || !extractable);
}

static const struct conform_case cases[] = {
	{"C_GetAttributeValue", "a question for lengths", KEY, size_query},
	{"C_GetAttributeValue", "values, and their true lengths", KEY, values},
	{"C_GetAttributeValue", "too small a buffer", KEY, too_small},
	{"C_GetAttributeValue", "an attribute that the object has not", KEY, unknown},
	{"C_GetAttributeValue", "a sensitive attribute", KEY, sensitive},
	{"C_GetAttributeValue", "all entries are answered, whatever goes wrong with one", KEY,
	 all_entries},
	{"C_GetAttributeValue", "a good entry before a bad one", KEY, good_before_bad},
	{"C_GetAttributeValue", "an object that is not there", USER, no_object},
	{"C_GetObjectSize", "of the key", KEY, object_size},
	{"Certificate objects", "attributes that certificates have", USER, duties_of_certificates},
	{"Public key objects", "attributes that public keys have", USER, duties_of_public_keys},
	{"Private key objects", "attributes that private keys have", USER, duties_of_private_keys},
	{"Profile objects", "attributes that profiles have", USER, duties_of_profiles},
	{"Private key objects", "the flags of a private key agree", KEY, flags_agree},
	{"C_FindObjectsInit", "each object is found by each of its own values", USER,
	 found_by_values},
};

const struct chapter chapter_attributes = {"attributes", cases, COUNT(cases)};
