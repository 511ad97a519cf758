/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines in files that several programs write to, by a library that must not end any of them. */
#ifndef JPKI_BASE_WRITE_H
#define JPKI_BASE_WRITE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes length bytes in one write, so that lines of several programs do not mix; false when not
 * all were taken. The signals by which a write can end a program (SIGPIPE, SIGXFSZ; signal(7)) are
 * taken away if this write brings them.
 */
bool jpki_write_line(int fd, const char *line, size_t length);

#endif
