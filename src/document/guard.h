/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* guard: runs a parser in a process of its own, with bounds for its memory and its time. */
#ifndef JPKI_DOCUMENT_GUARD_H
#define JPKI_DOCUMENT_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Parses something, and writes what it found to answer. */
typedef void guard_work(FILE *answer, void *argument);

/*
 * Run work in a child process, and return in *answer the bytes that it wrote, at most limit, which
 * the caller frees. The child sees the memory as it is now. It has no file but the answer, can open
 * none, and ends after GUARD_SECONDS of work or GUARD_BYTES more memory. If it waits for
 * GUARD_STUCK_SECONDS, the work is begun once more in another one. False if it did not come to its
 * end, wrote more than limit, or no process could be made; *answer is NULL then.
 */
bool guard_run(guard_work *work, void *argument, size_t limit, char **answer, size_t *length);

#define GUARD_SECONDS       20
#define GUARD_STUCK_SECONDS 5
#define GUARD_BYTES         (512UL << 20)

#endif
