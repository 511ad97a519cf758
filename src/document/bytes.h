/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bytes: has a whole document in memory, so that what was judged is what is signed. */
#ifndef JPKI_DOCUMENT_BYTES_H
#define JPKI_DOCUMENT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct document_bytes {
	uint8_t *data;
	size_t length;
};

/* No document is larger. */
#define DOCUMENT_BYTES_MAX (512UL << 20)

/*
 * Read a regular file. On false errno says why: EFBIG if it is larger than DOCUMENT_BYTES_MAX. The
 * caller ends it with document_bytes_free, in both cases.
 */
bool document_bytes_read(struct document_bytes *bytes, const char *path);

void document_bytes_free(struct document_bytes *bytes);

#endif
