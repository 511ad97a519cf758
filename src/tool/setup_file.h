/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The person's own directories and files, as jpki setup reads and changes them. */
#ifndef JPKI_TOOL_SETUP_FILE_H
#define JPKI_TOOL_SETUP_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Larger ones are not what they should be. */
#define SETUP_FILE_MAX (1024 * 1024)

/* The home directory, and where programs keep settings and data in it; "" when there is none. */
const char *setup_home(void);
const char *setup_config_home(void);
const char *setup_data_home(void);

/* A path that does not fit is "", which no file has. */
void setup_path(char path[PATH_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether anything has this name. */
bool setup_exists(const char *path);

/* The last part of a path. */
const char *setup_base(const char *path);

/*
 * What a regular file holds, and its mode; the caller frees. NULL when there is no such file, or
 * when it cannot be read, with errno; ENOENT only in the first case.
 */
char *setup_file_read(const char *path, mode_t *mode);

/*
 * Puts text into a file with this mode, all at once: whoever reads it meanwhile sees the old text
 * or the new one. Where the name is a symbolic link, the file that it leads to is written. False
 * with errno; EPERM when it is another person's file.
 */
bool setup_file_write(const char *path, const char *text, mode_t mode);

/*
 * The next line of text, without its end, in line (cut at size); returns what follows, or NULL
 * when there is no further line.
 */
const char *setup_next_line(const char *text, char *line, size_t size);

/* How many directories must be made before this file can be. */
size_t setup_missing_directories(const char *path);

#endif
