/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* C_Initialize to C_Finalize, the function lists, and fork. */
#include "module_fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pkcs11/general.h"
#include "pkcs11/text.h"

static void pause_ms(long milliseconds)
{
	const struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000L};

	nanosleep(&time, NULL);
}

static CK_RV create_mutex(void **mutex)
{
	*mutex = NULL;
	return CKR_OK;
}

static CK_RV use_mutex(void *mutex)
{
	(void)mutex;
	return CKR_OK;
}

static void test_initialize_arguments(void **state)
{
	int something = 0;
	CK_C_INITIALIZE_ARGS good[] = {
		{.flags = 0},
		{.flags = CKF_OS_LOCKING_OK},
		{.flags = CKF_LIBRARY_CANT_CREATE_OS_THREADS | CKF_OS_LOCKING_OK},
		{create_mutex, use_mutex, use_mutex, use_mutex, 0, NULL},
		{create_mutex, use_mutex, use_mutex, use_mutex,
		 CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS, NULL},
	};
	CK_C_INITIALIZE_ARGS bad[] = {
		{.pReserved = &something},
		{.CreateMutex = create_mutex},
		{.DestroyMutex = use_mutex},
		{.LockMutex = use_mutex, .UnlockMutex = use_mutex},
		{create_mutex, use_mutex, use_mutex, NULL, CKF_OS_LOCKING_OK, NULL},
		{create_mutex, use_mutex, use_mutex, use_mutex, CKF_OS_LOCKING_OK, &something},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_rv(p11->C_Initialize(&good[i]), CKR_OK);
		assert_rv(p11->C_Finalize(NULL), CKR_OK);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_rv(p11->C_Initialize(&bad[i]), CKR_ARGUMENTS_BAD);
		assert_rv(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	}
}

static void test_initialize_twice(void **state)
{
	CK_INFO info;
	int something = 0;

	(void)state;
	assert_rv(p11->C_GetInfo(&info), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	assert_rv(p11->C_Initialize(NULL), CKR_CRYPTOKI_ALREADY_INITIALIZED);
	assert_rv(p11->C_GetInfo(&info), CKR_OK);
	assert_rv(p11->C_Finalize(&something), CKR_ARGUMENTS_BAD);
	assert_rv(p11->C_GetInfo(&info), CKR_OK);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	assert_rv(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	/* Initialised comes before the arguments, here as everywhere. */
	assert_rv(p11->C_Finalize(&something), CKR_CRYPTOKI_NOT_INITIALIZED);
	assert_rv(p11->C_GetInfo(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
}

static struct jpki_transport *make_nothing(void)
{
	return NULL;
}

static void test_initialize_without_memory(void **state)
{
	struct jpki_transport *(*saved)(void) = jpki_module_make_transport;

	(void)state;
	jpki_module_make_transport = make_nothing;
	assert_rv(p11->C_Initialize(NULL), CKR_HOST_MEMORY);
	assert_rv(p11->C_Finalize(NULL), CKR_CRYPTOKI_NOT_INITIALIZED);
	jpki_module_make_transport = saved;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
}

/* Handles of before are worth nothing after. */
static void test_finalize_ends_all(void **state)
{
	CK_SESSION_HANDLE session;
	CK_SESSION_INFO info;
	CK_SESSION_HANDLE fresh;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	session = module_open_user(MODULE_AUTH_SLOT);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
	fresh = module_open(MODULE_AUTH_SLOT);
	assert_true(fresh != session);
	assert_rv(p11->C_GetSessionInfo(fresh, &info), CKR_OK);
	assert_int_equal(info.state, CKS_RO_PUBLIC_SESSION);
}

static void test_info(void **state)
{
	const struct jpki_function_list_3_0 *newer;
	CK_INTERFACE *interface = NULL;
	CK_INFO info;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	assert_rv(p11->C_GetInfo(NULL), CKR_ARGUMENTS_BAD);
	memset(&info, 0xAA, sizeof(info));
	assert_rv(p11->C_GetInfo(&info), CKR_OK);
	assert_memory_equal(info.manufacturerID, "jpki-pkcs11                     ", 32);
	assert_memory_equal(info.libraryDescription, "My Number card (JPKI)           ", 32);
	assert_int_equal(info.flags, 0);
	/* Each list names its own version: programs of version 2 may refuse another. */
	assert_int_equal(info.cryptokiVersion.major, 2);
	assert_int_equal(info.cryptokiVersion.minor, 40);
	assert_int_equal(info.libraryVersion.major, atoi(PACKAGE_VERSION));
	assert_rv(C_GetInterface(NULL, NULL, &interface, 0), CKR_OK);
	newer = interface->pFunctionList;
	assert_rv(newer->v2.C_GetInfo(&info), CKR_OK);
	assert_int_equal(info.cryptokiVersion.major, 3);
	assert_int_equal(info.cryptokiVersion.minor, 0);
}

/* All members of the list from the first on; a program may call each without looking. */
static void assert_no_null(const void *list, size_t first, size_t size)
{
	assert_int_equal((size - first) % sizeof(void (*)(void)), 0);
	for (size_t at = first; at < size; at += sizeof(void (*)(void))) {
		void (*function)(void);

		memcpy(&function, (const char *)list + at, sizeof(function));
		assert_true(function != NULL);
	}
}

static void test_function_lists(void **state)
{
	CK_FUNCTION_LIST *list = NULL;
	CK_INTERFACE *interface = NULL;
	const struct jpki_function_list_3_0 *newer;

	(void)state;
	assert_rv(C_GetFunctionList(NULL), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetFunctionList(&list), CKR_OK);
	assert_int_equal(list->version.major, 2);
	assert_int_equal(list->version.minor, 40);
	assert_no_null(list, offsetof(CK_FUNCTION_LIST, C_Initialize), sizeof(*list));
	assert_true(list->C_GetFunctionList == C_GetFunctionList);
	assert_rv(C_GetInterface(NULL, NULL, &interface, 0), CKR_OK);
	newer = interface->pFunctionList;
	assert_int_equal(newer->v2.version.major, 3);
	assert_int_equal(newer->v2.version.minor, 0);
	assert_no_null(newer, offsetof(CK_FUNCTION_LIST, C_Initialize), sizeof(*newer));
	/* From here on the older functions are the same in both. */
	assert_memory_equal(&newer->v2.C_GetFunctionList, &list->C_GetFunctionList,
			    sizeof(*list) - offsetof(CK_FUNCTION_LIST, C_GetFunctionList));
}

static void test_interface_list(void **state)
{
	CK_INTERFACE interfaces[3];
	CK_ULONG count = 77;

	(void)state;
	assert_rv(C_GetInterfaceList(NULL, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetInterfaceList(interfaces, NULL), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetInterfaceList(NULL, &count), CKR_OK);
	assert_int_equal(count, 2);
	count = 1;
	assert_rv(C_GetInterfaceList(interfaces, &count), CKR_BUFFER_TOO_SMALL);
	assert_int_equal(count, 2);
	count = 3;
	assert_rv(C_GetInterfaceList(interfaces, &count), CKR_OK);
	assert_int_equal(count, 2);
	for (CK_ULONG i = 0; i < count; i++)
		assert_string_equal((const char *)interfaces[i].pInterfaceName, "PKCS 11");
	assert_int_equal(((CK_VERSION *)interfaces[0].pFunctionList)->major, 3);
	assert_int_equal(((CK_VERSION *)interfaces[1].pFunctionList)->major, 2);
	assert_ptr_equal(interfaces[1].pFunctionList, p11);
}

static void test_interface(void **state)
{
	CK_UTF8CHAR name[] = "PKCS 11", other[] = "Vendor X";
	CK_VERSION v2 = {2, 40}, v3 = {3, 0}, v9 = {9, 9};
	CK_INTERFACE *interface = NULL;

	(void)state;
	assert_rv(C_GetInterface(name, &v2, NULL, 0), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetInterface(name, NULL, &interface, 0), CKR_OK);
	assert_int_equal(((CK_VERSION *)interface->pFunctionList)->major, 3);
	assert_rv(C_GetInterface(name, &v2, &interface, 0), CKR_OK);
	assert_ptr_equal(interface->pFunctionList, p11);
	assert_rv(C_GetInterface(NULL, &v3, &interface, 0), CKR_OK);
	assert_int_equal(((CK_VERSION *)interface->pFunctionList)->major, 3);
	assert_rv(C_GetInterface(other, NULL, &interface, 0), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetInterface(name, &v9, &interface, 0), CKR_ARGUMENTS_BAD);
	assert_rv(C_GetInterface(name, NULL, &interface, CKF_INTERFACE_FORK_SAFE),
		  CKR_ARGUMENTS_BAD);
}

static void *wait_for_event(void *context)
{
	CK_RV *rv = context;
	CK_SLOT_ID slot = 0;

	/* What there is to tell already comes first. */
	do
		*rv = p11->C_WaitForSlotEvent(0, &slot, NULL);
	while (*rv == CKR_OK);
	return NULL;
}

static void finalize_during_wait(void)
{
	CK_RV rv = CKR_GENERAL_ERROR;
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, wait_for_event, &rv), 0);
	pause_ms(50);
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
	pthread_join(thread, NULL);
	assert_rv(rv, CKR_CRYPTOKI_NOT_INITIALIZED);
}

static void test_finalize_ends_wait(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		assert_rv(p11->C_Initialize(NULL), CKR_OK);
		finalize_during_wait();
	}
	/* The same when there is no service to wait on. */
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	vcard_transport_serve(module_fixture.readers, false);
	finalize_during_wait();
}

/* Runs in the child: what went wrong first, or 0. */
static int child_of_fork(CK_SESSION_HANDLE inherited)
{
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_UTF8CHAR pin[] = VCARD_AUTH_PIN;
	CK_BYTE data[] = "data", signature[256];
	CK_ULONG length = sizeof(signature);
	CK_SESSION_HANDLE session;
	CK_SESSION_INFO info;

	if (p11->C_GetSessionInfo(inherited, &info) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 1;
	if (p11->C_Sign(inherited, data, 4, signature, &length) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 2;
	if (p11->C_CloseSession(inherited) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 3;
	if (p11->C_Finalize(NULL) != CKR_CRYPTOKI_NOT_INITIALIZED)
		return 4;
	if (p11->C_Initialize(NULL) != CKR_OK)
		return 5;
	if (p11->C_GetSessionInfo(inherited, &info) != CKR_SESSION_HANDLE_INVALID)
		return 6;
	if (p11->C_OpenSession(MODULE_AUTH_SLOT, CKF_SERIAL_SESSION, NULL, NULL, &session) !=
	    CKR_OK)
		return 7;
	if (p11->C_GetSessionInfo(session, &info) != CKR_OK || info.state != CKS_RO_PUBLIC_SESSION)
		return 8;
	if (p11->C_Login(session, CKU_USER, pin, 4) != CKR_OK)
		return 9;
	if (p11->C_SignInit(session, &mechanism, 1) != CKR_OK)
		return 10;
	if (p11->C_Sign(session, data, 4, signature, &length) != CKR_OK)
		return 11;
	return p11->C_Finalize(NULL) == CKR_OK ? 0 : 12;
}

static void test_fork(void **state)
{
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE data[] = "data", signature[256];
	CK_ULONG length = sizeof(signature);
	CK_SESSION_HANDLE session;
	int status = -1;
	pid_t child;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	session = module_open_user(MODULE_AUTH_SLOT);
	assert_rv(p11->C_SignInit(session, &mechanism, 1), CKR_OK);
	child = fork();
	if (child == 0)
		_exit(child_of_fork(session));
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	/* The parent goes on where it was. */
	assert_rv(p11->C_Sign(session, data, 4, signature, &length), CKR_OK);
	assert_int_equal(vcard_tries(module_fixture.card.card, UNIT_AUTH_PIN_FILE), 3);
}

/* A child that never uses the module, and one that ends without C_Finalize, do no harm. */
static void test_fork_and_leave(void **state)
{
	CK_SESSION_INFO info;
	CK_SESSION_HANDLE session;
	int status = -1;
	pid_t child;

	(void)state;
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	session = module_open_user(MODULE_AUTH_SLOT);
	for (int i = 0; i < 2; i++) {
		child = fork();
		if (child == 0)
			_exit(i == 0 || p11->C_Initialize(NULL) == CKR_OK ? 0 : 1);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	assert_rv(p11->C_GetSessionInfo(session, &info), CKR_OK);
	assert_int_equal(info.state, CKS_RO_USER_FUNCTIONS);
}

static void *initialize(void *context)
{
	CK_RV *rv = context;

	*rv = p11->C_Initialize(NULL);
	return NULL;
}

/* Of several threads at once exactly one initialises. */
static void test_initialize_race(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		CK_RV rvs[4];
		pthread_t threads[4];
		int good = 0;

		for (int i = 0; i < 4; i++)
			assert_int_equal(pthread_create(&threads[i], NULL, initialize, &rvs[i]), 0);
		for (int i = 0; i < 4; i++) {
			pthread_join(threads[i], NULL);
			good += rvs[i] == CKR_OK ? 1 : 0;
			if (rvs[i] != CKR_OK)
				assert_rv(rvs[i], CKR_CRYPTOKI_ALREADY_INITIALIZED);
		}
		assert_int_equal(good, 1);
		assert_rv(p11->C_Finalize(NULL), CKR_OK);
	}
}

static void test_fill_text(void **state)
{
	CK_UTF8CHAR field[8];

	(void)state;
	jpki_fill_text(field, sizeof(field), "abc");
	assert_memory_equal(field, "abc     ", 8);
	jpki_fill_text(field, sizeof(field), "");
	assert_memory_equal(field, "        ", 8);
	jpki_fill_text(field, sizeof(field), "abcdefgh");
	assert_memory_equal(field, "abcdefgh", 8);
	/* Three bytes each: the third does not fit whole. */
	jpki_fill_text(field, sizeof(field), "署名用");
	assert_memory_equal(field, "署名  ", 8);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, module_prepare, module_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_initialize_arguments),
		TEST(test_initialize_twice),
		TEST(test_initialize_without_memory),
		TEST(test_finalize_ends_all),
		TEST(test_info),
		TEST(test_function_lists),
		TEST(test_interface_list),
		TEST(test_interface),
		TEST(test_finalize_ends_wait),
		TEST(test_fork),
		TEST(test_fork_and_leave),
		TEST(test_initialize_race),
		TEST(test_fill_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
