/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frame: reads and writes the frames of native messaging, whose length is little endian. */
#include "portal/frame.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Read up to length bytes, fewer only at the end of the pipe. */
static size_t read_all(int fd, void *data, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t got = read(fd, (char *)data + done, length - done);

		if (got == 0 || (got < 0 && errno != EINTR))
			break;
		if (got > 0)
			done += (size_t)got;
	}
	return done;
}

enum portal_frame portal_frame_read(int fd, char **text, size_t *length)
{
	uint8_t head[4];
	size_t got = read_all(fd, head, sizeof(head));

	*text = NULL;
	*length = 0;
	if (got == 0)
		return PORTAL_FRAME_END;
	if (got < sizeof(head))
		return PORTAL_FRAME_BROKEN;
	*length = (size_t)head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 |
		  (size_t)head[3] << 24;
	if (*length == 0 || *length > PORTAL_FRAME_MAX)
		return PORTAL_FRAME_BROKEN;
	*text = calloc(1, *length + 1);
	if (*text != NULL && read_all(fd, *text, *length) == *length)
		return PORTAL_FRAME_READ;
	free(*text);
	*text = NULL;
	return PORTAL_FRAME_BROKEN;
}

static bool write_all(int fd, const void *data, size_t length)
{
	const char *at = data;

	while (length > 0) {
		ssize_t sent = write(fd, at, length);

		if (sent < 0 && errno != EINTR)
			return false;
		if (sent > 0) {
			at += sent;
			length -= (size_t)sent;
		}
	}
	return true;
}

bool portal_frame_write(int fd, const char *text)
{
	size_t length = strlen(text);
	uint8_t head[4] = {(uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), 0};

	return length < PORTAL_FRAME_MAX && write_all(fd, head, sizeof(head)) &&
	       write_all(fd, text, length);
}
