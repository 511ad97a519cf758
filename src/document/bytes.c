/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* bytes: reads a whole document into memory, up to a bound. */
#include "document/bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Read all of the file, which must not have become shorter. */
static bool fill(int fd, struct document_bytes *bytes, size_t size)
{
	while (bytes->length < size) {
		ssize_t count = read(fd, bytes->data + bytes->length, size - bytes->length);

		if (count < 0 && errno == EINTR)
			continue;
		if (count == 0)
			errno = EIO;
		if (count <= 0)
			return false;
		bytes->length += (size_t)count;
	}
	return true;
}

bool document_bytes_read(struct document_bytes *bytes, const char *path)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool done = false;
	int error;

	*bytes = (struct document_bytes){NULL, 0};
	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0) {
		if (!S_ISREG(status.st_mode))
			errno = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
		else if (status.st_size > (off_t)DOCUMENT_BYTES_MAX)
			errno = EFBIG;
		else if ((bytes->data = malloc((size_t)status.st_size + 1)) != NULL)
			done = fill(fd, bytes, (size_t)status.st_size);
	}
	error = errno;
	close(fd);
	errno = error;
	return done;
}

void document_bytes_free(struct document_bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct document_bytes){NULL, 0};
}
