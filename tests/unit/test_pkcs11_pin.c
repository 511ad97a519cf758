/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C_SetPIN, C_LoginUser, C_SessionCancel and the login for one operation. */
#include "module_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static CK_RV set_pin(CK_SESSION_HANDLE session, const char *old_pin, const char *new_pin)
{
	char copy[2][32];

	snprintf(copy[0], sizeof(copy[0]), "%s", old_pin);
	snprintf(copy[1], sizeof(copy[1]), "%s", new_pin);
	return p11->C_SetPIN(session, (CK_BYTE_PTR)copy[0], strlen(copy[0]), (CK_BYTE_PTR)copy[1],
			     strlen(copy[1]));
}

static void test_set_pin(void **state)
{
	CK_SESSION_HANDLE auth = module_open_read_write(MODULE_AUTH_SLOT);
	CK_SESSION_HANDLE sign = module_open_read_write(MODULE_SIGN_SLOT);

	(void)state;
	assert_rv(set_pin(auth, VCARD_AUTH_PIN, "4321"), CKR_OK);
	assert_rv(module_login(auth, "4321"), CKR_OK);
	assert_rv(set_pin(sign, VCARD_SIGN_PIN, "new0pin"), CKR_OK);
	assert_rv(module_login(sign, "NEW0PIN"), CKR_OK);
}

static void test_set_pin_refused(void **state)
{
	CK_SESSION_HANDLE read_only = module_open(MODULE_SIGN_SLOT);
	CK_SESSION_HANDLE session = module_open_read_write(MODULE_SIGN_SLOT);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_rv(set_pin(read_only, VCARD_SIGN_PIN, "NEW0PIN"), CKR_SESSION_READ_ONLY);
	assert_rv(set_pin(session, VCARD_SIGN_PIN, "NEW0P"), CKR_PIN_LEN_RANGE);
	assert_rv(set_pin(session, VCARD_SIGN_PIN, "NEWPIN"), CKR_PIN_INVALID);
	assert_rv(set_pin(session, VCARD_SIGN_PIN, "NEW PIN 0"), CKR_PIN_INVALID);
	assert_rv(set_pin(session, "1234", "NEW0PIN"), CKR_PIN_LEN_RANGE);
	module_assert_exchanges(0);
	assert_rv(set_pin(session, "WRONG0PIN", "NEW0PIN"), CKR_PIN_INCORRECT);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_SIGN_PIN_FILE), 4);
	assert_rv(set_pin(session, "WRONG0PIN", "NEW0PIN"), CKR_PIN_INCORRECT);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_SIGN_PIN_FILE), 4);
}

static void test_login_user(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);
	CK_UTF8CHAR pin[] = VCARD_AUTH_PIN;

	(void)state;
	assert_rv(module_newest()->C_LoginUser(session, CKU_SO, pin, 4, NULL, 0),
		  CKR_SESSION_READ_ONLY_EXISTS);
	assert_rv(module_newest()->C_LoginUser(session, CKU_USER, pin, 4, NULL, 0), CKR_OK);
	assert_rv(module_newest()->C_LoginUser(session, CKU_USER, pin, 4, NULL, 0),
		  CKR_USER_ALREADY_LOGGED_IN);
}

static void test_cancel(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_MECHANISM signing = {CKM_SHA256_RSA_PKCS, NULL, 0}, digest = {CKM_SHA256, NULL, 0};
	CK_OBJECT_HANDLE found;
	CK_BYTE out[256];
	CK_ULONG length = sizeof(out);

	(void)state;
	assert_rv(p11->C_SignInit(session, &signing, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	assert_rv(p11->C_DigestInit(session, &digest), CKR_OK);
	assert_rv(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	assert_rv(module_newest()->C_SessionCancel(session, CKF_SIGN), CKR_OK);
	assert_rv(p11->C_Sign(session, out, 1, out, &length), CKR_OPERATION_NOT_INITIALIZED);
	/* Only what was named. */
	assert_rv(p11->C_DigestUpdate(session, out, 1), CKR_OK);
	assert_rv(p11->C_FindObjects(session, &found, 1, &length), CKR_OK);
	assert_rv(module_newest()->C_SessionCancel(session, CKF_DIGEST | CKF_FIND_OBJECTS), CKR_OK);
	assert_rv(p11->C_DigestUpdate(session, out, 1), CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_FindObjects(session, &found, 1, &length), CKR_OPERATION_NOT_INITIALIZED);
	/* Or by an Init without a mechanism. */
	assert_rv(p11->C_SignInit(session, &signing, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	assert_rv(p11->C_SignInit(session, NULL, 0), CKR_OK);
	length = sizeof(out);
	assert_rv(p11->C_Sign(session, out, 1, out, &length), CKR_OPERATION_NOT_INITIALIZED);
}

/* Without the switch there is no operation that wants a login of its own. */
static void test_context_login(void **state)
{
	CK_SESSION_HANDLE session = module_open_user(MODULE_AUTH_SLOT);
	CK_MECHANISM signing = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_UTF8CHAR pin[] = VCARD_AUTH_PIN;

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, pin, 4),
		  CKR_OPERATION_NOT_INITIALIZED);
	assert_rv(p11->C_SignInit(session, &signing, module_find(session, CKO_PRIVATE_KEY)),
		  CKR_OK);
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, pin, 4),
		  CKR_OPERATION_NOT_INITIALIZED);
	module_assert_exchanges(0);
}

/* A directory of this test's own with the user's configuration in it. */
static void write_configuration(char *directory, const char *text)
{
	char path[64];
	FILE *file;

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof(path), "%s/jpki-pkcs11.conf", directory);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	setenv("XDG_CONFIG_HOME", directory, 1);
}

static void remove_configuration(const char *directory)
{
	char path[64];

	snprintf(path, sizeof(path), "%s/jpki-pkcs11.conf", directory);
	assert_int_equal(remove(path), 0);
	assert_int_equal(remove(directory), 0);
	unsetenv("XDG_CONFIG_HOME");
}

/* The module anew, with the switch on; the signing key of a session that is logged in. */
static CK_OBJECT_HANDLE start_always(CK_SESSION_HANDLE *session)
{
	char directory[] = "/tmp/jpki-unit-XXXXXX";

	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	write_configuration(directory, "sign.always-authenticate = yes\n");
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	remove_configuration(directory);
	*session = module_open_user(MODULE_SIGN_SLOT);
	return module_find(*session, CKO_PRIVATE_KEY);
}

static CK_MECHANISM signing = {CKM_SHA256_RSA_PKCS, NULL, 0};
static CK_UTF8CHAR right_pin[] = VCARD_SIGN_PIN;

static CK_RV sign_once(CK_SESSION_HANDLE session)
{
	CK_BYTE out[256] = {0};
	CK_ULONG length = sizeof(out);

	return p11->C_Sign(session, out, 4, out, &length);
}

static void begin(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key)
{
	assert_rv(p11->C_SignInit(session, &signing, key), CKR_OK);
}

static void authenticate(CK_SESSION_HANDLE session)
{
	assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, right_pin, 6), CKR_OK);
}

static void test_always_authenticate(void **state)
{
	CK_UTF8CHAR wrong[] = "WRONG0";
	CK_BBOOL always = CK_FALSE;
	CK_ATTRIBUTE attribute = {CKA_ALWAYS_AUTHENTICATE, &always, sizeof(always)};
	CK_SESSION_HANDLE session;
	CK_OBJECT_HANDLE key = start_always(&session);
	CK_BYTE byte = 0;
	CK_ULONG length = 0;

	(void)state;
	assert_rv(p11->C_GetAttributeValue(session, key, &attribute, 1), CKR_OK);
	assert_true(always);
	/* The login counts for the first signature. */
	begin(session, key);
	assert_rv(sign_once(session), CKR_OK);
	begin(session, key);
	assert_rv(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, wrong, 6), CKR_PIN_INCORRECT);
	/* The operation is still there, and the question for the length is free. */
	authenticate(session);
	assert_rv(p11->C_Sign(session, &byte, 1, NULL, &length), CKR_OK);
	assert_rv(sign_once(session), CKR_OK);
	begin(session, key);
	assert_rv(sign_once(session), CKR_USER_NOT_LOGGED_IN);
}

/* However the signature ends that the PIN was given for, the PIN is good for no other. */
static void test_pin_is_for_one_operation(void **state)
{
	CK_SESSION_HANDLE session, other;
	CK_OBJECT_HANDLE key = start_always(&session);
	CK_BYTE byte = 0;

	(void)state;
	other = module_open(MODULE_SIGN_SLOT);
	begin(session, key);
	assert_rv(sign_once(session), CKR_OK);
	for (int way = 0; way < 5; way++) {
		begin(session, key);
		authenticate(session);
		switch (way) {
		case 0:
			assert_rv(p11->C_SignInit(session, NULL, 0), CKR_OK);
			break;
		case 1:
			assert_rv(module_newest()->C_SessionCancel(session, CKF_SIGN), CKR_OK);
			break;
		case 2:
			assert_rv(p11->C_Sign(session, NULL, 1, &byte, NULL), CKR_ARGUMENTS_BAD);
			break;
		case 3: /* another session has not been asked for the PIN */
			begin(other, key);
			assert_rv(sign_once(other), CKR_USER_NOT_LOGGED_IN);
			assert_rv(sign_once(session), CKR_OK);
			break;
		default:
			assert_rv(p11->C_CloseSession(session), CKR_OK);
			session = other;
			break;
		}
		begin(session, key);
		assert_rv(sign_once(session), CKR_USER_NOT_LOGGED_IN);
	}
}

/* Each session has its own signature and its own PIN for it. */
static void test_two_sessions(void **state)
{
	CK_SESSION_HANDLE session, other;
	CK_OBJECT_HANDLE key = start_always(&session);

	(void)state;
	other = module_open(MODULE_SIGN_SLOT);
	begin(session, key);
	authenticate(session);
	begin(other, key);
	authenticate(other);
	assert_rv(sign_once(session), CKR_OK);
	assert_rv(sign_once(other), CKR_OK);
	begin(session, key);
	assert_rv(sign_once(session), CKR_USER_NOT_LOGGED_IN);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_set_pin),
		TEST(test_set_pin_refused),
		TEST(test_login_user),
		TEST(test_cancel),
		TEST(test_context_login),
		TEST(test_always_authenticate),
		TEST(test_pin_is_for_one_operation),
		TEST(test_two_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
