/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sweep over the jobs that list, read and log in. */
#include "sweep.h"

int main(void)
{
	const struct CMUnitTest tests[] = {
		SWEEP_TEST("list"),
		SWEEP_TEST("read auth"),
		SWEEP_TEST("login auth"),
		SWEEP_TEST("login sign and read"),
		SWEEP_TEST("wrong login auth"),
		SWEEP_TEST("wrong login sign"),
		SWEEP_TEST("random"),
		cmocka_unit_test(sweep_test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
