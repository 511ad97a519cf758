/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* place: opens a directory of the user's own, and makes it if it is missing. */
#include "token/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool jpki_place_has_own(int fd, mode_t kind)
{
	struct stat status;

	return fstat(fd, &status) == 0 && (status.st_mode & S_IFMT) == kind &&
	       status.st_uid == geteuid() && (kind == S_IFDIR || status.st_nlink == 1);
}

/* Open the directory of this name in parent, and close parent. With make, create it if needed. */
static int enter(int parent, const char *name, bool make)
{
	int fd = -1;

	if (parent < 0)
		return -1;
	if (!make || mkdirat(parent, name, 0700) == 0 || errno == EEXIST)
		fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	close(parent);
	if (fd >= 0 && !jpki_place_has_own(fd, S_IFDIR)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int jpki_place_open(const struct jpki_user_place *place, bool make)
{
	char path[sizeof(place->below)];
	char *rest = path;
	int fd = open(place->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0 && !jpki_place_has_own(fd, S_IFDIR)) {
		close(fd);
		fd = -1;
	}
	snprintf(path, sizeof(path), "%s", place->below);
	for (char *name; (name = strtok_r(rest, "/", &rest)) != NULL;)
		fd = enter(fd, name, make);
	return fd;
}
