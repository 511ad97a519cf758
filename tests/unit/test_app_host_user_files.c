/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_user_files: the person's own files are read as they are and replaced whole. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "app/host/user_files.h"
#include "place.h"

static bool fsync_fails;
static bool is_other_user;       /* whether the files that the test makes are somebody else's */
static uid_t given_user;         /* whom a file was given to last */
static gid_t given_group;        /* and to which group */
static unsigned int times_given; /* how often one was */
static char names[64];           /* of the attributes that files have, each with its end */
static size_t names_length;
static const char *refused_name; /* the one that no file takes */
static char taken[64];           /* "NAME=VALUE;" for each that one was given */

/* These stand before libc's own. */
int fsync(int fd)
{
	errno = EIO;
	return fsync_fails ? -1 : (int)syscall(SYS_fsync, fd);
}

uid_t geteuid(void)
{
	return (uid_t)syscall(SYS_geteuid) + (is_other_user ? 1 : 0);
}

int fchown(int fd, uid_t user, gid_t group)
{
	given_user = user;
	given_group = group;
	times_given++;
	return (int)syscall(SYS_fchown, fd, user, group);
}

/* Many file systems have no attributes: tmpfs before Linux 6.6, for one. */
ssize_t listxattr(const char *path, char *list, size_t size)
{
	assert_non_null(path);
	assert_true(size >= names_length);
	memcpy(list, names, names_length);
	return (ssize_t)names_length;
}

ssize_t getxattr(const char *path, const char *name, void *value, size_t size)
{
	int length = snprintf(value, size, "of %s", name);

	assert_non_null(path);
	return length;
}

int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
	size_t used = strlen(taken);

	assert_true(fd >= 0);
	assert_int_equal(flags, 0);
	if (refused_name != NULL && strcmp(name, refused_name) == 0) {
		errno = EPERM;
		return -1;
	}
	snprintf(taken + used, sizeof(taken) - used, "%s=%.*s;", name, (int)size,
		 (const char *)value);
	return 0;
}

/* Have files these attributes: two names, and the one that no file takes; NULL: all are taken. */
static void have_attributes(const char *first, const char *second, const char *refused)
{
	names_length = strlen(first) + strlen(second) + 2;
	assert_true(names_length <= sizeof(names));
	memcpy(names, first, strlen(first) + 1);
	memcpy(names + strlen(first) + 1, second, strlen(second) + 1);
	refused_name = refused;
	taken[0] = '\0';
}

static void test_homes(void **state)
{
	(void)state;
	assert_string_equal(user_home(), place_home);
	assert_string_equal(user_config_home(), place_path(".config"));
	assert_string_equal(user_data_home(), place_path(".local/share"));
	setenv("XDG_CONFIG_HOME", "/elsewhere/config", 1);
	setenv("XDG_DATA_HOME", "/elsewhere/data", 1);
	assert_string_equal(user_config_home(), "/elsewhere/config");
	assert_string_equal(user_data_home(), "/elsewhere/data");
	/* The specification: what is not absolute is to be ignored. */
	setenv("XDG_CONFIG_HOME", "config", 1);
	setenv("XDG_DATA_HOME", "", 1);
	assert_string_equal(user_config_home(), place_path(".config"));
	assert_string_equal(user_data_home(), place_path(".local/share"));
	unsetenv("HOME");
	assert_string_equal(user_home(), "");
	assert_string_equal(user_config_home(), "");
	setenv("HOME", "here", 1);
	assert_string_equal(user_home(), "");
}

static void test_paths(void **state)
{
	char path[PATH_MAX];
	char *longest = malloc(PATH_MAX + 1);

	(void)state;
	user_path(path, "%s/%d", "/a", 7);
	assert_string_equal(path, "/a/7");
	memset(longest, 'x', PATH_MAX);
	longest[PATH_MAX] = '\0';
	user_path(path, "%s", longest);
	assert_string_equal(path, "");
	user_path(path, "%s", longest + 1);
	assert_int_equal(strlen(path), PATH_MAX - 1);
	free(longest);
	assert_string_equal(user_base("/a/b.so"), "b.so");
	assert_string_equal(user_base("b.so"), "b.so");
	assert_string_equal(user_base("/a/"), "");
	assert_int_equal(symlink("nowhere", place_path("link")), 0);
	assert_true(user_exists(place_path("link")));
	assert_false(user_exists(place_path("none")));
}

static void assert_unreadable(const char *name, int wanted)
{
	mode_t mode = 01;
	char *text = user_file_read(place_path(name), &mode);
	int error = errno;

	assert_null(text);
	assert_int_equal(error, wanted);
	assert_int_equal(mode, 01);
}

static void test_read(void **state)
{
	mode_t mode = 0;
	char *text;

	(void)state;
	place_write("file", "one\ntwo");
	assert_int_equal(chmod(place_path("file"), 0640), 0);
	text = user_file_read(place_path("file"), &mode);
	assert_string_equal(text, "one\ntwo");
	assert_int_equal(mode, 0640);
	free(text);
	place_write("empty", "");
	text = user_file_read(place_path("empty"), &mode);
	assert_string_equal(text, "");
	free(text);
	assert_unreadable("none", ENOENT);
	assert_int_equal(symlink("nowhere", place_path("link")), 0);
	assert_unreadable("link", ENOLINK);
	place_directory("directory");
	assert_unreadable("directory", EFBIG);
	/* nobody waits for a pipe */
	assert_int_equal(mkfifo(place_path("pipe"), 0600), 0);
	assert_unreadable("pipe", EFBIG);
	unit_write_file(place_path("zero"), "a\0b", 3);
	assert_unreadable("zero", EILSEQ);
}

static void test_size(void **state)
{
	mode_t mode;
	char *text;

	(void)state;
	text = malloc(USER_FILE_MAX + 1);
	assert_non_null(text);
	memset(text, 'x', USER_FILE_MAX + 1);
	unit_write_file(place_path("large"), text, USER_FILE_MAX);
	unit_write_file(place_path("larger"), text, USER_FILE_MAX + 1);
	free(text);
	text = user_file_read(place_path("large"), &mode);
	assert_non_null(text);
	assert_int_equal(strlen(text), USER_FILE_MAX);
	free(text);
	assert_unreadable("larger", EFBIG);
}

static void test_write(void **state)
{
	(void)state;
	umask(077);
	assert_true(user_file_write(place_path("file"), "new", 0644));
	place_assert("file", "new");
	assert_int_equal(place_mode("file"), 0644);
	assert_true(user_file_write(place_path("file"), "newer", 0600));
	umask(022);
	place_assert("file", "newer");
	assert_int_equal(place_mode("file"), 0600);
	assert_int_equal(place_count("."), 1);
}

/* A file that was given to another group stays with it. Only root is in every group, so that for
 * others it is the group that a new file has anyway. */
static void test_group(void **state)
{
	gid_t wanted = geteuid() == 0 ? 12345 : getegid();
	struct stat status;

	(void)state;
	place_write("file", "old");
	assert_int_equal(chown(place_path("file"), (uid_t)-1, wanted), 0);
	times_given = 0;
	assert_true(user_file_write(place_path("file"), "new", 0640));
	assert_int_equal(times_given, 1);
	assert_int_equal(given_user, (uid_t)-1);
	assert_int_equal(given_group, wanted);
	assert_int_equal(stat(place_path("file"), &status), 0);
	assert_int_equal(status.st_gid, wanted);
}

/* A configuration that is kept elsewhere stays a link to it. */
static void test_link(void **state)
{
	char target[PATH_MAX] = "";

	(void)state;
	place_write("dotfiles/config", "old");
	assert_int_equal(symlink("dotfiles/config", place_path("config")), 0);
	assert_true(user_file_write(place_path("config"), "new", 0600));
	place_assert("dotfiles/config", "new");
	assert_true(readlink(place_path("config"), target, sizeof(target) - 1) > 0);
	assert_string_equal(target, "dotfiles/config");
}

static void assert_refused(const char *name, int wanted)
{
	assert_false(user_file_write(place_path(name), "new", 0600));
	assert_int_equal(errno, wanted);
}

static void test_refused(void **state)
{
	(void)state;
	place_write("file", "old");
	assert_int_equal(link(place_path("file"), place_path("second")), 0);
	assert_refused("file", EMLINK);
	place_assert("file", "old");
	assert_int_equal(symlink("nowhere", place_path("link")), 0);
	assert_refused("link", ENOLINK);
	assert_false(place_has("nowhere"));
	assert_refused("none/file", EPERM);
	place_directory("directory");
	assert_false(user_file_write(place_path("directory"), "new", 0600));
	assert_int_equal(place_count("directory"), 0);
	assert_int_equal(place_count("."), 4);
	assert_string_not_equal(user_file_error(ENOLINK), strerror(ENOLINK));
	assert_string_not_equal(user_file_error(EMLINK), strerror(EMLINK));
	assert_string_equal(user_file_error(EPERM), strerror(EPERM));
}

/* The disk is full, or broken: what was there is there still. */
static void test_disk_fails(void **state)
{
	bool done;
	int error;

	(void)state;
	place_write("file", "old");
	fsync_fails = true;
	done = user_file_write(place_path("file"), "new", 0600);
	error = errno;
	fsync_fails = false;
	assert_false(done);
	assert_int_equal(error, EIO);
	place_assert("file", "old");
	assert_int_equal(place_mode("file"), 0644);
	assert_int_equal(place_count("."), 1);
}

/* Another person's file, or a place in another person's directory. */
static void test_another_person(void **state)
{
	bool made;
	int error;

	(void)state;
	place_write("file", "old");
	place_directory("directory");
	is_other_user = true;
	assert_refused("file", EPERM);
	assert_refused("directory/file", EPERM);
	errno = 0;
	made = user_directories_make(place_path("directory/below/file"));
	error = errno;
	is_other_user = false;
	assert_false(made);
	assert_int_equal(error, EPERM);
	place_assert("file", "old");
	assert_false(place_has("directory/file"));
	assert_false(place_has("directory/below"));
	/* One's own. */
	assert_true(user_file_write(place_path("file"), "new", 0600));
	assert_true(user_directories_make(place_path("directory/below/file")));
}

/* Extended attributes go with the file. Those of the system's policy need not. */
static void test_attributes(void **state)
{
	(void)state;
	place_write("file", "old");
	have_attributes("user.a", "user.b", NULL);
	assert_true(user_file_write(place_path("file"), "new", 0600));
	place_assert("file", "new");
	assert_string_equal(taken, "user.a=of user.a;user.b=of user.b;");
	have_attributes("security.a", "user.b", "security.a");
	assert_true(user_file_write(place_path("file"), "newer", 0600));
	place_assert("file", "newer");
	assert_string_equal(taken, "user.b=of user.b;");
	have_attributes("user.a", "user.b", "user.b");
	assert_refused("file", EPERM);
	place_assert("file", "newer");
	names_length = 0;
}

static void test_lines(void **state)
{
	const char *text = "name=one\n\nname=\nlast";
	struct user_line line;
	char value[4] = "";
	size_t length;

	(void)state;
	assert_true(user_next_line(&text, &line));
	assert_int_equal(line.length, 8);
	assert_true(user_line_value(&line, "name=", value, sizeof(value)));
	assert_string_equal(value, "one");
	/* no room: it stays */
	assert_false(user_line_value(&line, "name", value, sizeof(value)));
	assert_string_equal(value, "one");
	assert_null(user_line_after(&line, "name=one\n", &length));
	assert_non_null(user_line_after(&line, "name=one", &length));
	assert_int_equal(length, 0);
	assert_false(user_line_value(&line, "ame=", value, sizeof(value)));
	assert_true(user_next_line(&text, &line));
	assert_int_equal(line.length, 0);
	assert_true(user_next_line(&text, &line));
	assert_true(user_line_value(&line, "name=", value, sizeof(value)));
	assert_string_equal(value, "");
	assert_true(user_next_line(&text, &line));
	assert_int_equal(line.length, 4);
	assert_false(user_next_line(&text, &line));
}

static void test_missing_directories(void **state)
{
	(void)state;
	place_directory("a");
	assert_int_equal(user_missing_directories(place_path("file")), 0);
	assert_int_equal(user_missing_directories(place_path("a/file")), 0);
	assert_int_equal(user_missing_directories(place_path("a/b/file")), 1);
	assert_int_equal(user_missing_directories(place_path("b/c/d/file")), 3);
	assert_int_equal(user_missing_directories("/file"), 0);
}

static void test_make_directories(void **state)
{
	(void)state;
	place_directory("a");
	assert_int_equal(chmod(place_path("a"), 0750), 0);
	assert_true(user_directories_make(place_path("a/b/c/file")));
	assert_int_equal(place_mode("a"), 0750);
	assert_int_equal(place_mode("a/b"), 0700);
	assert_int_equal(place_mode("a/b/c"), 0700);
	assert_false(place_has("a/b/c/file"));
	assert_true(user_directories_make(place_path("a/b/c/file")));
	assert_true(user_directories_make("/file"));
	place_write("a/file", "");
	assert_false(user_directories_make(place_path("a/file/d/file")));
	assert_int_equal(errno, ENOTDIR);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_homes),
		HERE(test_paths),
		HERE(test_read),
		HERE(test_size),
		HERE(test_write),
		HERE(test_link),
		HERE(test_refused),
		HERE(test_attributes),
		HERE(test_lines),
		HERE(test_another_person),
		HERE(test_missing_directories),
		HERE(test_make_directories),
		HERE(test_disk_fails),
		HERE(test_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
