/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* General purpose functions: 2.40 §5.4, 3.0 §5.4. */
#include "conform.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned int mutexes_made, mutexes_ended, mutexes_locked, mutexes_unlocked;

static CK_RV make_mutex(CK_VOID_PTR_PTR mutex)
{
	pthread_mutex_t *made = malloc(sizeof(*made));

	if (made == NULL)
		return CKR_HOST_MEMORY;
	pthread_mutex_init(made, NULL);
	*mutex = made;
	mutexes_made++;
	return CKR_OK;
}

static CK_RV end_mutex(CK_VOID_PTR mutex)
{
	mutexes_ended++;
	pthread_mutex_destroy(mutex);
	free(mutex);
	return CKR_OK;
}

static CK_RV lock_mutex(CK_VOID_PTR mutex)
{
	mutexes_locked++;
	return pthread_mutex_lock(mutex) == 0 ? CKR_OK : CKR_GENERAL_ERROR;
}

static CK_RV unlock_mutex(CK_VOID_PTR mutex)
{
	mutexes_unlocked++;
	return pthread_mutex_unlock(mutex) == 0 ? CKR_OK : CKR_MUTEX_NOT_LOCKED;
}

static CK_C_INITIALIZE_ARGS with_mutexes(CK_FLAGS flags)
{
	return (CK_C_INITIALIZE_ARGS){make_mutex, end_mutex, lock_mutex, unlock_mutex, flags, NULL};
}

static void initialize_null(void)
{
	EXPECT(p11->C_Initialize(NULL), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void initialize_zero(void)
{
	CK_C_INITIALIZE_ARGS arguments = {.flags = 0};

	EXPECT(p11->C_Initialize(&arguments), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

static void initialize_os_locking(void)
{
	EXPECT(initialize(), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
}

/* The library may create no threads: it may refuse to live with that. */
static void initialize_no_threads(void)
{
	CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK |
						   CKF_LIBRARY_CANT_CREATE_OS_THREADS};

	EXPECT(p11->C_Initialize(&arguments), CKR_OK, CKR_NEED_TO_CREATE_THREADS);
}

/* The mutexes that a library makes must be used in pairs, and ended with it. */
static void use_mutexes(CK_FLAGS flags)
{
	CK_C_INITIALIZE_ARGS arguments = with_mutexes(flags);
	CK_ULONG count = 0;
	CK_RV rv;

	rv = p11->C_Initialize(&arguments);
	/* Then the library cannot work with locks of others, and has not begun. */
	if (rv == CKR_CANT_LOCK) {
		EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
		return;
	}
	if (!expect("C_Initialize", rv, (const CK_RV[]){CKR_OK, END}))
		return;
	EXPECT(p11->C_GetSlotList(CK_FALSE, NULL, &count), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_OK);
	/* "The library needs to use the supplied function pointers." */
	if ((flags & CKF_OS_LOCKING_OK) == 0)
		CHECK(mutexes_made > 0 && mutexes_locked > 0);
	CHECK(mutexes_made == mutexes_ended);
	CHECK(mutexes_locked == mutexes_unlocked);
}

static void initialize_mutexes(void)
{
	use_mutexes(0);
}

static void initialize_mutexes_or_os(void)
{
	use_mutexes(CKF_OS_LOCKING_OK);
}

static void initialize_partial(void)
{
	for (unsigned int bits = 1; bits < 15; bits++) {
		CK_C_INITIALIZE_ARGS arguments = with_mutexes(bits % 2 ? CKF_OS_LOCKING_OK : 0);

		if (bits & 1)
			arguments.CreateMutex = NULL;
		if (bits & 2)
			arguments.DestroyMutex = NULL;
		if (bits & 4)
			arguments.LockMutex = NULL;
		if (bits & 8)
			arguments.UnlockMutex = NULL;
		if (!EXPECT(p11->C_Initialize(&arguments), CKR_ARGUMENTS_BAD))
			return;
	}
	EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void initialize_reserved(void)
{
	int anything = 0;
	CK_C_INITIALIZE_ARGS arguments = {.flags = CKF_OS_LOCKING_OK, .pReserved = &anything};

	EXPECT(p11->C_Initialize(&arguments), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void initialize_twice(void)
{
	EXPECT(p11->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	EXPECT(initialize(), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void finalize_reserved(void)
{
	int anything = 0;

	EXPECT(p11->C_Finalize(&anything), CKR_ARGUMENTS_BAD);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void finalize_ends_all(void)
{
	CK_SESSION_HANDLE old = session;
	CK_SESSION_INFO info;

	EXPECT(p11->C_Finalize(NULL), CKR_OK);
	EXPECT(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	EXPECT(initialize(), CKR_OK);
	EXPECT(p11->C_GetSessionInfo(old, &info), CKR_SESSION_HANDLE_INVALID);
	EXPECT(open_session(0, &session), CKR_OK);
	CHECK(state_of(session) == CKS_RO_PUBLIC_SESSION);
}

static void many_lives(void)
{
	for (int i = 0; i < 10 && !failed(); i++) {
		EXPECT(initialize(), CKR_OK);
		EXPECT(open_session(0, &session), CKR_OK);
		EXPECT(p11->C_Finalize(NULL), CKR_OK);
	}
}

/* A child calls C_Initialize first; what it does must not hurt the parent. */
static void child_initializes(void)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		CK_RV rv = initialize();

		_exit(rv == CKR_OK || rv == CKR_CRYPTOKI_ALREADY_INITIALIZED ? 0 : 1);
	}
	CHECK(child > 0 && waitpid(child, &status, 0) == child);
	CHECK(status == 0);
	CHECK(state_of(session) == CKS_RO_USER_FUNCTIONS);
}

static void info_fields(void)
{
	CK_INFO info;

	memset(&info, 0xaa, sizeof(info));
	EXPECT(p11->C_GetInfo(&info), CKR_OK);
	CHECK(info.cryptokiVersion.major == 2 || info.cryptokiVersion.major == 3);
	CHECK(padded(info.manufacturerID, sizeof(info.manufacturerID)));
	CHECK(padded(info.libraryDescription, sizeof(info.libraryDescription)));
	CHECK(info.flags == 0);
}

static void info_version(void)
{
	CK_INFO info;

	EXPECT(target.old->C_GetInfo(&info), CKR_OK);
	CHECK(info.cryptokiVersion.major == 2 || target.new != NULL);
	if (target.new != NULL) {
		EXPECT(target.new->v2.C_GetInfo(&info), CKR_OK);
		CHECK(info.cryptokiVersion.major == target.new->v2.version.major);
	}
}

static void list_fields(void)
{
	CK_FUNCTION_LIST *again = NULL;

	CHECK(target.old->version.major == 2);
	EXPECT(p11->C_GetFunctionList(NULL), CKR_ARGUMENTS_BAD);
	EXPECT(p11->C_GetFunctionList(&again), CKR_OK);
	CHECK(again != NULL);
}

/* No member may be NULL: a function that is not offered has a stub. */
static bool full(const void *list, size_t size)
{
	void *const *members = list;

	/* The version takes the place of one pointer. */
	for (size_t i = 1; i < size / sizeof(void *); i++) {
		if (members[i] == NULL)
			return false;
	}
	return true;
}

static void list_is_full(void)
{
	CHECK(full(target.real_old, sizeof(*target.real_old)));
	if (target.new != NULL)
		CHECK(full(target.real_new, sizeof(*target.real_new)));
}

static const struct conform_case cases[] = {
	{"C_Initialize", "C_Initialize(NULL)", BARE, initialize_null},
	{"C_Initialize", "without flags and callbacks", BARE, initialize_zero},
	{"C_Initialize", "with CKF_OS_LOCKING_OK", BARE, initialize_os_locking},
	{"C_Initialize", "with CKF_LIBRARY_CANT_CREATE_OS_THREADS", BARE, initialize_no_threads},
	{"C_Initialize", "with four callbacks", BARE, initialize_mutexes},
	{"C_Initialize", "with four callbacks and CKF_OS_LOCKING_OK", BARE,
	 initialize_mutexes_or_os},
	{"C_Initialize", "with some of the callbacks", BARE, initialize_partial},
	{"C_Initialize", "with pReserved", BARE, initialize_reserved},
	{"C_Initialize", "again changes nothing", OPEN, initialize_twice},
	{"C_Finalize", "with pReserved changes nothing", OPEN, finalize_reserved},
	{"C_Finalize", "ends sessions and logins", USER, finalize_ends_all},
	{"C_Finalize", "C_Initialize and C_Finalize ten times", BARE, many_lives},
	{"C_Initialize", "a child after fork initialises for itself", USER, child_initializes},
	{"C_GetInfo", "versions, padding, flags", READY, info_fields},
	{"C_GetInfo", "the version of the list it is called through", READY, info_version},
	{"C_GetFunctionList", "with and without a pointer", BARE, list_fields},
	{"C_GetFunctionList", "no function of a list is missing", BARE, list_is_full},
};

const struct chapter chapter_general = {"general", cases, COUNT(cases)};
