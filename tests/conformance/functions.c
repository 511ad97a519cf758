/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The matrix: every function of both lists, called before and after the module's life, with a
 * handle that was never given out, with no arguments, and where nothing was begun. Which answer
 * comes first when several apply is in 5.1.7.
 */
#include "conform.h"

/*
 * --- the sets of answers ---
 *
 * The first of each is that of a module that looks at its arguments before anything else and
 * offers the function; the others are those that the standard allows in the same place, because
 * more than one code applies and it names no order (5.1.7), or because a module may leave the
 * function out (5.4, C_GetFunctionList).
 */

#define NONE_SUCH CKR_FUNCTION_NOT_SUPPORTED
/* A pointer that must be there is not. */
static const CK_RV bad[] = {CKR_ARGUMENTS_BAD, END};
/* The same, in a function that also wants something begun: either may be looked at first. */
static const CK_RV bad_or_idle[] = {CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED, END};
/* The same, where 3.0 lets a NULL mechanism cancel what is under way, be it nothing. */
static const CK_RV cancels[] = {CKR_OK, CKR_OPERATION_NOT_INITIALIZED, CKR_ARGUMENTS_BAD, END};
static const CK_RV idle[] = {CKR_OPERATION_NOT_INITIALIZED, END};
/* Functions that a module may leave out, in the same places. */
static const CK_RV bad_or_none[] = {NONE_SUCH, CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED,
				    END};
static const CK_RV cancels_or_none[] = {NONE_SUCH, CKR_OK, CKR_OPERATION_NOT_INITIALIZED,
					CKR_ARGUMENTS_BAD, END};
static const CK_RV idle_or_none[] = {NONE_SUCH, CKR_OPERATION_NOT_INITIALIZED, END};
static const CK_RV bad_event[] = {CKR_ARGUMENTS_BAD, NONE_SUCH, END};
/* Key 0, without login; the mechanism need not be there. */
static const CK_RV no_key[] = {CKR_KEY_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN,
			       CKR_MECHANISM_INVALID, END};
static const CK_RV no_key_or_none[] = {NONE_SUCH, CKR_KEY_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN,
				       CKR_MECHANISM_INVALID, END};
/* A session is open: so the token cannot be initialized, whatever the arguments. */
static const CK_RV bad_init_token[] = {CKR_ARGUMENTS_BAD, CKR_SESSION_EXISTS,
				       CKR_TOKEN_WRITE_PROTECTED, NONE_SUCH, END};
/* Only for the security officer, who is not logged in; the session is read-only. */
static const CK_RV init_pin[] = {CKR_USER_NOT_LOGGED_IN, CKR_TOKEN_WRITE_PROTECTED,
				 CKR_SESSION_READ_ONLY, NONE_SUCH, END};
static const CK_RV bad_init_pin[] = {CKR_ARGUMENTS_BAD,
				     CKR_USER_NOT_LOGGED_IN,
				     CKR_TOKEN_WRITE_PROTECTED,
				     CKR_SESSION_READ_ONLY,
				     NONE_SUCH,
				     END};
static const CK_RV bad_set_pin[] = {CKR_ARGUMENTS_BAD, CKR_SESSION_READ_ONLY, NONE_SUCH, END};
/* A template that is not there says of no object that it may not be made here. */
static const CK_RV bad_create[] = {CKR_ARGUMENTS_BAD, CKR_TOKEN_WRITE_PROTECTED, NONE_SUCH, END};
/* An object that is there, in a read-only session without login. */
static const CK_RV bad_change[] = {CKR_ARGUMENTS_BAD,
				   CKR_TOKEN_WRITE_PROTECTED,
				   CKR_SESSION_READ_ONLY,
				   CKR_ACTION_PROHIBITED,
				   NONE_SUCH,
				   END};
/* No object, in the same session. */
static const CK_RV no_object[] = {CKR_OBJECT_HANDLE_INVALID, CKR_TOKEN_WRITE_PROTECTED,
				  CKR_SESSION_READ_ONLY, NONE_SUCH, END};
/* A mechanism that makes no keys. */
static const CK_RV no_generation[] = {CKR_TOKEN_WRITE_PROTECTED,
				      CKR_MECHANISM_INVALID,
				      CKR_SESSION_READ_ONLY,
				      CKR_USER_NOT_LOGGED_IN,
				      NONE_SUCH,
				      END};
static const CK_RV bad_size[] = {CKR_ARGUMENTS_BAD, NONE_SUCH, END};
static const CK_RV no_state[] = {NONE_SUCH, CKR_OPERATION_NOT_INITIALIZED, END};
static const CK_RV bad_state[] = {NONE_SUCH, CKR_ARGUMENTS_BAD, CKR_OPERATION_NOT_INITIALIZED, END};
static const CK_RV wrong_state[] = {NONE_SUCH, CKR_SAVED_STATE_INVALID, END};
static const CK_RV bad_wrong_state[] = {NONE_SUCH, CKR_ARGUMENTS_BAD, CKR_SAVED_STATE_INVALID, END};
static const CK_RV bad_seeds[] = {CKR_ARGUMENTS_BAD, CKR_RANDOM_SEED_NOT_SUPPORTED,
				  CKR_RANDOM_NO_RNG, CKR_USER_NOT_LOGGED_IN,
				  NONE_SUCH,         END};
static const CK_RV bad_random[] = {CKR_ARGUMENTS_BAD, CKR_RANDOM_NO_RNG, CKR_USER_NOT_LOGGED_IN,
				   NONE_SUCH, END};
static const CK_RV no_digest_key[] = {NONE_SUCH, CKR_OPERATION_NOT_INITIALIZED,
				      CKR_KEY_HANDLE_INVALID, END};
static const CK_RV bad_other_key[] = {NONE_SUCH, CKR_ARGUMENTS_BAD, END};
static const CK_RV no_wrap[] = {NONE_SUCH,
				CKR_MECHANISM_INVALID,
				CKR_KEY_HANDLE_INVALID,
				CKR_WRAPPING_KEY_HANDLE_INVALID,
				CKR_USER_NOT_LOGGED_IN,
				END};
static const CK_RV no_unwrap[] = {NONE_SUCH, CKR_MECHANISM_INVALID,
				  CKR_UNWRAPPING_KEY_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN, END};
static const CK_RV no_derivation[] = {NONE_SUCH, CKR_MECHANISM_INVALID, CKR_KEY_HANDLE_INVALID,
				      CKR_USER_NOT_LOGGED_IN, END};
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
/* One that anybody sees. */
static CK_OBJECT_HANDLE there;
static CK_OBJECT_CLASS class = CKO_DATA;
static CK_ATTRIBUTE attribute = {CKA_CLASS, &class, sizeof(class)};
static CK_BBOOL yes = CK_TRUE;
static CK_ATTRIBUTE of_token = {CKA_TOKEN, &yes, sizeof(yes)};
static CK_MECHANISM mechanism = {CKM_RSA_PKCS, NULL, 0};
/* The list through which the row is called now. */
static CK_FUNCTION_LIST *v2;

enum kind { GENERAL, OF_SLOT, OF_SESSION };

/* X(name, kind, arguments, none, answers to none, answers when nothing is begun or there) */
#define FUNCTIONS_2_40(X)                                                                          \
	X(C_GetInfo, GENERAL, (&info), (NULL), bad, NONE)                                          \
	X(C_GetSlotList, GENERAL, (0, NULL, &n), (0, NULL, NULL), bad, NONE)                       \
	X(C_GetSlotInfo, OF_SLOT, (h, &slot_info), (h, NULL), bad, NONE)                           \
	X(C_GetTokenInfo, OF_SLOT, (h, &token_info), (h, NULL), bad, NONE)                         \
	X(C_WaitForSlotEvent, GENERAL, (CKF_DONT_BLOCK, &slot_id, NULL),                           \
	  (CKF_DONT_BLOCK, NULL, NULL), bad_event, NONE)                                           \
	X(C_GetMechanismList, OF_SLOT, (h, NULL, &n), (h, NULL, NULL), bad, NONE)                  \
	X(C_GetMechanismInfo, OF_SLOT, (h, CKM_RSA_PKCS, &mechanism_info),                         \
	  (h, CKM_RSA_PKCS, NULL), bad, NONE)                                                      \
	X(C_InitToken, OF_SLOT, (h, data, 4, data), (h, NULL, 0, NULL), bad_init_token, NONE)      \
	X(C_InitPIN, OF_SESSION, (h, data, 4), (h, NULL, 4), bad_init_pin, init_pin)               \
	X(C_SetPIN, OF_SESSION, (h, data, 4, data, 4), (h, NULL, 4, NULL, 4), bad_set_pin, NONE)   \
	X(C_OpenSession, OF_SLOT, (h, CKF_SERIAL_SESSION, NULL, NULL, &new_session),               \
	  (h, CKF_SERIAL_SESSION, NULL, NULL, NULL), bad, NONE)                                    \
	X(C_CloseSession, OF_SESSION, (h), (h), NONE, NONE)                                        \
	X(C_CloseAllSessions, OF_SLOT, (h), (h), NONE, NONE)                                       \
	X(C_GetSessionInfo, OF_SESSION, (h, &session_info), (h, NULL), bad, NONE)                  \
	X(C_GetOperationState, OF_SESSION, (h, out, &n), (h, NULL, NULL), bad_state, no_state)     \
	X(C_SetOperationState, OF_SESSION, (h, data, 4, 0, 0), (h, NULL, 4, 0, 0),                 \
	  bad_wrong_state, wrong_state)                                                            \
	X(C_Login, OF_SESSION, (h, CKU_USER, data, 0), (h, CKU_USER, NULL, 4), bad, NONE)          \
	X(C_Logout, OF_SESSION, (h), (h), NONE, NONE)                                              \
	X(C_CreateObject, OF_SESSION, (h, &of_token, 1, &object), (h, NULL, 1, NULL), bad_create,  \
	  NONE)                                                                                    \
	X(C_CopyObject, OF_SESSION, (h, 0, NULL, 0, &object), (h, there, NULL, 1, NULL),           \
	  bad_change, no_object)                                                                   \
	X(C_DestroyObject, OF_SESSION, (h, 0), (h, 0), NONE, no_object)                            \
	X(C_GetObjectSize, OF_SESSION, (h, 0, &n), (h, there, NULL), bad_size, NONE)               \
	X(C_GetAttributeValue, OF_SESSION, (h, 0, &attribute, 1), (h, there, NULL, 1), bad, NONE)  \
	X(C_SetAttributeValue, OF_SESSION, (h, 0, &attribute, 1), (h, there, NULL, 1), bad_change, \
	  no_object)                                                                               \
	X(C_FindObjectsInit, OF_SESSION, (h, NULL, 0), (h, NULL, 1), bad, NONE)                    \
	X(C_FindObjects, OF_SESSION, (h, &object, 1, &n), (h, NULL, 1, NULL), bad_or_idle, idle)   \
	X(C_FindObjectsFinal, OF_SESSION, (h), (h), NONE, idle)                                    \
	X(C_EncryptInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,            \
	  no_key_or_none)                                                                          \
	X(C_Encrypt, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL), bad_or_none,      \
	  idle_or_none)                                                                            \
	X(C_EncryptUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),             \
	  bad_or_none, idle_or_none)                                                               \
	X(C_EncryptFinal, OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_none, idle_or_none)     \
	X(C_DecryptInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,            \
	  no_key_or_none)                                                                          \
	X(C_Decrypt, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL), bad_or_none,      \
	  idle_or_none)                                                                            \
	X(C_DecryptUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),             \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DecryptFinal, OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_none, idle_or_none)     \
	X(C_DigestInit, OF_SESSION, (h, &mechanism), (h, NULL), cancels, NONE)                     \
	X(C_Digest, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL), bad_or_idle, idle) \
	X(C_DigestUpdate, OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle, idle)               \
	X(C_DigestKey, OF_SESSION, (h, 0), (h, 0), NONE, no_digest_key)                            \
	X(C_DigestFinal, OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_idle, idle)              \
	X(C_SignInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels, no_key)               \
	X(C_Sign, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL), bad_or_idle, idle)   \
	X(C_SignUpdate, OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle, idle)                 \
	X(C_SignFinal, OF_SESSION, (h, out, &n), (h, out, NULL), bad_or_idle, idle)                \
	X(C_SignRecoverInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,        \
	  no_key_or_none)                                                                          \
	X(C_SignRecover, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL), bad_or_none,  \
	  idle_or_none)                                                                            \
	X(C_VerifyInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels, no_key)             \
	X(C_Verify, OF_SESSION, (h, data, 4, out, 4), (h, NULL, 4, NULL, 4), bad_or_idle, idle)    \
	X(C_VerifyUpdate, OF_SESSION, (h, data, 4), (h, NULL, 4), bad_or_idle, idle)               \
	X(C_VerifyFinal, OF_SESSION, (h, out, 4), (h, NULL, 4), bad_or_idle, idle)                 \
	X(C_VerifyRecoverInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,      \
	  no_key_or_none)                                                                          \
	X(C_VerifyRecover, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),             \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DigestEncryptUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),       \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DecryptDigestUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),       \
	  bad_or_none, idle_or_none)                                                               \
	X(C_SignEncryptUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),         \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DecryptVerifyUpdate, OF_SESSION, (h, data, 4, out, &n), (h, NULL, 4, out, NULL),       \
	  bad_or_none, idle_or_none)                                                               \
	X(C_GenerateKey, OF_SESSION, (h, &mechanism, &of_token, 1, &object),                       \
	  (h, NULL, NULL, 1, NULL), bad_create, no_generation)                                     \
	X(C_GenerateKeyPair, OF_SESSION,                                                           \
	  (h, &mechanism, NULL, 0, &of_token, 1, &object, &object_2),                              \
	  (h, NULL, NULL, 1, NULL, 1, NULL, NULL), bad_create, no_generation)                      \
	X(C_WrapKey, OF_SESSION, (h, &mechanism, 0, 0, out, &n), (h, NULL, 0, 0, out, NULL),       \
	  bad_other_key, no_wrap)                                                                  \
	X(C_UnwrapKey, OF_SESSION, (h, &mechanism, 0, data, 4, &attribute, 1, &object),            \
	  (h, NULL, 0, NULL, 4, NULL, 1, NULL), bad_other_key, no_unwrap)                          \
	X(C_DeriveKey, OF_SESSION, (h, &mechanism, 0, &attribute, 1, &object),                     \
	  (h, NULL, 0, NULL, 1, NULL), bad_other_key, no_derivation)                               \
	X(C_SeedRandom, OF_SESSION, (h, data, 4), (h, NULL, 4), bad_seeds, NONE)                   \
	X(C_GenerateRandom, OF_SESSION, (h, out, 4), (h, NULL, 4), bad_random, NONE)               \
	X(C_GetFunctionStatus, OF_SESSION, (h), (h), NONE, not_parallel)                           \
	X(C_CancelFunction, OF_SESSION, (h), (h), NONE, not_parallel)                              \
	X(C_Finalize, GENERAL, (NULL), (data), bad, NONE)

#define FUNCTIONS_3_0(X)                                                                           \
	X(C_LoginUser, OF_SESSION, (h, CKU_USER, data, 0, NULL, 0),                                \
	  (h, CKU_USER, NULL, 4, NULL, 4), bad_event, NONE)                                        \
	X(C_SessionCancel, OF_SESSION, (h, 0), (h, 0), NONE, NONE)                                 \
	X(C_MessageEncryptInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,     \
	  no_key_or_none)                                                                          \
	X(C_EncryptMessage, OF_SESSION, (h, NULL, 0, NULL, 0, data, 4, out, &n),                   \
	  (h, NULL, 4, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                    \
	X(C_EncryptMessageBegin, OF_SESSION, (h, NULL, 0, NULL, 0), (h, NULL, 4, NULL, 4),         \
	  bad_or_none, idle_or_none)                                                               \
	X(C_EncryptMessageNext, OF_SESSION, (h, NULL, 0, data, 4, out, &n, 0),                     \
	  (h, NULL, 4, NULL, 4, out, NULL, 0), bad_or_none, idle_or_none)                          \
	X(C_MessageEncryptFinal, OF_SESSION, (h), (h), NONE, idle_or_none)                         \
	X(C_MessageDecryptInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,     \
	  no_key_or_none)                                                                          \
	X(C_DecryptMessage, OF_SESSION, (h, NULL, 0, NULL, 0, data, 4, out, &n),                   \
	  (h, NULL, 4, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                    \
	X(C_DecryptMessageBegin, OF_SESSION, (h, NULL, 0, NULL, 0), (h, NULL, 4, NULL, 4),         \
	  bad_or_none, idle_or_none)                                                               \
	X(C_DecryptMessageNext, OF_SESSION, (h, NULL, 0, data, 4, out, &n, 0),                     \
	  (h, NULL, 4, NULL, 4, out, NULL, 0), bad_or_none, idle_or_none)                          \
	X(C_MessageDecryptFinal, OF_SESSION, (h), (h), NONE, idle_or_none)                         \
	X(C_MessageSignInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,        \
	  no_key_or_none)                                                                          \
	X(C_SignMessage, OF_SESSION, (h, NULL, 0, data, 4, out, &n),                               \
	  (h, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                             \
	X(C_SignMessageBegin, OF_SESSION, (h, NULL, 0), (h, NULL, 4), bad_or_none, idle_or_none)   \
	X(C_SignMessageNext, OF_SESSION, (h, NULL, 0, data, 4, out, &n),                           \
	  (h, NULL, 4, NULL, 4, out, NULL), bad_or_none, idle_or_none)                             \
	X(C_MessageSignFinal, OF_SESSION, (h), (h), NONE, idle_or_none)                            \
	X(C_MessageVerifyInit, OF_SESSION, (h, &mechanism, 0), (h, NULL, 0), cancels_or_none,      \
	  no_key_or_none)                                                                          \
	X(C_VerifyMessage, OF_SESSION, (h, NULL, 0, data, 4, out, 4),                              \
	  (h, NULL, 4, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                               \
	X(C_VerifyMessageBegin, OF_SESSION, (h, NULL, 0), (h, NULL, 4), bad_or_none, idle_or_none) \
	X(C_VerifyMessageNext, OF_SESSION, (h, NULL, 0, data, 4, out, 4),                          \
	  (h, NULL, 4, NULL, 4, NULL, 4), bad_or_none, idle_or_none)                               \
	X(C_MessageVerifyFinal, OF_SESSION, (h), (h), NONE, idle_or_none)

#define CALL_2_40(name, kind, good, null, null_set, idle_set)                                      \
	static CK_RV call_##name(CK_ULONG h, bool none)                                            \
	{                                                                                          \
		(void)h;                                                                           \
		return none ? v2->name null : v2->name good;                                       \
	}
#define CALL_3_0(name, kind, good, null, null_set, idle_set)                                       \
	static CK_RV call_##name(CK_ULONG h, bool none)                                            \
	{                                                                                          \
		return none ? target.new->name null : target.new->name good;                       \
	}
FUNCTIONS_2_40(CALL_2_40)
FUNCTIONS_3_0(CALL_3_0)

struct function {
	const char *name;
	bool is_3_0;
	enum kind kind;
	CK_RV (*call)(CK_ULONG handle, bool none);
	const CK_RV *none;
	const CK_RV *idle;
};

#define ROW_2_40(...) ROW(false, __VA_ARGS__)
#define ROW_3_0(...)  ROW(true, __VA_ARGS__)
#define ROW(is_new, name, kind, good, null, null_set, idle_set)                                    \
	{#name, is_new, kind, call_##name, null_set, idle_set},
static const struct function functions[] = {FUNCTIONS_2_40(ROW_2_40) FUNCTIONS_3_0(ROW_3_0)};

/* --- the cases --- */

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

	if (function->is_3_0 && target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	for (size_t i = 0; i < COUNT(lists) && !failed(); i++) {
		v2 = lists[i];
		if (v2 != NULL && (i == 1 || !function->is_3_0))
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
	CK_RV rv, other;

	v2 = p11;
	if (function->is_3_0 && target.new == NULL) {
		absent("no 3.0 interface");
		return;
	}
	find(session, NULL, 0, &there, 1);
	rv = function->call(handle, none);
	expect(none ? "without arguments" : "with good arguments", rv,
	       none ? function->none : function->idle);
	/* A function is offered or not, whatever it is called with. */
	if (none && function->idle != NULL) {
		other = function->call(handle, false);
		check((rv == CKR_FUNCTION_NOT_SUPPORTED) == (other == CKR_FUNCTION_NOT_SUPPORTED),
		      "offered for some arguments and not for others");
	}
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
	conform_run(function->is_3_0 ? "functions 3.0" : "functions 2.40", function->name, what,
		    level, run, function);
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
