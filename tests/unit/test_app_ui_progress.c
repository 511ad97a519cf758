/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_progress: a wait is shown on a terminal after a second, and leaves nothing there. */
#include "unit.h"

#include <dirent.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "app/ui/progress.h"
#include "capture.h"
#include "screen.h"

/* How far the clock of the code under test is ahead of the true one; it goes on at will. */
static int64_t ahead_ms;
static bool stopped;

/* It stands before libc's own. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	int64_t ms;

	if (syscall(SYS_clock_gettime, clock, now) != 0)
		return -1;
	if (stopped)
		*now = (struct timespec){.tv_sec = 1000};
	ms = (int64_t)now->tv_sec * 1000 + now->tv_nsec / 1000000 + ahead_ms;
	now->tv_sec = ms / 1000;
	now->tv_nsec = ms % 1000 * 1000000;
	return 0;
}

static struct screen screen;
static int saved;

/* Standard error is a terminal. */
static int set_up(void **state)
{
	(void)state;
	setenv("TERM", "xterm", 1);
	screen_open(&screen, 80);
	fflush(stderr);
	saved = dup(STDERR_FILENO);
	dup2(fileno(screen.out), STDERR_FILENO);
	ahead_ms = 0;
	stopped = true;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	screen_close(&screen);
	stopped = false;
	ahead_ms = 0;
	return 0;
}

static const char *shown(size_t done)
{
	ui_progress("Signing", done < 200 ? "a file" : NULL, done, 200);
	return screen_text(&screen);
}

static void test_count(void **state)
{
	(void)state;
	assert_string_equal(shown(0), "");
	ahead_ms = 999;
	assert_string_equal(shown(20), "");
	ahead_ms = 1000;
	assert_string_equal(shown(100), "\rSigning 101/200 a file\033[K");
	assert_string_equal(shown(199), "\rSigning 200/200 a file\033[K");
	assert_string_equal(shown(200), "\r\033[K");
	/* The next one has a second of its own. */
	assert_string_equal(shown(1), "");
	ahead_ms = 1999;
	assert_string_equal(shown(2), "");
	assert_string_equal(shown(200), "");
}

/* A name stays in its line, and does nothing to the terminal. */
static void test_name(void **state)
{
	struct winsize size = {.ws_col = 24, .ws_row = 24};

	(void)state;
	assert_int_equal(ioctl(screen.master, TIOCSWINSZ, &size), 0);
	ui_progress("Signing", "x", 0, 9);
	ahead_ms = 2000;
	ui_progress("Signing", "a\033[31mb", 1, 9);
	assert_string_equal(screen_text(&screen), "\rSigning 2/9 a\\x1b[31mb\033[K");
	ui_progress("Signing", "0123456789ABC", 2, 9);
	assert_string_equal(screen_text(&screen), "\rSigning 3/9 0123456789A\033[K");
	ui_progress("Signing", "申告書の写し", 3, 9);
	assert_string_equal(screen_text(&screen), "\rSigning 4/9 申告書の写\033[K");
	ui_progress("Signing", NULL, 9, 9);
	assert_string_equal(screen_text(&screen), "\r\033[K");
}

static size_t thread_count(void)
{
	DIR *stream = opendir("/proc/self/task");
	size_t count = 0;

	while (stream != NULL && readdir(stream) != NULL)
		count++;
	closedir(stream);
	return count;
}

static void test_not_a_terminal(void **state)
{
	struct capture capture;
	size_t before = thread_count();
	size_t during;

	(void)state;
	stopped = true;
	ahead_ms = 0;
	capture_begin(&capture);
	ui_progress("Signing", "a", 0, 10);
	ahead_ms = 5000;
	ui_progress("Signing", "b", 5, 10);
	ui_progress("Signing", NULL, 10, 10);
	ahead_ms = -100000;
	ui_busy("Reading");
	during = thread_count();
	ui_busy_end();
	capture_end(&capture);
	stopped = false;
	ahead_ms = 0;
	/* Nobody waits to show what is not to be shown. */
	assert_int_equal(during, before);
	assert_string_equal(capture.said, "");
	assert_string_equal(capture.printed, "");
	capture_free(&capture);
}

/* By a clock that is behind, the second is over at once. */
static void test_busy(void **state)
{
	(void)state;
	stopped = false;
	ahead_ms = -100000;
	ui_busy("Reading the card");
	screen_expect(&screen, "\rReading the card\033[K");
	ui_busy_end();
	assert_string_equal(screen_text(&screen), "\r\033[K");
	/* ended already */
	ui_busy_end();
	assert_string_equal(screen_text(&screen), "");
}

/* What is too long for the line could not be taken back from the lines before. */
static void test_busy_narrow(void **state)
{
	struct winsize size = {.ws_row = 25, .ws_col = 22};

	(void)state;
	stopped = false;
	ahead_ms = -100000;
	assert_int_equal(ioctl(fileno(screen.out), TIOCSWINSZ, &size), 0);
	ui_busy("Reading the very long card");
	screen_expect(&screen, "\rReading the very long\033[K");
	ui_busy_end();
	assert_string_equal(screen_text(&screen), "\r\033[K");
}

/* What is quick is not shown. */
static void test_not_busy(void **state)
{
	(void)state;
	stopped = false;
	ahead_ms = 3600000;
	ui_busy("Reading the card");
	ui_busy_end();
	assert_string_equal(screen_text(&screen), "");
}

/* What a listener has heard. */
static struct {
	char name[16];
	size_t done, total, times;
} heard;

static void hear(const char *name, size_t done, size_t total, void *argument)
{
	assert_ptr_equal(argument, &heard);
	snprintf(heard.name, sizeof(heard.name), "%s", name);
	heard.done = done;
	heard.total = total;
	heard.times++;
}

/* A window hears each, at once, but not the end; and nothing is shown. */
static void test_listener(void **state)
{
	(void)state;
	memset(&heard, 0, sizeof(heard));
	ui_progress_listen(hear, &heard);
	ui_progress("Signing", "one", 0, 2);
	ahead_ms += 2000;
	ui_progress("Signing", "two", 1, 2);
	ui_progress("Signing", NULL, 2, 2);
	ui_progress_listen(NULL, NULL);
	assert_string_equal(heard.name, "two");
	assert_int_equal(heard.done, 1);
	assert_int_equal(heard.total, 2);
	assert_int_equal(heard.times, 2);
	assert_string_equal(screen_text(&screen), "");
}

#define ON_SCREEN(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SCREEN(test_count),    ON_SCREEN(test_listener),
		ON_SCREEN(test_name),     cmocka_unit_test(test_not_a_terminal),
		ON_SCREEN(test_busy),     ON_SCREEN(test_busy_narrow),
		ON_SCREEN(test_not_busy),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
