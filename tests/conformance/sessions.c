/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions: 2.40 §5.6, 3.0 §5.6, and the states that they name. */
#include "conform.h"

#define MANY 100

static void open_parallel(void)
{
	CK_SESSION_HANDLE handle;

	EXPECT(p11->C_OpenSession(target.slot, 0, NULL, NULL, &handle),
	       CKR_SESSION_PARALLEL_NOT_SUPPORTED);
	EXPECT(p11->C_OpenSession(target.slot, CKF_RW_SESSION, NULL, NULL, &handle),
	       CKR_SESSION_PARALLEL_NOT_SUPPORTED);
}

static CK_RV ignore(CK_SESSION_HANDLE handle, CK_NOTIFICATION event, CK_VOID_PTR application)
{
	(void)handle;
	(void)event;
	(void)application;
	return CKR_OK;
}

static void open_callback(void)
{
	CK_SESSION_HANDLE handle;

	EXPECT(p11->C_OpenSession(target.slot, CKF_SERIAL_SESSION, &handle, ignore, &handle),
	       CKR_OK);
	CHECK(state_of(handle) == CKS_RO_PUBLIC_SESSION);
}

static void open_many(void)
{
	CK_SESSION_HANDLE handles[MANY];

	if (target.token.ulMaxSessionCount != CK_EFFECTIVELY_INFINITE &&
	    target.token.ulMaxSessionCount != CK_UNAVAILABLE_INFORMATION &&
	    target.token.ulMaxSessionCount < MANY) {
		absent("the token has fewer sessions");
		return;
	}
	for (size_t i = 0; i < MANY && !failed(); i++) {
		EXPECT(open_session(0, &handles[i]), CKR_OK);
		CHECK(handles[i] != CK_INVALID_HANDLE);
		for (size_t j = 0; j < i; j++)
			CHECK(handles[j] != handles[i]);
	}
	for (size_t i = 0; i < MANY && !failed(); i++)
		EXPECT(p11->C_CloseSession(handles[i]), CKR_OK);
}

static void info_of(CK_FLAGS flags, CK_STATE state)
{
	CK_SESSION_INFO info;

	memset(&info, 0xaa, sizeof(info));
	EXPECT(p11->C_GetSessionInfo(session, &info), CKR_OK);
	CHECK(info.slotID == target.slot);
	CHECK(info.flags == flags);
	CHECK(info.state == state);
}

static void info_read_only(void)
{
	info_of(CKF_SERIAL_SESSION, CKS_RO_PUBLIC_SESSION);
}

static void info_read_write(void)
{
	info_of(CKF_SERIAL_SESSION | CKF_RW_SESSION, CKS_RW_PUBLIC_SESSION);
}

static void info_user(void)
{
	info_of(CKF_SERIAL_SESSION, CKS_RO_USER_FUNCTIONS);
}

/* A login is the token's: all sessions change, and those that are opened later are logged in. */
static void states_together(void)
{
	CK_SESSION_HANDLE read_only = 0;
	CK_SESSION_HANDLE read_write = 0;

	EXPECT(open_session(0, &read_only), CKR_OK);
	EXPECT(login(session), CKR_OK);
	CHECK(state_of(session) == CKS_RW_USER_FUNCTIONS);
	CHECK(state_of(read_only) == CKS_RO_USER_FUNCTIONS);
	EXPECT(open_session(CKF_RW_SESSION, &read_write), CKR_OK);
	CHECK(state_of(read_write) == CKS_RW_USER_FUNCTIONS);
	EXPECT(p11->C_Logout(read_only), CKR_OK);
	CHECK(state_of(session) == CKS_RW_PUBLIC_SESSION);
	CHECK(state_of(read_only) == CKS_RO_PUBLIC_SESSION);
	CHECK(state_of(read_write) == CKS_RW_PUBLIC_SESSION);
}

static void last_closed(void)
{
	CK_SESSION_HANDLE other = 0;

	EXPECT(open_session(0, &other), CKR_OK);
	EXPECT(p11->C_CloseSession(session), CKR_OK);
	CHECK(state_of(other) == CKS_RO_USER_FUNCTIONS);
	EXPECT(p11->C_CloseSession(other), CKR_OK);
	EXPECT(open_session(0, &other), CKR_OK);
	CHECK(state_of(other) == CKS_RO_PUBLIC_SESSION);
}

static void close_all(void)
{
	CK_SESSION_HANDLE other = 0;
	CK_SESSION_INFO info;

	EXPECT(open_session(0, &other), CKR_OK);
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK);
	EXPECT(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(p11->C_GetSessionInfo(other, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(open_session(0, &session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void close_all_of_none(void)
{
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK);
	EXPECT(p11->C_CloseAllSessions(target.slot), CKR_OK);
}

/* Sessions of one token are no business of the others. */
static void close_all_of_one_token(void)
{
	CK_SLOT_ID slots[64];
	CK_ULONG count = COUNT(slots);
	CK_SESSION_HANDLE other = 0;
	CK_SESSION_INFO info;

	EXPECT(p11->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
	for (CK_ULONG i = 0; i < count && other == 0; i++) {
		if (slots[i] != target.slot &&
		    p11->C_OpenSession(slots[i], CKF_SERIAL_SESSION, NULL, NULL, &other) != CKR_OK)
			other = 0;
	}
	if (other == 0) {
		absent("there is no second token");
		return;
	}
	EXPECT(p11->C_GetSessionInfo(other, &info), CKR_OK);
	CHECK(info.state == CKS_RO_PUBLIC_SESSION);
	EXPECT(p11->C_CloseAllSessions(info.slotID), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

/* A search or a digest belongs to its session. */
static void operations_apart(void)
{
	CK_SESSION_HANDLE other = 0;
	CK_OBJECT_HANDLE object;
	CK_ULONG count = 0;

	EXPECT(open_session(0, &other), CKR_OK);
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_FindObjects(other, &object, 1, &count), CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_FindObjectsInit(other, NULL, 0), CKR_OK);
	EXPECT(p11->C_CloseSession(other), CKR_OK);
	EXPECT(p11->C_FindObjects(session, &object, 1, &count), CKR_OK);
	EXPECT(p11->C_FindObjectsFinal(session), CKR_OK);
}

static void operation_state(void)
{
	CK_BYTE state[4096];
	CK_ULONG length = sizeof(state);

	EXPECT(p11->C_GetOperationState(session, state, &length), CKR_OPERATION_NOT_INITIALIZED,
	       CKR_FUNCTION_NOT_SUPPORTED, CKR_STATE_UNSAVEABLE);
	EXPECT(p11->C_SetOperationState(session, state, 16, 0, 0), CKR_SAVED_STATE_INVALID,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static const struct conform_case session_cases[] = {
	{"5.6 | 5.6.1", "C_OpenSession without CKF_SERIAL_SESSION", READY, open_parallel},
	{"5.6 | 5.6.1", "C_OpenSession with a callback", READY, open_callback},
	{"5.6 | 5.6.1", "a hundred sessions, each with its own handle", READY, open_many},
	{"5.6 | 5.6.4", "C_GetSessionInfo of a read-only session", OPEN, info_read_only},
	{"5.6 | 5.6.4", "C_GetSessionInfo of a read-write session", OPEN_RW, info_read_write},
	{"5.6 | 5.6.4", "C_GetSessionInfo of a user's session", USER, info_user},
	{"5.6 | 5.6.8", "all sessions with a token change their state together", OPEN_RW,
	 states_together},
	{"5.6 | 5.6.2", "the login ends with the last session", USER, last_closed},
	{"5.6 | 5.6.3", "C_CloseAllSessions ends sessions and login", USER, close_all},
	{"5.6 | 5.6.3", "C_CloseAllSessions where there are none", READY, close_all_of_none},
	{"5.6 | 5.6.3", "C_CloseAllSessions leaves other tokens alone", USER,
	 close_all_of_one_token},
	{"5.7 | 5.7.7", "operations of two sessions do not meet", OPEN, operations_apart},
	{"5.6 | 5.6.6", "C_GetOperationState and C_SetOperationState without one", OPEN,
	 operation_state},
};

const struct chapter chapter_sessions = {"sessions", session_cases, COUNT(session_cases)};

/* --- login ------------------------------------------------------------------------------------ */

static void login_and_out(void)
{
	EXPECT(login(session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
	EXPECT(p11->C_Logout(session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void login_twice(void)
{
	EXPECT(login(session), CKR_USER_ALREADY_LOGGED_IN);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

static void login_twice_elsewhere(void)
{
	CK_SESSION_HANDLE other = 0;

	EXPECT(open_session(0, &other), CKR_OK);
	EXPECT(login(other), CKR_USER_ALREADY_LOGGED_IN);
}

static void login_again(void)
{
	EXPECT(p11->C_Logout(session), CKR_OK);
	EXPECT(login(session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

static void logout_twice(void)
{
	EXPECT(p11->C_Logout(session), CKR_OK);
	EXPECT(p11->C_Logout(session), CKR_USER_NOT_LOGGED_IN);
}

static void logout_first(void)
{
	EXPECT(p11->C_Logout(session), CKR_USER_NOT_LOGGED_IN);
}

/* With a read-only session the security officer cannot log in, so that no PIN is looked at. */
static void officer_read_only(void)
{
	EXPECT(p11->C_Login(session, CKU_SO, target.pin, target.pin_length),
	       CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void officer_write_protected(void)
{
	if ((target.token.flags & CKF_WRITE_PROTECTED) == 0) {
		absent("the token may have a security officer, whose PIN is not known");
		return;
	}
	EXPECT(p11->C_Login(session, CKU_SO, target.pin, target.pin_length), CKR_USER_TYPE_INVALID,
	       CKR_USER_PIN_NOT_INITIALIZED, CKR_TOKEN_WRITE_PROTECTED);
	CHECK(state_of(session) == CKS_RW_PUBLIC_SESSION);
}

static void officer_beside_user(void)
{
	EXPECT(p11->C_Login(session, CKU_SO, target.pin, target.pin_length),
	       CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_SESSION_READ_ONLY_EXISTS,
	       CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

static void unknown_user(void)
{
	EXPECT(p11->C_Login(session, 17, target.pin, target.pin_length), CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void context_without_operation(void)
{
	EXPECT(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, target.pin, target.pin_length),
	       CKR_OPERATION_NOT_INITIALIZED);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

/* A search is no operation that a key is used in. */
static void context_in_search(void)
{
	EXPECT(p11->C_FindObjectsInit(session, NULL, 0), CKR_OK);
	EXPECT(p11->C_Login(session, CKU_CONTEXT_SPECIFIC, target.pin, target.pin_length),
	       CKR_OPERATION_NOT_INITIALIZED);
}

/* Without a path of its own for the PIN, a token needs one from the program. */
static void login_without_pin(void)
{
	if ((target.token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		absent("the token asks for the PIN by itself");
		return;
	}
	EXPECT(p11->C_Login(session, CKU_USER, NULL, 0), CKR_ARGUMENTS_BAD, CKR_PIN_INCORRECT,
	       CKR_PIN_LEN_RANGE);
	EXPECT(p11->C_Login(session, CKU_USER, NULL, target.pin_length), CKR_ARGUMENTS_BAD);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void wrong_pin(void)
{
	if (target.wrong_pin == NULL) {
		absent("no --wrong-pin was given");
		return;
	}
	EXPECT(p11->C_Login(session, CKU_USER, target.wrong_pin,
			    strlen((const char *)target.wrong_pin)),
	       CKR_PIN_INCORRECT);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
	/* The right one gives the tries back. */
	EXPECT(login(session), CKR_OK);
}

/* --- C_SetPIN, with nothing that a token would take --- */

static CK_RV set_pin(CK_UTF8CHAR *new_pin, CK_ULONG length)
{
	return p11->C_SetPIN(session, target.pin, target.pin_length, new_pin, length);
}

static void set_pin_read_only(void)
{
	EXPECT(set_pin(target.pin, target.pin_length), CKR_SESSION_READ_ONLY,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static void set_pin_too_long(void)
{
	static CK_UTF8CHAR digits[512];

	memset(digits, '1', sizeof(digits));
	if (target.token.ulMaxPinLen >= sizeof(digits)) {
		absent("there is no PIN that is too long");
		return;
	}
	EXPECT(set_pin(digits, target.token.ulMaxPinLen + 1), CKR_PIN_LEN_RANGE,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
}

static void set_pin_too_short(void)
{
	if (target.token.ulMinPinLen < 2) {
		absent("there is no PIN that is too short");
		return;
	}
	EXPECT(set_pin(target.pin, target.token.ulMinPinLen - 1), CKR_PIN_LEN_RANGE,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(login(session), CKR_OK);
}

static void set_pin_null(void)
{
	if ((target.token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		absent("the token asks for the PIN by itself");
		return;
	}
	EXPECT(p11->C_SetPIN(session, NULL, 4, target.pin, target.pin_length), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
	EXPECT(p11->C_SetPIN(session, target.pin, target.pin_length, NULL, 4), CKR_ARGUMENTS_BAD,
	       CKR_FUNCTION_NOT_SUPPORTED);
}

static const struct conform_case login_cases[] = {
	{"5.6 | 5.6.8", "C_Login and C_Logout", OPEN, login_and_out},
	{"5.6 | 5.6.8", "C_Login twice", USER, login_twice},
	{"5.6 | 5.6.8", "C_Login in another session of the token", USER, login_twice_elsewhere},
	{"5.6 | 5.6.8", "C_Login after C_Logout", USER, login_again},
	{"5.6 | 5.6.10", "C_Logout twice", USER, logout_twice},
	{"5.6 | 5.6.10", "C_Logout without a login", OPEN, logout_first},
	{"5.6 | 5.6.8", "C_Login(CKU_SO) beside a read-only session", OPEN, officer_read_only},
	{"5.6 | 5.6.8", "C_Login(CKU_SO) on a write-protected token", OPEN_RW,
	 officer_write_protected},
	{"5.6 | 5.6.8", "C_Login(CKU_SO) beside the user", USER, officer_beside_user},
	{"5.6 | 5.6.8", "C_Login of an unknown user type", OPEN, unknown_user},
	{"5.6 | 5.6.8", "C_Login(CKU_CONTEXT_SPECIFIC) without an operation", USER,
	 context_without_operation},
	{"5.6 | 5.6.8", "C_Login(CKU_CONTEXT_SPECIFIC) in a search", USER, context_in_search},
	{"5.6 | 5.6.8", "C_Login without a PIN", OPEN, login_without_pin},
	{"5.6 | 5.6.8", "C_Login with a wrong PIN, then the right one", OPEN, wrong_pin},
	{"5.5 | 5.5.9", "C_SetPIN in a read-only session", OPEN, set_pin_read_only},
	{"5.5 | 5.5.9", "C_SetPIN: a new PIN that is too long", OPEN_RW, set_pin_too_long},
	{"5.5 | 5.5.9", "C_SetPIN: a new PIN that is too short", OPEN_RW, set_pin_too_short},
	{"5.5 | 5.5.9", "C_SetPIN without pointers", OPEN_RW, set_pin_null},
};

const struct chapter chapter_login = {"login", login_cases, COUNT(login_cases)};
