/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What would change the token, refused by a write-protected one in the best of sessions:
 * CKF_WRITE_PROTECTED of 2.40 and 3.0 §3.2 (CK_TOKEN_INFO), and the functions of §5.5, §5.7, §5.14.
 * A token that can be written to is left alone.
 */
#include "conform.h"

static CK_BBOOL yes = CK_TRUE;

/* A read-write session with the user logged in, on a token that cannot be written to. */
static bool protected(void)
{
	if ((target.token.flags & CKF_WRITE_PROTECTED) != 0)
		return EXPECT(login(session), CKR_OK);
	absent("the token is not write-protected");
	return false;
}

static void init_token(void)
{
	CK_UTF8CHAR label[32];

	if ((target.token.flags & CKF_WRITE_PROTECTED) == 0) {
		absent("the token is not write-protected");
		return;
	}
	memset(label, ' ', sizeof(label));
	EXPECT(p11->C_InitToken(target.slot, target.pin, target.pin_length, label),
	       CKR_TOKEN_WRITE_PROTECTED);
}

static void init_token_in_session(void)
{
	CK_UTF8CHAR label[32];

	if (!protected())
		return;
	memset(label, ' ', sizeof(label));
	EXPECT(p11->C_InitToken(target.slot, target.pin, target.pin_length, label),
	       CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_EXISTS);
}

static void init_pin(void)
{
	if (protected())
		EXPECT(p11->C_InitPIN(session, target.pin, target.pin_length),
		       CKR_USER_NOT_LOGGED_IN, CKR_TOKEN_WRITE_PROTECTED);
}

static void create_object(void)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_OBJECT_HANDLE object = 0;
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_TOKEN, &yes, sizeof(yes)},
	};

	if (protected())
		EXPECT(p11->C_CreateObject(session, template, 2, &object),
		       CKR_TOKEN_WRITE_PROTECTED);
}

static void copy_object(void)
{
	CK_OBJECT_HANDLE copy = 0;
	CK_ATTRIBUTE template = {CKA_TOKEN, &yes, sizeof(yes)};
	CK_OBJECT_HANDLE object;

	if (!protected())
		return;
	object = find_class(session, CKO_PRIVATE_KEY);
	EXPECT(p11->C_CopyObject(session, object, &template, 1, &copy), CKR_TOKEN_WRITE_PROTECTED,
	       CKR_ACTION_PROHIBITED);
}

static void destroy_object(void)
{
	CK_OBJECT_HANDLE object;

	if (!protected())
		return;
	object = find_class(session, CKO_PRIVATE_KEY);
	EXPECT(p11->C_DestroyObject(session, object), CKR_TOKEN_WRITE_PROTECTED,
	       CKR_ACTION_PROHIBITED);
	CHECK(find_class(session, CKO_PRIVATE_KEY) == object);
}

static void set_attribute(void)
{
	CK_UTF8CHAR label[] = "mine";
	CK_ATTRIBUTE template = {CKA_LABEL, label, 4};
	CK_OBJECT_HANDLE object;

	if (!protected())
		return;
	object = find_class(session, CKO_PRIVATE_KEY);
	EXPECT(p11->C_SetAttributeValue(session, object, &template, 1), CKR_TOKEN_WRITE_PROTECTED,
	       CKR_ACTION_PROHIBITED, CKR_ATTRIBUTE_READ_ONLY);
}

static void generate_key(void)
{
	CK_MECHANISM mechanism = {CKM_AES_KEY_GEN, NULL, 0};
	CK_ULONG length = 16;
	CK_OBJECT_HANDLE object = 0;
	CK_ATTRIBUTE template[] = {
		{CKA_TOKEN, &yes, sizeof(yes)},
		{CKA_VALUE_LEN, &length, sizeof(length)},
	};

	if (protected())
		EXPECT(p11->C_GenerateKey(session, &mechanism, template, 2, &object),
		       CKR_TOKEN_WRITE_PROTECTED, CKR_MECHANISM_INVALID,
		       CKR_FUNCTION_NOT_SUPPORTED);
}

static void generate_key_pair(void)
{
	CK_MECHANISM mechanism = {CKM_RSA_PKCS_KEY_PAIR_GEN, NULL, 0};
	CK_ULONG bits = 2048;
	CK_OBJECT_HANDLE one = 0;
	CK_OBJECT_HANDLE two = 0;
	CK_ATTRIBUTE public[] = {
		{CKA_TOKEN, &yes, sizeof(yes)},
		{CKA_MODULUS_BITS, &bits, sizeof(bits)},
	};
	CK_ATTRIBUTE private = {CKA_TOKEN, &yes, sizeof(yes)};

	if (protected())
		EXPECT(p11->C_GenerateKeyPair(session, &mechanism, public, 2, &private, 1, &one,
					      &two),
		       CKR_TOKEN_WRITE_PROTECTED, CKR_MECHANISM_INVALID,
		       CKR_FUNCTION_NOT_SUPPORTED);
}

/* In a read-only session no token object can be made, on any token. */
static void read_only(void)
{
	CK_OBJECT_CLASS class = CKO_DATA;
	CK_OBJECT_HANDLE object = 0;
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_TOKEN, &yes, sizeof(yes)},
	};

	EXPECT(p11->C_CreateObject(session, template, 2, &object), CKR_TOKEN_WRITE_PROTECTED,
	       CKR_SESSION_READ_ONLY, CKR_FUNCTION_NOT_SUPPORTED);
	if ((target.token.flags & CKF_WRITE_PROTECTED) == 0)
		return;
	EXPECT(p11->C_DestroyObject(session, key), CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY,
	       CKR_ACTION_PROHIBITED, CKR_FUNCTION_NOT_SUPPORTED);
}

static const struct conform_case cases[] = {
	{"C_InitToken", "of a write-protected token", READY, init_token},
	{"C_InitToken", "while a session is open", OPEN_RW, init_token_in_session},
	{"C_InitPIN", "by the user of a write-protected token", OPEN_RW, init_pin},
	{"C_CreateObject", "by the user of a write-protected token", OPEN_RW, create_object},
	{"C_CopyObject", "by the user of a write-protected token", OPEN_RW, copy_object},
	{"C_DestroyObject", "by the user of a write-protected token", OPEN_RW, destroy_object},
	{"C_SetAttributeValue", "by the user of a write-protected token", OPEN_RW, set_attribute},
	{"C_GenerateKey", "by the user of a write-protected token", OPEN_RW, generate_key},
	{"C_GenerateKeyPair", "by the user of a write-protected token", OPEN_RW, generate_key_pair},
	{"C_CreateObject", "and C_DestroyObject in a read-only session", KEY, read_only},
};

const struct chapter chapter_writing = {"writing", cases, COUNT(cases)};
