/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * atomic_file: writes a file under a temporary name, and renames it once all of it is on the disk.
 */
#include "app/host/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "app/app.h"
#include "app/host/signals.h"

const char *atomic_file_obstacle(const char *path, bool replace, const char *const *sources,
				 size_t count)
{
	struct stat there, source;

	if (lstat(path, &there) != 0)
		return NULL;
	if (!replace)
		return _("It already exists; --force replaces it.");
	if (!S_ISREG(there.st_mode))
		return _("It is not a regular file and is not replaced.");
	for (size_t i = 0; i < count; i++) {
		if (sources[i] != NULL && stat(sources[i], &source) == 0 &&
		    source.st_dev == there.st_dev && source.st_ino == there.st_ino)
			return _("It is an input file and is not replaced.");
	}
	return NULL;
}

/* Give the new file the mode of any new file instead of mkstemp's, within that of its source. */
static bool set_mode(int fd, const char *source)
{
	mode_t mask = umask(0);
	struct stat status = {.st_mode = 0666};

	umask(mask);
	return (source == NULL || stat(source, &status) == 0) &&
	       fchmod(fd, 0666 & ~mask & status.st_mode) == 0;
}

/* Make the file so that a signal does not leave it behind. Return -1 with errno on failure. */
static int make_temporary(char *name)
{
	sigset_t before;
	int fd;

	signals_hold(&before);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		signals_remove(name);
	signals_release(&before);
	return fd;
}

/* Remove the temporary file unless it already has its final name; no signal removes it any more. */
static void forget_temporary(struct atomic_file *file, bool has_name)
{
	if (file->temporary != NULL && !has_name)
		unlink(file->temporary);
	signals_remove(NULL);
	free(file->temporary);
	free(file->path);
	memset(file, 0, sizeof(*file));
}

bool atomic_file_begin(struct atomic_file *file, const char *path, const char *source)
{
	int fd = -1;
	int error;

	memset(file, 0, sizeof(*file));
	file->path = strdup(path);
	if (file->path != NULL && asprintf(&file->temporary, "%s.XXXXXX", path) < 0)
		file->temporary = NULL;
	errno = ENOMEM;
	if (file->temporary != NULL)
		fd = make_temporary(file->temporary);
	if (fd >= 0 && set_mode(fd, source))
		file->bio = BIO_new_fd(fd, BIO_CLOSE);
	if (file->bio != NULL)
		return true;
	error = errno;
	if (fd >= 0)
		close(fd);
	forget_temporary(file, fd < 0);
	errno = error;
	return false;
}

static bool rename_new(const char *from, const char *to)
{
	struct stat status;

	if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
		return true;
	/* Some file systems cannot do this in one step. */
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (lstat(to, &status) == 0) {
		errno = EEXIST;
		return false;
	}
	return rename(from, to) == 0;
}

bool atomic_file_commit(struct atomic_file *file, bool replace)
{
	int fd = -1;
	bool done = BIO_flush(file->bio) > 0 && BIO_get_fd(file->bio, &fd) >= 0 && fsync(fd) == 0 &&
		    (replace ? rename(file->temporary, file->path) == 0
			     : rename_new(file->temporary, file->path));
	int error = errno;

	BIO_free(file->bio);
	forget_temporary(file, done);
	errno = error;
	return done;
}

void atomic_file_drop(struct atomic_file *file)
{
	BIO_free(file->bio);
	forget_temporary(file, false);
}

/* Return whether the file system has room for so many bytes more, as far as it tells. */
static bool has_room(int fd, uint64_t bytes)
{
	struct statvfs status;

	if (fstatvfs(fd, &status) != 0 || status.f_blocks == 0)
		return true;
	return status.f_bavail >= bytes / status.f_frsize + 1;
}

const char *atomic_file_hindrance(const char *path, uint64_t bytes)
{
	struct atomic_file file;
	const char *hindrance = NULL;
	int fd = -1;

	/* Only an attempt tells: there are access lists, read-only mounts, quotas. */
	if (!atomic_file_begin(&file, path, NULL))
		return strerror(errno);
	if (BIO_get_fd(file.bio, &fd) >= 0 && !has_room(fd, bytes))
		hindrance = strerror(ENOSPC);
	atomic_file_drop(&file);
	return hindrance;
}
