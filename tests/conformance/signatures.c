/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every RSA mechanism, judged by libcrypto, and the parameters of PSS: Current Mechanisms §2.1 of
 * 2.40 and of 3.0. One case for each mechanism and question.
 */
#include "conform.h"

#include <stdio.h>

static CK_BYTE out[1024], data[128];
static CK_RSA_PKCS_PSS_PARAMS params;

static bool begin(const struct signing *row, CK_MECHANISM *mechanism)
{
	*mechanism = mechanism_of(row, &params);
	if (has_mechanism(row->type, CKF_SIGN))
		return true;
	absent("the token does not list it");
	return false;
}

static void right(const struct signing *row)
{
	CK_MECHANISM mechanism;
	size_t length = data_for(row, data);
	CK_ULONG out_length = sizeof(out);

	if (!begin(row, &mechanism))
		return;
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, data, length, out, &out_length), CKR_OK);
	CHECK(out_length == modulus_length);
	CHECK(signature_is_good(row, data, length, out, out_length));
}

static void right_in_parts(const struct signing *row)
{
	CK_MECHANISM mechanism;
	size_t length = data_for(row, data);
	CK_ULONG out_length = sizeof(out);
	CK_RV rv;

	if (!begin(row, &mechanism))
		return;
	EXPECT(sign_init(&mechanism), CKR_OK);
	rv = p11->C_SignUpdate(session, data, 7);
	/* Mechanisms that do not hash may do without parts. */
	if (row->hash == NULL && rv != CKR_OK) {
		EXPECT(rv, CKR_FUNCTION_NOT_SUPPORTED, CKR_OPERATION_NOT_INITIALIZED,
		       CKR_FUNCTION_FAILED);
		absent("in one part only");
		return;
	}
	EXPECT(rv, CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data + 7, length - 7), CKR_OK);
	EXPECT(p11->C_SignFinal(session, out, &out_length), CKR_OK);
	CHECK(signature_is_good(row, data, length, out, out_length));
}

/* By both halves of the key. */
static void refused(CK_MECHANISM *mechanism)
{
	CK_OBJECT_HANDLE public = find_public_key();

	EXPECT(p11->C_SignInit(session, mechanism, key), CKR_MECHANISM_PARAM_INVALID);
	if (public != CK_INVALID_HANDLE && has_mechanism(mechanism->mechanism, CKF_VERIFY))
		EXPECT(p11->C_VerifyInit(session, mechanism, public), CKR_MECHANISM_PARAM_INVALID);
}

/* Parameters that say nothing sensible; the salt of this length fits in no key. */
static void wrong_params(const struct signing *row)
{
	CK_MECHANISM mechanism;
	CK_MECHANISM_TYPE hash = row->digest;
	CK_RSA_PKCS_MGF_TYPE mgf = row->mgf;

	if (!begin(row, &mechanism))
		return;
	mechanism.pParameter = NULL;
	mechanism.ulParameterLen = 0;
	refused(&mechanism);
	mechanism.pParameter = &params;
	mechanism.ulParameterLen = sizeof(params) - 1;
	refused(&mechanism);
	mechanism.ulParameterLen = sizeof(params);
	params = (CK_RSA_PKCS_PSS_PARAMS){CKM_RSA_PKCS, mgf, 32};
	refused(&mechanism);
	params = (CK_RSA_PKCS_PSS_PARAMS){hash, 0x7fffff01UL, 32};
	refused(&mechanism);
	params = (CK_RSA_PKCS_PSS_PARAMS){hash, mgf, 100000};
	refused(&mechanism);
	params = (CK_RSA_PKCS_PSS_PARAMS){hash, mgf, (CK_ULONG)-1};
	refused(&mechanism);
}

/* A mechanism that names its hash takes no other in the parameter. */
static void other_hash(const struct signing *row)
{
	CK_MECHANISM mechanism;

	if (!begin(row, &mechanism))
		return;
	params.hashAlg = row->digest == CKM_SHA_1 ? CKM_SHA256 : CKM_SHA_1;
	refused(&mechanism);
}

/* What CKM_RSA_PKCS_PSS signs is a hash, of the length of that hash. */
static void hash_length(const struct signing *row)
{
	CK_MECHANISM mechanism;
	CK_ULONG out_length = sizeof(out);
	size_t length = data_for(row, data);

	if (!begin(row, &mechanism))
		return;
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, data, length - 1, out, &out_length), CKR_DATA_LEN_RANGE);
	EXPECT(sign_init(&mechanism), CKR_OK);
	out_length = sizeof(out);
	EXPECT(p11->C_Sign(session, data, length + 1, out, &out_length), CKR_DATA_LEN_RANGE);
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data, length - 1), CKR_OK);
	out_length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &out_length), CKR_DATA_LEN_RANGE);
}

/* The same when such a signature is verified, where it comes before the signature's own faults. */
static void hash_length_verified(const struct signing *row)
{
	CK_OBJECT_HANDLE public = find_public_key();
	CK_MECHANISM mechanism;
	size_t length = data_for(row, data);

	if (!begin(row, &mechanism))
		return;
	if (public == CK_INVALID_HANDLE || !has_mechanism(row->type, CKF_VERIFY)) {
		absent("the token does not verify");
		return;
	}
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_Verify(session, data, length - 1, out, modulus_length), CKR_DATA_LEN_RANGE);
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_VerifyUpdate(session, data, length - 1), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, out, modulus_length), CKR_DATA_LEN_RANGE);
}

/* The mechanisms that a key allows are listed by the token. */
static void allowed(const struct signing *row)
{
	CK_MECHANISM_TYPE types[512];
	CK_ULONG length = sizeof(types);
	CK_RV rv = get_bytes(key, CKA_ALLOWED_MECHANISMS, types, &length);
	bool found = false;

	if (!has_mechanism(row->type, CKF_SIGN)) {
		absent("the token does not list it");
		return;
	}
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID || length == 0) {
		absent("the key names no allowed mechanisms");
		return;
	}
	EXPECT(rv, CKR_OK);
	for (size_t i = 0; i < length / sizeof(types[0]); i++)
		found = found || types[i] == row->type;
	CHECK(found);
}

struct question {
	const char *clause;
	const char *name;
	void (*run)(const struct signing *row);
	bool (*asked)(const struct signing *row);
};

static bool of_all(const struct signing *row)
{
	(void)row;
	return true;
}

static bool of_pss(const struct signing *row)
{
	return row->digest != 0;
}

static bool of_hashing_pss(const struct signing *row)
{
	return row->digest != 0 && row->hash != NULL;
}

static bool of_plain_pss(const struct signing *row)
{
	return row->digest != 0 && row->hash == NULL;
}

static const struct question questions[] = {
	{"RSA (Current Mechanisms)", "makes signatures that libcrypto takes", right, of_all},
	{"RSA (Current Mechanisms)", "does so in parts", right_in_parts, of_all},
	{"Private key objects", "is in CKA_ALLOWED_MECHANISMS, if that is there", allowed, of_all},
	{"RSA (Current Mechanisms)", "refuses wrong parameters at C_SignInit", wrong_params,
	 of_pss},
	{"RSA (Current Mechanisms)", "refuses another hash's parameter", other_hash,
	 of_hashing_pss},
	{"RSA (Current Mechanisms)", "signs hashes of the right length only", hash_length,
	 of_plain_pss},
	{"RSA (Current Mechanisms)", "verifies hashes of the right length only",
	 hash_length_verified, of_plain_pss},
};

struct pair {
	const struct question *question;
	const struct signing *row;
};

static void ask(const void *argument)
{
	const struct pair *pair = argument;

	pair->question->run(pair->row);
}

void conform_signatures(void)
{
	for (size_t i = 0; i < COUNT(questions); i++) {
		for (size_t j = 0; j < signing_count; j++) {
			const struct pair pair = {&questions[i], &signings[j]};
			char name[128];

			if (!questions[i].asked(&signings[j]))
				continue;
			snprintf(name, sizeof(name), "%s %s", signings[j].name, questions[i].name);
			conform_run("signatures", questions[i].clause, name, KEY, ask, &pair);
		}
	}
}
