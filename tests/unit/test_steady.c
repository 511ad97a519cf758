/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that runs for long: what the module holds of memory and descriptors is the same after
 * many signatures, insertions, and cycles of C_Initialize and C_Finalize as after a few.
 *
 * A sanitizer says what is lost at the end. What is kept for ever and grows is seen here alone.
 */
#include "module_fixture.h"

#include <dirent.h>
#include <malloc.h>
#include <stdlib.h>
#include <unistd.h>

/* The first rounds fill what OpenSSL and the C library keep for themselves. */
#define WARM_UP 20

/* Return how many descriptors are open. */
static unsigned int descriptors(void)
{
	unsigned int count = 0;
	DIR *directory = opendir("/proc/self/fd");

	assert_non_null(directory);
	while (readdir(directory) != NULL)
		count++;
	closedir(directory);
	return count;
}

/* Do something so many times, and assert that no more is held then than after the first times. */
static void assert_steady(void (*act)(void), unsigned int count)
{
	size_t held;
	unsigned int open;

	for (unsigned int i = 0; i < WARM_UP; i++)
		act();
	held = mallinfo2().uordblks;
	open = descriptors();
	for (unsigned int i = count / unit_share(); i > 0; i--)
		act();
	assert_int_equal(descriptors(), open);
	assert_in_range(mallinfo2().uordblks, 0, held);
}

static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE key;

static void sign(void)
{
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};
	CK_BYTE text[] = {'a'};
	CK_BYTE signature[256];
	CK_ULONG length = sizeof(signature);

	assert_rv(p11->C_SignInit(session, &mechanism, key), CKR_OK);
	assert_rv(p11->C_Sign(session, text, sizeof(text), signature, &length), CKR_OK);
	vcard_transport_forget(module_fixture.readers);
}

static void test_signatures(void **state)
{
	(void)state;
	session = module_open_user(MODULE_AUTH_SLOT);
	key = module_find(session, CKO_PRIVATE_KEY);
	assert_steady(sign, 20000);
}

/* Use the card as far as a program does: its certificate is read, and somebody is logged in. */
static void use(void)
{
	session = module_open_user(MODULE_AUTH_SLOT);
	assert_true(module_find(session, CKO_CERTIFICATE) != 0);
}

static void insert(void)
{
	CK_SLOT_ID slot;

	use();
	vcard_transport_remove(module_fixture.readers, 0);
	assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
	vcard_transport_insert(module_fixture.readers, 0, module_fixture.card.card);
	assert_rv(p11->C_WaitForSlotEvent(CKF_DONT_BLOCK, &slot, NULL), CKR_OK);
	vcard_transport_forget(module_fixture.readers);
}

static void test_insertions(void **state)
{
	(void)state;
	assert_steady(insert, 2000);
}

static void cycle(void)
{
	assert_rv(p11->C_Initialize(NULL), CKR_OK);
	use();
	assert_rv(p11->C_Finalize(NULL), CKR_OK);
}

static void test_cycles(void **state)
{
	(void)state;
	assert_steady(cycle, 500);
}

/* Start anew without the C library's caches of freed memory, which count as held. */
static void count_exactly(char *const *arguments)
{
	if (getenv("GLIBC_TUNABLES") != NULL)
		return;
	setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=0", 1);
	execv(arguments[0], arguments);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_signatures, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_insertions, module_set_up, module_tear_down),
		cmocka_unit_test_setup_teardown(test_cycles, module_prepare, module_tear_down),
	};

	(void)argc;
	count_exactly(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
