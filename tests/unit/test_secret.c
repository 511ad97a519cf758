/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory for PINs, as the kernel sees it. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/secret.h"

/* The flags of the mapping that holds address, as /proc/self/smaps tells them. */
static void flags_of(const void *address, char *flags, size_t size)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	bool inside = false;
	char line[512];

	assert_non_null(file);
	flags[0] = '\0';
	while (fgets(line, sizeof(line), file) != NULL) {
		unsigned long begin, end;

		if (sscanf(line, "%lx-%lx ", &begin, &end) == 2)
			inside = (unsigned long)address >= begin && (unsigned long)address < end;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			snprintf(flags, size, "%s", line + 8);
	}
	fclose(file);
}

static bool can_lock(void)
{
	void *own = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char flags[512];

	assert_ptr_not_equal(own, MAP_FAILED);
	(void)!mlock(own, 100);
	flags_of(own, flags, sizeof(flags));
	munmap(own, 100);
	return strstr(flags, " lo") != NULL;
}

static void test_flags(void **state)
{
	uint8_t *secret = jpki_secret_alloc(100);
	char flags[512];

	(void)state;
	assert_non_null(secret);
	flags_of(secret, flags, sizeof(flags));
	assert_non_null(strstr(flags, " dd")); /* not dumped */
	assert_non_null(strstr(flags, " wf")); /* wiped on fork */
	/* Not swapped out, where a process may forbid that; the sanitizers do not let it. */
	assert_int_equal(strstr(flags, " lo") != NULL, can_lock());
	jpki_secret_free(secret, 100);
}

static void test_zeroed(void **state)
{
	const uint8_t zeros[100] = {0};
	uint8_t *secret = jpki_secret_alloc(sizeof(zeros));

	(void)state;
	assert_non_null(secret);
	assert_memory_equal(secret, zeros, sizeof(zeros));
	memset(secret, 0x5A, sizeof(zeros));
	jpki_secret_free(secret, sizeof(zeros));
	jpki_secret_free(NULL, 100);
	/* The next user of the same pages sees nothing of it. */
	secret = jpki_secret_alloc(sizeof(zeros));
	assert_non_null(secret);
	assert_memory_equal(secret, zeros, sizeof(zeros));
	jpki_secret_free(secret, sizeof(zeros));
}

static void test_child_sees_nothing(void **state)
{
	uint8_t *secret = jpki_secret_alloc(16);
	int status = -1;
	pid_t child;

	(void)state;
	assert_non_null(secret);
	memcpy(secret, "ABC123", 6);
	child = fork();
	if (child == 0) {
		int sum = 0;

		for (size_t i = 0; i < 16; i++)
			sum += secret[i];
		_exit(sum == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_memory_equal(secret, "ABC123", 6);
	jpki_secret_free(secret, 16);
}

/* All that is allocated, and nothing that was given back. */
static void test_wipe_all(void **state)
{
	const uint8_t zeros[100] = {0};
	uint8_t *first = jpki_secret_alloc(sizeof(zeros));
	uint8_t *second = jpki_secret_alloc(16);
	uint8_t *gone = jpki_secret_alloc(16);

	(void)state;
	assert_non_null(first);
	assert_non_null(second);
	assert_non_null(gone);
	memset(first, 0x5A, sizeof(zeros));
	memcpy(second, "ABC123", 6);
	jpki_secret_free(gone, 16);
	jpki_secret_wipe_all();
	assert_memory_equal(first, zeros, sizeof(zeros));
	assert_memory_equal(second, zeros, 16);
	/* It stays usable. */
	memcpy(second, "ABC123", 6);
	assert_memory_equal(second, "ABC123", 6);
	jpki_secret_free(first, sizeof(zeros));
	jpki_secret_free(second, 16);
	jpki_secret_wipe_all();
}

static void test_refused(void **state)
{
	(void)state;
	assert_null(jpki_secret_alloc(0));
	assert_null(jpki_secret_alloc(SIZE_MAX / 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_zeroed),
		cmocka_unit_test(test_child_sees_nothing),
		cmocka_unit_test(test_wipe_all),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
