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
	CHECK(length >= modulus_length);
	length = 1;
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_BUFFER_TOO_SMALL);
	CHECK(length >= modulus_length);
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
	CHECK(length >= modulus_length);
	length = 1;
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_BUFFER_TOO_SMALL);
	CHECK(length >= modulus_length);
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
	       CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_FAILED);
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
}

static void public_key(void)
{
	CK_OBJECT_HANDLE object = find_public_key();

	if (object == CK_INVALID_HANDLE)
		absent("the token has no public key");
	if (failed() || !any_signing(&mechanism))
		return;
	EXPECT(p11->C_SignInit(session, &mechanism, object), CKR_KEY_HANDLE_INVALID,
	       CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_TYPE_INCONSISTENT);
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

static void without_login(void)
{
	CK_OBJECT_HANDLE object;

	if (!any_signing(&mechanism))
		return;
	object = find_class(session, CKO_PRIVATE_KEY);
	EXPECT(p11->C_SignInit(session, &mechanism,
			       object == CK_INVALID_HANDLE ? NO_HANDLE : object),
	       CKR_USER_NOT_LOGGED_IN, CKR_KEY_HANDLE_INVALID);
}

/* PKCS #1 v1.5 leaves eleven bytes of the modulus. */
static void too_long(void)
{
	static CK_BYTE block[1024];
	CK_ULONG length = sizeof(out);

	mechanism = (CK_MECHANISM){CKM_RSA_PKCS, NULL, 0};
	if (!has_mechanism(CKM_RSA_PKCS, CKF_SIGN)) {
		absent("no CKM_RSA_PKCS");
		return;
	}
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, block, modulus_length - 10, out, &length), CKR_DATA_LEN_RANGE);
	must_be_over();
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, block, modulus_length), CKR_OK, CKR_DATA_LEN_RANGE);
	length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_DATA_LEN_RANGE,
	       CKR_OPERATION_NOT_INITIALIZED);
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
		EXPECT(rv, CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_NOT_INITIALIZED,
		       CKR_KEY_HANDLE_INVALID);
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

/* 2.40 §5.6: a login for one operation needs a key that asks for it. */
static void context_login(void)
{
	CK_BBOOL always = CK_FALSE;
	CK_ULONG length = sizeof(always);
	CK_RV rv;

	if (!any_signing(&mechanism))
		return;
	EXPECT(get_bytes(key, CKA_ALWAYS_AUTHENTICATE, &always, &length), CKR_OK);
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	rv = p11->C_Login(session, CKU_CONTEXT_SPECIFIC, target.pin, target.pin_length);
	if (always)
		EXPECT(rv, CKR_OK);
	else
		EXPECT(rv, CKR_OPERATION_NOT_INITIALIZED, CKR_USER_TYPE_INVALID, CKR_OK,
		       CKR_USER_ALREADY_LOGGED_IN);
}

static void null_mechanism(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_SignInit(session, NULL, key), CKR_OK, CKR_OPERATION_CANCEL_FAILED);
	must_be_over();
	EXPECT(sign_init(&mechanism), CKR_OK);
}

static const struct conform_case cases[] = {
	{"5.11 | 5.13.2", "C_Sign at once", KEY, at_once},
	{"5.11 | 5.13.4", "C_SignUpdate and C_SignFinal", KEY, in_parts},
	{"5.11 | 5.13.2", "a signature over nothing", KEY, of_nothing},
	{"5.2 | 5.2", "C_Sign: size query and too small a buffer keep it", KEY, size_query},
	{"5.2 | 5.2", "C_SignFinal: size query and too small a buffer keep it", KEY,
	 size_query_in_parts},
	{"5.2 | 5.2", "C_Sign writes no further than the signature", KEY, exact_room},
	{"5.11 | 5.13.1", "C_SignInit twice", KEY, twice},
	{"5.11 | 5.13.2", "C_Sign after C_SignUpdate", KEY, mixed},
	{"5.11 | 5.13.1", "C_SignInit with no object", KEY, bad_key},
	{"5.11 | 5.13.1", "C_SignInit with a certificate", KEY, other_object},
	{"5.11 | 5.13.1", "C_SignInit with a public key", KEY, public_key},
	{"5.11 | 5.13.1", "C_SignInit with no signing mechanism", KEY, bad_mechanism},
	{"5.11 | 5.13.1", "C_SignInit with mechanisms that are not listed", KEY,
	 unlisted_mechanism},
	{"5.11 | 5.13.1", "C_SignInit with a parameter that is not wanted", KEY,
	 unwanted_parameter},
	{"5.11 | 5.13.1", "C_SignInit with the length of a parameter alone", KEY,
	 missing_parameter},
	{"5.11 | 5.13.1", "C_SignInit without a login", OPEN, without_login},
	{"5.11 | 5.13.2", "data that is too long ends the operation", KEY, too_long},
	{"5.11 | 5.13.2", "bad arguments end the operation", KEY, ended_by_bad_arguments},
	{"5.6 | 5.6.10", "C_Logout during an operation", KEY, ended_by_logout},
	{"5.11 | 5.13.1", "a search and a digest beside a signature", KEY,
	 beside_search_and_digest},
	{"5.11 | 5.13.1", "signatures in two sessions", KEY, in_two_sessions},
	{"5.6 | 5.6.8", "C_Login(CKU_CONTEXT_SPECIFIC) for a signature", KEY, context_login},
	{"- | 5.13.1", "C_SignInit with a NULL mechanism cancels", KEY_3_0, null_mechanism},
};

const struct chapter chapter_sign = {"sign", cases, COUNT(cases)};
