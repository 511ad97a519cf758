/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* user_files: finds, reads and replaces files in the user's home directory. */
#include "app/host/user_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "app/app.h"

static const char *absolute(const char *path)
{
	return path != NULL && path[0] == '/' ? path : "";
}

const char *user_home(void)
{
	return absolute(getenv("HOME"));
}

/* Return the XDG directory of this variable, or its default in the home directory. */
static const char *xdg(const char *variable, const char *usual, char path[PATH_MAX])
{
	const char *given = absolute(getenv(variable));

	if (given[0] != '\0')
		return given;
	if (user_home()[0] == '\0')
		return "";
	user_path(path, "%s/%s", user_home(), usual);
	return path;
}

/* The window asks in two threads. */
const char *user_config_home(void)
{
	static _Thread_local char path[PATH_MAX];

	return xdg("XDG_CONFIG_HOME", ".config", path);
}

const char *user_data_home(void)
{
	static _Thread_local char path[PATH_MAX];

	return xdg("XDG_DATA_HOME", ".local/share", path);
}

void user_path(char path[PATH_MAX], const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(path, PATH_MAX, format, arguments);
	va_end(arguments);
	if (length < 0 || length >= PATH_MAX)
		path[0] = '\0';
}

bool user_exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

/* True for a symbolic link whose target does not exist. */
static bool is_dangling(const char *path)
{
	struct stat status;

	return stat(path, &status) != 0 && errno == ENOENT && user_exists(path);
}

const char *user_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* Read at most size bytes. Return their number, or -1 with errno. */
static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length < size) {
		got = read(fd, text + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

char *user_file_read(const char *path, mode_t *mode)
{
	struct stat status;
	char *text = NULL;
	ssize_t length;
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0) {
		error = errno;
		errno = error == ENOENT && is_dangling(path) ? ENOLINK : error;
		return NULL;
	}
	if (fstat(fd, &status) != 0) {
		error = errno;
	} else if (!S_ISREG(status.st_mode) || status.st_size > USER_FILE_MAX) {
		error = EFBIG;
	} else if ((text = calloc(1, (size_t)status.st_size + 1)) == NULL) {
		error = ENOMEM;
	} else if ((length = read_all(fd, text, (size_t)status.st_size)) < 0) {
		error = errno;
	} else if (strlen(text) != (size_t)length) {
		/* A zero byte would be lost when the text is written back. */
		error = EILSEQ;
	}
	close(fd);
	if (error != 0) {
		free(text);
		errno = error;
		return NULL;
	}
	*mode = status.st_mode & 07777;
	return text;
}

static bool write_all(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t written = write(fd, text, left);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		text += written;
		left -= (size_t)written;
	}
	return true;
}

/* True if the user owns the directory in which the file would be made. */
static bool is_own_directory(const char *path)
{
	struct stat status;
	char directory[PATH_MAX];
	char *slash;

	user_path(directory, "%s", path);
	slash = strrchr(directory, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return stat(directory, &status) == 0 && status.st_uid == geteuid();
}

/* Return 0 if the file may be replaced, else an errno. */
static int obstacle(const char *target, const struct stat *old)
{
	if (old == NULL)
		return is_own_directory(target) ? 0 : EPERM;
	if (old->st_uid != geteuid())
		return EPERM;
	return old->st_nlink > 1 ? EMLINK : 0;
}

/* Copy one extended attribute. Return 0 or an errno. */
static int copy_attribute(const char *from, int to, const char *name)
{
	char value[64 * 1024]; /* the maximum size of a value: xattr(7) */
	ssize_t length = getxattr(from, name, value, sizeof(value));

	if (length >= 0 && fsetxattr(to, name, value, (size_t)length, 0) == 0)
		return 0;
	/* The system's policy sets the labels of SELinux and the like. */
	return strncmp(name, "security.", strlen("security.")) == 0 ? 0 : errno;
}

/* Copy all extended attributes. Return 0 or an errno. */
static int copy_attributes(const char *from, int to)
{
	char names[64 * 1024];
	ssize_t length = listxattr(from, names, sizeof(names));
	int error = 0;

	if (length < 0)
		return errno == ENOTSUP ? 0 : errno;
	for (const char *name = names; error == 0 && name < names + length;
	     name += strlen(name) + 1)
		error = copy_attribute(from, to, name);
	return error;
}

/*
 * Give a new file the attributes of the one that it replaces, if there is one. Return 0 or an
 * errno.
 */
static int take_over(const char *target, const struct stat *old, int fd, mode_t mode)
{
	if (old != NULL && fchown(fd, (uid_t)-1, old->st_gid) != 0)
		return errno;
	if (fchmod(fd, mode) != 0)
		return errno;
	return old != NULL ? copy_attributes(target, fd) : 0;
}

/* Write a file under another name, and rename it over the old one. Return 0 or an errno. */
static int replace(const char *target, const struct stat *old, const char *text, mode_t mode)
{
	char temporary[PATH_MAX];
	int error = 0;
	int fd;

	user_path(temporary, "%s.XXXXXX", target);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return errno;
	if (!write_all(fd, text))
		error = errno;
	if (error == 0)
		error = take_over(target, old, fd, mode);
	if (error == 0 && fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(temporary, target) != 0)
		error = errno;
	if (error != 0)
		unlink(temporary);
	return error;
}

bool user_file_write(const char *path, const char *text, mode_t mode)
{
	char target[PATH_MAX];
	struct stat status;
	const struct stat *old = NULL;
	int error = 0;

	if (realpath(path, target) != NULL) {
		if (stat(target, &status) == 0)
			old = &status;
		else
			error = errno;
	} else if (user_exists(path)) {
		error = is_dangling(path) ? ENOLINK : errno;
	} else {
		user_path(target, "%s", path);
	}
	if (error == 0)
		error = obstacle(target, old);
	if (error == 0)
		error = replace(target, old, text, mode);
	errno = error;
	return error == 0;
}

const char *user_file_error(int error)
{
	if (error == ENOLINK)
		return _("it is a symbolic link whose target does not exist");
	if (error == EMLINK)
		return _("it has a second name (a hard link), which would keep the old text");
	return strerror(error);
}

bool user_next_line(const char **text, struct user_line *line)
{
	line->start = *text;
	line->length = strcspn(*text, "\n");
	if ((*text)[0] == '\0')
		return false;
	*text += line->length;
	*text += **text == '\n';
	return true;
}

const char *user_line_after(const struct user_line *line, const char *word, size_t *length)
{
	size_t used = strlen(word);

	if (line->length < used || memcmp(line->start, word, used) != 0)
		return NULL;
	*length = line->length - used;
	return line->start + used;
}

bool user_line_value(const struct user_line *line, const char *word, char *value, size_t size)
{
	size_t length;
	const char *start = user_line_after(line, word, &length);

	if (start == NULL || length >= size)
		return false;
	memcpy(value, start, length);
	value[length] = '\0';
	return true;
}

size_t user_missing_directories(const char *path)
{
	char directory[PATH_MAX];
	size_t missing = 0;
	char *slash;

	user_path(directory, "%s", path);
	while ((slash = strrchr(directory, '/')) != NULL && slash != directory) {
		*slash = '\0';
		if (user_exists(directory))
			break;
		missing++;
	}
	return missing;
}

/* Make one directory in one of the user's own, if it is not there. */
static bool make_directory(const char *directory)
{
	if (user_exists(directory))
		return true;
	errno = EPERM;
	return is_own_directory(directory) && (mkdir(directory, 0700) == 0 || errno == EEXIST);
}

bool user_directories_make(const char *path)
{
	char directory[PATH_MAX];

	user_path(directory, "%s", path);
	for (char *slash = directory; *slash != '\0' && (slash = strchr(slash + 1, '/')) != NULL;) {
		*slash = '\0';
		if (!make_directory(directory))
			return false;
		*slash = '/';
	}
	return true;
}
