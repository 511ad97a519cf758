/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program that makes every call of a class fail in every job and at the first use. */
#include "engine.h"

static const struct engine_class *tested;
static unsigned int all;

static void test_job(void **state)
{
	all += engine_run_both(engine_find_job(*state), tested->classes, tested->is_right);
}

static void test_first_use(void **state)
{
	(void)state;
	all += engine_run_first_use(tested->classes);
}

static void test_count(void **state)
{
	(void)state;
	engine_assert_all(all, tested->runs_min, tested->names);
}

int engine_test_class(int count, char **arguments, const struct engine_class *class)
{
#define RUN(name, set_up) ENGINE_JOB(name, test_job, set_up)
#define JOB(name)         RUN(name, engine_set_up)
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
		RUN("start and list", engine_set_up_without_serial),
		RUN("sign after a reset", engine_set_up_without_serial),
		cmocka_unit_test(test_count),
	};

	tested = class;
	if (count == 3)
		return engine_be_first_use(arguments);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
