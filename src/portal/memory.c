/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* memory: keeps what a site was given from staying in the process when the site has it. */
#include "portal/memory.h"

#include <jansson.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* clang has this from version 15 on. Without it the registers are left to chance. */
#if __has_attribute(zero_call_used_regs)
#define WIPES_REGISTERS __attribute__((noinline, zero_call_used_regs("all")))
#else
#define WIPES_REGISTERS __attribute__((noinline))
#endif

static void wipe_and_free(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

void portal_memory_begin(void)
{
	json_set_alloc_funcs(malloc, wipe_and_free);
}

/* A thread that waits keeps them, and so would a core file (measured: a birth date). */
WIPES_REGISTERS void portal_memory_wipe_registers(void)
{
}
