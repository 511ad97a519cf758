/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ask_pinentry: what pinentry says is taken for what it is, and nothing else. */
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/ask/pinentry.h"
#include "place.h"
#include "capture.h"
#include "screen.h"

#define SIZE 8

static struct exchange {
	enum app_exit result;
	bool timed_out;
	size_t length;
	uint8_t value[SIZE + 1];
} * exchange;

static int set_up(void **state)
{
	place_set_up(state);
	setenv("PATH", place_path("bin"), 1);
	return 0;
}

/* Asks in a session without a terminal. */
static void ask_after(const char *problem, const char *text)
{
	int status = -1;
	pid_t child;

	memset(exchange, 0, sizeof(*exchange));
	exchange->length = 99;
	exchange->value[SIZE] = 'x';
	fflush(NULL);
	child = fork();
	if (child == 0) {
		setsid();
		exchange->result =
			pinentry_ask(problem, text, exchange->value, SIZE, &exchange->length);
		exchange->timed_out = pinentry_timed_out();
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(exchange->value[SIZE], 'x');
}

static void ask(const char *text)
{
	ask_after(NULL, text);
}

/* A pinentry that notes what it is told, and answers GETPIN so. */
static void answer_with(const char *answer)
{
	char script[2048];

	snprintf(script, sizeof(script),
		 "echo 'OK Pleased to meet you'\n"
		 "while read -r line; do\n"
		 "	echo \"$line\" >>\"$HOME/heard\"\n"
		 "	case \"$line\" in\n"
		 "	GETPIN*) %s;;\n"
		 "	*) echo OK;;\n"
		 "	esac\n"
		 "done\n",
		 answer);
	place_program("bin/pinentry", script);
}

static void assert_value(const char *answer, const char *wanted)
{
	answer_with(answer);
	ask("text");
	assert_int_equal(exchange->result, APP_OK);
	assert_int_equal(exchange->length, strlen(wanted));
	assert_memory_equal(exchange->value, wanted, strlen(wanted));
}

static void test_values(void **state)
{
	(void)state;
	assert_value("echo 'D 1234'; echo OK", "1234");
	assert_value("echo OK", "");
	assert_value("echo '# a comment'; echo 'S STATUS x'; echo 'D 1234'; echo OK", "1234");
	assert_value("echo 'D 12'; echo 'D 34'; echo OK", "1234");
	/* escaped as the protocol does it, and what only looks like it */
	assert_value("echo 'D %25%0A%4a%4B'; echo OK", "%\nJK");
	assert_value("echo 'D %2'; echo OK", "%2");
	assert_value("echo 'D %zz%'; echo OK", "%zz%");
	assert_value("echo 'D 12345678'; echo OK", "12345678");
	assert_value("echo 'D 123456789'; echo OK", "12345678");
	assert_value("echo 'INQUIRE QUALITY x'; read -r end; echo \"D $end\"; echo OK", "END");
}

static void assert_ends(const char *answer, enum app_exit wanted)
{
	static const uint8_t wiped[SIZE];

	answer_with(answer);
	ask("text");
	assert_int_equal(exchange->result, wanted);
	assert_int_equal(exchange->length, 0);
	assert_memory_equal(exchange->value, wiped, SIZE);
}

static void test_cancelled(void **state)
{
	(void)state;
	assert_ends("echo 'ERR 83886179 Operation cancelled <Pinentry>'", APP_CANCELLED);
	assert_ends("echo 'ERR 83886278 Fully cancelled'", APP_CANCELLED);
	assert_ends("echo 'D 12'; echo 'ERR 99'", APP_CANCELLED);
	assert_false(exchange->timed_out);
	/* Nobody has answered in time. */
	assert_ends("echo 'ERR 83886142 Timeout <Pinentry>'", APP_CANCELLED);
	assert_true(exchange->timed_out);
}

static void test_failed(void **state)
{
	(void)state;
	assert_ends("echo 'ERR 83918950 Inappropriate ioctl'", APP_FAILED);
	assert_ends("echo 'D 12'; exit 0", APP_FAILED);
	assert_ends("exit 1", APP_FAILED);
	/* a line without an end */
	assert_ends("l=xxxxxxxxxxxxxxxx; l=$l$l$l$l$l$l$l$l; l=$l$l$l$l$l$l$l$l; echo \"D $l$l\"; "
		    "echo OK",
		    APP_FAILED);
}

/* --- yes or no ------------------------------------------------------------------------------- */

/* A pinentry that notes what it is told, and answers CONFIRM so. */
static void confirm_with(const char *answer, enum app_exit wanted)
{
	char script[2048];

	snprintf(script, sizeof(script),
		 "echo OK\n"
		 "while read -r line; do\n"
		 "	echo \"$line\" >>\"$HOME/heard\"\n"
		 "	case \"$line\" in\n"
		 "	CONFIRM*) %s;;\n"
		 "	GETPIN*) echo 'ERR 1';;\n"
		 "	*) echo OK;;\n"
		 "	esac\n"
		 "done\n",
		 answer);
	place_program("bin/pinentry", script);
	assert_int_equal(pinentry_confirm("Really?", "Yes", "No"), wanted);
}

static void test_confirmed(void **state)
{
	size_t length;
	char *heard;

	(void)state;
	confirm_with("echo OK", APP_OK);
	heard = unit_read_file(place_path("heard"), &length);
	assert_has(heard, "SETDESC Really?\n");
	assert_has(heard, "SETOK Yes\nSETCANCEL No\n");
	assert_lacks(heard, "SETPROMPT");
	free(heard);
	/* no is not a yes, however it is said */
	confirm_with("echo 'ERR 83886194 Not confirmed'", APP_CANCELLED);
	confirm_with("echo 'ERR 83886179 Operation cancelled'", APP_CANCELLED);
	assert_false(pinentry_timed_out());
	confirm_with("echo 'ERR 536871187 Unknown IPC command'", APP_FAILED);
	confirm_with("echo 'D yes'; echo 'ERR 83886194'", APP_CANCELLED);
	confirm_with("echo 'ERR 83886142 Timeout'", APP_CANCELLED);
	assert_true(pinentry_timed_out());
	confirm_with("exit 0", APP_FAILED);
	assert_false(pinentry_timed_out());
}

/* The title, and the word on the button of a PIN. */
static void test_words(void **state)
{
	size_t length;
	char *heard;

	(void)state;
	pinentry_set_words("A title", "Give");
	answer_with("echo 'D 1'; echo OK");
	ask("text");
	heard = unit_read_file(place_path("heard"), &length);
	assert_has(heard, "SETTITLE A title\n");
	assert_has(heard, "SETOK Give\n");
	assert_lacks(heard, "SETCANCEL");
	free(heard);
	pinentry_set_words("jpki", NULL);
}

static void test_not_there(void **state)
{
	(void)state;
	ask("text");
	assert_int_equal(exchange->result, APP_FAILED);
	assert_int_equal(exchange->length, 0);
	/* It ends before it says a word, or refuses to be told. */
	place_program("bin/pinentry", "exit 0\n");
	ask("text");
	assert_int_equal(exchange->result, APP_FAILED);
}

/* One that starts and never asks is not waited for for ever, whatever it says instead. */
static void test_silent(void **state)
{
	(void)state;
	alarm(120);
	place_program("bin/pinentry", "exec /bin/sleep 600\n");
	ask("text");
	assert_int_equal(exchange->result, APP_FAILED);
	place_program("bin/pinentry", "while :; do echo '# not yet'; /bin/sleep 0.05; done\n");
	ask("text");
	assert_int_equal(exchange->result, APP_FAILED);
	alarm(0);
	/* The person has more time than pinentry. */
	answer_with("/bin/sleep 16; echo 'D 1'; echo OK");
	ask("text");
	assert_int_equal(exchange->result, APP_OK);
}

/* What is asked comes in one line, whatever is in it; options it does not know are no reason. */
static void test_heard(void **state)
{
	size_t length;
	char *heard;

	(void)state;
	answer_with("echo 'D 1'; echo OK");
	ask("100%\nTries left: 3");
	assert_int_equal(exchange->result, APP_OK);
	heard = unit_read_file(place_path("heard"), &length);
	assert_has(heard, "SETDESC 100%25%0ATries left: 3\n");
	assert_has(heard, "SETTITLE jpki\n");
	assert_has(heard, "OPTION lc-ctype=");
	assert_lacks(heard, "ttyname");
	assert_lacks(heard, "SETERROR");
	free(heard);
	/* What was wrong with the last answer is told in its own place. */
	ask_after("Wrong.\n100%", "text");
	heard = unit_read_file(place_path("heard"), &length);
	assert_has(heard, "SETERROR Wrong.%0A100%25\n");
	free(heard);
	place_program("bin/pinentry", "echo OK\n"
				      "while read -r line; do case \"$line\" in\n"
				      "GETPIN*) echo 'D 1'; echo OK;; *) echo 'ERR 1';;\n"
				      "esac; done\n");
	ask("text");
	assert_int_equal(exchange->result, APP_OK);
}

/* --- on a terminal -----------------------------------------------------------------------------
 */

static int ask_here(void *unused)
{
	(void)unused;
	exchange->result = pinentry_ask(NULL, "text", exchange->value, SIZE, &exchange->length);
	fputs("over\n", stderr);
	return 0;
}

/* It is told which terminal; Ctrl-C ends the question, and leaves the terminal as it was. */
static void test_interrupted(void **state)
{
	struct screen screen;
	size_t length;
	char *heard;

	(void)state;
	answer_with("exec >/dev/tty; echo ready; read -r end");
	memset(exchange, 0, sizeof(*exchange));
	screen_start(&screen, ask_here, NULL);
	screen_expect(&screen, "ready");
	screen_type(&screen, "\003");
	screen_expect(&screen, "over");
	assert_int_equal(screen_finish(&screen), 0);
	assert_int_equal(exchange->result, APP_CANCELLED);
	assert_int_equal(exchange->length, 0);
	heard = unit_read_file(place_path("heard"), &length);
	assert_has(heard, "OPTION ttyname=/dev/tty\n");
	free(heard);
}

/* One whose window stays open after the answer is made to end. */
static void test_stays(void **state)
{
	(void)state;
	answer_with("echo 'D 1234'; echo OK; exec /bin/sleep 600 </dev/null >/dev/null 2>&1");
	alarm(120);
	ask("text");
	alarm(0);
	assert_int_equal(exchange->result, APP_OK);
	assert_int_equal(exchange->length, 4);
}

/* --- it does not stay behind ------------------------------------------------------------------ */

/* In its place what notes its number, and hears no SIGTERM. */
#define DEAF                                                                                       \
	"trap '' TERM; echo $$ >\"$HOME/process\"; %s exec /bin/sleep 600 </dev/null >/dev/null "  \
	"2>&1"

/* Return the number, once it is there. */
static pid_t noted_process(void)
{
	const char *path = place_path("process");
	char *text = NULL;
	long number;

	while (text == NULL || strchr(text, '\n') == NULL) {
		size_t length;

		free(text);
		usleep(1000);
		text = access(path, R_OK) == 0 ? unit_read_file(path, &length) : NULL;
	}
	number = strtol(text, NULL, 10);
	free(text);
	return (pid_t)number;
}

/* Assert that this process, an orphan of a child, was killed. */
static void assert_killed(pid_t process)
{
	int status = -1;

	assert_int_equal(waitpid(process, &status, 0), process);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
}

/* It can end in its own way. */
static void test_told_to_end(void **state)
{
	(void)state;
	answer_with("trap 'echo >\"$HOME/told\"; exit 0' TERM; echo 'D 1234'; echo OK; "
		    "while :; do /bin/sleep 0.05; done");
	ask("text");
	assert_int_equal(exchange->result, APP_OK);
	assert_true(place_has("told"));
}

/* It is waited for, but not for ever. */
static void test_deaf(void **state)
{
	char answer[256];
	pid_t process;

	(void)state;
	snprintf(answer, sizeof(answer), DEAF, "echo 'D 1234'; echo OK;");
	answer_with(answer);
	alarm(120);
	ask("text");
	alarm(0);
	assert_int_equal(exchange->result, APP_OK);
	assert_int_equal(exchange->length, 4);
	process = noted_process();
	assert_int_equal(kill(process, 0), -1);
	assert_int_equal(errno, ESRCH);
}

/* Who asks is killed: so is pinentry, which would not notice. */
static void test_dies_with_us(void **state)
{
	char answer[256];
	pid_t asker;

	(void)state;
	snprintf(answer, sizeof(answer), DEAF, "");
	answer_with(answer);
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	alarm(120);
	fflush(NULL);
	asker = fork();
	if (asker == 0) {
		pinentry_ask(NULL, "text", exchange->value, SIZE, &exchange->length);
		_exit(0);
	}
	(void)noted_process();
	kill(asker, SIGKILL);
	assert_killed(asker);
	assert_killed(noted_process());
	alarm(0);
	prctl(PR_SET_CHILD_SUBREAPER, 0);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_values),    HERE(test_cancelled),    HERE(test_failed),
		HERE(test_not_there), HERE(test_heard),        HERE(test_interrupted),
		HERE(test_stays),     HERE(test_confirmed),    HERE(test_words),
		HERE(test_deaf),      HERE(test_dies_with_us), HERE(test_told_to_end),
		HERE(test_silent),
	};

	exchange = screen_share(sizeof(*exchange));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
