/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sweep over the jobs that sign and change PINs. */
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
		SWEEP("login auth and sign"),   SWEEP("sign auth"),
		SWEEP("sign auth PSS"),         SWEEP("sign sign"),
		SWEEP("sign sign PSS"),         SWEEP("authenticate and sign"),
		SWEEP("change auth PIN"),       SWEEP("change sign PIN, logged in"),
		SWEEP("wrong change auth PIN"), SWEEP("wrong change sign PIN"),
		cmocka_unit_test(test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
