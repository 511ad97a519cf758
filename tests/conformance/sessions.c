/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions: 2.40 §5.6, 3.0 §5.6, and the states that they name. */
#include "conform.h"

#define MANY         100
#define SESSIONS_MAX 65536

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

/* As many sessions as the token says, and not one more; one that is closed makes room. */
static void open_all(void)
{
	CK_ULONG max = target.token.ulMaxSessionCount;
	CK_SESSION_HANDLE last = 0;
	CK_SESSION_HANDLE more = CK_INVALID_HANDLE;
	CK_TOKEN_INFO info = {.ulSessionCount = 0};

	if (max == CK_EFFECTIVELY_INFINITE || max == CK_UNAVAILABLE_INFORMATION ||
	    max > SESSIONS_MAX) {
		absent("the token names no number of sessions that can be reached");
		return;
	}
	for (CK_ULONG i = 0; i < max && !failed(); i++)
		EXPECT(open_session(0, &last), CKR_OK);
	EXPECT(open_session(0, &more), CKR_SESSION_COUNT);
	EXPECT(open_session(CKF_RW_SESSION, &more), CKR_SESSION_COUNT, CKR_TOKEN_WRITE_PROTECTED);
	CHECK(more == CK_INVALID_HANDLE);
	EXPECT(p11->C_GetTokenInfo(target.slot, &info), CKR_OK);
	CHECK(info.ulSessionCount == max || info.ulSessionCount == CK_UNAVAILABLE_INFORMATION);
	EXPECT(p11->C_CloseSession(last), CKR_OK);
	EXPECT(open_session(0, &more), CKR_OK);
	CHECK(more != last);
}

/* "Only read-only sessions may be opened" with a token that is write-protected. */
static void open_write_protected(void)
{
	CK_SESSION_HANDLE handle;

	if ((target.token.flags & CKF_WRITE_PROTECTED) == 0)
		absent("the token is not write-protected");
	else
		EXPECT(open_session(CKF_RW_SESSION, &handle), CKR_TOKEN_WRITE_PROTECTED);
}

static void info_of(CK_FLAGS flags, CK_STATE state)
{
	CK_SESSION_INFO info;

	memset(&info, 0xaa, sizeof(info));
	EXPECT(p11->C_GetSessionInfo(session, &info), CKR_OK);
	CHECK(info.slotID == target.slot);
	CHECK(info.flags == flags);
	CHECK(info.state == state);
	/* "Used for errors not covered by Cryptoki": there are none. */
	CHECK(info.ulDeviceError == 0);
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

	/* 5.1.6: CKR_STATE_UNSAVEABLE has lower priority than that nothing is active. */
	EXPECT(p11->C_GetOperationState(session, state, &length), CKR_FUNCTION_NOT_SUPPORTED,
	       CKR_OPERATION_NOT_INITIALIZED);
	EXPECT(p11->C_SetOperationState(session, state, 16, 0, 0), CKR_FUNCTION_NOT_SUPPORTED,
	       CKR_SAVED_STATE_INVALID);
}

static const struct conform_case session_cases[] = {
	{"C_OpenSession", "without CKF_SERIAL_SESSION", READY, open_parallel},
	{"C_OpenSession", "with a callback", READY, open_callback},
	{"C_OpenSession", "a hundred sessions, each with its own handle", READY, open_many},
	{"C_OpenSession", "as many sessions as C_GetTokenInfo says, and one more", READY, open_all},
	{"C_OpenSession", "CKF_RW_SESSION with a write-protected token", READY,
	 open_write_protected},
	{"C_GetSessionInfo", "of a read-only session", OPEN, info_read_only},
	{"C_GetSessionInfo", "of a read-write session", OPEN_RW, info_read_write},
	{"C_GetSessionInfo", "of a user's session", USER, info_user},
	{"C_Login", "all sessions with a token change their state together", OPEN_RW,
	 states_together},
	{"C_CloseSession", "the login ends with the last session", USER, last_closed},
	{"C_CloseAllSessions", "ends sessions and login", USER, close_all},
	{"C_CloseAllSessions", "where there are none", READY, close_all_of_none},
	{"C_CloseAllSessions", "leaves other tokens alone", USER, close_all_of_one_token},
	{"C_FindObjectsInit", "operations of two sessions do not meet", OPEN, operations_apart},
	{"C_GetOperationState", "and C_SetOperationState without one", OPEN, operation_state},
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
	       CKR_SESSION_READ_ONLY_EXISTS, CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
	       CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

static void officer_beside_writing_user(void)
{
	EXPECT(p11->C_Login(session, CKU_USER, target.pin, target.pin_length), CKR_OK);
	EXPECT(p11->C_Login(session, CKU_SO, target.pin, target.pin_length),
	       CKR_USER_ANOTHER_ALREADY_LOGGED_IN, CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RW_USER_FUNCTIONS);
}

static void unknown_user(void)
{
	EXPECT(p11->C_Login(session, 17, target.pin, target.pin_length), CKR_USER_TYPE_INVALID);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

/* Without a path of its own for the PIN, a token needs one from the program. */
static void login_without_pin(void)
{
	if ((target.token.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0) {
		absent("the token asks for the PIN by itself");
		return;
	}
	EXPECT(p11->C_Login(session, CKU_USER, NULL, 0), CKR_PIN_INCORRECT, CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_Login(session, CKU_USER, NULL, target.pin_length), CKR_ARGUMENTS_BAD);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static const struct conform_case login_cases[] = {
	{"C_Login", "and C_Logout", OPEN, login_and_out},
	{"C_Login", "twice", USER, login_twice},
	{"C_Login", "in another session of the token", USER, login_twice_elsewhere},
	{"C_Login", "after C_Logout", USER, login_again},
	{"C_Logout", "twice", USER, logout_twice},
	{"C_Logout", "without a login", OPEN, logout_first},
	{"C_Login", "C_Login(CKU_SO) beside a read-only session", OPEN, officer_read_only},
	{"C_Login", "C_Login(CKU_SO) on a write-protected token", OPEN_RW, officer_write_protected},
	{"C_Login", "C_Login(CKU_SO) beside the user", USER, officer_beside_user},
	{"C_Login", "C_Login(CKU_SO) beside the user, without a read-only session", OPEN_RW,
	 officer_beside_writing_user},
	{"C_Login", "of an unknown user type", OPEN, unknown_user},
	{"C_Login", "without a PIN", OPEN, login_without_pin},
};

const struct chapter chapter_login = {"login", login_cases, COUNT(login_cases)};
