/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_atomic_file: a file is there whole or not at all, whatever happens meanwhile. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/host/atomic_file.h"
#include "place.h"
#include "screen.h"

/* What happens to the calls of the code under test; processes of the test share it. */
static struct calls {
	bool fsync_fails;
	size_t unlinks;
} * calls;

/* These stand before libc's own. */
int fsync(int fd)
{
	errno = EIO;
	return calls->fsync_fails ? -1 : (int)syscall(SYS_fsync, fd);
}

int unlink(const char *path)
{
	calls->unlinks++;
	return unlinkat(AT_FDCWD, path, 0);
}

static struct atomic_file begin(const char *name, const char *text)
{
	struct atomic_file file;

	assert_true(atomic_file_begin(&file, place_path(name), NULL));
	assert_int_equal(BIO_write(file.bio, text, (int)strlen(text)), strlen(text));
	return file;
}

static void test_new(void **state)
{
	struct atomic_file file;

	(void)state;
	umask(022);
	file = begin("new", "all of it\n");
	assert_false(place_has("new"));
	/* It is in the same directory, so that it can get its name in one step. */
	assert_int_equal(place_count("."), 1);
	assert_true(atomic_file_commit(&file, false));
	place_assert("new", "all of it\n");
	assert_int_equal(place_mode("new"), 0644);
	assert_int_equal(place_count("."), 1);
	assert_null(file.bio);
	assert_null(file.temporary);
}

static void test_mode(void **state)
{
	struct atomic_file file;

	(void)state;
	umask(077);
	file = begin("private", "x");
	assert_true(atomic_file_commit(&file, true));
	umask(022);
	assert_int_equal(place_mode("private"), 0600);
	/* A copy has no more rights than its source. */
	place_write("source", "x");
	assert_int_equal(chmod(place_path("source"), 0640), 0);
	assert_true(atomic_file_begin(&file, place_path("copy"), place_path("source")));
	assert_true(atomic_file_commit(&file, false));
	assert_int_equal(place_mode("copy"), 0640);
	umask(077);
	assert_true(atomic_file_begin(&file, place_path("copy"), place_path("source")));
	assert_true(atomic_file_commit(&file, true));
	assert_int_equal(place_mode("copy"), 0600);
	umask(022);
}

static void test_replace(void **state)
{
	struct atomic_file file;

	(void)state;
	place_write("file", "old");
	file = begin("file", "new");
	place_assert("file", "old");
	assert_true(atomic_file_commit(&file, true));
	place_assert("file", "new");
	assert_int_equal(place_count("."), 1);
}

/* Somebody else was quicker. */
static void test_not_replaced(void **state)
{
	struct atomic_file file = begin("file", "new");
	int error;

	(void)state;
	place_write("file", "old");
	assert_false(atomic_file_commit(&file, false));
	error = errno;
	assert_int_equal(error, EEXIST);
	place_assert("file", "old");
	assert_int_equal(place_count("."), 1);
}

static void test_failing_commit(void **state)
{
	struct atomic_file file = begin("file", "new");

	(void)state;
	place_directory("file");
	assert_false(atomic_file_commit(&file, true));
	assert_int_equal(errno, EISDIR);
	assert_int_equal(place_count("."), 1);
	assert_int_equal(place_count("file"), 0);
}

/* The disk is full, or broken: what was there is there still. */
static void test_failing_disk(void **state)
{
	struct atomic_file file;
	bool done;
	int error;

	(void)state;
	place_write("file", "old");
	file = begin("file", "new");
	calls->fsync_fails = true;
	done = atomic_file_commit(&file, true);
	error = errno;
	calls->fsync_fails = false;
	assert_false(done);
	assert_int_equal(error, EIO);
	place_assert("file", "old");
	assert_int_equal(place_count("."), 1);
}

static void test_drop(void **state)
{
	struct atomic_file file;

	(void)state;
	place_write("file", "old");
	file = begin("file", "new");
	atomic_file_drop(&file);
	place_assert("file", "old");
	assert_int_equal(place_count("."), 1);
}

static void test_no_directory(void **state)
{
	struct atomic_file file;

	(void)state;
	assert_false(atomic_file_begin(&file, place_path("none/file"), NULL));
	assert_int_equal(errno, ENOENT);
	assert_null(file.bio);
	assert_null(file.path);
}

static void test_obstacles(void **state)
{
	const char *sources[2];

	(void)state;
	place_write("file", "old");
	place_directory("directory");
	assert_int_equal(symlink("file", place_path("link")), 0);
	assert_int_equal(link(place_path("file"), place_path("second")), 0);
	sources[0] = NULL;
	sources[1] = place_path("second");
	assert_null(atomic_file_obstacle(place_path("none"), false, NULL, 0));
	assert_non_null(atomic_file_obstacle(place_path("file"), false, NULL, 0));
	assert_null(atomic_file_obstacle(place_path("file"), true, NULL, 0));
	assert_non_null(atomic_file_obstacle(place_path("directory"), true, NULL, 0));
	assert_non_null(atomic_file_obstacle(place_path("link"), true, NULL, 0));
	assert_non_null(atomic_file_obstacle(place_path("link"), false, NULL, 0));
	assert_non_null(atomic_file_obstacle(place_path("file"), true, sources, 2));
	assert_null(atomic_file_obstacle(place_path("file"), true, sources, 1));
	sources[1] = place_path("link");
	assert_non_null(atomic_file_obstacle(place_path("file"), true, sources, 2));
	sources[1] = place_path("none");
	assert_null(atomic_file_obstacle(place_path("file"), true, sources, 2));
}

/* --- signals -----------------------------------------------------------------------------------
 */

/* How a process ends that gets a signal after some of the file, or after all. */
static int end_by(int number, bool commits)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		struct atomic_file file;

		if (!atomic_file_begin(&file, place_path("file"), NULL) ||
		    BIO_write(file.bio, "half", 4) != 4)
			_exit(99);
		if (commits && !atomic_file_commit(&file, true))
			_exit(98);
		calls->unlinks = 0;
		raise(number);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void test_signals(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	place_write("file", "old");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		int status = end_by(numbers[i], false);

		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
		place_assert("file", "old");
		assert_int_equal(place_count("."), 1);
	}
}

static void test_signal_after(void **state)
{
	int status = end_by(SIGTERM, true);

	(void)state;
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	/* Whatever has got that name since is not touched. */
	assert_int_equal(calls->unlinks, 0);
	place_assert("file", "half");
}

/* Under nohup(1) it is finished. */
static void test_ignored(void **state)
{
	int status;

	(void)state;
	signal(SIGHUP, SIG_IGN);
	status = end_by(SIGHUP, false);
	signal(SIGHUP, SIG_DFL);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(place_count("."), 1);
	assert_false(place_has("file"));
}

/* It is tried out, and nothing is left of that. */
static void test_hindrance(void **state)
{
	(void)state;
	umask(022);
	assert_null(atomic_file_hindrance(place_path("new"), 1000));
	assert_int_equal(place_count("."), 0);
	assert_string_equal(atomic_file_hindrance(place_path("none/new"), 0), strerror(ENOENT));
	assert_string_equal(atomic_file_hindrance(place_path("new"), UINT64_MAX), strerror(ENOSPC));
	assert_int_equal(place_count("."), 0);
	/* A file that is there stays as it is. */
	place_write("old", "old");
	assert_null(atomic_file_hindrance(place_path("old"), 1000));
	place_assert("old", "old");
	assert_int_equal(place_count("."), 1);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_new),          HERE(test_mode),           HERE(test_replace),
		HERE(test_not_replaced), HERE(test_failing_commit), HERE(test_drop),
		HERE(test_no_directory), HERE(test_obstacles),      HERE(test_signals),
		HERE(test_signal_after), HERE(test_ignored),        HERE(test_failing_disk),
		HERE(test_hindrance),
	};

	calls = screen_share(sizeof(*calls));
	screen_heed_signals();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
