/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* frame: reads and writes the frames of native messaging: four bytes of length, and the text. */
#ifndef JPKI_PORTAL_FRAME_H
#define JPKI_PORTAL_FRAME_H

#include <stdbool.h>
#include <stddef.h>

/* The browser takes no longer one, and we read none. */
#define PORTAL_FRAME_MAX ((size_t)1024 * 1024)

enum portal_frame {
	PORTAL_FRAME_READ,
	PORTAL_FRAME_END,    /* the other side has closed the pipe between two frames */
	PORTAL_FRAME_BROKEN, /* cut off, empty, too long, or no memory: nothing after it can be read
			      */
};

/*
 * Read one frame. After PORTAL_FRAME_READ *text has *length bytes and a zero byte behind them, and
 * the caller frees it. The length is judged before there is memory for it.
 */
enum portal_frame portal_frame_read(int fd, char **text, size_t *length);

/* Write one frame. False if it is too long or the pipe is closed. */
bool portal_frame_write(int fd, const char *text);

#endif
