/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Every call of OpenSSL in every job fails once, and then all from it on. */
#include <string.h>

#include "engine.h"

/* See engine_assert_all; the functions of this class in the file calls,
 * but for OSSL_LIB_CTX_new, which fails in the processes of engine_run_first_use alone. */
#define NAMES    31
#define RUNS_MIN 600

static bool is_right(const struct sweep_run *run)
{
	if (run->rv == CKR_HOST_MEMORY)
		return true;
	/* C_SetPIN has another word for it, because this one means there that either PIN holds. */
	return run->rv ==
	       (strcmp(run->where, "C_SetPIN") == 0 ? CKR_GENERAL_ERROR : CKR_FUNCTION_FAILED);
}

int main(int count, char **arguments)
{
	static const struct engine_class class = {
		.classes = INJECT_CRYPTO,
		.is_right = is_right,
		.runs_min = RUNS_MIN,
		.names = NAMES,
	};

	return engine_test_class(count, arguments, &class);
}
