/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void fuzz_fail(const char *condition, const char *file, int line)
{
	fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
	abort();
}

uint8_t fuzz_byte(struct fuzz_input *input)
{
	uint8_t byte = 0;

	if (input->size > 0) {
		byte = *input->data++;
		input->size--;
	}
	return byte;
}

uint16_t fuzz_short(struct fuzz_input *input)
{
	uint8_t high = fuzz_byte(input);

	return (uint16_t)(high << 8 | fuzz_byte(input));
}

size_t fuzz_bytes(struct fuzz_input *input, uint8_t *bytes, size_t capacity)
{
	size_t length = fuzz_byte(input);

	if (length > capacity)
		length = capacity;
	for (size_t i = 0; i < length; i++)
		bytes[i] = fuzz_byte(input);
	return length;
}

void fuzz_surroundings(void)
{
	unsetenv("HOME");
	unsetenv("XDG_DATA_HOME");
	setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	setenv("XDG_STATE_HOME", "/dev/null", 1);
	setenv("XDG_CACHE_HOME", "/dev/null", 1);
	setenv("XDG_RUNTIME_DIR", "/dev/null", 1);
	setenv("JPKI_LOG", "debug:/dev/null", 1);
	setenv("LC_ALL", "C", 1);
	setenv("TZ", "UTC", 1);
}

const char *fuzz_file(const uint8_t *data, size_t size)
{
	static char path[64];
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		fuzz_fail("a file in memory", __FILE__, __LINE__);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return path;
}

static char directory[PATH_MAX];
static pid_t maker;

/* Children of a fork server leave it to their parent. */
static void remove_directory(void)
{
	DIR *stream = getpid() == maker ? opendir(directory) : NULL;
	struct dirent *entry;

	while (stream != NULL && (entry = readdir(stream)) != NULL)
		unlinkat(dirfd(stream), entry->d_name, 0); /* . and .. stay */
	if (stream != NULL) {
		closedir(stream);
		rmdir(directory);
	}
}

const char *fuzz_directory(void)
{
	const char *parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";

	if (directory[0] == '\0') {
		snprintf(directory, sizeof(directory), "%s/jpki-fuzz-XXXXXX", parent);
		if (mkdtemp(directory) == NULL)
			fuzz_fail("a directory", __FILE__, __LINE__);
		maker = getpid();
		atexit(remove_directory);
	}
	return directory;
}

void fuzz_write(const char *name, const uint8_t *data, size_t size)
{
	char path[PATH_MAX + 32];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", fuzz_directory(), name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd) != 0)
		fuzz_fail("a file", __FILE__, __LINE__);
}
