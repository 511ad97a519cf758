/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_process: who asked for JSON gets some, and who lost output hears of it. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "app/ui/json.h"
#include "app/ui/process.h"
#include "capture.h"

/* A process that begins with up to two arguments, prints JSON or not, and ends with this code. */
static struct capture run(const char *first, const char *second, bool prints, int code)
{
	struct capture capture;
	char *argv[] = {(char[]){"jpki"}, (char *)(uintptr_t)first, (char *)(uintptr_t)second,
			NULL};
	int status = -1;
	pid_t child;

	capture_begin(&capture);
	child = fork();
	if (child == 0) {
		ui_begin(first == NULL ? 1 : second == NULL ? 2 : 3, argv);
		if (prints)
			ui_json(json_pack("{s:s}", "situation", "own"));
		exit(ui_end(code));
	}
	waitpid(child, &status, 0);
	capture_end(&capture);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
	return capture;
}

static void assert_situation(struct capture capture, const char *wanted)
{
	json_t *object = capture_json(&capture);

	assert_member(object, "situation", wanted);
	if (object != NULL && json_object_get(object, "message") != NULL)
		assert_true(json_string_length(json_object_get(object, "message")) > 10);
	json_decref(object);
	capture_free(&capture);
}

static void assert_nothing(struct capture capture)
{
	assert_string_equal(capture.printed, "");
	assert_string_equal(capture.said, "");
	capture_free(&capture);
}

static void test_json_at_last(void **state)
{
	(void)state;
	assert_situation(run("--json", NULL, false, APP_USAGE), "usage");
	assert_situation(run("-j", NULL, false, APP_FAILED), "failed");
	assert_situation(run("status", "--json", false, APP_PIN_WRONG), "failed");
	/* once is enough */
	assert_situation(run("--json", NULL, true, APP_FAILED), "own");
}

static void test_no_json(void **state)
{
	(void)state;
	assert_nothing(run(NULL, NULL, false, APP_USAGE));
	assert_nothing(run("status", NULL, false, APP_FAILED));
	assert_nothing(run("--json", NULL, false, APP_OK));
	assert_nothing(run("--", "--json", false, APP_FAILED));
	assert_nothing(run("--jsonx", NULL, false, APP_FAILED));
}

/* What ui_end makes of success when nothing could be written. */
static void test_full(void **state)
{
	struct capture capture;
	int status = -1;
	pid_t child;

	(void)state;
	capture_begin(&capture);
	child = fork();
	if (child == 0) {
		dup2(open("/dev/full", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		puts("the result");
		_exit(ui_end(APP_OK));
	}
	waitpid(child, &status, 0);
	capture_end(&capture);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), APP_FAILED);
	assert_string_not_equal(capture.said, "");
	capture_free(&capture);
}

/* What ui_end makes of success when JSON could not even be made. */
static void test_no_json_made(void **state)
{
	struct capture capture;
	int status = -1;
	pid_t child;

	(void)state;
	capture_begin(&capture);
	child = fork();
	if (child == 0) {
		ui_json(NULL);
		_exit(ui_end(APP_OK));
	}
	waitpid(child, &status, 0);
	capture_end(&capture);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), APP_FAILED);
	assert_string_equal(capture.printed, "");
	assert_string_not_equal(capture.said, "");
	capture_free(&capture);
}

/* In a process without standard descriptors: 0 when no file that is opened becomes one. */
static int begin_closed(void)
{
	char *argv[] = {(char[]){"jpki"}, NULL};
	char byte;
	int file;

	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	ui_begin(1, argv);
	file = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (file <= STDERR_FILENO)
		return 1;
	/* and nobody takes the lack of them for success */
	if (write(STDOUT_FILENO, "x", 1) != -1 || write(STDERR_FILENO, "x", 1) != -1)
		return 2;
	return read(STDIN_FILENO, &byte, 1) == -1 ? 0 : 3;
}

static void test_closed(void **state)
{
	int status = -1;
	pid_t child;

	(void)state;
	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(begin_closed());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_at_last), cmocka_unit_test(test_no_json),
		cmocka_unit_test(test_full),         cmocka_unit_test(test_no_json_made),
		cmocka_unit_test(test_closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
