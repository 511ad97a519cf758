/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* buffer: appends to byte strings within their bounds, and wipes them. */
#include "base/buffer.h"

#include <stdlib.h>
#include <string.h>

/* Buffers mostly hold certificates: one allocation is enough for most of them. */
#define FIRST_CAPACITY 2048

static enum jpki_error grow(struct jpki_buffer *buffer, size_t wanted)
{
	size_t capacity = buffer->capacity != 0 ? buffer->capacity : FIRST_CAPACITY;
	uint8_t *data;

	while (capacity < wanted) {
		if (capacity > SIZE_MAX / 2)
			return JPKI_E_MEMORY;
		capacity *= 2;
	}
	/* Do not use realloc, because it may leave a copy of the content behind. */
	data = malloc(capacity);
	if (data == NULL)
		return JPKI_E_MEMORY;
	if (buffer->length != 0)
		memcpy(data, buffer->data, buffer->length);
	if (buffer->data != NULL)
		explicit_bzero(buffer->data, buffer->capacity);
	free(buffer->data);
	buffer->data = data;
	buffer->capacity = capacity;
	return JPKI_OK;
}

enum jpki_error jpki_buffer_append(struct jpki_buffer *buffer, const void *data, size_t length,
				   size_t limit)
{
	if (buffer->length > limit || length > limit - buffer->length)
		return JPKI_E_RANGE;
	if (length == 0)
		return JPKI_OK;
	if (length > buffer->capacity - buffer->length) {
		enum jpki_error error = grow(buffer, buffer->length + length);

		if (error != JPKI_OK)
			return error;
	}
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	return JPKI_OK;
}

void jpki_buffer_clear(struct jpki_buffer *buffer)
{
	if (buffer->data != NULL)
		explicit_bzero(buffer->data, buffer->capacity);
	buffer->length = 0;
}

void jpki_buffer_free(struct jpki_buffer *buffer)
{
	jpki_buffer_clear(buffer);
	free(buffer->data);
	*buffer = (struct jpki_buffer){0};
}

struct jpki_writer jpki_writer_over(uint8_t *data, size_t capacity)
{
	return (struct jpki_writer){.data = data, .capacity = capacity};
}

void jpki_writer_byte(struct jpki_writer *writer, uint8_t byte)
{
	jpki_writer_bytes(writer, &byte, 1);
}

void jpki_writer_bytes(struct jpki_writer *writer, const void *data, size_t length)
{
	if (writer->overflow || length > writer->capacity - writer->length) {
		writer->overflow = true;
		return;
	}
	if (length != 0)
		memcpy(writer->data + writer->length, data, length);
	writer->length += length;
}
