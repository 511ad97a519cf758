/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines in files that other programs write to as well. */
#ifndef JPKI_BASE_LINE_H
#define JPKI_BASE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Writes length bytes, a line with its end, to fd, which the caller has opened for appending, in
 * one write, so that lines of several programs do not mix. False when not all was written: a full
 * disk, a limit on the size of files, a pipe that nobody reads. None of these ends the program: the
 * signal that comes with it is taken away.
 */
bool jpki_line_write(int fd, const char *line, size_t length);

#endif
