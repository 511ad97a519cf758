/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What 3.0 adds: interfaces (§5.4.5, §5.4.6), C_LoginUser, C_SessionCancel (§5.6.5, §5.6.9). */
#include "conform.h"

#define INTERFACES_MAX 16

static CK_UTF8CHAR standard_name[] = "PKCS 11";

static bool has_interfaces(void)
{
	if (target.get_interface != NULL && target.get_interface_list != NULL)
		return true;
	absent("C_GetInterface and C_GetInterfaceList are not exported");
	return false;
}

static bool has_new(void)
{
	if (target.new == NULL)
		absent("no 3.0 interface");
	return target.new != NULL;
}

static void interface_list(void)
{
	CK_INTERFACE list[INTERFACES_MAX + 1];
	CK_ULONG wanted = 0;
	CK_ULONG count;

	if (!has_interfaces())
		return;
	EXPECT(target.get_interface_list(NULL, NULL), CKR_ARGUMENTS_BAD);
	EXPECT(target.get_interface_list(list, NULL), CKR_ARGUMENTS_BAD);
	EXPECT(target.get_interface_list(NULL, &wanted), CKR_OK);
	CHECK(wanted > 0 && wanted <= INTERFACES_MAX);
	count = wanted - 1;
	EXPECT(target.get_interface_list(list, &count), CKR_BUFFER_TOO_SMALL);
	CHECK(count == wanted);
	count = INTERFACES_MAX;
	EXPECT(target.get_interface_list(list, &count), CKR_OK);
	CHECK(count == wanted);
	for (CK_ULONG i = 0; i < count && !failed(); i++)
		CHECK(list[i].pInterfaceName != NULL && list[i].pFunctionList != NULL);
}

static void interface_default(void)
{
	CK_INTERFACE *interface = NULL;
	CK_INTERFACE *named = NULL;

	if (!has_interfaces())
		return;
	EXPECT(target.get_interface(NULL, NULL, NULL, 0), CKR_ARGUMENTS_BAD);
	if (!EXPECT(target.get_interface(NULL, NULL, &interface, 0), CKR_OK) ||
	    !EXPECT(target.get_interface(standard_name, NULL, &named, 0), CKR_OK))
		return;
	CHECK(interface != NULL && named != NULL);
	CHECK(strcmp((const char *)named->pInterfaceName, "PKCS 11") == 0);
}

/* The version that is asked for, and no other. */
static void interface_version(void)
{
	CK_VERSION wanted = {3, 0};
	CK_INTERFACE *interface = NULL;

	if (!has_interfaces() || !has_new())
		return;
	wanted = target.new->v2.version;
	EXPECT(target.get_interface(standard_name, &wanted, &interface, 0), CKR_OK);
	CHECK(interface != NULL && interface->pFunctionList != NULL);
	if (!failed())
		CHECK(memcmp(interface->pFunctionList, &wanted, sizeof(wanted)) == 0);
	wanted = (CK_VERSION){99, 0};
	EXPECT(target.get_interface(standard_name, &wanted, &interface, 0), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_FAILED);
}

static void interface_unknown(void)
{
	CK_UTF8CHAR name[] = "no such interface";
	CK_INTERFACE *interface = NULL;

	if (!has_interfaces())
		return;
	EXPECT(target.get_interface(name, NULL, &interface, 0), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_FAILED);
}

/* What is fork-safe is said by a flag, and one that is not is not given for it. */
static void interface_flags(void)
{
	CK_INTERFACE *interface = NULL;
	CK_RV rv;

	if (!has_interfaces())
		return;
	rv = target.get_interface(NULL, NULL, &interface, CKF_INTERFACE_FORK_SAFE);
	if (rv == CKR_OK)
		CHECK((interface->flags & CKF_INTERFACE_FORK_SAFE) != 0);
	else
		EXPECT(rv, CKR_ARGUMENTS_BAD, CKR_FUNCTION_FAILED);
}

/* The lists are there before C_Initialize, and one calls into the same library as the other. */
static void interface_same_library(void)
{
	CK_ULONG count = 0;

	if (!has_interfaces() || !has_new())
		return;
	EXPECT(target.old->C_Initialize(NULL), CKR_OK);
	EXPECT(target.new->v2.C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	EXPECT(target.new->v2.C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	EXPECT(target.new->v2.C_Finalize(NULL), CKR_OK);
	EXPECT(target.old->C_GetSlotList(CK_FALSE, NULL, &count), CKR_CRYPTOKI_NOT_INITIALIZED);
}

/* --- C_LoginUser --- */

static CK_RV login_user(CK_USER_TYPE type)
{
	return target.new->C_LoginUser(session, type, target.pin, target.pin_length, NULL, 0);
}

static bool has_login_user(void)
{
	CK_RV rv;

	if (!has_new())
		return false;
	rv = target.new->C_LoginUser(session, 17, NULL, 0, NULL, 0);
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && !target.strict)
		absent("C_LoginUser is not offered");
	return !failed();
}

static void login_user_plain(void)
{
	if (!has_login_user())
		return;
	EXPECT(login_user(CKU_USER), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
	EXPECT(login_user(CKU_USER), CKR_USER_ALREADY_LOGGED_IN);
	EXPECT(login(session), CKR_USER_ALREADY_LOGGED_IN);
	EXPECT(p11->C_Logout(session), CKR_OK);
	EXPECT(login_user(CKU_USER), CKR_OK);
}

static void login_user_types(void)
{
	if (!has_login_user())
		return;
	EXPECT(login_user(17), CKR_USER_TYPE_INVALID);
	EXPECT(login_user(CKU_SO), CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_TYPE_INVALID);
	EXPECT(login_user(CKU_CONTEXT_SPECIFIC), CKR_OPERATION_NOT_INITIALIZED);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void login_user_null(void)
{
	if (!has_login_user())
		return;
	EXPECT(target.new->C_LoginUser(session, CKU_USER, target.pin, target.pin_length, NULL, 3),
	       CKR_ARGUMENTS_BAD);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

/* --- C_SessionCancel --- */

static bool has_cancel(void)
{
	CK_RV rv;

	if (!has_new())
		return false;
	rv = target.new->C_SessionCancel(session, 0);
	if (rv == CKR_FUNCTION_NOT_SUPPORTED && !target.strict)
		absent("C_SessionCancel is not offered");
	return !failed();
}

static void cancel_none(void)
{
	if (!has_cancel())
		return;
	EXPECT(target.new->C_SessionCancel(session, 0), CKR_OK);
	EXPECT(target.new->C_SessionCancel(session, CKF_SIGN | CKF_DIGEST | CKF_FIND_OBJECTS),
	       CKR_OK);
}

static void cancel_search(void)
{
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	if (!has_cancel())
		return;
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(target.new->C_SessionCancel(session, CKF_FIND_OBJECTS), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
	CHECK(find(session, NULL, 0, &object, 1) > 0);
}

static void cancel_digest(void)
{
	CK_MECHANISM mechanism = {CKM_SHA256, NULL, 0};
	CK_BYTE data = 0;

	if (!has_cancel())
		return;
	if (!has_mechanism(CKM_SHA256, CKF_DIGEST)) {
		absent("no SHA-256");
		return;
	}
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, &data, 1), CKR_OK);
	EXPECT(target.new->C_SessionCancel(session, CKF_DIGEST), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, &data, 1), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_DigestInit(session, &mechanism), CKR_OK);
	EXPECT(p11->C_DigestInit(session, NULL), CKR_OK);
	EXPECT(p11->C_DigestUpdate(session, &data, 1), CKR_OPERATION_NOT_INITIALIZED);
}

/* Only what the flags name. */
static void cancel_one_of_two(void)
{
	CK_MECHANISM mechanism;
	CK_BYTE data[32] = {0};
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	if (!has_cancel() || !any_signing(&mechanism))
		return;
	EXPECT(sign_init(&mechanism), CKR_OK);
	if (!alone_or_beside(p11->C_FindObjectsInit(session, NULL, 0)))
		return;
	EXPECT(target.new->C_SessionCancel(session, CKF_SIGN), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data, sizeof(data)), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
	EXPECT(sign_init(&mechanism), CKR_OK);
	EXPECT(target.new->C_SessionCancel(session, CKF_VERIFY | CKF_FIND_OBJECTS), CKR_OK);
	EXPECT(p11->C_SignUpdate(session, data, sizeof(data)), CKR_OK);
}

static void cancel_elsewhere(void)
{
	CK_SESSION_HANDLE other = 0;
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	if (!has_cancel())
		return;
	EXPECT(open_session(0, &other), CKR_OK);
	EXPECT(p11->C_FindObjectsInit(other, NULL, 0), CKR_OK);
	EXPECT(target.new->C_SessionCancel(session, CKF_FIND_OBJECTS), CKR_OK);
	EXPECT(p11->C_FindObjects(other, &object, 1, &count), CKR_OK);
}

static const struct conform_case cases[] = {
	{"C_GetInterfaceList", "in two calls, with too small a buffer, without pointers", BARE,
	 interface_list},
	{"C_GetInterface", "without a wish, and by the standard's name", BARE, interface_default},
	{"C_GetInterface", "of a version", BARE, interface_version},
	{"C_GetInterface", "by an unknown name", BARE, interface_unknown},
	{"C_GetInterface", "with CKF_INTERFACE_FORK_SAFE", BARE, interface_flags},
	{"C_GetInterface", "all lists are of one library", BARE, interface_same_library},
	{"C_LoginUser", "without a name is C_Login", OPEN, login_user_plain},
	{"C_LoginUser", "of other user types", OPEN, login_user_types},
	{"C_LoginUser", "with the length of a name alone", OPEN, login_user_null},
	{"C_SessionCancel", "where nothing is active", OPEN, cancel_none},
	{"C_SessionCancel", "ends a search", OPEN, cancel_search},
	{"C_SessionCancel", "and a NULL mechanism end a digest", OPEN, cancel_digest},
	{"C_SessionCancel", "ends only what it names", KEY, cancel_one_of_two},
	{"C_SessionCancel", "leaves other sessions alone", OPEN, cancel_elsewhere},
};

const struct chapter chapter_version_3 = {"version 3.0", cases, COUNT(cases)};
