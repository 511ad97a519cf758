/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Verification: 2.40 §5.12, 3.0 §5.15. */
#include "conform.h"

static CK_BYTE signature[1024], data[128];
static CK_ULONG signature_length;
static size_t data_length;
static CK_MECHANISM mechanism;
static const struct signing *row;
static CK_OBJECT_HANDLE public;

/* Signs, and begins to verify, with a mechanism that the token has for both. */
static bool begin_with(const struct signing *one, CK_RSA_PKCS_PSS_PARAMS *params)
{
	row = one;
	mechanism = mechanism_of(row, params);
	data_length = data_for(row, data);
	signature_length = sizeof(signature);
	public = find_public_key();
	if (public == CK_INVALID_HANDLE) {
		absent("the token has no public key");
		return false;
	}
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(p11->C_Sign(session, data, data_length, signature, &signature_length), CKR_OK);
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	return !failed();
}

static bool begin(void)
{
	static CK_RSA_PKCS_PSS_PARAMS params;
	CK_MECHANISM wanted;
	const struct signing *one = signings;

	if (!any_signing(&wanted))
		return false;
	if (!has_mechanism(wanted.mechanism, CKF_VERIFY)) {
		absent("the token does not verify");
		return false;
	}
	while (one->type != wanted.mechanism)
		one++;
	return begin_with(one, &params);
}

static void must_be_over(void)
{
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length),
	       CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_VerifyUpdate(session, data, data_length), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_VerifyFinal(session, signature, signature_length),
	       CKR_OPERATION_NOT_INITIALIZED);
}

static void at_once(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length), CKR_OK);
	must_be_over();
}

static void in_parts(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_VerifyUpdate(session, data, 5), CKR_OK);
	EXPECT(p11->C_VerifyUpdate(session, data + 5, data_length - 5), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, signature, signature_length), CKR_OK);
	must_be_over();
}

static void all_mechanisms(void)
{
	for (size_t i = 0; i < signing_count && !failed(); i++) {
		CK_RSA_PKCS_PSS_PARAMS params;

		if (has_mechanism(signings[i].type, CKF_SIGN | CKF_VERIFY) &&
		    begin_with(&signings[i], &params))
			check(p11->C_Verify(session, data, data_length, signature,
					    signature_length) == CKR_OK,
			      "%s: not verified", row->name);
	}
}

static void other_data(void)
{
	if (!begin())
		return;
	data[data_length - 1] ^= 1;
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length),
	       CKR_SIGNATURE_INVALID);
	must_be_over();
}

static void other_signature(void)
{
	if (!begin())
		return;
	signature[signature_length / 2] ^= 1;
	EXPECT(p11->C_VerifyUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, signature, signature_length), CKR_SIGNATURE_INVALID);
	must_be_over();
}

static void short_signature(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length - 1),
	       CKR_SIGNATURE_LEN_RANGE);
	must_be_over();
}

static void long_signature(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length + 1),
	       CKR_SIGNATURE_LEN_RANGE);
	must_be_over();
}

static void twice(void)
{
	if (begin())
		EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OPERATION_ACTIVE);
}

static void mixed(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_VerifyUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length),
	       CKR_OPERATION_ACTIVE, CKR_OPERATION_NOT_INITIALIZED);
	must_be_over();
}

static void beside_signature(void)
{
	if (!begin() || !alone_or_beside(sign_init(&mechanism)))
		return;
	EXPECT(p11->C_Verify(session, data, data_length, signature, signature_length), CKR_OK);
	signature_length = sizeof(signature);
	EXPECT(p11->C_Sign(session, data, data_length, signature, &signature_length), CKR_OK);
}

static bool can_verify(void)
{
	if (!any_signing(&mechanism))
		return false;
	if (has_mechanism(mechanism.mechanism, CKF_VERIFY))
		return true;
	absent("the token does not verify");
	return false;
}

static void bad_key(void)
{
	if (!can_verify())
		return;
	EXPECT(p11->C_VerifyInit(session, &mechanism, NO_HANDLE), CKR_KEY_HANDLE_INVALID);
	EXPECT(p11->C_VerifyInit(session, &mechanism, CK_INVALID_HANDLE), CKR_KEY_HANDLE_INVALID);
}

static void bad_mechanism(void)
{
	CK_MECHANISM wrong = {CKM_SHA256, NULL, 0};

	public = find_public_key();
	if (public == CK_INVALID_HANDLE) {
		absent("the token has no public key");
		return;
	}
	EXPECT(p11->C_VerifyInit(session, &wrong, public), CKR_MECHANISM_INVALID);
	wrong.mechanism = 0x7fffff01UL;
	EXPECT(p11->C_VerifyInit(session, &wrong, public), CKR_MECHANISM_INVALID);
}

/* Half of a key pair, used for what the other half is for. */
static void private_key(void)
{
	if (!can_verify())
		return;
	EXPECT(p11->C_VerifyInit(session, &mechanism, key), CKR_KEY_FUNCTION_NOT_PERMITTED,
	       CKR_KEY_TYPE_INCONSISTENT);
	EXPECT(p11->C_VerifyUpdate(session, data, 1), CKR_OPERATION_NOT_INITIALIZED);
}

static void other_object(void)
{
	CK_OBJECT_HANDLE object = find_class(session, CKO_CERTIFICATE);

	if (object == CK_INVALID_HANDLE)
		absent("the token has no certificate");
	if (!failed() && can_verify())
		EXPECT(p11->C_VerifyInit(session, &mechanism, object), CKR_KEY_HANDLE_INVALID);
}

/* A public key is for everybody, unless it is a private object. */
static void without_login(void)
{
	CK_BBOOL private = CK_FALSE;
	CK_ULONG length = sizeof(private);

	if (!can_verify())
		return;
	public = find_public_key();
	if (public == CK_INVALID_HANDLE) {
		absent("the token has no public key");
		return;
	}
	EXPECT(get_bytes(public, CKA_PRIVATE, &private, &length), CKR_OK);
	/* The login ends with the last session. */
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK);
	EXPECT(open_session(0, &session), CKR_OK);
	if (private)
		EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_USER_NOT_LOGGED_IN,
		       CKR_KEY_HANDLE_INVALID);
	else
		EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
}

static void unwanted_parameter(void)
{
	CK_RV rv;

	if (!can_verify())
		return;
	mechanism.pParameter = data;
	mechanism.ulParameterLen = 4;
	rv = p11->C_VerifyInit(session, &mechanism, find_public_key());
	/* The standard does not say that a parameter too many must be refused. */
	if (target.strict || rv != CKR_OK)
		EXPECT(rv, CKR_MECHANISM_PARAM_INVALID, CKR_ARGUMENTS_BAD);
}

/* More than PKCS #1 v1.5 leaves of the modulus. */
static void too_long(void)
{
	static CK_BYTE block[1024];
	CK_RSA_PKCS_PSS_PARAMS params;
	CK_RV rv;

	if (!has_mechanism(CKM_RSA_PKCS, CKF_SIGN | CKF_VERIFY)) {
		absent("no CKM_RSA_PKCS");
		return;
	}
	if (!begin_with(&signings[0], &params))
		return;
	EXPECT(p11->C_Verify(session, block, modulus_length - 10, signature, signature_length),
	       CKR_DATA_LEN_RANGE);
	must_be_over();
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	rv = p11->C_VerifyUpdate(session, block, modulus_length);
	if (rv == CKR_OK)
		rv = p11->C_VerifyFinal(session, signature, signature_length);
	EXPECT(rv, CKR_DATA_LEN_RANGE);
	must_be_over();
}

static void final_lengths(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_VerifyUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, signature, signature_length - 1),
	       CKR_SIGNATURE_LEN_RANGE);
	must_be_over();
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_VerifyUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, signature, signature_length + 1),
	       CKR_SIGNATURE_LEN_RANGE);
	must_be_over();
}

static void of_nothing(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_Verify(session, NULL, 0, signature, signature_length), CKR_SIGNATURE_INVALID);
	must_be_over();
}

static void ended_by_bad_arguments(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_Verify(session, NULL, data_length, signature, signature_length),
	       CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_VerifyUpdate(session, NULL, data_length), CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_VerifyFinal(session, NULL, signature_length), CKR_ARGUMENTS_BAD);
	must_be_over();
	EXPECT(p11->C_VerifyInit(session, &mechanism, public), CKR_OK);
	EXPECT(p11->C_Verify(session, data, data_length, NULL, signature_length),
	       CKR_ARGUMENTS_BAD);
	must_be_over();
}

static void null_mechanism(void)
{
	if (!begin())
		return;
	EXPECT(p11->C_VerifyInit(session, NULL, public), CKR_OK);
	must_be_over();
}

static const struct conform_case cases[] = {
	{"C_Verify", "at once", KEY, at_once},
	{"C_VerifyFinal", "C_VerifyUpdate and C_VerifyFinal", KEY, in_parts},
	{"C_Verify", "by each mechanism that signs and verifies", KEY, all_mechanisms},
	{"C_Verify", "of other data", KEY, other_data},
	{"C_VerifyFinal", "of another signature", KEY, other_signature},
	{"C_Verify", "of too short a signature", KEY, short_signature},
	{"C_Verify", "of too long a signature", KEY, long_signature},
	{"C_VerifyInit", "twice", KEY, twice},
	{"C_Verify", "after C_VerifyUpdate", KEY, mixed},
	{"C_VerifyInit", "a signature beside a verification", KEY, beside_signature},
	{"C_VerifyInit", "with no object", KEY, bad_key},
	{"C_VerifyInit", "with no signing mechanism", KEY, bad_mechanism},
	{"C_VerifyInit", "with a private key", KEY, private_key},
	{"C_VerifyInit", "with a certificate", KEY, other_object},
	{"C_VerifyInit", "without a login", KEY, without_login},
	{"C_VerifyInit", "with a parameter that is not wanted", KEY, unwanted_parameter},
	{"C_Verify", "data that is too long ends the verification", KEY, too_long},
	{"C_VerifyFinal", "a signature that is too short or too long", KEY, final_lengths},
	{"C_Verify", "a signature over something else than nothing", KEY, of_nothing},
	{"C_Verify", "bad arguments end the verification", KEY, ended_by_bad_arguments},
	{"C_VerifyInit", "with a NULL mechanism cancels", KEY_3_0, null_mechanism},
};

const struct chapter chapter_verify = {"verify", cases, COUNT(cases)};
