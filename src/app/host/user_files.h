/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* user_files: reads and changes the user's own directories and files. */
#ifndef JPKI_APP_HOST_USER_FILES_H
#define JPKI_APP_HOST_USER_FILES_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A larger file cannot be the expected one. */
#define USER_FILE_MAX (1024 * 1024)

/*
 * Return the home directory, and the directories for settings and for data in it; "" if there is
 * none.
 */
const char *user_home(void);
const char *user_config_home(void);
const char *user_data_home(void);

/* Format a path. One that does not fit becomes "", which no file is called. */
void user_path(char path[PATH_MAX], const char *format, ...) __attribute__((format(printf, 2, 3)));

/* True if anything has this name. */
bool user_exists(const char *path);

/* Return the last part of a path. */
const char *user_base(const char *path);

/*
 * Return the text of a regular file and its mode; the caller frees the text. NULL with errno if it
 * cannot be read: ENOENT only if there is no such file, ENOLINK if the name is a symbolic link
 * whose target does not exist.
 */
char *user_file_read(const char *path, mode_t *mode);

/*
 * Replace the text of a file in one step, and set this mode: a reader sees either the old text or
 * the new one. Follows a symbolic link, and writes its target. An existing file keeps its owner,
 * group and extended attributes, including the access control list. On false with errno the old
 * file is unchanged: EPERM if another user owns it, EMLINK if it has a second name, which would
 * keep the old text, ENOLINK for a link whose target does not exist.
 */
bool user_file_write(const char *path, const char *text, mode_t mode);

/* Return in words what an errno of these two functions means; uses strerror where that is clear. */
const char *user_file_error(int error);

/* A line of a text, without its end. Points into the text. */
struct user_line {
	const char *start;
	size_t length;
};

/* Take the next line off the front of *text. False if there is none. */
bool user_next_line(const char **text, struct user_line *line);

/*
 * Return what follows a word at the beginning of a line, with its length; NULL if the line does not
 * begin with the word.
 */
const char *user_line_after(const struct user_line *line, const char *word, size_t *length);

/* Copy the same as a string, if it fits into size bytes. */
bool user_line_value(const struct user_line *line, const char *word, char *value, size_t size);

/*
 * Make the directories that a file is in, mode 0700, below one of the user's own. False with errno
 * if one cannot be made: EPERM if another user owns where it would be.
 */
bool user_directories_make(const char *path);

/* Return how many directories must be made before the file can be. */
size_t user_missing_directories(const char *path);

#endif
