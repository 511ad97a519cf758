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
		ENGINE_JOBS(JOB),
		JOB("refuse a signature"),
		RUN("start and list", engine_set_up_without_serial),
		RUN("sign after a reset", engine_set_up_without_serial),
		cmocka_unit_test(test_count),
	};

	tested = class;
	if (count == 3)
		return engine_be_first_use(arguments);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
