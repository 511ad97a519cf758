/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rules of a signing operation: 2.40 §5.11 and §5.2, 3.0 §5.13 and §5.2. */
#include "conform.h"

static CK_BYTE out[1024];
static CK_MECHANISM mechanism;
static const struct signing *row;
static CK_BYTE data[128];
static size_t data_length;

static bool begin(void)
{
	if (!any_signing(&mechanism))
		return false;
	for (row = signings; row->type != mechanism.mechanism;)
		row++;
	data_length = data_for(row, data);
	return EXPECT(sign_init(&mechanism), CKR_OK);
}

static void is_good(CK_ULONG length)
{
	CHECK(length == modulus_length);
	CHECK(signature_is_good(row, data, data_length, out, length));
}

static void must_be_over(void)
{
	CK_ULONG length = sizeof(out);

	EXPECT(p11->C_Sign(session, data, data_length, out, &length),
	       CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OPERATION_NOT_INITIALIZED);
	length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_OPERATION_NOT_INITIALIZED);
}

static void at_once(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
	must_be_over();
}

static void in_parts(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, data, 1), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data + 1, 0), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data + 1, data_length - 1), CKR_OK);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_OK);
	is_good(length);
	must_be_over();
}

/* No data is data too, for a mechanism that hashes. */
static void of_nothing(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	data_length = 0;
	EXPECT(p11->C_Sign(session, NULL, 0, out, &length), CKR_OK);
	is_good(length);
	if (!begin())
		return;
	data_length = 0;
	length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_OK);
	is_good(length);
}

static void size_query(void)
{
	CK_ULONG length = 0;

	if (!begin())
		return;
	EXPECT(p11->C_Sign(session, data, data_length, NULL, &length), CKR_OK);
	/* It may exceed what is needed, but not by a large amount. */
	CHECK(length >= modulus_length && length <= 2 * modulus_length);
	length = modulus_length - 1;
	out[modulus_length - 1] = 0xaa;
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_BUFFER_TOO_SMALL);
	CHECK(length >= modulus_length && out[modulus_length - 1] == 0xaa);
	length = sizeof(out);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
}

static void size_query_in_parts(void)
{
	CK_ULONG length = 0;

	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_SignFinal(session, NULL, &length), CKR_OK);
	/* It may exceed what is needed, but not by a large amount. */
	CHECK(length >= modulus_length && length <= 2 * modulus_length);
	length = modulus_length - 1;
	out[modulus_length - 1] = 0xaa;
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_BUFFER_TOO_SMALL);
	CHECK(length >= modulus_length && out[modulus_length - 1] == 0xaa);
	length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_OK);
	is_good(length);
	must_be_over();
}

static void exact_room(void)
{
	CK_ULONG length = modulus_length;

	if (!begin())
		return;
	out[modulus_length] = 0xaa;
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	CHECK(out[modulus_length] == 0xaa);
	is_good(length);
}

static void twice(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OPERATION_ACTIVE);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
}

static void mixed(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OPERATION_ACTIVE,
	       CKR_OPERATION_NOT_INITIALIZED);
	/* "Always terminates the active signing operation." */
	must_be_over();
}

static void bad_key(void)
{
	if (!any_signing(&mechanism))
		return;
	EXPECT(p11->C_SignInit(session, &mechanism, NO_HANDLE), CKR_KEY_HANDLE_INVALID);
	EXPECT(p11->C_SignInit(session, &mechanism, CK_INVALID_HANDLE), CKR_KEY_HANDLE_INVALID);
	must_be_over();
}

static void other_object(void)
{
	CK_OBJECT_HANDLE object = find_class(session, CKO_CERTIFICATE);

	if (object == CK_INVALID_HANDLE)
		absent("the token has no certificate");
	if (failed() || !any_signing(&mechanism))
		return;
	EXPECT(p11->C_SignInit(session, &mechanism, object), CKR_KEY_HANDLE_INVALID);
	must_be_over();
}

static void public_key(void)
{
	CK_OBJECT_HANDLE object = find_public_key();

	if (object == CK_INVALID_HANDLE)
		absent("the token has no public key");
	if (failed() || !any_signing(&mechanism))
		return;
	/* It is a key, so that CKR_KEY_HANDLE_INVALID is not the reason (5.1.6). */
	EXPECT(p11->C_SignInit(session, &mechanism, object), CKR_KEY_FUNCTION_NOT_PERMITTED,
	       CKR_KEY_TYPE_INCONSISTENT);
	must_be_over();
}

static void bad_mechanism(void)
{
	CK_MECHANISM wrong = {0x7fffff01UL, NULL, 0};

	EXPECT(p11->C_SignInit(session, &wrong, key), CKR_MECHANISM_INVALID);
	wrong.mechanism = CKM_SHA256;
	EXPECT(p11->C_SignInit(session, &wrong, key), CKR_MECHANISM_INVALID);
	must_be_over();
}

/* Whatever the token does not list, it does not do. */
static void unlisted_mechanism(void)
{
	for (size_t i = 0; i < signing_count && !failed(); i++) {
		CK_RSA_PKCS_PSS_PARAMS params;
		CK_MECHANISM one = mechanism_of(&signings[i], &params);
		CK_RV rv;

		if (has_mechanism(one.mechanism, CKF_SIGN))
			continue;
		rv = p11->C_SignInit(session, &one, key);
		check(rv == CKR_MECHANISM_INVALID, "%s: %s", signings[i].name, rv_name(rv));
	}
}

/* The standard does not say that a parameter too many must be refused. */
static void refused_unless_lenient(CK_RV rv)
{
	if (target.strict || rv != CKR_OK)
		EXPECT(rv, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
}

static void unwanted_parameter(void)
{
	CK_BYTE anything[4] = {0};

	if (!any_signing(&mechanism))
		return;
	mechanism.pParameter = anything;
	mechanism.ulParameterLen = sizeof(anything);
	refused_unless_lenient(p11->C_SignInit(session, &mechanism, key));
}

static void missing_parameter(void)
{
	if (!any_signing(&mechanism))
		return;
	mechanism.ulParameterLen = 4;
	refused_unless_lenient(p11->C_SignInit(session, &mechanism, key));
}

/* The login ended with the last session; the key is still the one that was found. */
static void without_login(void)
{
	if (!any_signing(&mechanism))
		return;
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK);
	EXPECT(open_session(0, &session), CKR_OK);
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_USER_NOT_LOGGED_IN,
	       CKR_KEY_HANDLE_INVALID);
	must_be_over();
}

/* PKCS #1 v1.5 leaves eleven bytes of the modulus. */
static void too_long(void)
{
	static CK_BYTE block[1024];
	CK_ULONG length = sizeof(out);
	CK_RV rv;

	mechanism = (CK_MECHANISM){CKM_RSA_PKCS, NULL, 0};
	if (!has_mechanism(CKM_RSA_PKCS, CKF_SIGN)) {
		absent("no CKM_RSA_PKCS");
		return;
	}
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, block, modulus_length - 10, out, &length), CKR_DATA_LEN_RANGE);
	must_be_over();
	EXPECT(sign_init(&mechanism), CKR_OK);
	length = sizeof(out);
	/* It may be told at once, which ends the signature, or at the end. */
	rv = p11->C_SignUpdate(session, block, modulus_length);
	if (rv == CKR_OK)
		rv = p11->C_SignFinal(session, out, &length);
	EXPECT(rv, CKR_DATA_LEN_RANGE);
	must_be_over();
}

static void ended_by_bad_arguments(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(p11->C_Sign(session, data, data_length, out, NULL), CKR_ARGUMENTS_BAD);
	must_be_over();
	if (!begin())
		return;
	EXPECT(p11->C_Sign(session, NULL, data_length, out, &length), CKR_ARGUMENTS_BAD);
	must_be_over();
	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, NULL, data_length), CKR_ARGUMENTS_BAD);
	must_be_over();
	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_SignFinal(session, out, NULL), CKR_ARGUMENTS_BAD);
	must_be_over();
}

/* The standard leaves open whether an operation outlives the logout; a signature must not. */
static void ended_by_logout(void)
{
	CK_ULONG length = sizeof(out);
	CK_RV rv;

	if (!begin())
		return;
	EXPECT(p11->C_Logout(session), CKR_OK);
	rv = p11->C_Sign(session, data, data_length, out, &length);
	if (target.strict || rv != CKR_OK)
		EXPECT(rv, CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN);
	must_be_over();
}

static void ended_by_logout_in_parts(void)
{
	CK_ULONG length = sizeof(out);
	CK_RV rv;

	if (!begin())
		return;
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_Logout(session), CKR_OK);
	rv = p11->C_SignFinal(session, out, &length);
	if (target.strict || rv != CKR_OK)
		EXPECT(rv, CKR_OPERATION_NOT_INITIALIZED, CKR_USER_NOT_LOGGED_IN);
	must_be_over();
}

static void beside_search_and_digest(void)
{
	CK_MECHANISM digest = {CKM_SHA256, NULL, 0};
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;
	CK_ULONG length = sizeof(out);

	if (!begin() || !alone_or_beside(p11->C_FindObjectsInit(session, NULL, 0)))
		return;
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	if (has_mechanism(CKM_SHA256, CKF_DIGEST) &&
	    p11->C_DigestInit(session, &digest) == CKR_OK) {
		EXPECT(p11->C_Digest(session, data, data_length, out, &length), CKR_OK);
		length = sizeof(out);
	}
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
}

static void in_two_sessions(void)
{
	CK_SESSION_HANDLE first = session;
	CK_ULONG length = sizeof(out);

	if (!begin())
		return;
	EXPECT(open_session(0, &session), CKR_OK);
	must_be_over();
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
	EXPECT(p11->C_CloseSession(session), CKR_OK);
	session = first;
	length = sizeof(out);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_OK);
	is_good(length);
}

static void null_mechanism(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_SignInit(session, NULL, key), CKR_OK);
	must_be_over();
	EXPECT(sign_init(&mechanism), CKR_OK);
}

static const struct conform_case cases[] = {
	{"C_Sign", "at once", KEY, at_once},
	{"C_SignFinal", "C_SignUpdate and C_SignFinal", KEY, in_parts},
	{"C_Sign", "a signature over nothing", KEY, of_nothing},
	{"C_Sign", "size query and too small a buffer keep it", KEY, size_query},
	{"C_SignFinal", "size query and too small a buffer keep it", KEY, size_query_in_parts},
	{"C_Sign", "writes no further than the signature", KEY, exact_room},
	{"C_SignInit", "twice", KEY, twice},
	{"C_Sign", "after C_SignUpdate", KEY, mixed},
	{"C_SignInit", "with no object", KEY, bad_key},
	{"C_SignInit", "with a certificate", KEY, other_object},
	{"C_SignInit", "with a public key", KEY, public_key},
	{"C_SignInit", "with no signing mechanism", KEY, bad_mechanism},
	{"C_SignInit", "with mechanisms that are not listed", KEY, unlisted_mechanism},
	{"C_SignInit", "with a parameter that is not wanted", KEY, unwanted_parameter},
	{"C_SignInit", "with the length of a parameter alone", KEY, missing_parameter},
	{"C_SignInit", "without a login", KEY, without_login},
	{"C_Sign", "data that is too long ends the operation", KEY, too_long},
	{"C_Sign", "bad arguments end the operation", KEY, ended_by_bad_arguments},
	{"C_Logout", "during a signature", KEY, ended_by_logout},
	{"C_Logout", "during a signature in parts", KEY, ended_by_logout_in_parts},
	{"C_SignInit", "a search and a digest beside a signature", KEY, beside_search_and_digest},
	{"C_SignInit", "signatures in two sessions", KEY, in_two_sessions},
	{"C_SignInit", "with a NULL mechanism cancels", KEY_3_0, null_mechanism},
};

const struct chapter chapter_sign = {"sign", cases, COUNT(cases)};
