/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The matrix: every function of both lists, called before and after the module's life, with a
 * handle that was never given out, with no arguments, and where nothing was begun. Which answer
 * comes first when several apply is in 2.40 §5.1.7 and 3.0 §5.1.7.
 */
#include "conform.h"

#include <stdio.h>

/* --- the sets of answers --- */

/* A pointer that must be there is not. */
static const CK_RV bad[] = {CKR_ARGUMENTS_BAD, END};
/* The same, in a function that also wants something begun: either may be looked at first. */
static const CK_RV bad_or_idle[] = {CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED, END};
/* The same, in a function that a module may leave out. */
static const CK_RV bad_or_none[] = {CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED,
				    CKR_FUNCTION_NOT_SUPPORTED, END};
/* The same, where 3.0 lets a NULL mechanism cancel what is under way. */
static const CK_RV cancels[] = {CKR_ARGUMENTS_BAD, CKR_OK, CKR_OPERATION_NOT_INITIALIZED, END};
static const CK_RV cancels_or_none[] = {CKR_ARGUMENTS_BAD, CKR_OK, CKR_OPERATION_NOT_INITIALIZED,
					CKR_FUNCTION_NOT_SUPPORTED, END};
static const CK_RV idle[] = {CKR_OPERATION_NOT_INITIALIZED, END};
static const CK_RV idle_or_none[] = {CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_NOT_SUPPORTED,
				     END};
/* Key 0 and a mechanism that need not be there. */
static const CK_RV no_key[] = {
	CKR_FUNCTION_NOT_SUPPORTED, CKR_MECHANISM_INVALID,     CKR_MECHANISM_PARAM_INVALID,
	CKR_KEY_HANDLE_INVALID,     CKR_OBJECT_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN,
	CKR_SESSION_READ_ONLY,      CKR_TOKEN_WRITE_PROTECTED, END};
/* What would write, in a read-only session without login. */
static const CK_RV no_write[] = {
	CKR_FUNCTION_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY,
	CKR_USER_NOT_LOGGED_IN,     CKR_OBJECT_HANDLE_INVALID, CKR_TEMPLATE_INCOMPLETE,
	CKR_TEMPLATE_INCONSISTENT,  CKR_MECHANISM_INVALID,     END};
static const CK_RV bad_write[] = {CKR_ARGUMENTS_BAD,          CKR_FUNCTION_NOT_SUPPORTED,
				  CKR_TOKEN_WRITE_PROTECTED,  CKR_SESSION_READ_ONLY,
				  CKR_USER_NOT_LOGGED_IN,     CKR_OBJECT_HANDLE_INVALID,
				  CKR_TEMPLATE_INCOMPLETE,    CKR_TEMPLATE_INCONSISTENT,
				  CKR_MECHANISM_INVALID,      CKR_KEY_HANDLE_INVALID,
				  CKR_SESSION_EXISTS,         CKR_USER_TYPE_INVALID,
				  CKR_USER_ALREADY_LOGGED_IN, END};
static const CK_RV state_codes[] = {CKR_FUNCTION_NOT_SUPPORTED, CKR_STATE_UNSAVEABLE,
				    CKR_OPERATION_NOT_INITIALIZED, CKR_SAVED_STATE_INVALID, END};
static const CK_RV bad_state[] = {
	CKR_FUNCTION_NOT_SUPPORTED, CKR_STATE_UNSAVEABLE, CKR_OPERATION_NOT_INITIALIZED,
	CKR_SAVED_STATE_INVALID,    CKR_ARGUMENTS_BAD,    END};
static const CK_RV seeds[] = {CKR_OK,
			      CKR_RANDOM_SEED_NOT_SUPPORTED,
			      CKR_RANDOM_NO_RNG,
			      CKR_FUNCTION_NOT_SUPPORTED,
			      CKR_USER_NOT_LOGGED_IN,
			      END};
static const CK_RV bad_seeds[] = {CKR_ARGUMENTS_BAD,      CKR_RANDOM_SEED_NOT_SUPPORTED,
				  CKR_RANDOM_NO_RNG,      CKR_FUNCTION_NOT_SUPPORTED,
				  CKR_USER_NOT_LOGGED_IN, END};
static const CK_RV bad_random[] = {CKR_ARGUMENTS_BAD, CKR_RANDOM_NO_RNG, CKR_USER_NOT_LOGGED_IN,
				   END};
static const CK_RV not_parallel[] = {CKR_FUNCTION_NOT_PARALLEL, END};
/* No such case: another chapter has it, or there is nothing to leave out. */
#define NONE NULL

/* --- arguments that would do --- */

static CK_BYTE data[64], out[1024];
static CK_ULONG n = sizeof(out);
static CK_INFO info;
static CK_SLOT_INFO slot_info;
static CK_TOKEN_INFO token_info;
static CK_MECHANISM_INFO mechanism_info;
static CK_SESSION_INFO session_info;
static CK_SLOT_ID slot_id;
static CK_SESSION_HANDLE new_session;
static CK_OBJECT_HANDLE object, object_2;
static CK_OBJECT_CLASS class = CKO_DATA;
static CK_ATTRIBUTE attribute = {CKA_CLASS, &class, sizeof(class)};
static CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
/* The list through which the row is called now. */
static CK_FUNCTION_LIST *v2;

enum kind { GENERAL, OF_SLOT, OF_SESSION };

/* X(name, section of 2.40, of 3.0, kind, arguments, none, answers to none, answers when idle) */
#define FUNCTIONS_2_40(X)                                                                          \
	X(C_GetInfo, "5.4", "5.4.3", GENERAL, (&info), (NULL), bad, NONE)                          \
	X(C_GetSlotList, "5.5", "5.5.1", GENERAL, (0, NULL, &n), (0, NULL, NULL), bad, NONE)       \
	X(C_GetSlotInfo, "5.5", "5.5.2", OF_SLOT, (h, &slot_info), (h, NULL), bad, NONE)           \
	X(C_GetTokenInfo, "5.5", "5.5.3", OF_SLOT, (h, &token_info), (h, NULL), bad, NONE)         \
	X(C_WaitForSlotEvent, "5.5", "5.5.4", GENERAL, (CKF_DONT_BLOCK, &slot_id, NULL),           \
	  (CKF_DONT_BLOCK, NULL, NULL), bad_or_none, NONE)                                         \
	X(C_GetMechanismList, "5.5", "5.5.5", OF_SLOT, (h, NULL, &n), (h, NULL, NULL), bad, NONE)  \
	X(C_GetMechanismInfo, "5.5", "5.5.6", OF_SLOT, (h, CKM_RSA_PKCS, &mechanism_info),         \
	  (h, CKM_RSA_PKCS, NULL), bad, NONE)                                                      \
	X(C_InitToken, "5.5", "5.5.7", OF_SLOT, (h, data, 4, data), (h, NULL, 0, NULL), bad_write, \
	  NONE)                                                                                    \
	X(C_InitPIN, "5.5", "5.5.8", OF_SESSION, (h, data, 4), (h, NULL, 4), bad_write, no_write)  \
	X(C_SetPIN, "5.5", "5.5.9", OF_SESSION, (h, data, 4, data, 4), (h, NULL, 4, NULL, 4),      \
	  bad_write, NONE)                                                                         \
	X(C_OpenSession, "5.6", "5.6.1", OF_SLOT,                                                  \
	  (h, CKF_SERIAL_SESSION, NULL, NULL, &new_session),                                       \
	  (h, CKF_SERIAL_SESSION, NULL, NULL, NULL), bad, NONE)                                    \
	X(C_CloseSession, "5.6", "5.6.2", OF_SESSION, (h), (h), NONE, NONE)                        \
	X(C_CloseAllSessions, "5.6", "5.6.3", OF_SLOT, (h), (h), NONE, NONE)                       \
	X(C_GetSessionInfo, "5.6", "5.6.4", OF_SESSION, (h, &session_info), (h, NULL), bad, NONE)  \
	X(C_GetOperationState, "5.6", "5.6.6", OF_SESSION, (h, out, &n), (h, NULL, NULL),          \
	  bad_state, state_codes)                                                                  \
	X(C_SetOperationState, "5.6", "5.6.7", OF_SESSION, (h, data, 4, 0, 0), (h, NULL, 4, 0, 0), \
	  bad_state, state_codes)                                                                  \
	X(C_Login, "5.6", "5.6.8", OF_SESSION, (h, CKU_USER, data, 0), (h, CKU_USER, NULL, 4),     \
	  bad, NONE)                                                                               \
	X(C_Logout, "5.6", "5.6.10", OF_SESSION, (h), (h), NONE, NONE)                             \
	X(C_CreateObject, "5.7", "5.7.1", OF_SESSION, (h, &attribute, 1, &object),                 \
	  (h, NULL, 1, NULL), bad_write, NONE)                                                     \
	X(C_CopyObject, "5.7", "5.7.2", OF_SESSION, (h, 0, NULL, 0, &object),                      \
	  (h, 0, NULL, 1, NULL), bad_write, no_write)                                              \
	X(C_DestroyObject, "5.7", "5.7.3", OF_SESSION, (h, 0), (h, 0), NONE, no_write)             \
	X(C_GetObjectSize, "5.7", "5.7.4", OF_SESSION, (h, 0, &n), (h, 0, NULL), bad_write, NONE)  \
	X(C_GetAttributeValue, "5.7", "5.7.5", OF_SESSION, (h, 0, &attribute, 1), (h, 0, NULL, 1), \
	  bad_write, NONE)                                                                         \
	X(C_SetAttributeValue, "5.7", "5.7.6", OF_SESSION, (h, 0, &attribute, 1), (h, 0, NULL, 1), \
	  bad_write, no_write)                                                                     \
	X(C_FindObjectsInit, "5.7", "5.7.7", OF_SESSION, (h, NULL, 0), (h, NULL, 1), bad, NONE)    \
	X(C_FindObjects, "5.7", "5.7.8", OF_SESSION, (h, &object, 1, &n), (h, NULL, 1, NULL),      \
	  bad_or_idle, idle)                                                                       \
	X(C_FindObjectsFinal, "5.7", "5.7.9", OF_SESSION, (h), (h), NONE, idle)                    \
	X(C_EncryptInit, "5.8", "5.8.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),             \
	  cancels_or_none, no_key)                                                                 \
	X(C_Encrypt, "5.8", "5.8.2", OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),   \
	  bad_or_none, idle_or_none)                                                               \
	X(C_EncryptUpdate, "5.8", "5.8.3", OF_SESSION, (h, data, 4, out, &n),                      \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_EncryptFinal, "5.8", "5.8.4", OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_none,   \
	  idle_or_none)                                                                            \
	X(C_DecryptInit, "5.9", "5.10.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),            \
	  cancels_or_none, no_key)                                                                 \
	X(C_Decrypt, "5.9", "5.10.2", OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),  \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DecryptUpdate, "5.9", "5.10.3", OF_SESSION, (h, data, 4, out, &n),                     \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_DecryptFinal, "5.9", "5.10.4", OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_none,  \
	  idle_or_none)                                                                            \
	X(C_DigestInit, "5.10", "5.12.1", OF_SESSION, (h, &mechanism), (h, NULL), cancels, NONE)   \
	X(C_Digest, "5.10", "5.12.2", OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),  \
	  bad_or_idle, idle)                                                                       \
	X(C_DigestUpdate, "5.10", "5.12.3", OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle,   \
	  idle)                                                                                    \
	X(C_DigestKey, "5.10", "5.12.4", OF_SESSION, (h, 0), (h, 0), NONE, no_digest_key)          \
	X(C_DigestFinal, "5.10", "5.12.5", OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_idle,  \
	  idle)                                                                                    \
	X(C_SignInit, "5.11", "5.13.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels,     \
	  no_key)                                                                                  \
	X(C_Sign, "5.11", "5.13.2", OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),    \
	  bad_or_idle, idle)                                                                       \
	X(C_SignUpdate, "5.11", "5.13.3", OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle,     \
	  idle)                                                                                    \
	X(C_SignFinal, "5.11", "5.13.4", OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_idle,    \
	  idle)                                                                                    \
	X(C_SignRecoverInit, "5.11", "5.13.5", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),       \
	  cancels_or_none, no_key)                                                                 \
	X(C_SignRecover, "5.11", "5.13.6", OF_SESSION, (h, data, 4, out, &n),                      \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_VerifyInit, "5.12", "5.15.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels,   \
	  no_key)                                                                                  \
	X(C_Verify, "5.12", "5.15.2", OF_SESSION, (h, data, 4, out, 4), (h, NULL, 4, NULL, 4),     \
	  bad_or_idle, idle)                                                                       \
	X(C_VerifyUpdate, "5.12", "5.15.3", OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle,   \
	  idle)                                                                                    \
	X(C_VerifyFinal, "5.12", "5.15.4", OF_SESSION, (h, out, 4), (h, NULL, 4), bad_or_idle,     \
	  idle)                                                                                    \
	X(C_VerifyRecoverInit, "5.12", "5.15.5", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),     \
	  cancels_or_none, no_key)                                                                 \
	X(C_VerifyRecover, "5.12", "5.15.6", OF_SESSION, (h, data, 4, out, &n),                    \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_DigestEncryptUpdate, "5.13", "5.17.1", OF_SESSION, (h, data, 4, out, &n),              \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_DecryptDigestUpdate, "5.13", "5.17.2", OF_SESSION, (h, data, 4, out, &n),              \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_SignEncryptUpdate, "5.13", "5.17.3", OF_SESSION, (h, data, 4, out, &n),                \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_DecryptVerifyUpdate, "5.13", "5.17.4", OF_SESSION, (h, data, 4, out, &n),              \
	  (h, NULL, 4, out, NULL), bad_or_none, idle_or_none)                                      \
	X(C_GenerateKey, "5.14", "5.18.1", OF_SESSION, (h, &mechanism, NULL, 0, &object),          \
	  (h, NULL, NULL, 1, NULL), bad_write, no_write)                                           \
	X(C_GenerateKeyPair, "5.14", "5.18.2", OF_SESSION,                                         \
	  (h, &mechanism, NULL, 0, NULL, 0, &object, &object_2),                                   \
	  (h, NULL, NULL, 1, NULL, 1, NULL, NULL), bad_write, no_write)                            \
	X(C_WrapKey, "5.14", "5.18.3", OF_SESSION, (h, &mechanism, 0, 0, out, &n),                 \
	  (h, NULL, 0, 0, out, NULL), bad_write, no_wrap)                                          \
	X(C_UnwrapKey, "5.14", "5.18.4", OF_SESSION,                                               \
	  (h, &mechanism, 0, data, 4, &attribute, 1, &object),                                     \
	  (h, NULL, 0, NULL, 4, NULL, 1, NULL), bad_write, no_wrap)                                \
	X(C_DeriveKey, "5.14", "5.18.5", OF_SESSION, (h, &mechanism, 0, &attribute, 1, &object),   \
	  (h, NULL, 0, NULL, 1, NULL), bad_write, no_wrap)                                         \
	X(C_SeedRandom, "5.15", "5.19.1", OF_SESSION, (h, data, 4), (h, NULL, 4), bad_seeds,       \
	  seeds)                                                                                   \
	X(C_GenerateRandom, "5.15", "5.19.2", OF_SESSION, (h, out, 4), (h, NULL, 4), bad_random,   \
	  NONE)                                                                                    \
	X(C_GetFunctionStatus, "5.16", "5.20.1", OF_SESSION, (h), (h), NONE, not_parallel)         \
	X(C_CancelFunction, "5.16", "5.20.2", OF_SESSION, (h), (h), NONE, not_parallel)            \
	X(C_Finalize, "5.4", "5.4.2", GENERAL, (NULL), (data), bad, NONE)

static const CK_RV no_digest_key[] = {CKR_OPERATION_NOT_INITIALIZED, CKR_FUNCTION_NOT_SUPPORTED,
				      CKR_KEY_HANDLE_INVALID, CKR_OBJECT_HANDLE_INVALID, END};
static const CK_RV no_wrap[] = {CKR_FUNCTION_NOT_SUPPORTED,
				CKR_MECHANISM_INVALID,
				CKR_MECHANISM_PARAM_INVALID,
				CKR_KEY_HANDLE_INVALID,
				CKR_OBJECT_HANDLE_INVALID,
				CKR_WRAPPING_KEY_HANDLE_INVALID,
				CKR_UNWRAPPING_KEY_HANDLE_INVALID,
				CKR_USER_NOT_LOGGED_IN,
				CKR_SESSION_READ_ONLY,
				CKR_TOKEN_WRITE_PROTECTED,
				CKR_TEMPLATE_INCOMPLETE,
				END};

#define FUNCTIONS_3_0(X)                                                                           \
	X(C_LoginUser, "", "5.6.9", OF_SESSION, (h, CKU_USER, data, 0, NULL, 0),                   \
	  (h, CKU_USER, NULL, 4, NULL, 4), bad_or_none, NONE)                                      \
	X(C_SessionCancel, "", "5.6.5", OF_SESSION, (h, 0), (h, 0), NONE, NONE)                    \
	X(C_MessageEncryptInit, "", "5.9.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),         \
	  cancels_or_none, no_key)                                                                 \
	X(C_EncryptMessage, "", "5.9.2", OF_SESSION, (h, NULL, 0, NULL, 0, data, 4, out, &n),      \
	  (h, NULL, 4, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                    \
	X(C_EncryptMessageBegin, "", "5.9.3", OF_SESSION, (h, NULL, 0, NULL, 0),                   \
	  (h, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                                        \
	X(C_EncryptMessageNext, "", "5.9.4", OF_SESSION, (h, NULL, 0, data, 4, out, &n, 0),        \
	  (h, NULL, 4, NULL, 4, out, NULL, 0), bad_or_none, idle_or_none)                          \
	X(C_MessageEncryptFinal, "", "5.9.5", OF_SESSION, (h), (h), NONE, idle_or_none)            \
	X(C_MessageDecryptInit, "", "5.11.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),        \
	  cancels_or_none, no_key)                                                                 \
	X(C_DecryptMessage, "", "5.11.2", OF_SESSION, (h, NULL, 0, NULL, 0, data, 4, out, &n),     \
	  (h, NULL, 4, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                    \
	X(C_DecryptMessageBegin, "", "5.11.3", OF_SESSION, (h, NULL, 0, NULL, 0),                  \
	  (h, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                                        \
	X(C_DecryptMessageNext, "", "5.11.4", OF_SESSION, (h, NULL, 0, data, 4, out, &n, 0),       \
	  (h, NULL, 4, NULL, 4, out, NULL, 0), bad_or_none, idle_or_none)                          \
	X(C_MessageDecryptFinal, "", "5.11.5", OF_SESSION, (h), (h), NONE, idle_or_none)           \
	X(C_MessageSignInit, "", "5.14.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),           \
	  cancels_or_none, no_key)                                                                 \
	X(C_SignMessage, "", "5.14.2", OF_SESSION, (h, NULL, 0, data, 4, out, &n),                 \
	  (h, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                             \
	X(C_SignMessageBegin, "", "5.14.3", OF_SESSION, (h, NULL, 0), (h, NULL, 4), bad_or_none,   \
	  idle_or_none)                                                                            \
	X(C_SignMessageNext, "", "5.14.4", OF_SESSION, (h, NULL, 0, data, 4, out, &n),             \
	  (h, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                             \
	X(C_MessageSignFinal, "", "5.14.5", OF_SESSION, (h), (h), NONE, idle_or_none)              \
	X(C_MessageVerifyInit, "", "5.16.1", OF_SESSION, (h, &mechanism, 0), (h, NULL, 0),         \
	  cancels_or_none, no_key)                                                                 \
	X(C_VerifyMessage, "", "5.16.2", OF_SESSION, (h, NULL, 0, data, 4, out, 4),                \
	  (h, NULL, 4, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                               \
	X(C_VerifyMessageBegin, "", "5.16.3", OF_SESSION, (h, NULL, 0), (h, NULL, 4), bad_or_none, \
	  idle_or_none)                                                                            \
	X(C_VerifyMessageNext, "", "5.16.4", OF_SESSION, (h, NULL, 0, data, 4, out, 4),            \
	  (h, NULL, 4, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                               \
	X(C_MessageVerifyFinal, "", "5.16.5", OF_SESSION, (h), (h), NONE, idle_or_none)

#define CALL_2_40(name, in_2, in_3, kind, good, null, null_set, idle_set)                          \
	static CK_RV call_##name(CK_ULONG h, bool none)                                            \
	{                                                                                          \
		(void)h;                                                                           \
		return none ? v2->name null : v2->name good;                                       \
	}
#define CALL_3_0(name, in_2, in_3, kind, good, null, null_set, idle_set)                           \
	static CK_RV call_##name(CK_ULONG h, bool none)                                            \
	{                                                                                          \
		return none ? target.new->name null : target.new->name good;                       \
	}
FUNCTIONS_2_40(CALL_2_40)
FUNCTIONS_3_0(CALL_3_0)

struct function {
	const char *name;
	const char *old;
	const char *new;
	enum kind kind;
	CK_RV (*call)(CK_ULONG handle, bool none);
	const CK_RV *none;
	const CK_RV *idle;
};

#define ROW(name, old, new, kind, good, null, null_set, idle_set)                                  \
	{#name, old, new, kind, call_##name, null_set, idle_set},
static const struct function functions[] = {FUNCTIONS_2_40(ROW) FUNCTIONS_3_0(ROW)};

/* --- the cases --- */

static bool is_3_0(const struct function *function)
{
	return function->old[0] == '\0';
}

/*
 * Calls the function through each list that has it. A function that is not offered may be a stub
 * that looks at nothing (2.40 §5.4, C_GetFunctionList), except where the program asked for more.
 */
static void each_list(const struct function *function, CK_ULONG handle, bool none, CK_RV wanted)
{
	CK_FUNCTION_LIST *lists[] = {target.old, target.new != NULL ? &target.new->v2 : NULL};
	const CK_RV strict[] = {wanted, END};
	/* The functions of version 1 may always say the same. */
	const CK_RV lenient[] = {
		wanted, CKR_FUNCTION_NOT_SUPPORTED,
		function->idle == not_parallel ? CKR_FUNCTION_NOT_PARALLEL : wanted, END};

	if (is_3_0(function) && target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	for (size_t i = 0; i < COUNT(lists) && !failed(); i++) {
		v2 = lists[i];
		if (v2 != NULL && (i == 1 || !is_3_0(function)))
			expect(none ? "without arguments" : "with good arguments",
			       function->call(handle, none), target.strict ? strict : lenient);
	}
}

static void before(const void *function)
{
	each_list(function, 1, false, CKR_CRYPTOKI_NOT_INITIALIZED);
	each_list(function, 1, true, CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void after(const void *function)
{
	EXPECT(initialize(), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
	before(function);
}

static void no_handle(const void *argument)
{
	const struct function *function = argument;
	CK_RV wanted = function->kind == OF_SLOT ? CKR_SLOT_ID_INVALID : CKR_SESSION_HANDLE_INVALID;

	each_list(function, NO_HANDLE, false, wanted);
	each_list(function, NO_HANDLE, true, wanted);
	if (function->kind == OF_SESSION)
		each_list(function, CK_INVALID_HANDLE, false, wanted);
}

static void closed_handle(const void *argument)
{
	EXPECT(p11->C_CloseSession(session), CKR_OK);
	each_list(argument, session, false, CKR_SESSION_HANDLE_INVALID);
}

static void one_call(const struct function *function, bool none)
{
	CK_ULONG handle = function->kind == OF_SLOT ? target.slot : session;

	v2 = p11;
	if (is_3_0(function) && target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	expect(none ? "without arguments" : "with good arguments", function->call(handle, none),
	       none ? function->none : function->idle);
}

static void no_arguments(const void *function)
{
	one_call(function, true);
}

static void nothing_begun(const void *function)
{
	one_call(function, false);
}

static void run_row(const struct function *function, const char *what, enum level level,
		    void (*run)(const void *function))
{
	char section[64];
	char name[128];

	snprintf(section, sizeof(section), "%s | %s", is_3_0(function) ? "-" : function->old,
		 function->new);
	snprintf(name, sizeof(name), "%s %s", function->name, what);
	conform_run(is_3_0(function) ? "functions 3.0" : "functions 2.40", section, name, level,
		    run, function);
}

void conform_functions(void)
{
	for (size_t i = 0; i < COUNT(functions); i++) {
		const struct function *function = &functions[i];

		run_row(function, "before C_Initialize", BARE, before);
		run_row(function, "after C_Finalize", BARE, after);
		if (function->kind != GENERAL)
			run_row(function, "with a handle that was never given out", READY,
				no_handle);
		if (function->kind == OF_SESSION)
			run_row(function, "in a session that was closed", OPEN, closed_handle);
		if (function->none != NULL)
			run_row(function, "without the pointers it needs", OPEN, no_arguments);
		if (function->idle != NULL)
			run_row(function, "where nothing was begun, without login", OPEN,
				nothing_begun);
	}
}
