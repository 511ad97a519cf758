/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Byte strings that know their bounds. */
#ifndef JPKI_BASE_BUFFER_H
#define JPKI_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A growing byte string on the heap. All zero is an empty one. */
struct jpki_buffer {
	uint8_t *data;
	size_t length;
	size_t capacity;
};

/*
 * Appends length bytes. JPKI_E_RANGE when the whole would be longer than limit bytes,
 * JPKI_E_MEMORY; the buffer is unchanged then. Memory given up on the way is wiped.
 */
enum jpki_error jpki_buffer_append(struct jpki_buffer *buffer, const void *data, size_t length,
				   size_t limit);

/* Shortens the buffer to nothing and wipes what it held; its memory stays. */
void jpki_buffer_clear(struct jpki_buffer *buffer);

/* Wipes and frees; the buffer is an empty one afterwards. */
void jpki_buffer_free(struct jpki_buffer *buffer);

/* A cursor that writes into memory of the caller and remembers when it did not fit. */
struct jpki_writer {
	uint8_t *data;
	size_t capacity;
	size_t length;
	bool overflow;
};

/* A writer over capacity bytes at data. */
struct jpki_writer jpki_writer_over(uint8_t *data, size_t capacity);

/* Writes one byte, or length bytes, or nothing at all and sets overflow. */
void jpki_writer_byte(struct jpki_writer *writer, uint8_t byte);
void jpki_writer_bytes(struct jpki_writer *writer, const void *data, size_t length);

#endif
