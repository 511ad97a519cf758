/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Memory for PINs: never swapped out, not in core files, not in a forked child. */
#ifndef JPKI_BASE_SECRET_H
#define JPKI_BASE_SECRET_H

#include <stddef.h>

/*
 * Maps length zeroed bytes of their own pages: locked, left out of core files, zeroed in a
 * child after fork. NULL when the kernel refuses the memory, the dump or the fork rule; a
 * refused lock (RLIMIT_MEMLOCK) is logged and lived with.
 */
void *jpki_secret_alloc(size_t length);

/* Wipes and unmaps what jpki_secret_alloc gave for the same length. NULL is allowed. */
void jpki_secret_free(void *memory, size_t length);

#endif
