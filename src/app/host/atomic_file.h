/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* atomic_file: writes a file that is there whole or not at all. */
#ifndef JPKI_APP_HOST_ATOMIC_FILE_H
#define JPKI_APP_HOST_ATOMIC_FILE_H

#include <openssl/bio.h>
#include <stdbool.h>
#include <stddef.h>

struct atomic_file {
	BIO *bio;        /* where to write */
	char *path;      /* what it will be called */
	char *temporary; /* what it is called meanwhile, in the same directory */
};

/*
 * Why a file can't be written to path, in words: what is there may not be replaced, or is no file,
 * or is one of the sources, which would be lost. NULL: it can. sources are count paths; one may be
 * NULL. Static.
 */
const char *atomic_file_obstacle(const char *path, bool replace, const char *const *sources,
				 size_t count);

/*
 * Begins a file. A signal that ends the process leaves nothing of it; there is one at a time. On
 * false errno says why. After true it is to be ended with atomic_file_commit or atomic_file_drop.
 */
bool atomic_file_begin(struct atomic_file *file, const char *path);

/*
 * Gives the file its name. Without replace a file that has the name already is left as it is, and
 * that is an error (EEXIST). On false errno says why, and nothing is left of the new file.
 */
bool atomic_file_commit(struct atomic_file *file, bool replace);

/* Nothing is left of the new file. */
void atomic_file_drop(struct atomic_file *file);

#endif
