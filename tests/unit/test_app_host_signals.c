/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_signals: a signal ends or stops the process, but at a moment that is right. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/host/signals.h"
#include "place.h"
#include "screen.h"

/* The clock of the code under test, which stands before libc's own, is ahead. */
static time_t ahead;

int clock_gettime(clockid_t clock, struct timespec *now)
{
	if (syscall(SYS_clock_gettime, clock, now) != 0)
		return -1;
	now->tv_sec += ahead;
	return 0;
}

/* How a process ends that makes this call, or that it was stopped. */
static int status_of(int (*call)(int number), int number)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(call(number));
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void assert_killed(int (*call)(int number), int number)
{
	int status = status_of(call, number);

	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), number);
}

static void assert_exits(int (*call)(int number), int number, int code)
{
	int status = status_of(call, number);

	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), code);
}

/* --- held back ---------------------------------------------------------------------------------
 */

static int hold(int number)
{
	sigset_t before, pending;

	signals_hold(&before);
	raise(number);
	sigpending(&pending);
	/* Still here. */
	place_write("reached", "");
	if (sigismember(&pending, number) != 1)
		return 1;
	signals_release(&before);
	return 2;
}

static void test_hold(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		assert_killed(hold, numbers[i]);
		assert_true(place_has("reached"));
		unlink(place_path("reached"));
	}
}

/* Ctrl-Z is held, too; what continues the process and what was held before is not changed. */
static void test_held(void **state)
{
	sigset_t original, before, now;
	unsigned long holds = signals_holds();
	bool held;

	(void)state;
	assert_false(signals_are_held());
	sigprocmask(SIG_SETMASK, NULL, &original);
	signals_hold(&before);
	held = signals_are_held();
	sigprocmask(SIG_SETMASK, NULL, &now);
	signals_release(&before);
	assert_true(held);
	assert_int_equal(signals_holds(), holds + 1);
	assert_false(signals_are_held());
	assert_int_equal(sigismember(&now, SIGTSTP), 1);
	assert_int_equal(sigismember(&now, SIGCONT), 0);
	assert_int_equal(sigismember(&now, SIGUSR1), 0);
	sigprocmask(SIG_SETMASK, NULL, &now);
	for (int number = 1; number < 32; number++)
		assert_int_equal(sigismember(&now, number), sigismember(&original, number));
}

/* --- while a question stands -------------------------------------------------------------------
 */

static int wait_for(int number)
{
	struct signals signals;
	sigset_t held;
	int ends[2];
	int got;

	if (pipe(ends) != 0)
		return 99;
	/* It comes then even if who has started this held it back. */
	sigemptyset(&held);
	sigaddset(&held, number);
	sigprocmask(SIG_BLOCK, &held, NULL);
	signals_begin(&signals);
	raise(number);
	got = signals_wait(&signals, ends[0], NULL);
	signals_end(&signals);
	return got == number ? 0 : 1;
}

static void test_wait(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};
	const struct timespec soon = {.tv_nsec = 1000000L};
	struct signals signals;
	int ends[2];

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_exits(wait_for, numbers[i], 0);
	assert_int_equal(pipe(ends), 0);
	signals_begin(&signals);
	errno = 0;
	assert_int_equal(signals_wait(&signals, ends[0], &soon), -1);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(write(ends[1], "x", 1), 1);
	assert_int_equal(signals_wait(&signals, ends[0], NULL), 0);
	assert_int_equal(signals_wait(&signals, ends[0], &soon), 0);
	signals_end(&signals);
	close(ends[0]);
	close(ends[1]);
}

static int answering; /* where an answer is written */

static void answer(int number)
{
	(void)number;
	assert_int_equal(write(answering, "x", 1), 1);
}

/* A signal that is the program's own leaves the question as it is. */
static void test_wait_goes_on(void **state)
{
	struct sigaction action = {.sa_handler = answer};
	struct sigaction before;
	struct signals signals;
	sigset_t one, mask;
	int ends[2];
	int got;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	answering = ends[1];
	sigemptyset(&action.sa_mask);
	sigemptyset(&one);
	sigaddset(&one, SIGUSR1);
	sigprocmask(SIG_BLOCK, &one, &mask);
	sigaction(SIGUSR1, &action, &before);
	signals_begin(&signals);
	sigdelset(&signals.mask_waiting, SIGUSR1);
	/* It comes in the wait, before the answer is there. */
	raise(SIGUSR1);
	got = signals_wait(&signals, ends[0], NULL);
	signals_end(&signals);
	sigaction(SIGUSR1, &before, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(got, 0);
}

/* Under nohup(1): the question stays, and so does the process. */
static int wait_ignoring(int number)
{
	struct signals signals;
	struct sigaction now;
	int ends[2];
	int got;

	signal(number, SIG_IGN);
	if (pipe(ends) != 0 || write(ends[1], "x", 1) != 1)
		return 99;
	signals_begin(&signals);
	sigaction(number, NULL, &now);
	if (now.sa_handler != SIG_IGN)
		return 98;
	raise(number);
	got = signals_wait(&signals, ends[0], NULL);
	signals_end(&signals);
	raise(number);
	return got;
}

static int end_question(int number)
{
	struct signals signals;

	signals_begin(&signals);
	signals_end(&signals);
	raise(number);
	return 1;
}

static void test_ignored_and_over(void **state)
{
	(void)state;
	assert_exits(wait_ignoring, SIGHUP, 0);
	assert_killed(end_question, SIGINT);
	assert_killed(end_question, SIGTERM);
}

/* --- obeyed ------------------------------------------------------------------------------------
 */

static int obey(int number)
{
	struct signals signals;
	struct sigaction now;
	sigset_t pending;

	signals_begin(&signals);
	signals_remove(place_path("half"));
	signals_obey(number);
	/* The question heeds the next one, too, and knows nothing of what continued the process. */
	sigaction(number, NULL, &now);
	sigpending(&pending);
	if (now.sa_handler == SIG_DFL || sigismember(&pending, SIGCONT) == 1)
		return 8;
	signals_end(&signals);
	return 7;
}

static void test_obey(void **state)
{
	(void)state;
	place_write("half", "");
	assert_killed(obey, SIGTERM);
	assert_false(place_has("half"));
	assert_killed(obey, SIGHUP);
	place_write("half", "");
	assert_exits(obey, SIGCONT, 7);
	assert_true(place_has("half"));
}

/* Ctrl-Z stops the process, and its file waits with it. */
static void test_stop(void **state)
{
	int status = -1;
	pid_t child;

	(void)state;
	place_write("half", "");
	fflush(NULL);
	child = fork();
	if (child == 0) {
		/* A group whose parent is elsewhere can be stopped. */
		setpgid(0, 0);
		_exit(obey(SIGTSTP));
	}
	if (!unit_is_under_valgrind()) {
		assert_int_equal(waitpid(child, &status, WUNTRACED), child);
		assert_true(WIFSTOPPED(status));
		assert_true(place_has("half"));
		assert_int_equal(kill(child, SIGCONT), 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

/* --- half written files ------------------------------------------------------------------------
 */

static int remove_and_raise(int number)
{
	signals_remove(place_path("half"));
	raise(number);
	return 1;
}

static int forget_and_raise(int number)
{
	signals_remove(place_path("half"));
	signals_remove(NULL);
	raise(number);
	return 1;
}

static int ignore_and_remove(int number)
{
	signal(number, SIG_IGN);
	return remove_and_raise(number);
}

static void test_remove(void **state)
{
	(void)state;
	place_write("half", "");
	assert_killed(remove_and_raise, SIGINT);
	assert_false(place_has("half"));
	place_write("half", "");
	assert_killed(forget_and_raise, SIGINT);
	assert_true(place_has("half"));
	/* Under nohup(1) the file is still being written. */
	assert_exits(ignore_and_remove, SIGHUP, 1);
	assert_true(place_has("half"));
	signals_remove_now();
	assert_true(place_has("half"));
	signals_remove(place_path("half"));
	signals_remove_now();
	signals_remove(NULL);
	assert_false(place_has("half"));
}

/* --- noted -------------------------------------------------------------------------------------
 */

static int note_once(int number)
{
	signals_note();
	if (signals_noted())
		return 1;
	raise(number);
	if (!signals_noted())
		return 2;
	/* timeout(1) sends it to the process and to its group. */
	ahead += 1;
	raise(number);
	return 0;
}

static int note_twice(int number)
{
	signals_note();
	signals_remove(place_path("half"));
	raise(number);
	ahead += 10;
	raise(number);
	return 1;
}

static int note_ignored(int number)
{
	signal(number, SIG_IGN);
	signals_note();
	raise(number);
	return signals_noted();
}

static void test_note(void **state)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		place_write("half", "");
		assert_exits(note_once, numbers[i], 0);
		assert_true(place_has("half"));
		assert_killed(note_twice, numbers[i]);
		assert_false(place_has("half"));
		assert_exits(note_ignored, numbers[i], 0);
	}
	/* Ctrl-\ means now. */
	assert_killed(note_once, SIGQUIT);
}

/* A wish counts as a noted signal as long as it lasts, and is told from one. */
static void test_wish(void **state)
{
	(void)state;
	assert_false(signals_noted());
	signals_wish(true);
	assert_true(signals_noted());
	assert_true(signals_are_wished());
	signals_wish(false);
	assert_false(signals_noted());
	assert_false(signals_are_wished());
}

/* Forget a signal that waits. */
static void take_off(int number)
{
	const struct timespec now = {0};
	sigset_t one;

	sigemptyset(&one);
	sigaddset(&one, number);
	sigtimedwait(&one, NULL, &now);
}

static void of_a_loop(int number)
{
	(void)number;
}

/* Return whether the signal counts as held back while it waits with this handler. */
static bool counts_as_pending(int number, void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};
	struct sigaction original;
	sigset_t before;
	bool pending;

	sigaction(number, &action, &original);
	signals_hold(&before);
	raise(number);
	pending = signals_are_pending();
	take_off(number);
	signals_release(&before);
	sigaction(number, &original, NULL);
	return pending;
}

/* A signal that waits ends a wait only if it was held back, and would end the process. One that
 * nobody holds is pending as well, for the moment until it arrives. */
static void test_pending(void **state)
{
	sigset_t one, before;
	bool pending;

	(void)state;
	assert_true(counts_as_pending(SIGTERM, SIG_DFL));
	assert_false(counts_as_pending(SIGTERM, SIG_IGN));
	assert_false(counts_as_pending(SIGTERM, of_a_loop));
	sigemptyset(&one);
	sigaddset(&one, SIGTERM);
	sigprocmask(SIG_BLOCK, &one, &before);
	raise(SIGTERM);
	pending = signals_are_pending();
	take_off(SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	assert_false(pending);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_hold),
		HERE(test_held),
		HERE(test_wait),
		HERE(test_wait_goes_on),
		HERE(test_ignored_and_over),
		HERE(test_obey),
		HERE(test_stop),
		HERE(test_remove),
		HERE(test_note),
		HERE(test_wish),
		HERE(test_pending),
	};

	screen_heed_signals();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
