/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sweep over the jobs that list, read and log in. */
#include "sweep.h"

#include <stdio.h>

/* Fewer would mean that a part of the sweep is not run any more. */
#define COMBINATIONS_MIN 10000

static void test_count(void **state)
{
	(void)state;
	printf("# %u combinations of job, exchange and fault\n", sweep_combinations());
	fflush(stdout);
	assert_true(sweep_combinations() * sweep_share() >= COMBINATIONS_MIN);
}

int main(void)
{
#define SWEEP(job)                                                                                 \
	{                                                                                          \
		job, sweep_test, sweep_set_up, sweep_tear_down, (void *)(uintptr_t)(job)           \
	}
	const struct CMUnitTest tests[] = {
		SWEEP("list"),
		SWEEP("read auth"),
		SWEEP("login auth"),
		SWEEP("login sign and read"),
		SWEEP("wrong login auth"),
		SWEEP("wrong login sign"),
		SWEEP("random"),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
