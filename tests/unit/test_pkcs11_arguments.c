/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every function, offered or not, with bad arguments. The order is always the same: initialised,
 * then the handle, then the arguments, then what the call means.
 */
#include "module_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/module.h"

static CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
static CK_BYTE byte;
static CK_ULONG number;
static CK_ATTRIBUTE attribute;
static CK_OBJECT_HANDLE object;

/* The functions of a session that are not offered in 2.40; each must answer alike. */
static void call_unsupported(CK_SESSION_HANDLE s, CK_RV wanted)
{
	assert_rv(p11->C_GetOperationState(s, NULL, NULL), wanted);
	assert_rv(p11->C_SetOperationState(s, NULL, 0, 0, 0), wanted);
	assert_rv(p11->C_EncryptInit(s, NULL, 0), wanted);
	assert_rv(p11->C_Encrypt(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_EncryptUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_EncryptFinal(s, NULL, NULL), wanted);
	assert_rv(p11->C_DecryptInit(s, NULL, 0), wanted);
	assert_rv(p11->C_Decrypt(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_DecryptUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_DecryptFinal(s, NULL, NULL), wanted);
	assert_rv(p11->C_DigestKey(s, 0), wanted);
	assert_rv(p11->C_UnwrapKey(s, NULL, 0, NULL, 0, NULL, 1, NULL), wanted);
	assert_rv(p11->C_DeriveKey(s, NULL, 0, NULL, 1, NULL), wanted);
	assert_rv(p11->C_SignRecoverInit(s, NULL, 0), wanted);
	assert_rv(p11->C_SignRecover(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_VerifyRecoverInit(s, NULL, 0), wanted);
	assert_rv(p11->C_VerifyRecover(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_DigestEncryptUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_DecryptDigestUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_SignEncryptUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_DecryptVerifyUpdate(s, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_WrapKey(s, NULL, 0, 0, NULL, NULL), wanted);
}

/* And those that came with 3.0. */
static void call_unsupported_3_0(CK_SESSION_HANDLE s, CK_RV wanted)
{
	const struct jpki_function_list_3_0 *list = module_newest();

	assert_rv(list->C_MessageEncryptInit(s, NULL, 0), wanted);
	assert_rv(list->C_EncryptMessage(s, NULL, 0, NULL, 0, NULL, 0, NULL, NULL), wanted);
	assert_rv(list->C_EncryptMessageBegin(s, NULL, 0, NULL, 0), wanted);
	assert_rv(list->C_EncryptMessageNext(s, NULL, 0, NULL, 0, NULL, NULL, 0), wanted);
	assert_rv(list->C_MessageEncryptFinal(s), wanted);
	assert_rv(list->C_MessageDecryptInit(s, NULL, 0), wanted);
	assert_rv(list->C_DecryptMessage(s, NULL, 0, NULL, 0, NULL, 0, NULL, NULL), wanted);
	assert_rv(list->C_DecryptMessageBegin(s, NULL, 0, NULL, 0), wanted);
	assert_rv(list->C_DecryptMessageNext(s, NULL, 0, NULL, 0, NULL, NULL, 0), wanted);
	assert_rv(list->C_MessageDecryptFinal(s), wanted);
	assert_rv(list->C_MessageSignInit(s, NULL, 0), wanted);
	assert_rv(list->C_SignMessage(s, NULL, 0, NULL, 0, NULL, NULL), wanted);
	assert_rv(list->C_SignMessageBegin(s, NULL, 0), wanted);
	assert_rv(list->C_SignMessageNext(s, NULL, 0, NULL, 0, NULL, NULL), wanted);
	assert_rv(list->C_MessageSignFinal(s), wanted);
	assert_rv(list->C_MessageVerifyInit(s, NULL, 0), wanted);
	assert_rv(list->C_VerifyMessage(s, NULL, 0, NULL, 0, NULL, 0), wanted);
	assert_rv(list->C_VerifyMessageBegin(s, NULL, 0), wanted);
	assert_rv(list->C_VerifyMessageNext(s, NULL, 0, NULL, 0, NULL, 0), wanted);
	assert_rv(list->C_MessageVerifyFinal(s), wanted);
}

/* Not offered either, with words of their own in the standard. */
static void call_special(CK_SESSION_HANDLE s, CK_RV wanted)
{
	assert_rv(p11->C_SeedRandom(s, NULL, 0),
		  wanted != CKR_OK ? wanted : CKR_RANDOM_SEED_NOT_SUPPORTED);
	assert_rv(p11->C_GetFunctionStatus(s),
		  wanted != CKR_OK ? wanted : CKR_FUNCTION_NOT_PARALLEL);
	assert_rv(p11->C_CancelFunction(s), wanted != CKR_OK ? wanted : CKR_FUNCTION_NOT_PARALLEL);
}

/* The functions of a session that are offered, with every pointer NULL. */
static void call_supported(CK_SESSION_HANDLE s, CK_RV wanted)
{
	assert_rv(p11->C_CloseSession(s), wanted);
	assert_rv(p11->C_GetSessionInfo(s, NULL), wanted);
	assert_rv(p11->C_Login(s, CKU_USER, NULL, 4), wanted);
	assert_rv(p11->C_Logout(s), wanted);
	assert_rv(p11->C_GetObjectSize(s, 0, NULL), wanted);
	assert_rv(p11->C_GetAttributeValue(s, 0, NULL, 1), wanted);
	assert_rv(p11->C_FindObjectsInit(s, NULL, 1), wanted);
	assert_rv(p11->C_FindObjects(s, NULL, 1, NULL), wanted);
	assert_rv(p11->C_FindObjectsFinal(s), wanted);
	assert_rv(p11->C_DigestInit(s, NULL), wanted);
	assert_rv(p11->C_Digest(s, NULL, 1, NULL, NULL), wanted);
	assert_rv(p11->C_DigestUpdate(s, NULL, 1), wanted);
	assert_rv(p11->C_DigestFinal(s, NULL, NULL), wanted);
	assert_rv(p11->C_SignInit(s, NULL, 0), wanted);
	assert_rv(p11->C_Sign(s, NULL, 1, NULL, NULL), wanted);
	assert_rv(p11->C_SignUpdate(s, NULL, 1), wanted);
	assert_rv(p11->C_SignFinal(s, NULL, NULL), wanted);
	assert_rv(p11->C_VerifyInit(s, NULL, 0), wanted);
	assert_rv(p11->C_Verify(s, NULL, 1, NULL, 0), wanted);
	assert_rv(p11->C_VerifyUpdate(s, NULL, 1), wanted);
	assert_rv(p11->C_VerifyFinal(s, NULL, 0), wanted);
	assert_rv(p11->C_GenerateRandom(s, NULL, 1), wanted);
	assert_rv(p11->C_SetPIN(s, NULL, 4, NULL, 4), wanted);
	assert_rv(module_newest()->C_LoginUser(s, CKU_USER, NULL, 4, NULL, 0), wanted);
	assert_rv(module_newest()->C_SessionCancel(s, 0), wanted);
}

/* What would write, with every pointer NULL: refused for good once its arguments are right. */
static void call_writing(CK_SESSION_HANDLE s, CK_RV wanted)
{
	assert_rv(p11->C_InitPIN(s, NULL, 4), wanted);
	assert_rv(p11->C_CreateObject(s, NULL, 1, NULL), wanted);
	assert_rv(p11->C_CopyObject(s, 1, NULL, 1, NULL), wanted);
	assert_rv(p11->C_SetAttributeValue(s, 1, NULL, 1), wanted);
	assert_rv(p11->C_GenerateKey(s, NULL, NULL, 0, NULL), wanted);
	assert_rv(p11->C_GenerateKeyPair(s, NULL, NULL, 0, NULL, 0, NULL, NULL), wanted);
	assert_rv(p11->C_SeedRandom(s, NULL, 1), wanted);
}

static void call_with_slot(CK_SLOT_ID slot, CK_RV wanted)
{
	assert_rv(p11->C_GetSlotInfo(slot, NULL), wanted);
	assert_rv(p11->C_GetTokenInfo(slot, NULL), wanted);
	assert_rv(p11->C_GetMechanismList(slot, NULL, NULL), wanted);
	assert_rv(p11->C_GetMechanismInfo(slot, CKM_RSA_PKCS, NULL), wanted);
	assert_rv(p11->C_OpenSession(slot, 0, NULL, NULL, NULL), wanted);
}

static void test_not_initialized(void **state)
{
	(void)state;
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	call_unsupported(1, CKR_CRYPTOKI_NOT_INITIALIZED);
	call_unsupported_3_0(1, CKR_CRYPTOKI_NOT_INITIALIZED);
	call_special(1, CKR_CRYPTOKI_NOT_INITIALIZED);
	call_supported(1, CKR_CRYPTOKI_NOT_INITIALIZED);
	call_with_slot(0, CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_CloseAllSessions(0), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_InitToken(0, NULL, 0, NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_GetSlotList(CK_TRUE, NULL, NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_WaitForSlotEvent(0, NULL, NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_GetInfo(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void test_bad_handles(void **state)
{
	CK_SESSION_HANDLE open = module_open(MODULE_AUTH_SLOT);
	const CK_SESSION_HANDLE bad[] = {0, 1, open + 1, open + 1024, ~0UL};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		call_unsupported(bad[i], CKR_SESSION_HANDLE_INVALID);
		call_unsupported_3_0(bad[i], CKR_SESSION_HANDLE_INVALID);
		call_special(bad[i], CKR_SESSION_HANDLE_INVALID);
		call_supported(bad[i], CKR_SESSION_HANDLE_INVALID);
		call_writing(bad[i], CKR_SESSION_HANDLE_INVALID);
		assert_rv(p11->C_DestroyObject(bad[i], 1), CKR_SESSION_HANDLE_INVALID);
	}
	call_with_slot(9, CKR_SLOT_ID_INVALID);
	call_with_slot(~0UL, CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_CloseAllSessions(9), CKR_SLOT_ID_INVALID);
	assert_rv(p11->C_InitToken(9, NULL, 0, NULL), CKR_SLOT_ID_INVALID);
	/* C_Finalize waits for whoever is inside. */
	assert_int_equal(jpki_module_current()->active, 0);
}

static void test_unsupported(void **state)
{
	CK_SESSION_HANDLE session = module_open(MODULE_AUTH_SLOT);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	call_unsupported(session, CKR_FUNCTION_NOT_SUPPORTED);
	call_unsupported_3_0(session, CKR_FUNCTION_NOT_SUPPORTED);
	call_special(session, CKR_OK);
	module_assert_exchanges(0);
}

/* Every function that makes an object, with a template that asks for a token object, for a session
 * object, or for neither. The copy of a token object is one unless the template says otherwise. */
static void call_making(CK_SESSION_HANDLE s, CK_ATTRIBUTE *template, CK_ULONG count, CK_RV wanted,
			CK_RV of_copy)
{
	CK_OBJECT_HANDLE second;

	assert_rv(p11->C_CreateObject(s, template, count, &object), wanted);
	assert_rv(p11->C_CopyObject(s, 2, template, count, &object), of_copy);
	assert_rv(p11->C_CopyObject(s, 99, template, count, &object), CKR_OBJECT_HANDLE_INVALID);
	assert_rv(p11->C_GenerateKey(s, &mechanism, template, count, &object), wanted);
	assert_rv(p11->C_GenerateKeyPair(s, &mechanism, template, count, NULL, 0, &object, &second),
		  wanted);
	assert_rv(p11->C_GenerateKeyPair(s, &mechanism, NULL, 0, template, count, &object, &second),
		  wanted);
	assert_rv(p11->C_UnwrapKey(s, &mechanism, 2, &byte, 1, template, count, &object), wanted);
	assert_rv(p11->C_DeriveKey(s, &mechanism, 2, template, count, NULL), wanted);
}

static void test_new_objects(void **state)
{
	CK_SESSION_HANDLE s = module_open_user(MODULE_AUTH_SLOT);
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE, any = 2;
	CK_OBJECT_CLASS class = CKO_SECRET_KEY;
	CK_ATTRIBUTE template[2] = {{CKA_CLASS, &class, sizeof(class)}, {0}};

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	call_making(s, NULL, 0, CKR_FUNCTION_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED);
	call_making(s, template, 1, CKR_FUNCTION_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED);
	template[1] = (CK_ATTRIBUTE){CKA_TOKEN, &no, sizeof(no)};
	call_making(s, template, 2, CKR_FUNCTION_NOT_SUPPORTED, CKR_FUNCTION_NOT_SUPPORTED);
	template[1] = (CK_ATTRIBUTE){CKA_TOKEN, &yes, sizeof(yes)};
	call_making(s, template, 2, CKR_TOKEN_WRITE_PROTECTED, CKR_TOKEN_WRITE_PROTECTED);
	template[1] = (CK_ATTRIBUTE){CKA_TOKEN, &any, sizeof(any)};
	call_making(s, template, 2, CKR_TOKEN_WRITE_PROTECTED, CKR_TOKEN_WRITE_PROTECTED);
	/* Only this attribute says so. */
	template[1] = (CK_ATTRIBUTE){CKA_SENSITIVE, &yes, sizeof(yes)};
	call_making(s, template, 2, CKR_FUNCTION_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED);
	template[1] = (CK_ATTRIBUTE){CKA_TOKEN, &class, sizeof(class)};
	call_making(s, template, 2, CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID);
	template[1] = (CK_ATTRIBUTE){CKA_TOKEN, NULL, sizeof(yes)};
	call_making(s, template, 2, CKR_ATTRIBUTE_VALUE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID);
	module_assert_exchanges(0);
}

/* The municipal office issues keys and certificates, and nobody else. */
static void test_write_protected(void **state)
{
	CK_SESSION_HANDLE s = module_open_user(MODULE_AUTH_SLOT);
	CK_BYTE label[32] = {0};

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	call_writing(s, CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_InitToken(0, NULL, 0, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_InitToken(0, &byte, 1, label), CKR_TOKEN_WRITE_PROTECTED);
	assert_rv(p11->C_InitToken(MODULE_EMPTY_SLOT, &byte, 1, label), CKR_TOKEN_NOT_PRESENT);
	assert_rv(p11->C_InitPIN(s, &byte, 1), CKR_USER_NOT_LOGGED_IN);
	assert_rv(p11->C_CopyObject(s, 2, &attribute, 1, &object), CKR_TOKEN_WRITE_PROTECTED);
	assert_rv(p11->C_CopyObject(s, 99, &attribute, 1, &object), CKR_OBJECT_HANDLE_INVALID);
	assert_rv(p11->C_DestroyObject(s, 2), CKR_TOKEN_WRITE_PROTECTED);
	assert_rv(p11->C_DestroyObject(s, 99), CKR_OBJECT_HANDLE_INVALID);
	assert_rv(p11->C_SetAttributeValue(s, 2, &attribute, 1), CKR_TOKEN_WRITE_PROTECTED);
	assert_rv(p11->C_SetAttributeValue(s, 99, &attribute, 1), CKR_OBJECT_HANDLE_INVALID);
	module_assert_exchanges(0);
}

/* Handles are good now, and nothing else is. */
static void test_null_arguments(void **state)
{
	CK_SESSION_HANDLE s = module_open_user(MODULE_AUTH_SLOT);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	call_with_slot(0, CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetSlotList(CK_TRUE, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetSessionInfo(s, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_Login(s, CKU_USER, NULL, 4), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetObjectSize(s, 1, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetAttributeValue(s, 1, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjectsInit(s, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjects(s, NULL, 1, &number), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_FindObjects(s, &object, 1, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GenerateRandom(s, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SetPIN(s, NULL, 4, &byte, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SetPIN(s, &byte, 1, NULL, 4), CKR_ARGUMENTS_BAD);
	assert_rv(module_newest()->C_LoginUser(s, CKU_USER, NULL, 4, NULL, 0), CKR_ARGUMENTS_BAD);
	assert_rv(module_newest()->C_LoginUser(s, CKU_USER, &byte, 1, NULL, 4), CKR_ARGUMENTS_BAD);
	assert_rv(module_newest()->C_LoginUser(s, CKU_USER, &byte, 1, &byte, 1), CKR_ARGUMENTS_BAD);
	module_assert_exchanges(0);
}

/* Bad arguments of a last or middle call: refused, and the operation is over. */
static void test_null_in_operation(void **state)
{
	CK_SESSION_HANDLE s = module_open_user(MODULE_AUTH_SLOT);
	CK_MECHANISM digest = {CKM_SHA256, NULL, 0};

	(void)state;
	assert_rv(p11->C_SignInit(s, &mechanism, 1), CKR_OK);
	assert_rv(p11->C_Sign(s, NULL, 1, &byte, &number), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SignInit(s, &mechanism, 1), CKR_OK);
	assert_rv(p11->C_Sign(s, &byte, 1, &byte, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SignInit(s, &mechanism, 1), CKR_OK);
	assert_rv(p11->C_SignUpdate(s, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SignInit(s, &mechanism, 1), CKR_OK);
	assert_rv(p11->C_SignFinal(s, &byte, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SignFinal(s, NULL, &number), CKR_OPERATION_NOT_INITIALIZED);

	assert_rv(p11->C_VerifyInit(s, &mechanism, 2), CKR_OK);
	assert_rv(p11->C_Verify(s, NULL, 1, &byte, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_VerifyInit(s, &mechanism, 2), CKR_OK);
	assert_rv(p11->C_Verify(s, &byte, 1, NULL, 256), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_VerifyInit(s, &mechanism, 2), CKR_OK);
	assert_rv(p11->C_VerifyUpdate(s, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_VerifyInit(s, &mechanism, 2), CKR_OK);
	assert_rv(p11->C_VerifyFinal(s, NULL, 256), CKR_ARGUMENTS_BAD);

	assert_rv(p11->C_DigestInit(s, &digest), CKR_OK);
	assert_rv(p11->C_Digest(s, NULL, 1, &byte, &number), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_DigestInit(s, &digest), CKR_OK);
	assert_rv(p11->C_Digest(s, &byte, 1, &byte, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_DigestInit(s, &digest), CKR_OK);
	assert_rv(p11->C_DigestUpdate(s, NULL, 1), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_DigestInit(s, &digest), CKR_OK);
	assert_rv(p11->C_DigestFinal(s, &byte, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_DigestFinal(s, NULL, &number), CKR_OPERATION_NOT_INITIALIZED);
}

/* Lengths that no memory holds are refused by their size alone. */
static void test_oversized(void **state)
{
	CK_SESSION_HANDLE s = module_open_user(MODULE_AUTH_SLOT);
	CK_MECHANISM plain = {CKM_RSA_PKCS, NULL, 0};
	CK_MECHANISM parameter = {CKM_RSA_PKCS, NULL, ~0UL};
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	(void)state;
	vcard_transport_forget(module_fixture.readers);
	assert_rv(p11->C_GenerateRandom(s, &byte, ~0UL), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_SignInit(s, &parameter, 1), CKR_MECHANISM_PARAM_INVALID);
	module_assert_exchanges(0);
	assert_rv(p11->C_SignInit(s, &plain, 1), CKR_OK);
	assert_rv(p11->C_Sign(s, &byte, ~0UL, signature, &length), CKR_DATA_LEN_RANGE);
	assert_rv(p11->C_SignInit(s, &plain, 1), CKR_OK);
	assert_rv(p11->C_SignUpdate(s, &byte, ~0UL), CKR_DATA_LEN_RANGE);
	assert_rv(p11->C_VerifyInit(s, &plain, 2), CKR_OK);
	assert_rv(p11->C_VerifyUpdate(s, &byte, ~0UL), CKR_DATA_LEN_RANGE);
	assert_rv(p11->C_VerifyInit(s, &plain, 2), CKR_OK);
	assert_rv(p11->C_Verify(s, &byte, 1, signature, ~0UL), CKR_SIGNATURE_LEN_RANGE);
	assert_int_equal(vcard_transport_verifies(module_fixture.readers), 0);
}

/* An attribute whose length lies: more room than there is need for is no reason to fail. */
static void test_attribute_room(void **state)
{
	CK_SESSION_HANDLE s = module_open(MODULE_AUTH_SLOT);
	CK_OBJECT_HANDLE public_key = module_find(s, CKO_PUBLIC_KEY);
	CK_BYTE id[4] = {0xEE, 0xEE, 0xEE, 0xEE};

	(void)state;
	attribute = (CK_ATTRIBUTE){CKA_ID, id, sizeof(id)};
	assert_rv(p11->C_GetAttributeValue(s, public_key, &attribute, 1), CKR_OK);
	assert_int_equal(attribute.ulValueLen, 1);
	assert_int_equal(id[0], 1);
	assert_int_equal(id[1], 0xEE);
	attribute = (CK_ATTRIBUTE){CKA_ID, id, 0};
	id[0] = 0xEE;
	assert_rv(p11->C_GetAttributeValue(s, public_key, &attribute, 1), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(attribute.ulValueLen, CK_UNAVAILABLE_INFORMATION);
	assert_int_equal(id[0], 0xEE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_set_up, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_not_initialized),   TEST(test_bad_handles),     TEST(test_unsupported),
		TEST(test_new_objects),       TEST(test_write_protected), TEST(test_null_arguments),
		TEST(test_null_in_operation), TEST(test_oversized),       TEST(test_attribute_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
