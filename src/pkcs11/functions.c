/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* functions: fills the function lists, and exports the three names by which a program gets them
 * (3.0 §5.4). */
#include "pkcs11/functions.h"

#include <string.h>

#include "pkcs11/entry.h"
#include "pkcs11/unsupported.h"

#define EXPORTED __attribute__((visibility("default")))

#define FUNCTIONS_2_40                                                                             \
	.C_Initialize = C_Initialize, .C_Finalize = C_Finalize,                                    \
	.C_GetFunctionList = C_GetFunctionList, .C_GetSlotList = C_GetSlotList,                    \
	.C_GetSlotInfo = C_GetSlotInfo, .C_GetTokenInfo = C_GetTokenInfo,                          \
	.C_GetMechanismList = C_GetMechanismList, .C_GetMechanismInfo = C_GetMechanismInfo,        \
	.C_InitToken = C_InitToken, .C_InitPIN = C_InitPIN, .C_SetPIN = C_SetPIN,                  \
	.C_OpenSession = C_OpenSession, .C_CloseSession = C_CloseSession,                          \
	.C_CloseAllSessions = C_CloseAllSessions, .C_GetSessionInfo = C_GetSessionInfo,            \
	.C_GetOperationState = C_GetOperationState, .C_SetOperationState = C_SetOperationState,    \
	.C_Login = C_Login, .C_Logout = C_Logout, .C_CreateObject = C_CreateObject,                \
	.C_CopyObject = C_CopyObject, .C_DestroyObject = C_DestroyObject,                          \
	.C_GetObjectSize = C_GetObjectSize, .C_GetAttributeValue = C_GetAttributeValue,            \
	.C_SetAttributeValue = C_SetAttributeValue, .C_FindObjectsInit = C_FindObjectsInit,        \
	.C_FindObjects = C_FindObjects, .C_FindObjectsFinal = C_FindObjectsFinal,                  \
	.C_EncryptInit = C_EncryptInit, .C_Encrypt = C_Encrypt,                                    \
	.C_EncryptUpdate = C_EncryptUpdate, .C_EncryptFinal = C_EncryptFinal,                      \
	.C_DecryptInit = C_DecryptInit, .C_Decrypt = C_Decrypt,                                    \
	.C_DecryptUpdate = C_DecryptUpdate, .C_DecryptFinal = C_DecryptFinal,                      \
	.C_DigestInit = C_DigestInit, .C_Digest = C_Digest, .C_DigestUpdate = C_DigestUpdate,      \
	.C_DigestKey = C_DigestKey, .C_DigestFinal = C_DigestFinal, .C_SignInit = C_SignInit,      \
	.C_Sign = C_Sign, .C_SignUpdate = C_SignUpdate, .C_SignFinal = C_SignFinal,                \
	.C_SignRecoverInit = C_SignRecoverInit, .C_SignRecover = C_SignRecover,                    \
	.C_VerifyInit = C_VerifyInit, .C_Verify = C_Verify, .C_VerifyUpdate = C_VerifyUpdate,      \
	.C_VerifyFinal = C_VerifyFinal, .C_VerifyRecoverInit = C_VerifyRecoverInit,                \
	.C_VerifyRecover = C_VerifyRecover, .C_DigestEncryptUpdate = C_DigestEncryptUpdate,        \
	.C_DecryptDigestUpdate = C_DecryptDigestUpdate,                                            \
	.C_SignEncryptUpdate = C_SignEncryptUpdate,                                                \
	.C_DecryptVerifyUpdate = C_DecryptVerifyUpdate, .C_GenerateKey = C_GenerateKey,            \
	.C_GenerateKeyPair = C_GenerateKeyPair, .C_WrapKey = C_WrapKey,                            \
	.C_UnwrapKey = C_UnwrapKey, .C_DeriveKey = C_DeriveKey, .C_SeedRandom = C_SeedRandom,      \
	.C_GenerateRandom = C_GenerateRandom, .C_GetFunctionStatus = C_GetFunctionStatus,          \
	.C_CancelFunction = C_CancelFunction, .C_WaitForSlotEvent = C_WaitForSlotEvent

CK_FUNCTION_LIST jpki_functions_2_40 = {
	.version = {.major = 2, .minor = 40},
	.C_GetInfo = jpki_get_info_2_40,
	FUNCTIONS_2_40,
};

struct jpki_function_list_3_0 jpki_functions_3_0 = {
	.v2 = {.version = {.major = 3, .minor = 0}, .C_GetInfo = C_GetInfo, FUNCTIONS_2_40},
	.C_GetInterfaceList = C_GetInterfaceList,
	.C_GetInterface = C_GetInterface,
	.C_LoginUser = C_LoginUser,
	.C_SessionCancel = C_SessionCancel,
	.C_MessageEncryptInit = jpki_message_init_refused,
	.C_EncryptMessage = jpki_message_crypt_refused,
	.C_EncryptMessageBegin = jpki_message_crypt_begin_refused,
	.C_EncryptMessageNext = jpki_message_crypt_next_refused,
	.C_MessageEncryptFinal = jpki_message_final_refused,
	.C_MessageDecryptInit = jpki_message_init_refused,
	.C_DecryptMessage = jpki_message_crypt_refused,
	.C_DecryptMessageBegin = jpki_message_crypt_begin_refused,
	.C_DecryptMessageNext = jpki_message_crypt_next_refused,
	.C_MessageDecryptFinal = jpki_message_final_refused,
	.C_MessageSignInit = jpki_message_init_refused,
	.C_SignMessage = jpki_message_sign_refused,
	.C_SignMessageBegin = jpki_message_begin_refused,
	.C_SignMessageNext = jpki_message_sign_refused,
	.C_MessageSignFinal = jpki_message_final_refused,
	.C_MessageVerifyInit = jpki_message_init_refused,
	.C_VerifyMessage = jpki_message_verify_refused,
	.C_VerifyMessageBegin = jpki_message_begin_refused,
	.C_VerifyMessageNext = jpki_message_verify_refused,
	.C_MessageVerifyFinal = jpki_message_final_refused,
};

static char interface_name[] = "PKCS 11";

/*
 * The newest comes first, because a program that names no version gets the first (3.0 §5.4.6).
 * CKF_INTERFACE_FORK_SAFE is not set, because a child must initialise for itself. The standard's
 * name is of unsigned characters, p11-kit's of plain ones: a pointer to void becomes either.
 */
static CK_INTERFACE interfaces[] = {
	{(void *)interface_name, &jpki_functions_3_0, 0},
	{(void *)interface_name, &jpki_functions_2_40, 0},
};

#define INTERFACE_COUNT (sizeof(interfaces) / sizeof(interfaces[0]))

EXPORTED CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list)
{
	if (list == NULL)
		return CKR_ARGUMENTS_BAD;
	*list = &jpki_functions_2_40;
	return CKR_OK;
}

EXPORTED CK_RV C_GetInterfaceList(CK_INTERFACE_PTR list, CK_ULONG_PTR count)
{
	CK_ULONG room;

	if (count == NULL)
		return CKR_ARGUMENTS_BAD;
	room = list != NULL ? *count : 0;
	*count = INTERFACE_COUNT;
	if (list == NULL)
		return CKR_OK;
	if (room < INTERFACE_COUNT)
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, interfaces, sizeof(interfaces));
	return CKR_OK;
}

/* Every list begins with its version. */
static bool has_version(const CK_INTERFACE *interface, const CK_VERSION *wanted)
{
	const CK_VERSION *version = interface->pFunctionList;

	return version->major == wanted->major && version->minor == wanted->minor;
}

EXPORTED CK_RV C_GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
			      CK_INTERFACE_PTR_PTR interface, CK_FLAGS flags)
{
	if (interface == NULL)
		return CKR_ARGUMENTS_BAD;
	for (size_t i = 0; i < INTERFACE_COUNT; i++) {
		if (name != NULL && strcmp((const char *)name, interface_name) != 0)
			continue;
		if (version != NULL && !has_version(&interfaces[i], version))
			continue;
		if ((interfaces[i].flags & flags) != flags)
			continue;
		*interface = &interfaces[i];
		return CKR_OK;
	}
	/* A name, version or flag that is not offered (p11-kit and NSS answer the same). */
	return CKR_ARGUMENTS_BAD;
}
