/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* terminal: asks on the person's terminal, /dev/tty, whatever standard input and output are. */
#ifndef JPKI_APP_ASK_TERMINAL_H
#define JPKI_APP_ASK_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

/* Opens it; -1 when the process has none. To be closed with close(2). */
int terminal_open(void);

/*
 * Writes text and reads one line into size bytes, with a zero in place of its end; what does not
 * fit is read away, and *length is size - 1 then. With echo off what is typed is not shown, and
 * what was typed before the question is thrown away. APP_OK; APP_CANCELLED: Ctrl-C, or Ctrl-D on
 * an empty line; APP_FAILED. In each case the terminal is as before, also when the process is
 * stopped or ended meanwhile.
 */
enum app_exit terminal_ask(int fd, const char *text, bool echo, uint8_t *line, size_t size,
			   size_t *length);

#endif
