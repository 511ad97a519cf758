/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Digests: 2.40 §5.10 and §5.2, 3.0 §5.12 and §5.2. */
#include "conform.h"

#define DATA_LENGTH 1000

static const struct {
	CK_MECHANISM_TYPE type;
	const char *hash;
} digests[] = {
	{CKM_SHA_1, "SHA1"},    {CKM_SHA224, "SHA224"}, {CKM_SHA256, "SHA256"},
	{CKM_SHA384, "SHA384"}, {CKM_SHA512, "SHA512"},
};

static CK_BYTE data[DATA_LENGTH], out[128], wanted[64];
static CK_ULONG wanted_length;
static CK_MECHANISM mechanism;
static const char *chosen_hash;

/* Begins the first digest that the token has, over data that is known. */
static bool begin(void)
{
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (CK_BYTE)(i * 7);
	for (size_t i = 0; i < COUNT(digests); i++) {
		if (!has_mechanism(digests[i].type, CKF_DIGEST))
			continue;
		mechanism = (CK_MECHANISM){digests[i].type, NULL, 0};
		chosen_hash = digests[i].hash;
		wanted_length = hash_of(chosen_hash, data, sizeof(data), wanted);
		return EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	}
	absent("no digests");
	return false;
}

static void is_wanted(CK_ULONG length)
{
	CHECK(length == wanted_length && memcmp(out, wanted, length) == 0);
}

static void must_be_over(void)
{
	CK_ULONG length = sizeof(out);

	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length),
	       CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_DigestUpdate(session, data, 1), CKR_OPERATION_NOT_INITIALIZED);
	length = sizeof(out);
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_OPERATION_NOT_INITIALIZED);
}

static void at_once(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_OK);
	is_wanted(length);
	must_be_over();
}

static void in_parts(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_DigestUpdate(session, data, 1), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, data + 1, 0), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, data + 1, sizeof(data) - 1), CKR_OK);
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_OK);
	is_wanted(length);
	must_be_over();
}

static void every_digest(void)
{
	CK_BYTE expected[64];

	if (!begin())
		return;
	EXPECT(p11->C_DigestFinal(session, out, &(CK_ULONG){sizeof(out)}), CKR_OK);
	for (size_t i = 0; i < COUNT(digests) && !failed(); i++) {
		CK_ULONG length = sizeof(out);
		size_t real = hash_of(digests[i].hash, data, sizeof(data), expected);

		mechanism.mechanism = digests[i].type;
		if (!has_mechanism(digests[i].type, CKF_DIGEST))
			continue;
		EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
		EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_OK);
		check(length == real && memcmp(out, expected, real) == 0, "%s is wrong",
		      digests[i].hash);
	}
}

static void size_query(void)
{
	CK_ULONG length = 0;

	if (!begin())
		return;
	EXPECT(p11->C_Digest(session, data, sizeof(data), NULL, &length), CKR_OK);
	CHECK(length >= wanted_length && length <= 2 * wanted_length);
	length = wanted_length - 1;
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_BUFFER_TOO_SMALL);
	CHECK(length >= wanted_length);
	length = sizeof(out);
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_OK);
	is_wanted(length);
}

static void size_query_in_parts(void)
{
	CK_ULONG length = 0;

	if (!begin())
		return;
	EXPECT(p11->C_DigestUpdate(session, data, sizeof(data)), CKR_OK);
	EXPECT(p11->C_DigestFinal(session, NULL, &length), CKR_OK);
	CHECK(length >= wanted_length && length <= 2 * wanted_length);
	length = wanted_length - 1;
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_BUFFER_TOO_SMALL);
	length = sizeof(out);
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_OK);
	is_wanted(length);
	must_be_over();
}

static void twice(void)
{
	if (begin())
		EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OPERATION_ACTIVE);
}

/* C_Digest cannot end what was begun in parts; that call ends it. */
static void mixed(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_DigestUpdate(session, data, 1), CKR_OK);
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_OPERATION_ACTIVE,
	       CKR_OPERATION_NOT_INITIALIZED);
	must_be_over();
}

static void of_nothing(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	wanted_length = hash_of(chosen_hash, data, 0, wanted);
	EXPECT(p11->C_Digest(session, data, 0, out, &length), CKR_OK);
	is_wanted(length);
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	length = sizeof(out);
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_OK);
	is_wanted(length);
}

static void bad_mechanism(void)
{
	CK_MECHANISM wrong = {CKM_RSA_PKCS, NULL, 0};

	EXPECT(p11->C_DigestInit(session, &wrong), CKR_MECHANISM_INVALID);
	wrong.mechanism = 0x7fffff01UL;
	EXPECT(p11->C_DigestInit(session, &wrong), CKR_MECHANISM_INVALID);
	must_be_over();
}

static void bad_parameter(void)
{
	CK_ULONG length = sizeof(out);
	CK_RV rv;

	if (!begin())
		return;
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, &length), CKR_OK);
	mechanism.pParameter = data;
	mechanism.ulParameterLen = 4;
	rv = p11->C_DigestInit(session, &mechanism);
	/* The standard does not say that a parameter too many must be refused. */
	if (target.strict || rv != CKR_OK)
		EXPECT(rv, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
}

static void beside_search(void)
{
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	if (!begin() || !alone_or_beside(p11->C_FindObjectsInit(session, NULL, 0)))
		return;
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
	EXPECT(p11->C_DigestFinal(session, out, &(CK_ULONG){sizeof(out)}), CKR_OK);
}

static void ended_by_bad_arguments(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_Digest(session, data, sizeof(data), out, NULL), CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	EXPECT(p11->C_Digest(session, NULL, sizeof(data), out, &length), CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, NULL, sizeof(data)), CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	EXPECT(p11->C_DigestFinal(session, out, NULL), CKR_ARGUMENTS_BAD);
	must_be_over();
}

static const struct conform_case cases[] = {
	{"C_Digest", "at once", OPEN, at_once},
	{"C_DigestFinal", "C_DigestUpdate and C_DigestFinal", OPEN, in_parts},
	{"C_DigestInit", "every digest, as libcrypto has it", OPEN, every_digest},
	{"C_Digest", "size query and too small a buffer keep it", OPEN, size_query},
	{"C_DigestFinal", "size query and too small a buffer keep it", OPEN, size_query_in_parts},
	{"C_DigestInit", "twice", OPEN, twice},
	{"C_Digest", "after C_DigestUpdate", OPEN, mixed},
	{"C_Digest", "of nothing", OPEN, of_nothing},
	{"C_DigestInit", "with no digest mechanism", OPEN, bad_mechanism},
	{"C_DigestInit", "with a parameter", OPEN, bad_parameter},
	{"C_DigestInit", "a search beside a digest", OPEN, beside_search},
	{"C_Digest", "bad arguments end the digest", OPEN, ended_by_bad_arguments},
};

const struct chapter chapter_digest = {"digest", cases, COUNT(cases)};
