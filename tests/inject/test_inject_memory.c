/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every allocation of every job fails once, and then all from it on. */

#include "engine.h"

/* See engine_assert_all; the functions of this class in the file calls. */
#define NAMES    6
#define RUNS_MIN 300

static bool is_right(const struct sweep_run *run)
{
	return run->rv == CKR_HOST_MEMORY;
}

int main(int count, char **arguments)
{
	static const struct engine_class class = {
		.classes = INJECT_MEMORY,
		.is_right = is_right,
		.runs_min = RUNS_MIN,
		.names = NAMES,
	};

	return engine_test_class(count, arguments, &class);
}
