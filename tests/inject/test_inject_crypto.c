/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every call of OpenSSL in every job fails once, and then all from it on. */
#include <string.h>

#include "engine.h"

/* See engine_assert_all; the functions of this class in the file calls,
 * but for OSSL_LIB_CTX_new, which fails in the processes of test_first_use alone. */
#define NAMES    27
#define RUNS_MIN 600

static unsigned int all;

static bool is_right(const struct sweep_run *run)
{
	if (run->rv == CKR_HOST_MEMORY)
		return true;
	/* C_SetPIN has another word for it, because this one means there that either PIN holds. */
	return run->rv ==
	       (strcmp(run->where, "C_SetPIN") == 0 ? CKR_GENERAL_ERROR : CKR_FUNCTION_FAILED);
}

static void test_job(void **state)
{
	struct engine_plan plan = {.classes = INJECT_CRYPTO, .is_right = is_right};

	all += engine_run(engine_find_job(*state), &plan);
	plan.lasting = true;
	all += engine_run(engine_find_job(*state), &plan);
}

static void test_first_use(void **state)
{
	(void)state;
	all += engine_run_first_use(INJECT_CRYPTO);
}

static void test_count(void **state)
{
	(void)state;
	engine_assert_all(all, RUNS_MIN, NAMES);
}

static int set_up(void **state)
{
	(void)state;
	engine_start(false);
	return 0;
}

static int set_up_without_serial(void **state)
{
	(void)state;
	engine_start(true);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	engine_stop();
	return 0;
}

int main(int count, char **arguments)
{
#define RUN(name, set_up)                                                                          \
	{                                                                                          \
		name, test_job, set_up, tear_down, (void *)(uintptr_t)(name)                       \
	}
#define JOB(name) RUN(name, set_up)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_use),
		JOB("start and list"),
		JOB("read auth"),
		JOB("login auth"),
		JOB("login sign and read"),
		JOB("wrong login auth"),
		JOB("wrong login sign"),
		JOB("login auth and sign"),
		JOB("sign auth"),
		JOB("sign auth PSS"),
		JOB("sign sign"),
		JOB("sign sign PSS"),
		JOB("change auth PIN"),
		JOB("change sign PIN, logged in"),
		JOB("wrong change auth PIN"),
		JOB("wrong change sign PIN"),
		JOB("random"),
		JOB("verify"),
		JOB("refuse a signature"),
		JOB("digest"),
		JOB("sign after a reset"),
		RUN("start and list", set_up_without_serial),
		RUN("sign after a reset", set_up_without_serial),
		cmocka_unit_test(test_count),
	};

	if (count == 3)
		return engine_be_first_use(arguments);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
