/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sweep over the jobs that sign and change PINs. */
#include "sweep.h"

int main(void)
{
	const struct CMUnitTest tests[] = {
		SWEEP_TEST("login auth and sign"),   SWEEP_TEST("sign auth"),
		SWEEP_TEST("sign auth PSS"),         SWEEP_TEST("sign sign"),
		SWEEP_TEST("sign sign PSS"),         SWEEP_TEST("authenticate and sign"),
		SWEEP_TEST("change auth PIN"),       SWEEP_TEST("change sign PIN, logged in"),
		SWEEP_TEST("wrong change auth PIN"), SWEEP_TEST("wrong change sign PIN"),
		cmocka_unit_test(sweep_test_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
