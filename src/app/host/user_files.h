/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* user_files: reads and changes the person's own directories and files. */
#ifndef JPKI_APP_HOST_USER_FILES_H
#define JPKI_APP_HOST_USER_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Larger ones are not what they should be. */
#define USER_FILE_MAX (1024 * 1024)

/* The home directory, and where programs keep settings and data in it; "" when there is none. */
const char *user_home(void);
const char *user_config_home(void);
const char *user_data_home(void);

/* A path that does not fit is "", which no file has. */
void user_path(char path[PATH_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether anything has this name. */
bool user_exists(const char *path);

/* The last part of a path. */
const char *user_base(const char *path);

/*
 * What a regular file holds, and its mode; the caller frees. NULL when there is no such file, or
 * when it cannot be read, with errno; ENOENT only in the first case, ENOLINK when the name is a
 * symbolic link that leads nowhere.
 */
char *user_file_read(const char *path, mode_t *mode);

/*
 * Puts text into a file with this mode, all at once: whoever reads it meanwhile sees the old text
 * or the new one. Where the name is a symbolic link, the file that it leads to is written. A file
 * that was there keeps its owner, its group and its extended attributes, the access control list
 * among them. False with errno, and the old file is as it was: EPERM when it is another person's,
 * EMLINK when it has a second name, which would keep the old text, ENOLINK for a link that leads
 * nowhere.
 */
bool user_file_write(const char *path, const char *text, mode_t mode);

/* What the errno of these two means, in words; as strerror, where that is clear. */
const char *user_file_error(int error);

/* A line in a text, without its end; the text is its owner. */
struct user_line {
	const char *start;
	size_t length;
};

/* Takes the next line off the front of *text; false when there is none. */
bool user_next_line(const char **text, struct user_line *line);

/* What follows a word at the beginning of a line, with its length; NULL when it begins otherwise.
 */
const char *user_line_after(const struct user_line *line, const char *word, size_t *length);

/* The same as a string of its own, if it fits into size bytes. */
bool user_line_value(const struct user_line *line, const char *word, char *value, size_t size);

/* How many directories must be made before this file can be. */
size_t user_missing_directories(const char *path);

#endif
