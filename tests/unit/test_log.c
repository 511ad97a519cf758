/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The log: its levels, its file, and that no secret ever gets into it. */
#include "fixture.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "base/write.h"

static char directory[PATH_MAX];
static char path[PATH_MAX];

static int set_up(void **state)
{
	(void)state;
	unit_directory_make(directory);
	unit_path(path, directory, "log");
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	setenv("JPKI_LOG", "warning", 1);
	jpki_log_open();
	unit_directory_remove(directory);
	return 0;
}

static void open_log(const char *level)
{
	char setting[PATH_MAX + 16];

	snprintf(setting, sizeof(setting), "%s:%s", level, path);
	setenv("JPKI_LOG", setting, 1);
	jpki_log_open();
}

static bool log_has(const char *text)
{
	size_t length;
	char *log = unit_read_file(path, &length);
	bool has = strstr(log, text) != NULL;

	free(log);
	return has;
}

static void test_levels(void **state)
{
	static const char *const names[] = {"none", "error", "warning", "info", "debug"};

	(void)state;
	for (int level = JPKI_LOG_NONE; level <= JPKI_LOG_DEBUG; level++) {
		unlink(path);
		open_log(names[level]);
		jpki_log(JPKI_LOG_NONE, "at level 0");
		jpki_log(JPKI_LOG_ERROR, "at level %d", 1);
		jpki_log(JPKI_LOG_WARNING, "at level %d", 2);
		jpki_log(JPKI_LOG_INFO, "at level %d", 3);
		jpki_log(JPKI_LOG_DEBUG, "at level %d", 4);
		assert_false(log_has("at level 0"));
		assert_int_equal(log_has(": error: at level 1\n"), level >= 1);
		assert_int_equal(log_has(": warning: at level 2\n"), level >= 2);
		assert_int_equal(log_has(": info: at level 3\n"), level >= 3);
		assert_int_equal(log_has(": debug: at level 4\n"), level >= 4);
	}
}

/* The file is for its owner alone, is added to, and is no link that somebody has laid. */
static void test_file(void **state)
{
	struct stat status;
	char elsewhere[PATH_MAX];

	(void)state;
	open_log("info");
	jpki_log(JPKI_LOG_INFO, "first");
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	open_log("info");
	jpki_log(JPKI_LOG_INFO, "second");
	assert_true(log_has("first") && log_has("second"));

	unit_path(elsewhere, directory, "elsewhere");
	unit_write_file(elsewhere, "", 0);
	unlink(path);
	assert_int_equal(symlink(elsewhere, path), 0);
	open_log("info");
	jpki_log(JPKI_LOG_INFO, "third");
	assert_false(log_has("third"));
}

/* What cannot be understood leaves the log as it was. */
static void test_bad_settings(void **state)
{
	static const char *const bad[] = {"",       "loud",     ":/nonexistent",
					  "debug:", "debugger", "debug:/nonexistent/file",
					  "DEBUG"};

	(void)state;
	open_log("info");
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		setenv("JPKI_LOG", bad[i], 1);
		jpki_log_open();
		jpki_log(JPKI_LOG_INFO, "kept %zu", i);
		jpki_log(JPKI_LOG_DEBUG, "beyond %zu", i);
	}
	unsetenv("JPKI_LOG");
	jpki_log_open();
	assert_true(log_has("kept 0") && log_has("kept 6"));
	assert_false(log_has("beyond "));
}

static void test_long_line(void **state)
{
	char text[2000];
	size_t length;
	char *log;

	(void)state;
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	open_log("info");
	jpki_log(JPKI_LOG_INFO, "%s", text);
	jpki_log(JPKI_LOG_INFO, "next");
	log = unit_read_file(path, &length);
	assert_true(strchr(log, '\n') - log <= 512);
	assert_true(strchr(log, '\n') - log >= 400);
	assert_non_null(strstr(strchr(log, '\n') + 1, ": info: next\n"));
	free(log);
}

/* The log lacks these bytes: as they are, and in hexadecimal, small or capital, apart or not. */
static void assert_absent(const char *log, const uint8_t *bytes, size_t length)
{
	static const char *const separators[] = {"", " ", ":"};
	char plain[100] = "";

	assert_true(length > 0 && length < sizeof(plain));
	memcpy(plain, bytes, length);
	assert_null(strstr(log, plain));
	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		char small[3 * sizeof(plain)] = "", capital[3 * sizeof(plain)] = "";
		size_t used = 0;

		for (size_t j = 0; j < length; j++) {
			const char *separator = j > 0 ? separators[i] : "";

			snprintf(small + used, 4, "%s%02x", separator, bytes[j]);
			snprintf(capital + used, 4, "%s%02X", separator, bytes[j]);
			used = strlen(small);
		}
		assert_null(strstr(log, small));
		assert_null(strstr(log, capital));
	}
}

/* Logins right and wrong, lost links and a signature, all in full detail. */
static void test_no_secrets(void **state)
{
	static const char *const pins[] = {"ABC123", "abc123", "QQQ777", "qqq777", "ZZ99ZZ"};
	struct jpki_token_ref token;
	struct fixture fixture;
	size_t length;
	char *log;

	(void)state;
	open_log("debug");
	fixture_start(&fixture, "mynumber", NULL);
	token = fixture_token(&fixture, JPKI_KEY_SIGN);
	assert_error(fixture_login(&token, "qqq777"), JPKI_E_PIN_INCORRECT);
	fixture_fault_verify(&fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&token, "ZZ99ZZ"), JPKI_E_PIN_INCORRECT);
	vcard_transport_set_hook(fixture.readers, NULL, NULL);
	assert_error(fixture_login(&token, "abc123"), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
	fixture_stop(&fixture);
	log = unit_read_file(path, &length);
	assert_non_null(strstr(log, "00 20 00 80"));
	assert_non_null(strstr(log, "80 2a 00 9a"));
	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++)
		assert_absent(log, (const uint8_t *)pins[i], strlen(pins[i]));
	assert_absent(log, (const uint8_t *)"what is signed", 14);
	free(log);
}

/* A program whose standard error nobody reads any more is not ended by a line of ours. */
static void test_broken_pipe(void **state)
{
	int ends[2], before = dup(STDERR_FILENO);

	(void)state;
	assert_true(before >= 0);
	setenv("JPKI_LOG", "warning", 1);
	jpki_log_open();
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[1], STDERR_FILENO), STDERR_FILENO);
	close(ends[0]);
	close(ends[1]);
	jpki_log(JPKI_LOG_ERROR, "nobody reads this");
	assert_int_equal(dup2(before, STDERR_FILENO), STDERR_FILENO);
	close(before);
}

/* Neither may a limit on the size of files, of which the log's file is one. */
/* A signal that the program has not looked at yet is still there for it. */
static void test_pending_signal(void **state)
{
	sigset_t pipe_signal, pending;
	int ends[2];

	(void)state;
	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	assert_int_equal(pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL), 0);
	assert_int_equal(raise(SIGPIPE), 0);
	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	assert_false(jpki_write_line(ends[1], "x\n", 2));
	close(ends[1]);
	sigpending(&pending);
	assert_int_equal(sigismember(&pending, SIGPIPE), 1);
	assert_int_equal(sigwaitinfo(&pipe_signal, NULL), SIGPIPE);
	pthread_sigmask(SIG_UNBLOCK, &pipe_signal, NULL);
}

/* The file of the log is not handed on to programs that this one starts. */
static void test_not_inherited(void **state)
{
	char link[64], target[PATH_MAX];
	bool found = false;

	(void)state;
	open_log("warning");
	for (int fd = 0; fd < 256; fd++) {
		ssize_t length;

		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		length = readlink(link, target, sizeof(target) - 1);
		if (length < 0)
			continue;
		target[length] = '\0';
		if (strcmp(target, path) != 0)
			continue;
		found = true;
		assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	}
	assert_true(found);
}

static void test_limited_file(void **state)
{
	const struct rlimit none = {0, RLIM_INFINITY};
	int status = 0;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		setrlimit(RLIMIT_FSIZE, &none);
		open_log("error");
		jpki_log(JPKI_LOG_ERROR, "there is no room for this");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_broken_pipe),
		TEST(test_levels),
		TEST(test_file),
		TEST(test_bad_settings),
		TEST(test_long_line),
		TEST(test_no_secrets),
		TEST(test_limited_file),
		cmocka_unit_test_setup_teardown(test_pending_signal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_not_inherited, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
