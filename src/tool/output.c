/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The new file gets the rights that any other new file would have, not mkstemp's. */
static bool set_mode(int fd)
{
	mode_t mask = umask(0);

	umask(mask);
	return fchmod(fd, 0666 & ~mask) == 0;
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
		fd = mkostemp(output->temporary, O_CLOEXEC);
	if (fd >= 0 && set_mode(fd))
		output->bio = BIO_new_fd(fd, BIO_CLOSE);
	if (output->bio != NULL)
		return true;
	error = errno;
	if (fd >= 0) {
		close(fd);
		unlink(output->temporary);
	}
	free(output->temporary);
	free(output->path);
	memset(output, 0, sizeof(*output));
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

	if (done) {
		/* So that it is not removed. */
		free(output->temporary);
		output->temporary = NULL;
	}
	output_drop(output);
	errno = error;
	return done;
}

void output_drop(struct output *output)
{
	BIO_free(output->bio);
	if (output->temporary != NULL)
		unlink(output->temporary);
	free(output->temporary);
	free(output->path);
	memset(output, 0, sizeof(*output));
}
