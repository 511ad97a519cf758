/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of every job fails once, and then all from it on. */

#include "engine.h"

/* See engine_assert_all; the functions of this class in the file calls. */
#define NAMES    6
#define RUNS_MIN 300

static unsigned int all;

static bool is_right(const struct sweep_run *run)
{
	return run->rv == CKR_HOST_MEMORY;
}

static void test_job(void **state)
{
	struct engine_plan plan = {.classes = INJECT_MEMORY, .is_right = is_right};

	all += engine_run(engine_find_job(*state), &plan);
	plan.lasting = true;
	all += engine_run(engine_find_job(*state), &plan);
}

static void test_first_use(void **state)
{
	(void)state;
	all += engine_run_first_use(INJECT_MEMORY);
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
