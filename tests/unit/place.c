/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* place: makes scratch home directories and the files in them, and removes all. */
#include "place.h"

#include "unit.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char place_home[PATH_MAX];
static char before[PATH_MAX];

int place_set_up(void **state)
{
	char made[PATH_MAX];

	(void)state;
	assert_non_null(getcwd(before, sizeof(before)));
	unit_directory_make(made);
	assert_non_null(realpath(made, place_home));
	assert_int_equal(chdir(place_home), 0);
	setenv("HOME", place_home, 1);
	unsetenv("XDG_CONFIG_DIRS");
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CACHE_HOME");
	unsetenv("XDG_RUNTIME_DIR");
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

int place_tear_down(void **state)
{
	(void)state;
	assert_int_equal(chdir(before), 0);
	return nftw(place_home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *place_path(const char *name)
{
	static char paths[8][PATH_MAX];
	static size_t next;
	char *path = paths[next++ % 8];

	unit_path(path, place_home, name);
	return path;
}

void place_directory(const char *name)
{
	char path[PATH_MAX];

	unit_path(path, place_home, name);
	for (char *slash = path + strlen(place_home) + 1; (slash = strchr(slash, '/')) != NULL;
	     slash++) {
		*slash = '\0';
		mkdir(path, 0755);
		*slash = '/';
	}
	mkdir(path, 0755);
	assert_int_equal(access(path, F_OK), 0);
}

void place_write(const char *name, const char *text)
{
	char directory[PATH_MAX];
	char *slash;

	snprintf(directory, sizeof(directory), "%s", name);
	slash = strrchr(directory, '/');
	if (slash != NULL) {
		*slash = '\0';
		place_directory(directory);
	}
	unit_write_file(place_path(name), text, strlen(text));
	assert_int_equal(chmod(place_path(name), 0644), 0);
}

void place_program(const char *name, const char *text)
{
	char script[4096];

	snprintf(script, sizeof(script), "#!/bin/sh\n%s", text);
	place_write(name, script);
	assert_int_equal(chmod(place_path(name), 0755), 0);
}

void place_assert(const char *name, const char *text)
{
	size_t length;
	char *is;

	if (text == NULL) {
		assert_false(place_has(name));
		return;
	}
	is = unit_read_file(place_path(name), &length);
	assert_string_equal(is, text);
	free(is);
}

mode_t place_mode(const char *name)
{
	struct stat status;

	assert_int_equal(lstat(place_path(name), &status), 0);
	return status.st_mode & 07777;
}

bool place_has(const char *name)
{
	struct stat status;

	return lstat(place_path(name), &status) == 0;
}

size_t place_count(const char *name)
{
	DIR *stream = opendir(place_path(name));
	struct dirent *entry;
	size_t count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(stream);
	return count;
}
