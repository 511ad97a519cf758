/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Every call of a case goes through here: what each function has answered is noted, and with
 * --strict an answer that its clause does not list (clauses.c) is the failure of the case.
 */
#include "conform.h"

#include <pthread.h>

static CK_FUNCTION_LIST *old_list;
static struct jpki_function_list_3_0 *new_list;
static CK_RV (*real_interface)(CK_UTF8CHAR_PTR, CK_VERSION_PTR, CK_INTERFACE_PTR_PTR, CK_FLAGS);
static CK_RV (*real_interface_list)(CK_INTERFACE_PTR, CK_ULONG_PTR);
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

struct answers *answers;

static void keep(struct answers *one, CK_RV rv)
{
	one->calls++;
	for (size_t i = 0; i < one->count; i++) {
		if (one->codes[i] == rv)
			return;
	}
	if (one->count < CODES_MAX)
		one->codes[one->count++] = rv;
}

static CK_RV note(const char *function, CK_RV rv)
{
	size_t clause = clause_of(function);

	if (clause == clause_count)
		return rv;
	pthread_mutex_lock(&lock);
	keep(&answers[clause], rv);
	pthread_mutex_unlock(&lock);
	if (target.strict && rv != CKR_FUNCTION_NOT_SUPPORTED && !clause_lists(clause, rv))
		check(false, "%s answered %s, which its clause does not list", function,
		      rv_name(rv));
	return rv;
}

/* X(name, parameters, arguments) */
#define TRACED_2_40(X)                                                                             \
	X(C_Initialize, (CK_VOID_PTR a), (a))                                                      \
	X(C_Finalize, (CK_VOID_PTR a), (a))                                                        \
	X(C_GetInfo, (CK_INFO_PTR a), (a))                                                         \
	X(C_GetFunctionList, (CK_FUNCTION_LIST_PTR_PTR a), (a))                                    \
	X(C_GetSlotList, (CK_BBOOL a, CK_SLOT_ID_PTR b, CK_ULONG_PTR c), (a, b, c))                \
	X(C_GetSlotInfo, (CK_SLOT_ID a, CK_SLOT_INFO_PTR b), (a, b))                               \
	X(C_GetTokenInfo, (CK_SLOT_ID a, CK_TOKEN_INFO_PTR b), (a, b))                             \
	X(C_GetMechanismList, (CK_SLOT_ID a, CK_MECHANISM_TYPE_PTR b, CK_ULONG_PTR c), (a, b, c))  \
	X(C_GetMechanismInfo, (CK_SLOT_ID a, CK_MECHANISM_TYPE b, CK_MECHANISM_INFO_PTR c),        \
	  (a, b, c))                                                                               \
	X(C_InitToken, (CK_SLOT_ID a, CK_UTF8CHAR_PTR b, CK_ULONG c, CK_UTF8CHAR_PTR d),           \
	  (a, b, c, d))                                                                            \
	X(C_InitPIN, (H a, CK_UTF8CHAR_PTR b, CK_ULONG c), (a, b, c))                              \
	X(C_SetPIN, (H a, CK_UTF8CHAR_PTR b, CK_ULONG c, CK_UTF8CHAR_PTR d, CK_ULONG e),           \
	  (a, b, c, d, e))                                                                         \
	X(C_OpenSession,                                                                           \
	  (CK_SLOT_ID a, CK_FLAGS b, CK_VOID_PTR c, CK_NOTIFY d, CK_SESSION_HANDLE_PTR e),         \
	  (a, b, c, d, e))                                                                         \
	X(C_CloseSession, (H a), (a))                                                              \
	X(C_CloseAllSessions, (CK_SLOT_ID a), (a))                                                 \
	X(C_GetSessionInfo, (H a, CK_SESSION_INFO_PTR b), (a, b))                                  \
	X(C_GetOperationState, (H a, CK_BYTE_PTR b, CK_ULONG_PTR c), (a, b, c))                    \
	X(C_SetOperationState,                                                                     \
	  (H a, CK_BYTE_PTR b, CK_ULONG c, CK_OBJECT_HANDLE d, CK_OBJECT_HANDLE e),                \
	  (a, b, c, d, e))                                                                         \
	X(C_Login, (H a, CK_USER_TYPE b, CK_UTF8CHAR_PTR c, CK_ULONG d), (a, b, c, d))             \
	X(C_Logout, (H a), (a))                                                                    \
	X(C_CreateObject, (H a, CK_ATTRIBUTE_PTR b, CK_ULONG c, CK_OBJECT_HANDLE_PTR d),           \
	  (a, b, c, d))                                                                            \
	X(C_CopyObject,                                                                            \
	  (H a, CK_OBJECT_HANDLE b, CK_ATTRIBUTE_PTR c, CK_ULONG d, CK_OBJECT_HANDLE_PTR e),       \
	  (a, b, c, d, e))                                                                         \
	X(C_DestroyObject, (H a, CK_OBJECT_HANDLE b), (a, b))                                      \
	X(C_GetObjectSize, (H a, CK_OBJECT_HANDLE b, CK_ULONG_PTR c), (a, b, c))                   \
	X(C_GetAttributeValue, (H a, CK_OBJECT_HANDLE b, CK_ATTRIBUTE_PTR c, CK_ULONG d),          \
	  (a, b, c, d))                                                                            \
	X(C_SetAttributeValue, (H a, CK_OBJECT_HANDLE b, CK_ATTRIBUTE_PTR c, CK_ULONG d),          \
	  (a, b, c, d))                                                                            \
	X(C_FindObjectsInit, (H a, CK_ATTRIBUTE_PTR b, CK_ULONG c), (a, b, c))                     \
	X(C_FindObjects, (H a, CK_OBJECT_HANDLE_PTR b, CK_ULONG c, CK_ULONG_PTR d), (a, b, c, d))  \
	X(C_FindObjectsFinal, (H a), (a))                                                          \
	X(C_EncryptInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))                 \
	X(C_Encrypt, DATA_OUT, (a, b, c, d, e))                                                    \
	X(C_EncryptUpdate, DATA_OUT, (a, b, c, d, e))                                              \
	X(C_EncryptFinal, (H a, CK_BYTE_PTR b, CK_ULONG_PTR c), (a, b, c))                         \
	X(C_DecryptInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))                 \
	X(C_Decrypt, DATA_OUT, (a, b, c, d, e))                                                    \
	X(C_DecryptUpdate, DATA_OUT, (a, b, c, d, e))                                              \
	X(C_DecryptFinal, (H a, CK_BYTE_PTR b, CK_ULONG_PTR c), (a, b, c))                         \
	X(C_DigestInit, (H a, CK_MECHANISM_PTR b), (a, b))                                         \
	X(C_Digest, DATA_OUT, (a, b, c, d, e))                                                     \
	X(C_DigestUpdate, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                             \
	X(C_DigestKey, (H a, CK_OBJECT_HANDLE b), (a, b))                                          \
	X(C_DigestFinal, (H a, CK_BYTE_PTR b, CK_ULONG_PTR c), (a, b, c))                          \
	X(C_SignInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))                    \
	X(C_Sign, DATA_OUT, (a, b, c, d, e))                                                       \
	X(C_SignUpdate, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                               \
	X(C_SignFinal, (H a, CK_BYTE_PTR b, CK_ULONG_PTR c), (a, b, c))                            \
	X(C_SignRecoverInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))             \
	X(C_SignRecover, DATA_OUT, (a, b, c, d, e))                                                \
	X(C_VerifyInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))                  \
	X(C_Verify, (H a, CK_BYTE_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e), (a, b, c, d, e))  \
	X(C_VerifyUpdate, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                             \
	X(C_VerifyFinal, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                              \
	X(C_VerifyRecoverInit, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))           \
	X(C_VerifyRecover, DATA_OUT, (a, b, c, d, e))                                              \
	X(C_DigestEncryptUpdate, DATA_OUT, (a, b, c, d, e))                                        \
	X(C_DecryptDigestUpdate, DATA_OUT, (a, b, c, d, e))                                        \
	X(C_SignEncryptUpdate, DATA_OUT, (a, b, c, d, e))                                          \
	X(C_DecryptVerifyUpdate, DATA_OUT, (a, b, c, d, e))                                        \
	X(C_GenerateKey,                                                                           \
	  (H a, CK_MECHANISM_PTR b, CK_ATTRIBUTE_PTR c, CK_ULONG d, CK_OBJECT_HANDLE_PTR e),       \
	  (a, b, c, d, e))                                                                         \
	X(C_GenerateKeyPair,                                                                       \
	  (H a, CK_MECHANISM_PTR b, CK_ATTRIBUTE_PTR c, CK_ULONG d, CK_ATTRIBUTE_PTR e,            \
	   CK_ULONG f, CK_OBJECT_HANDLE_PTR g, CK_OBJECT_HANDLE_PTR i),                            \
	  (a, b, c, d, e, f, g, i))                                                                \
	X(C_WrapKey,                                                                               \
	  (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c, CK_OBJECT_HANDLE d, CK_BYTE_PTR e,         \
	   CK_ULONG_PTR f),                                                                        \
	  (a, b, c, d, e, f))                                                                      \
	X(C_UnwrapKey,                                                                             \
	  (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c, CK_BYTE_PTR d, CK_ULONG e,                 \
	   CK_ATTRIBUTE_PTR f, CK_ULONG g, CK_OBJECT_HANDLE_PTR i),                                \
	  (a, b, c, d, e, f, g, i))                                                                \
	X(C_DeriveKey,                                                                             \
	  (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c, CK_ATTRIBUTE_PTR d, CK_ULONG e,            \
	   CK_OBJECT_HANDLE_PTR f),                                                                \
	  (a, b, c, d, e, f))                                                                      \
	X(C_SeedRandom, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                               \
	X(C_GenerateRandom, (H a, CK_BYTE_PTR b, CK_ULONG c), (a, b, c))                           \
	X(C_GetFunctionStatus, (H a), (a))                                                         \
	X(C_CancelFunction, (H a), (a))                                                            \
	X(C_WaitForSlotEvent, (CK_FLAGS a, CK_SLOT_ID_PTR b, CK_VOID_PTR c), (a, b, c))

/* A family of five: what it does, as in C_MessageEncryptInit and C_EncryptMessage. */
#define TRACED_FAMILY(X, does, at_once, begin, next, once_args, begin_args, next_args)             \
	X(C_Message##does##Init, (H a, CK_MECHANISM_PTR b, CK_OBJECT_HANDLE c), (a, b, c))         \
	X(C_##does##Message, at_once, once_args)                                                   \
	X(C_##does##MessageBegin, begin, begin_args)                                               \
	X(C_##does##MessageNext, next, next_args)                                                  \
	X(C_Message##does##Final, (H a), (a))

#define TRACED_3_0(X)                                                                              \
	X(C_LoginUser,                                                                             \
	  (H a, CK_USER_TYPE b, CK_UTF8CHAR_PTR c, CK_ULONG d, CK_UTF8CHAR_PTR e, CK_ULONG f),     \
	  (a, b, c, d, e, f))                                                                      \
	X(C_SessionCancel, (H a, CK_FLAGS b), (a, b))                                              \
	TRACED_FAMILY(X, Encrypt, CRYPT, CRYPT_BEGIN, CRYPT_NEXT, (a, b, c, d, e, f, g, i, j),     \
		      (a, b, c, d, e), (a, b, c, d, e, f, g, i))                                   \
	TRACED_FAMILY(X, Decrypt, CRYPT, CRYPT_BEGIN, CRYPT_NEXT, (a, b, c, d, e, f, g, i, j),     \
		      (a, b, c, d, e), (a, b, c, d, e, f, g, i))                                   \
	TRACED_FAMILY(X, Sign, MESSAGE_OUT, MESSAGE_BEGIN, MESSAGE_OUT, (a, b, c, d, e, f, g),     \
		      (a, b, c), (a, b, c, d, e, f, g))                                            \
	TRACED_FAMILY(X, Verify, MESSAGE_IN, MESSAGE_BEGIN, MESSAGE_IN, (a, b, c, d, e, f, g),     \
		      (a, b, c), (a, b, c, d, e, f, g))

#define H        CK_SESSION_HANDLE
#define DATA_OUT (H a, CK_BYTE_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG_PTR e)
#define CRYPT                                                                                      \
	(H a, CK_VOID_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e, CK_BYTE_PTR f, CK_ULONG g,     \
	 CK_BYTE_PTR i, CK_ULONG_PTR j)
#define CRYPT_BEGIN (H a, CK_VOID_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e)
#define CRYPT_NEXT                                                                                 \
	(H a, CK_VOID_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e, CK_BYTE_PTR f, CK_ULONG_PTR g, \
	 CK_FLAGS i)
#define MESSAGE_OUT                                                                                \
	(H a, CK_VOID_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e, CK_BYTE_PTR f, CK_ULONG_PTR g)
#define MESSAGE_IN                                                                                 \
	(H a, CK_VOID_PTR b, CK_ULONG c, CK_BYTE_PTR d, CK_ULONG e, CK_BYTE_PTR f, CK_ULONG g)
#define MESSAGE_BEGIN (H a, CK_VOID_PTR b, CK_ULONG c)

#define THROUGH_OLD(name, parameters, arguments)                                                   \
	static CK_RV old_##name parameters                                                         \
	{                                                                                          \
		return note(#name, old_list->name arguments);                                      \
	}
#define THROUGH_NEW(name, parameters, arguments)                                                   \
	static CK_RV new_##name parameters                                                         \
	{                                                                                          \
		return note(#name, new_list->v2.name arguments);                                   \
	}
#define THROUGH_NEW_3_0(name, parameters, arguments)                                               \
	static CK_RV new_##name parameters                                                         \
	{                                                                                          \
		return note(#name, new_list->name arguments);                                      \
	}
TRACED_2_40(THROUGH_OLD)
TRACED_2_40(THROUGH_NEW)
TRACED_3_0(THROUGH_NEW_3_0)

static CK_RV get_interface_list(CK_INTERFACE_PTR list, CK_ULONG_PTR count)
{
	return note("C_GetInterfaceList", real_interface_list(list, count));
}

static CK_RV get_interface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
			   CK_INTERFACE_PTR_PTR interface, CK_FLAGS flags)
{
	return note("C_GetInterface", real_interface(name, version, interface, flags));
}

/* Those of the new list, called as members of it, are counted too. */
static CK_RV listed_interface_list(CK_INTERFACE_PTR list, CK_ULONG_PTR count)
{
	return note("C_GetInterfaceList", new_list->C_GetInterfaceList(list, count));
}

static CK_RV listed_interface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
			      CK_INTERFACE_PTR_PTR interface, CK_FLAGS flags)
{
	return note("C_GetInterface", new_list->C_GetInterface(name, version, interface, flags));
}

#define OLD_MEMBER(name, parameters, arguments) .name = old_##name,
#define NEW_MEMBER(name, parameters, arguments) .name = new_##name,

static CK_FUNCTION_LIST traced_old = {TRACED_2_40(OLD_MEMBER)};
static struct jpki_function_list_3_0 traced_new = {.v2 = {TRACED_2_40(NEW_MEMBER)},
						   .C_GetInterfaceList = listed_interface_list,
						   .C_GetInterface = listed_interface,
						   TRACED_3_0(NEW_MEMBER)};

void trace_module(void)
{
	answers = conform_shared(clause_count * sizeof(*answers));
	target.real_old = old_list = target.old;
	traced_old.version = old_list->version;
	p11 = target.old = &traced_old;
	if (target.get_interface_list != NULL) {
		real_interface_list = target.get_interface_list;
		target.get_interface_list = get_interface_list;
	}
	if (target.get_interface != NULL) {
		real_interface = target.get_interface;
		target.get_interface = get_interface;
	}
	if (target.new != NULL) {
		target.real_new = new_list = target.new;
		traced_new.v2.version = new_list->v2.version;
		target.new = &traced_new;
		p11 = &traced_new.v2;
	}
}
