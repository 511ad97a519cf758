/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* terminal: asks on the user's terminal, /dev/tty, wherever standard input and output lead. */
#ifndef JPKI_APP_ASK_TERMINAL_H
#define JPKI_APP_ASK_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/app.h"

/* Open the terminal. Return -1 if the process has none. The caller closes it with close(2). */
int terminal_open(void);

/*
 * Write text, in lines that fit the terminal, and read one line into size bytes; a zero replaces
 * the end of the line. Discards what does not fit; *length is then size - 1. With echo off, typed
 * characters are not shown, and input typed before the question is discarded. Return APP_OK;
 * APP_CANCELLED for Ctrl-C, or for Ctrl-D on an empty line; APP_FAILED. In each case the terminal
 * is as before, also if the process is stopped or ended meanwhile.
 */
enum app_exit terminal_ask(int fd, const char *text, bool echo, uint8_t *line, size_t size,
			   size_t *length);

/*
 * Ask for a word. Like terminal_ask, but shows of what is typed no more than visible, which is
 * several words with | between them, or the beginning of one of them; the rest is stars. The line
 * has fewer than WORD_LINE_MAX characters.
 */
enum app_exit terminal_ask_word(int fd, const char *text, const char *visible, uint8_t *line,
				size_t size, size_t *length);

/* Write a text, in lines that fit the terminal. */
void terminal_say(int fd, const char *text);

#endif
