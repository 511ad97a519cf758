/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Random numbers: 2.40 §5.15, 3.0 §5.19; the functions of version 1: 2.40 §5.16, 3.0 §5.20. */
#include "conform.h"

static bool has_random(void)
{
	if ((target.token.flags & CKF_RNG) != 0)
		return true;
	absent("the token has no random numbers");
	return false;
}

static void flag_agrees(void)
{
	CK_BYTE out[8];

	if ((target.token.flags & CKF_RNG) != 0)
		EXPECT(p11->C_GenerateRandom(session, out, sizeof(out)), CKR_OK);
	else
		EXPECT(p11->C_GenerateRandom(session, out, sizeof(out)), CKR_RANDOM_NO_RNG,
		       CKR_FUNCTION_NOT_SUPPORTED);
}

static void differ(void)
{
	CK_BYTE one[32] = {0};
	CK_BYTE two[32] = {0};
	CK_BYTE zero[32] = {0};

	if (!has_random())
		return;
	EXPECT(p11->C_GenerateRandom(session, one, sizeof(one)), CKR_OK);
	EXPECT(p11->C_GenerateRandom(session, two, sizeof(two)), CKR_OK);
	CHECK(memcmp(one, two, sizeof(one)) != 0);
	CHECK(memcmp(one, zero, sizeof(one)) != 0);
}

/* As many bytes as asked for, the last ones too, and no more. */
static void lengths(void)
{
	static const size_t sizes[] = {1, 7, 8, 9, 255, 256, 257, 1000};
	static CK_BYTE out[1001];

	if (!has_random())
		return;
	for (size_t i = 0; i < COUNT(sizes) && !failed(); i++) {
		unsigned int last = 0;

		for (int j = 0; j < 4; j++) {
			out[sizes[i]] = 0xaa;
			out[sizes[i] - 1] = 0;
			EXPECT(p11->C_GenerateRandom(session, out, sizes[i]), CKR_OK);
			last |= out[sizes[i] - 1];
			check(out[sizes[i]] == 0xaa, "%zu bytes: one too many", sizes[i]);
		}
		check(last != 0, "%zu bytes: the last one was not written", sizes[i]);
	}
}

static void none(void)
{
	CK_BYTE out = 0xaa;

	if (!has_random())
		return;
	EXPECT(p11->C_GenerateRandom(session, &out, 0), CKR_OK, CKR_ARGUMENTS_BAD);
	CHECK(out == 0xaa);
}

static void in_operation(void)
{
	CK_MECHANISM digest = {CKM_SHA256, NULL, 0};
	CK_BYTE out[64];
	CK_ULONG length = sizeof(out);

	if (!has_random())
		return;
	if (!has_mechanism(CKM_SHA256, CKF_DIGEST)) {
		absent("no SHA-256");
		return;
	}
	EXPECT(p11->C_DigestInit(session, &digest), CKR_OK);
	EXPECT(p11->C_GenerateRandom(session, out, 8), CKR_OK, CKR_OPERATION_ACTIVE);
	EXPECT(p11->C_DigestFinal(session, out, &length), CKR_OK);
}

static void seed(void)
{
	CK_BYTE some[8] = {1, 2, 3, 4, 5, 6, 7, 8};

	CK_RV rv = p11->C_SeedRandom(session, some, sizeof(some));

	/* 5.1.6: that there is none at all comes before that it takes no seed. */
	if ((target.token.flags & CKF_RNG) != 0)
		EXPECT(rv, CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_OK, CKR_FUNCTION_NOT_SUPPORTED,
		       CKR_USER_NOT_LOGGED_IN);
	else
		EXPECT(rv, CKR_RANDOM_NO_RNG, CKR_FUNCTION_NOT_SUPPORTED);
}

/* Also during an operation: there are no parallel ones. */
static void parallel(void)
{
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_GetFunctionStatus(session), CKR_FUNCTION_NOT_PARALLEL);
	EXPECT(p11->C_CancelFunction(session), CKR_FUNCTION_NOT_PARALLEL);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

static const struct conform_case cases[] = {
	{"C_GenerateRandom", "CKF_RNG and C_GenerateRandom agree", OPEN, flag_agrees},
	{"C_GenerateRandom", "two random numbers differ", OPEN, differ},
	{"C_GenerateRandom", "random numbers of any length", OPEN, lengths},
	{"C_GenerateRandom", "a random number of no bytes", OPEN, none},
	{"C_GenerateRandom", "a random number during a digest", OPEN, in_operation},
	{"C_SeedRandom", "with some bytes", OPEN, seed},
	{"C_GetFunctionStatus", "and C_CancelFunction during a search", OPEN, parallel},
};

const struct chapter chapter_random = {"random", cases, COUNT(cases)};
