/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* write: writes lines to files that several programs share, and discards the signals this
 * raises. */
#ifndef JPKI_BASE_WRITE_H
#define JPKI_BASE_WRITE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Write length bytes in one write, so that lines of several programs do not mix. False if not all
 * of them were written. Signals that end a program because of a write (SIGPIPE, SIGXFSZ; signal(7))
 * are discarded if this write raises them.
 */
bool jpki_write_line(int fd, const char *line, size_t length);

#endif
