/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* secret: allocates memory for PINs that stays out of core files and forked children, and out of
 * swap if the limits allow. */
#ifndef JPKI_BASE_SECRET_H
#define JPKI_BASE_SECRET_H

#include <stddef.h>

/*
 * Map length zeroed bytes on pages of their own. They are locked, left out of core files, and
 * zeroed in a child after fork. NULL if the kernel refuses the memory or the rule for dumps or
 * forks. If it refuses the lock (RLIMIT_MEMLOCK), log that and go on without.
 */
void *jpki_secret_alloc(size_t length);

/* Wipe and unmap what jpki_secret_alloc returned for the same length. NULL is allowed. */
void jpki_secret_free(void *memory, size_t length);

/*
 * Wipe all secret memory of this process, which stays mapped: for a process that ends while a
 * thread is stuck with a PIN. No other thread may be allocating or freeing any.
 */
void jpki_secret_wipe_all(void);

#endif
