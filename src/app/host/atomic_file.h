/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* atomic_file: writes a file so that it exists completely or not at all. */
#ifndef JPKI_APP_HOST_ATOMIC_FILE_H
#define JPKI_APP_HOST_ATOMIC_FILE_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct atomic_file {
	BIO *bio;        /* where to write */
	char *path;      /* its final name */
	char *temporary; /* its name until then, in the same directory */
};

/*
 * Return in words why no file may be written to path: the existing one may not be replaced, is not
 * a regular file, or is one of the sources, which would be lost. NULL if it may be written. sources
 * has count paths, which may be NULL. Static.
 */
const char *atomic_file_obstacle(const char *path, bool replace, const char *const *sources,
				 size_t count);

/*
 * Return in words why no new file of so many bytes can be written to path now: for instance, the
 * directory is missing or read-only, or the disk is full. NULL if it can. Leaves nothing behind.
 * Static until the next call.
 */
const char *atomic_file_hindrance(const char *path, uint64_t bytes);

/*
 * Begin a file, with the rights of any new one; of a copy, with no right that its source, which may
 * be NULL, has not. A signal that ends the process removes it; only one file can be open at a time.
 * After true the caller ends it with atomic_file_commit or atomic_file_drop. On false errno says
 * why.
 */
bool atomic_file_begin(struct atomic_file *file, const char *path, const char *source);

/*
 * Give the file its name. Without replace, an existing file of that name is kept, and the call
 * fails with EEXIST. On false errno says why, and nothing is left of the new file.
 */
bool atomic_file_commit(struct atomic_file *file, bool replace);

/* Remove the new file. */
void atomic_file_drop(struct atomic_file *file);

#endif
