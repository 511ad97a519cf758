/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* buffer: holds byte strings that know their bounds. */
#ifndef JPKI_BASE_BUFFER_H
#define JPKI_BASE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Bytes in memory that somebody else owns. */
struct jpki_bytes {
	const uint8_t *data;
	size_t length;
};

/* A byte string on the heap that grows as needed. All zeros means empty. */
struct jpki_buffer {
	uint8_t *data;
	size_t length;
	size_t capacity;
};

/*
 * Append length bytes. JPKI_E_RANGE: the buffer would exceed limit bytes; JPKI_E_MEMORY. After an
 * error the buffer is unchanged. Memory released on the way is wiped.
 */
enum jpki_error jpki_buffer_append(struct jpki_buffer *buffer, const void *data, size_t length,
				   size_t limit);

/* Empty the buffer and wipe what it held. Its memory stays. */
void jpki_buffer_clear(struct jpki_buffer *buffer);

/* Wipe and free the buffer, and leave it empty. */
void jpki_buffer_free(struct jpki_buffer *buffer);

/* A cursor that writes into the caller's memory and remembers if something did not fit. */
struct jpki_writer {
	uint8_t *data;
	size_t capacity;
	size_t length;
	bool overflow;
};

/* Return a writer for capacity bytes at data. */
struct jpki_writer jpki_writer_over(uint8_t *data, size_t capacity);

/* Write one byte, or length bytes. If they do not all fit, write none of them and set overflow.
 * Once it is set, nothing more is written. */
void jpki_writer_byte(struct jpki_writer *writer, uint8_t byte);
void jpki_writer_bytes(struct jpki_writer *writer, const void *data, size_t length);

#endif
