/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The clauses that the cases name, and the return values that each function's clause lists.
 *
 * Where the numbers are from. The chapters and functions of 3.0 and the return values are those of
 * the text that the OASIS committee keeps for the later versions (oasis-tcs/pkcs11 on GitHub,
 * working/doc/spec, files session_mgmt_functions.md and so on; its order of the functions is that
 * of 3.0, and its references "5.1.7", "5.18", "4.4.1" are numbers of 3.0). What it has of 3.1 and
 * 3.2 is left out: CKR_PENDING and the other new codes, and CKR_OPERATION_ACTIVE where only
 * asynchronous sessions can meet it; but it stays with C_Digest, C_Sign and C_Verify after an
 * Update. CKR_USER_NOT_LOGGED_IN and others that only some versions list are taken when one does.
 * 2.40 numbers its chapters (5.4 to 5.16), and its functions by their titles alone: the chapters
 * were checked against what other modules quote of it; the published 2.40 itself was not at hand.
 * So each clause is named by its title too, and can be found whatever its number.
 */
#include "conform.h"

#define ANY      CKR_FUNCTION_FAILED, CKR_GENERAL_ERROR, CKR_HOST_MEMORY
#define LIFE     ANY, CKR_CRYPTOKI_NOT_INITIALIZED
#define TOKEN    LIFE, CKR_DEVICE_ERROR, CKR_DEVICE_MEMORY, CKR_DEVICE_REMOVED
#define SLOT     TOKEN, CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT
#define KNOWN    SLOT, CKR_TOKEN_NOT_RECOGNIZED
#define SESSION  TOKEN, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED
#define POINTERS SESSION, CKR_ARGUMENTS_BAD
#define LOGIN                                                                                      \
	POINTERS, CKR_FUNCTION_CANCELED, CKR_OPERATION_NOT_INITIALIZED, CKR_PIN_INCORRECT,         \
		CKR_PIN_LOCKED, CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_ALREADY_LOGGED_IN,          \
		CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_PIN_NOT_INITIALIZED,                  \
		CKR_USER_TOO_MANY_TYPES, CKR_USER_TYPE_INVALID
#define TEMPLATE                                                                                   \
	CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,          \
		CKR_SESSION_READ_ONLY, CKR_TEMPLATE_INCONSISTENT, CKR_TOKEN_WRITE_PROTECTED,       \
		CKR_USER_NOT_LOGGED_IN
#define MECHANISM CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID
#define INIT                                                                                       \
	POINTERS, CKR_FUNCTION_CANCELED, MECHANISM, CKR_OPERATION_ACTIVE, CKR_PIN_EXPIRED,         \
		CKR_USER_NOT_LOGGED_IN, CKR_OPERATION_CANCEL_FAILED
#define KEY_INIT                                                                                   \
	INIT, CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID, CKR_KEY_SIZE_RANGE,          \
		CKR_KEY_TYPE_INCONSISTENT
#define STEP   POINTERS, CKR_FUNCTION_CANCELED, CKR_OPERATION_NOT_INITIALIZED
#define OUTPUT STEP, CKR_BUFFER_TOO_SMALL
#define SIGNS  CKR_DATA_LEN_RANGE, CKR_USER_NOT_LOGGED_IN
#define CIPHER CKR_ENCRYPTED_DATA_INVALID, CKR_ENCRYPTED_DATA_LEN_RANGE
#define JUDGES CKR_DATA_LEN_RANGE, CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE
#define CREATES                                                                                    \
	POINTERS, TEMPLATE, MECHANISM, CKR_FUNCTION_CANCELED, CKR_OPERATION_ACTIVE,                \
		CKR_PIN_EXPIRED, CKR_TEMPLATE_INCOMPLETE, CKR_CURVE_NOT_SUPPORTED
#define BEGINS CKR_PIN_EXPIRED, CKR_USER_NOT_LOGGED_IN, CKR_MECHANISM_PARAM_INVALID

#define F(name, old, new, ...)                                                                     \
	{                                                                                          \
#name, old, new, true,                                                             \
		{                                                                                  \
			__VA_ARGS__                                                                \
		}                                                                                  \
	}
#define NO_FUNCTION(name, old, new)                                                                \
	{                                                                                          \
		name, old, new, false,                                                             \
		{                                                                                  \
			0                                                                          \
		}                                                                                  \
	}

const struct clause clauses[] = {
	F(C_Initialize, "5.4", "5.4.1", ANY, CKR_ARGUMENTS_BAD, CKR_CANT_LOCK,
	  CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_NEED_TO_CREATE_THREADS),
	F(C_Finalize, "5.4", "5.4.2", LIFE, CKR_ARGUMENTS_BAD),
	F(C_GetInfo, "5.4", "5.4.3", LIFE, CKR_ARGUMENTS_BAD),
	F(C_GetFunctionList, "5.4", "5.4.4", ANY, CKR_ARGUMENTS_BAD),
	F(C_GetInterfaceList, "-", "5.4.5", ANY, CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL),
	F(C_GetInterface, "-", "5.4.6", ANY, CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL),
	F(C_GetSlotList, "5.5", "5.5.1", LIFE, CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL),
	F(C_GetSlotInfo, "5.5", "5.5.2", LIFE, CKR_ARGUMENTS_BAD, CKR_DEVICE_ERROR,
	  CKR_SLOT_ID_INVALID),
	F(C_GetTokenInfo, "5.5", "5.5.3", KNOWN, CKR_ARGUMENTS_BAD),
	F(C_WaitForSlotEvent, "5.5", "5.5.4", LIFE, CKR_ARGUMENTS_BAD, CKR_NO_EVENT),
	F(C_GetMechanismList, "5.5", "5.5.5", KNOWN, CKR_ARGUMENTS_BAD, CKR_BUFFER_TOO_SMALL),
	F(C_GetMechanismInfo, "5.5", "5.5.6", KNOWN, CKR_ARGUMENTS_BAD, CKR_MECHANISM_INVALID),
	F(C_InitToken, "5.5", "5.5.7", KNOWN, CKR_ARGUMENTS_BAD, CKR_FUNCTION_CANCELED,
	  CKR_PIN_INCORRECT, CKR_PIN_LOCKED, CKR_SESSION_EXISTS, CKR_TOKEN_WRITE_PROTECTED),
	F(C_InitPIN, "5.5", "5.5.8", POINTERS, CKR_FUNCTION_CANCELED, CKR_PIN_INVALID,
	  CKR_PIN_LEN_RANGE, CKR_SESSION_READ_ONLY, CKR_TOKEN_WRITE_PROTECTED,
	  CKR_USER_NOT_LOGGED_IN),
	F(C_SetPIN, "5.5", "5.5.9", POINTERS, CKR_FUNCTION_CANCELED, CKR_PIN_INCORRECT,
	  CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_PIN_LOCKED, CKR_SESSION_READ_ONLY,
	  CKR_TOKEN_WRITE_PROTECTED),
	F(C_OpenSession, "5.6", "5.6.1", KNOWN, CKR_ARGUMENTS_BAD, CKR_SESSION_COUNT,
	  CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_READ_WRITE_SO_EXISTS,
	  CKR_TOKEN_WRITE_PROTECTED),
	F(C_CloseSession, "5.6", "5.6.2", SESSION),
	F(C_CloseAllSessions, "5.6", "5.6.3", SLOT),
	F(C_GetSessionInfo, "5.6", "5.6.4", POINTERS),
	F(C_SessionCancel, "-", "5.6.5", SESSION, CKR_OPERATION_CANCEL_FAILED,
	  CKR_TOKEN_NOT_PRESENT),
	F(C_GetOperationState, "5.6", "5.6.6", POINTERS, CKR_BUFFER_TOO_SMALL,
	  CKR_OPERATION_NOT_INITIALIZED, CKR_STATE_UNSAVEABLE),
	F(C_SetOperationState, "5.6", "5.6.7", POINTERS, CKR_KEY_CHANGED, CKR_KEY_NEEDED,
	  CKR_KEY_NOT_NEEDED, CKR_SAVED_STATE_INVALID),
	F(C_Login, "5.6", "5.6.8", LOGIN),
	F(C_LoginUser, "-", "5.6.9", LOGIN),
	F(C_Logout, "5.6", "5.6.10", SESSION, CKR_USER_NOT_LOGGED_IN),
	F(C_CreateObject, "5.7", "5.7.1", POINTERS, TEMPLATE, CKR_CURVE_NOT_SUPPORTED,
	  CKR_DOMAIN_PARAMS_INVALID, CKR_PIN_EXPIRED, CKR_TEMPLATE_INCOMPLETE),
	F(C_CopyObject, "5.7", "5.7.2", POINTERS, TEMPLATE, CKR_ACTION_PROHIBITED,
	  CKR_OBJECT_HANDLE_INVALID, CKR_PIN_EXPIRED),
	F(C_DestroyObject, "5.7", "5.7.3", SESSION, CKR_ACTION_PROHIBITED,
	  CKR_OBJECT_HANDLE_INVALID, CKR_PIN_EXPIRED, CKR_SESSION_READ_ONLY,
	  CKR_TOKEN_WRITE_PROTECTED),
	F(C_GetObjectSize, "5.7", "5.7.4", POINTERS, CKR_INFORMATION_SENSITIVE,
	  CKR_OBJECT_HANDLE_INVALID),
	F(C_GetAttributeValue, "5.7", "5.7.5", POINTERS, CKR_ATTRIBUTE_SENSITIVE,
	  CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL, CKR_OBJECT_HANDLE_INVALID),
	F(C_SetAttributeValue, "5.7", "5.7.6", POINTERS, TEMPLATE, CKR_ACTION_PROHIBITED,
	  CKR_OBJECT_HANDLE_INVALID),
	F(C_FindObjectsInit, "5.7", "5.7.7", POINTERS, CKR_ATTRIBUTE_TYPE_INVALID,
	  CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE, CKR_PIN_EXPIRED),
	F(C_FindObjects, "5.7", "5.7.8", POINTERS, CKR_OPERATION_NOT_INITIALIZED),
	F(C_FindObjectsFinal, "5.7", "5.7.9", SESSION, CKR_OPERATION_NOT_INITIALIZED),
	F(C_EncryptInit, "5.8", "5.8.1", KEY_INIT),
	F(C_Encrypt, "5.8", "5.8.2", OUTPUT, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE),
	F(C_EncryptUpdate, "5.8", "5.8.3", OUTPUT, CKR_DATA_LEN_RANGE),
	F(C_EncryptFinal, "5.8", "5.8.4", OUTPUT, CKR_DATA_LEN_RANGE),
	F(C_MessageEncryptInit, "-", "5.9.1", KEY_INIT),
	F(C_EncryptMessage, "-", "5.9.2", OUTPUT, CKR_DATA_INVALID, CKR_DATA_LEN_RANGE,
	  CKR_MECHANISM_PARAM_INVALID),
	F(C_EncryptMessageBegin, "-", "5.9.3", STEP, BEGINS),
	F(C_EncryptMessageNext, "-", "5.9.4", OUTPUT, CKR_DATA_LEN_RANGE,
	  CKR_MECHANISM_PARAM_INVALID),
	F(C_MessageEncryptFinal, "-", "5.9.5", STEP),
	F(C_DecryptInit, "5.9", "5.10.1", KEY_INIT),
	F(C_Decrypt, "5.9", "5.10.2", OUTPUT, CIPHER, CKR_USER_NOT_LOGGED_IN),
	F(C_DecryptUpdate, "5.9", "5.10.3", OUTPUT, CIPHER, CKR_USER_NOT_LOGGED_IN),
	F(C_DecryptFinal, "5.9", "5.10.4", OUTPUT, CIPHER, CKR_USER_NOT_LOGGED_IN),
	F(C_MessageDecryptInit, "-", "5.11.1", KEY_INIT),
	F(C_DecryptMessage, "-", "5.11.2", OUTPUT, CIPHER, CKR_MECHANISM_PARAM_INVALID),
	F(C_DecryptMessageBegin, "-", "5.11.3", STEP, BEGINS),
	F(C_DecryptMessageNext, "-", "5.11.4", OUTPUT, CIPHER, CKR_MECHANISM_PARAM_INVALID),
	F(C_MessageDecryptFinal, "-", "5.11.5", STEP),
	F(C_DigestInit, "5.10", "5.12.1", INIT),
	F(C_Digest, "5.10", "5.12.2", OUTPUT, CKR_OPERATION_ACTIVE),
	F(C_DigestUpdate, "5.10", "5.12.3", STEP),
	F(C_DigestKey, "5.10", "5.12.4", STEP, CKR_KEY_HANDLE_INVALID, CKR_KEY_INDIGESTIBLE,
	  CKR_KEY_SIZE_RANGE),
	F(C_DigestFinal, "5.10", "5.12.5", OUTPUT),
	F(C_SignInit, "5.11", "5.13.1", KEY_INIT),
	F(C_Sign, "5.11", "5.13.2", OUTPUT, SIGNS, CKR_DATA_INVALID, CKR_FUNCTION_REJECTED,
	  CKR_OPERATION_ACTIVE),
	F(C_SignUpdate, "5.11", "5.13.3", STEP, SIGNS),
	F(C_SignFinal, "5.11", "5.13.4", OUTPUT, SIGNS, CKR_FUNCTION_REJECTED),
	F(C_SignRecoverInit, "5.11", "5.13.5", KEY_INIT),
	F(C_SignRecover, "5.11", "5.13.6", OUTPUT, SIGNS, CKR_DATA_INVALID),
	F(C_MessageSignInit, "-", "5.14.1", KEY_INIT),
	F(C_SignMessage, "-", "5.14.2", OUTPUT, SIGNS, CKR_DATA_INVALID, CKR_FUNCTION_REJECTED,
	  CKR_MECHANISM_PARAM_INVALID),
	F(C_SignMessageBegin, "-", "5.14.3", STEP, BEGINS),
	F(C_SignMessageNext, "-", "5.14.4", OUTPUT, SIGNS, CKR_FUNCTION_REJECTED,
	  CKR_MECHANISM_PARAM_INVALID),
	F(C_MessageSignFinal, "-", "5.14.5", STEP, CKR_FUNCTION_REJECTED, CKR_USER_NOT_LOGGED_IN),
	F(C_VerifyInit, "5.12", "5.15.1", KEY_INIT),
	F(C_Verify, "5.12", "5.15.2", STEP, JUDGES, CKR_DATA_INVALID, CKR_OPERATION_ACTIVE),
	F(C_VerifyUpdate, "5.12", "5.15.3", STEP, CKR_DATA_LEN_RANGE),
	F(C_VerifyFinal, "5.12", "5.15.4", STEP, JUDGES),
	F(C_VerifyRecoverInit, "5.12", "5.15.5", KEY_INIT),
	F(C_VerifyRecover, "5.12", "5.15.6", OUTPUT, JUDGES, CKR_DATA_INVALID),
	F(C_MessageVerifyInit, "-", "5.16.1", KEY_INIT),
	F(C_VerifyMessage, "-", "5.16.2", STEP, JUDGES, CKR_DATA_INVALID,
	  CKR_MECHANISM_PARAM_INVALID),
	F(C_VerifyMessageBegin, "-", "5.16.3", STEP, BEGINS),
	F(C_VerifyMessageNext, "-", "5.16.4", STEP, JUDGES, CKR_MECHANISM_PARAM_INVALID),
	F(C_MessageVerifyFinal, "-", "5.16.5", STEP),
	F(C_DigestEncryptUpdate, "5.13", "5.17.1", OUTPUT, CKR_DATA_LEN_RANGE),
	F(C_DecryptDigestUpdate, "5.13", "5.17.2", OUTPUT, CIPHER),
	F(C_SignEncryptUpdate, "5.13", "5.17.3", OUTPUT, SIGNS),
	F(C_DecryptVerifyUpdate, "5.13", "5.17.4", OUTPUT, CIPHER, CKR_DATA_LEN_RANGE),
	F(C_GenerateKey, "5.14", "5.18.1", CREATES),
	F(C_GenerateKeyPair, "5.14", "5.18.2", CREATES, CKR_DOMAIN_PARAMS_INVALID),
	F(C_WrapKey, "5.14", "5.18.3", POINTERS, MECHANISM, CKR_BUFFER_TOO_SMALL,
	  CKR_FUNCTION_CANCELED, CKR_KEY_HANDLE_INVALID, CKR_KEY_NOT_WRAPPABLE, CKR_KEY_SIZE_RANGE,
	  CKR_KEY_UNEXTRACTABLE, CKR_OPERATION_ACTIVE, CKR_PIN_EXPIRED, CKR_USER_NOT_LOGGED_IN,
	  CKR_WRAPPING_KEY_HANDLE_INVALID, CKR_WRAPPING_KEY_SIZE_RANGE,
	  CKR_WRAPPING_KEY_TYPE_INCONSISTENT),
	F(C_UnwrapKey, "5.14", "5.18.4", CREATES, CKR_BUFFER_TOO_SMALL, CKR_DOMAIN_PARAMS_INVALID,
	  CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_UNWRAPPING_KEY_SIZE_RANGE,
	  CKR_UNWRAPPING_KEY_TYPE_INCONSISTENT, CKR_WRAPPED_KEY_INVALID, CKR_WRAPPED_KEY_LEN_RANGE),
	F(C_DeriveKey, "5.14", "5.18.5", CREATES, CKR_DOMAIN_PARAMS_INVALID, CKR_KEY_HANDLE_INVALID,
	  CKR_KEY_SIZE_RANGE, CKR_KEY_TYPE_INCONSISTENT),
	F(C_SeedRandom, "5.15", "5.19.1", POINTERS, CKR_FUNCTION_CANCELED, CKR_OPERATION_ACTIVE,
	  CKR_RANDOM_NO_RNG, CKR_RANDOM_SEED_NOT_SUPPORTED, CKR_USER_NOT_LOGGED_IN),
	F(C_GenerateRandom, "5.15", "5.19.2", POINTERS, CKR_FUNCTION_CANCELED, CKR_OPERATION_ACTIVE,
	  CKR_RANDOM_NO_RNG, CKR_USER_NOT_LOGGED_IN),
	F(C_GetFunctionStatus, "5.16", "5.20.1", LIFE, CKR_FUNCTION_NOT_PARALLEL,
	  CKR_SESSION_CLOSED, CKR_SESSION_HANDLE_INVALID),
	F(C_CancelFunction, "5.16", "5.20.2", LIFE, CKR_FUNCTION_NOT_PARALLEL, CKR_SESSION_CLOSED,
	  CKR_SESSION_HANDLE_INVALID),
	NO_FUNCTION("Storage objects", "4.4", "4.4"),
	NO_FUNCTION("The CKA_UNIQUE_ID attribute", "-", "4.4.1"),
	NO_FUNCTION("Certificate objects", "4.6", "4.6"),
	NO_FUNCTION("Public key objects", "4.8", "4.8"),
	NO_FUNCTION("Private key objects", "4.9", "4.9"),
	NO_FUNCTION("Profile objects", "-", "4.13"),
	NO_FUNCTION("RSA (Current Mechanisms)", "2.1", "2.1"),
};
const size_t clause_count = COUNT(clauses);

size_t clause_of(const char *name)
{
	for (size_t i = 0; i < clause_count; i++) {
		if (strcmp(clauses[i].name, name) == 0)
			return i;
	}
	return clause_count;
}

bool clause_lists(size_t clause, CK_RV rv)
{
	if (rv == CKR_OK)
		return clauses[clause].codes[0] != 0 &&
		       strcmp(clauses[clause].name, "C_GetFunctionStatus") != 0 &&
		       strcmp(clauses[clause].name, "C_CancelFunction") != 0;
	for (size_t i = 0; i < CODES_MAX && clauses[clause].codes[i] != 0; i++) {
		if (clauses[clause].codes[i] == rv)
			return true;
	}
	return false;
}
