/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/setup_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *absolute(const char *path)
{
	return path != NULL && path[0] == '/' ? path : "";
}

const char *setup_home(void)
{
	return absolute(getenv("HOME"));
}

/* The XDG directory of this variable, else its place in the home directory. */
static const char *xdg(const char *variable, const char *usual, char path[PATH_MAX])
{
	const char *given = absolute(getenv(variable));

	if (given[0] != '\0')
		return given;
	if (setup_home()[0] == '\0')
		return "";
	setup_path(path, "%s/%s", setup_home(), usual);
	return path;
}

const char *setup_config_home(void)
{
	static char path[PATH_MAX];

	return xdg("XDG_CONFIG_HOME", ".config", path);
}

const char *setup_data_home(void)
{
	static char path[PATH_MAX];

	return xdg("XDG_DATA_HOME", ".local/share", path);
}

void setup_path(char path[PATH_MAX], const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(path, PATH_MAX, format, arguments);
	va_end(arguments);
	if (length < 0 || length >= PATH_MAX)
		path[0] = '\0';
}

bool setup_exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

const char *setup_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

/* As much as there is, up to size bytes; -1 with errno. */
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

char *setup_file_read(const char *path, mode_t *mode)
{
	struct stat status;
	char *text = NULL;
	ssize_t length;
	int error = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) != 0) {
		error = errno;
	} else if (!S_ISREG(status.st_mode) || status.st_size > SETUP_FILE_MAX) {
		error = EFBIG;
	} else if ((text = calloc(1, (size_t)status.st_size + 1)) == NULL) {
		error = ENOMEM;
	} else if ((length = read_all(fd, text, (size_t)status.st_size)) < 0) {
		error = errno;
	} else if (strlen(text) != (size_t)length) {
		/* A zero byte: it would be lost when the text is written back. */
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

/* Whether the file, or where it is still to be made its directory, is this person's own. */
static bool is_own(const char *path)
{
	struct stat status;
	char directory[PATH_MAX];
	char *slash;

	if (stat(path, &status) == 0)
		return status.st_uid == geteuid();
	setup_path(directory, "%s", path);
	slash = strrchr(directory, '/');
	if (slash == NULL)
		return false;
	*slash = '\0';
	return stat(directory, &status) == 0 && status.st_uid == geteuid();
}

bool setup_file_write(const char *path, const char *text, mode_t mode)
{
	char target[PATH_MAX];
	char temporary[PATH_MAX];
	int error = 0;
	int fd;

	if (realpath(path, target) == NULL)
		setup_path(target, "%s", path);
	setup_path(temporary, "%s.XXXXXX", target);
	if (!is_own(target)) {
		errno = EPERM;
		return false;
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return false;
	if (!write_all(fd, text) || fchmod(fd, mode) != 0 || fsync(fd) != 0)
		error = errno;
	if (close(fd) != 0 && error == 0)
		error = errno;
	if (error == 0 && rename(temporary, target) != 0)
		error = errno;
	if (error != 0)
		unlink(temporary);
	errno = error;
	return error == 0;
}

const char *setup_next_line(const char *text, char *line, size_t size)
{
	size_t length = strcspn(text, "\n");

	if (text[0] == '\0')
		return NULL;
	snprintf(line, size, "%.*s", (int)length, text);
	return text + length + (text[length] == '\n');
}

size_t setup_missing_directories(const char *path)
{
	char directory[PATH_MAX];
	size_t missing = 0;
	char *slash;

	setup_path(directory, "%s", path);
	while ((slash = strrchr(directory, '/')) != NULL && slash != directory) {
		*slash = '\0';
		if (setup_exists(directory))
			break;
		missing++;
	}
	return missing;
}
