/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "app/host/atomic_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app.h"
#include "app/host/signals.h"

const char *output_obstacle(const char *path, bool replace, const char *const *sources,
			    size_t count)
{
	struct stat there, source;

	if (lstat(path, &there) != 0)
		return NULL;
	if (!replace)
		return _("It is there already; --force replaces it.");
	if (!S_ISREG(there.st_mode))
		return _("What is there is not a regular file, and is not replaced.");
	for (size_t i = 0; i < count; i++) {
		if (sources[i] != NULL && stat(sources[i], &source) == 0 &&
		    source.st_dev == there.st_dev && source.st_ino == there.st_ino)
			return _("It is a file that is read, and is not replaced.");
	}
	return NULL;
}

/* The new file gets the rights that any other new file would have, not mkstemp's. */
static bool set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) == 0;
}

/* The file, which a signal will not leave behind; -1 with errno. */
static int make_temporary(char *name)
{
	sigset_t before;
	int fd;

	interrupt_hold(&before);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		interrupt_remove(name);
	interrupt_release(&before);
	return fd;
}

/* Removes it, unless it has its name; nothing is left to remove. */
static void forget_temporary(struct output *output, bool has_name)
{
	if (output->temporary != NULL && !has_name)
		unlink(output->temporary);
	interrupt_remove(NULL);
	free(output->temporary);
	free(output->path);
	memset(output, 0, sizeof(*output));
}

bool output_begin(struct output *output, const char *path)
{
	int fd = -1;
	int error;

	memset(output, 0, sizeof(*output));
	output->path = strdup(path);
	if (output->path != NULL && asprintf(&output->temporary, "%s.XXXXXX", path) < 0)
		output->temporary = NULL;
	errno = ENOMEM;
	if (output->temporary != NULL)
		fd = make_temporary(output->temporary);
	if (fd >= 0 && set_mode(fd))
		output->bio = BIO_new_fd(fd, BIO_CLOSE);
	if (output->bio != NULL)
		return true;
	error = errno;
	if (fd >= 0)
		close(fd);
	forget_temporary(output, fd < 0);
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

bool output_commit(struct output *output, bool replace)
{
	int fd = -1;
	bool done = BIO_flush(output->bio) > 0 && BIO_get_fd(output->bio, &fd) >= 0 &&
		    fsync(fd) == 0 &&
		    (replace ? rename(output->temporary, output->path) == 0
			     : rename_new(output->temporary, output->path));
	int error = errno;

	BIO_free(output->bio);
	forget_temporary(output, done);
	errno = error;
	return done;
}

void output_drop(struct output *output)
{
	BIO_free(output->bio);
	forget_temporary(output, false);
}
