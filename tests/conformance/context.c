/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CKU_CONTEXT_SPECIFIC: one PIN for one operation of a key with CKA_ALWAYS_AUTHENTICATE. */
#include "conform.h"

static CK_BYTE out[1024], data[128];
static CK_MECHANISM mechanism;
static const struct signing *row;
static size_t data_length;

/* The first signature of the session is begun; whether the key wants a PIN for it. */
static bool begin(bool *always)
{
	CK_BBOOL is = CK_FALSE;
	CK_ULONG length = sizeof(is);

	if (!any_signing(&mechanism))
		return false;
	for (row = signings; row->type != mechanism.mechanism;)
		row++;
	data_length = data_for(row, data);
	EXPECT(get_bytes(key, CKA_ALWAYS_AUTHENTICATE, &is, &length), CKR_OK);
	*always = is;
	return EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
}

/* The same, of a key that wants a PIN each time. */
static bool begin_always(void)
{
	bool always = false;

	if (!begin(&always))
		return false;
	if (!always)
		absent("the key does not want a PIN for each signature");
	return !failed();
}

static CK_RV context_login(CK_UTF8CHAR *pin, CK_ULONG length)
{
	return p11->C_Login(session, CKU_CONTEXT_SPECIFIC, pin, length);
}

static CK_RV sign(void)
{
	CK_ULONG length = sizeof(out);
	CK_RV rv = p11->C_Sign(session, data, data_length, out, &length);

	if (rv == CKR_OK)
		CHECK(signature_is_good(row, data, data_length, out, length));
	return rv;
}

/* "Improper use of this user type": there is no operation that wants a PIN. */
static void not_wanted(void)
{
	bool always = false;

	if (!begin(&always))
		return;
	if (always)
		EXPECT(context_login(target.pin, target.pin_length), CKR_OK);
	else
		EXPECT(context_login(target.pin, target.pin_length), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(sign(), CKR_OK);
}

static void one_for_one(void)
{
	if (!begin_always())
		return;
	EXPECT(context_login(target.pin, target.pin_length), CKR_OK);
	EXPECT(sign(), CKR_OK);
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	EXPECT(sign(), CKR_USER_NOT_LOGGED_IN);
	/* The user is logged in all the same, and may try again. */
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(sign(), CKR_OK);
}

/* 4.9: the PIN is wanted for each use of the key, so for the first one too. */
static void not_the_first_without(void)
{
	if (begin_always())
		EXPECT(sign(), CKR_USER_NOT_LOGGED_IN);
}

static void in_parts(void)
{
	CK_ULONG length = sizeof(out);

	if (!begin_always())
		return;
	EXPECT(context_login(target.pin, target.pin_length), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	EXPECT(p11->C_SignFinal(session, NULL, &length), CKR_OK);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_OK);
	CHECK(signature_is_good(row, data, data_length, out, length));
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data, data_length), CKR_OK);
	length = sizeof(out);
	EXPECT(p11->C_SignFinal(session, out, &length), CKR_USER_NOT_LOGGED_IN);
}

/* A question for the length is no use of the key. */
static void question_first(void)
{
	CK_ULONG length = 1;

	if (!begin_always())
		return;
	EXPECT(context_login(target.pin, target.pin_length), CKR_OK);
	EXPECT(p11->C_Sign(session, data, data_length, out, &length), CKR_BUFFER_TOO_SMALL);
	EXPECT(p11->C_Sign(session, data, data_length, NULL, &length), CKR_OK);
	EXPECT(sign(), CKR_OK);
}

static void wrong_pin(void)
{
	if (!begin_always())
		return;
	if (target.wrong_pin == NULL) {
		absent("no --wrong-pin was given");
		return;
	}
	/* Whatever the login itself was good for is spent. */
	sign();
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	EXPECT(context_login(target.wrong_pin, pin_length(target.wrong_pin)), CKR_PIN_INCORRECT);
	/* The person may try again for the same signature. */
	EXPECT(context_login(target.pin, target.pin_length), CKR_OK);
	EXPECT(sign(), CKR_OK);
}

static void in_other_session(void)
{
	CK_SESSION_HANDLE first = session;
	CK_SESSION_HANDLE other = 0;

	if (!begin_always())
		return;
	/* Whatever the login itself was good for is spent. */
	sign();
	EXPECT(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	EXPECT(open_session(0, &other), CKR_OK);
	session = other;
	EXPECT(context_login(target.pin, target.pin_length), CKR_OPERATION_NOT_INITIALIZED);
	session = first;
	EXPECT(sign(), CKR_USER_NOT_LOGGED_IN);
}

static void without_operation(void)
{
	EXPECT(context_login(target.pin, target.pin_length), CKR_OPERATION_NOT_INITIALIZED);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

/* A search is no operation that a key is used in. */
static void in_search(void)
{
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(context_login(target.pin, target.pin_length), CKR_OPERATION_NOT_INITIALIZED);
}

static const struct conform_case cases[] = {
	{"C_Login", "CKU_CONTEXT_SPECIFIC without an operation", USER, without_operation},
	{"C_Login", "CKU_CONTEXT_SPECIFIC in a search", USER, in_search},
	{"C_Login", "CKU_CONTEXT_SPECIFIC for a key that wants it, or does not", KEY, not_wanted},
	{"Private key objects", "CKA_ALWAYS_AUTHENTICATE: one PIN, one signature", KEY,
	 one_for_one},
	{"Private key objects", "CKA_ALWAYS_AUTHENTICATE: none without, not the first either", KEY,
	 not_the_first_without},
	{"Private key objects", "CKA_ALWAYS_AUTHENTICATE: one PIN, one signature in parts", KEY,
	 in_parts},
	{"Private key objects", "CKA_ALWAYS_AUTHENTICATE: a question for the length", KEY,
	 question_first},
	{"C_Login", "CKU_CONTEXT_SPECIFIC with a wrong PIN, then the right one", KEY, wrong_pin},
	{"C_Login", "CKU_CONTEXT_SPECIFIC in another session", KEY, in_other_session},
};

const struct chapter chapter_context = {"context", cases, COUNT(cases)};
