/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands before memory, files and time. */
#include "inject.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* They are called under the names of others, in the copy of the shipped objects. */
#pragma GCC diagnostic ignored "-Wmissing-prototypes"

static bool out_of_memory(const char *name)
{
	bool fails = inject_fails(INJECT_MEMORY, name);

	if (fails)
		errno = ENOMEM;
	return fails;
}

/* A full disk is as good a reason as any. */
static bool file_fails(const char *name)
{
	bool fails = inject_fails(INJECT_FILE, name);

	if (fails)
		errno = ENOSPC;
	return fails;
}

static void *grown(void *block)
{
	if (block != NULL)
		inject_grow(malloc_usable_size(block));
	return inject_took(INJECT_BLOCKS, block);
}

void *inject_malloc(size_t size)
{
	return out_of_memory("malloc") ? NULL : grown(malloc(size));
}

void *inject_calloc(size_t count, size_t size)
{
	return out_of_memory("calloc") ? NULL : grown(calloc(count, size));
}

void inject_free(void *block)
{
	if (block != NULL) {
		inject_look_through(block, malloc_usable_size(block));
		inject_shrink(malloc_usable_size(block));
	}
	free(inject_gave(INJECT_BLOCKS, block));
}

void *inject_mmap(void *address, size_t length, int protection, int flags, int fd, off_t offset)
{
	void *memory = MAP_FAILED;

	if (!out_of_memory("mmap"))
		memory = mmap(address, length, protection, flags, fd, offset);
	if (memory != MAP_FAILED) {
		inject_grow(length);
		inject_took(INJECT_PAGES, memory);
	}
	return memory;
}

int inject_munmap(void *memory, size_t length)
{
	inject_look_through(memory, length);
	inject_shrink(length);
	return munmap(inject_gave(INJECT_PAGES, memory), length);
}

int inject_madvise(void *memory, size_t length, int advice)
{
	return out_of_memory("madvise") ? -1 : madvise(memory, length, advice);
}

int inject_mlock(const void *memory, size_t length)
{
	return out_of_memory("mlock") ? -1 : mlock(memory, length);
}

ssize_t inject_getrandom(void *buffer, size_t length, unsigned int flags)
{
	return out_of_memory("getrandom") ? -1 : getrandom(buffer, length, flags);
}

/* Descriptors are counted by their number and one, so that 0 is not nothing. */
static int opened(int fd)
{
	if (fd >= 0)
		inject_took(INJECT_FILES, (void *)(intptr_t)(fd + 1));
	return fd;
}

int inject_open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return file_fails("open") ? -1 : opened(open(path, flags, mode));
}

int inject_openat(int directory, const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	va_start(arguments, flags);
	mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
	va_end(arguments);
	return file_fails("openat") ? -1 : opened(openat(directory, path, flags, mode));
}

int inject_close(int fd)
{
	inject_gave(INJECT_FILES, (void *)(intptr_t)(fd + 1));
	return close(fd);
}

FILE *inject_fopen(const char *path, const char *mode)
{
	return file_fails("fopen") ? NULL : inject_took(INJECT_FILES, fopen(path, mode));
}

/* The stream owns the descriptor from here on. */
FILE *inject_fdopen(int fd, const char *mode)
{
	return file_fails("fdopen") ? NULL : fdopen(fd, mode);
}

int inject_fclose(FILE *file)
{
	inject_gave(INJECT_FILES, file);
	return fclose(file);
}

char *inject_fgets(char *line, int size, FILE *file)
{
	return file_fails("fgets") ? NULL : fgets(line, size, file);
}

int inject_getc(FILE *file)
{
	return file_fails("getc") ? EOF : getc(file);
}

int inject_fstat(int fd, struct stat *status)
{
	return file_fails("fstat") ? -1 : fstat(fd, status);
}

int inject_fstatat(int directory, const char *path, struct stat *status, int flags)
{
	return file_fails("fstatat") ? -1 : fstatat(directory, path, status, flags);
}

int inject_fchmod(int fd, mode_t mode)
{
	return file_fails("fchmod") ? -1 : fchmod(fd, mode);
}

int inject_flock(int fd, int operation)
{
	return file_fails("flock") ? -1 : flock(fd, operation);
}

int inject_mkdirat(int directory, const char *path, mode_t mode)
{
	return file_fails("mkdirat") ? -1 : mkdirat(directory, path, mode);
}

int inject_renameat(int from_directory, const char *from, int to_directory, const char *to)
{
	return file_fails("renameat") ? -1 : renameat(from_directory, from, to_directory, to);
}

int inject_unlinkat(int directory, const char *path, int flags)
{
	return file_fails("unlinkat") ? -1 : unlinkat(directory, path, flags);
}

ssize_t inject_pread(int fd, void *buffer, size_t length, off_t offset)
{
	return file_fails("pread") ? -1 : pread(fd, buffer, length, offset);
}

/* What FORTIFY_SOURCE makes of some of these, where the compiler can't tell that there is room. */
ssize_t inject_pread_chk(int fd, void *buffer, size_t length, off_t offset, size_t room)
{
	if (length > room)
		abort();
	return inject_pread(fd, buffer, length, offset);
}

char *inject_fgets_chk(char *line, size_t room, int size, FILE *file)
{
	if (size < 0 || (size_t)size > room)
		abort();
	return inject_fgets(line, size, file);
}

/* A disk that is nearly full takes a part. */
ssize_t inject_write(int fd, const void *data, size_t length)
{
	return write(fd, data, file_fails("write") ? length / 2 : length);
}

struct tm *inject_gmtime_r(const time_t *when, struct tm *broken_down)
{
	return file_fails("gmtime_r") ? NULL : gmtime_r(when, broken_down);
}

/* What was slept has passed. No bound may hang on the clock of the calendar, which can be set. */
int inject_clock_gettime(clockid_t clock, struct timespec *now)
{
	int result = clock_gettime(clock, now);

	if (clock == CLOCK_REALTIME)
		abort();
	now->tv_sec += inject_slept_ms() / 1000;
	now->tv_nsec += inject_slept_ms() % 1000 * 1000000L;
	if (now->tv_nsec >= 1000000000L) {
		now->tv_sec++;
		now->tv_nsec -= 1000000000L;
	}
	return result;
}

int inject_nanosleep(const struct timespec *wanted, struct timespec *left)
{
	(void)left;
	inject_sleep((long)wanted->tv_sec * 1000 + wanted->tv_nsec / 1000000);
	return 0;
}

/* As if the time had passed. The lock is given away for a moment, as it would be. */
int inject_pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex,
				  const struct timespec *until)
{
	struct timespec now;

	(void)condition;
	inject_clock_gettime(CLOCK_MONOTONIC, &now);
	inject_sleep((long)(until->tv_sec - now.tv_sec) * 1000 +
		     (until->tv_nsec - now.tv_nsec) / 1000000);
	pthread_mutex_unlock(mutex);
	pthread_mutex_lock(mutex);
	return ETIMEDOUT;
}
