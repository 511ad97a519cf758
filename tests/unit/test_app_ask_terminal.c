/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ask_terminal: one line is read, nothing is shown, and the terminal is as before. */
#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "app/ask/terminal.h"
#include "screen.h"

#define SIZE 8

/* What a process asks, and what it has got. */
static struct exchange {
	bool echo;
	bool odd; /* the terminal is in a mode that some program has left */
	bool finished;
	enum app_exit result;
	size_t length;
	uint8_t line[SIZE + 1];
} * exchange;

static void change_mode(int fd)
{
	struct termios mode;

	tcgetattr(fd, &mode);
	mode.c_iflag &= ~(tcflag_t)ICRNL;
	mode.c_lflag &= ~(tcflag_t)ICANON;
	tcsetattr(fd, TCSANOW, &mode);
}

static int ask(void *unused)
{
	int fd = terminal_open();

	(void)unused;
	if (fd < 0)
		return 99;
	if (exchange->odd)
		change_mode(fd);
	exchange->line[SIZE] = 'x';
	exchange->result =
		terminal_ask(fd, "PIN: ", exchange->echo, exchange->line, SIZE, &exchange->length);
	exchange->finished = true;
	close(fd);
	fputs("over\n", stderr);
	return 0;
}

static void begin(struct screen *screen, bool echo)
{
	memset(exchange, 0, sizeof(*exchange));
	exchange->echo = echo;
	screen_start(screen, ask, NULL);
	screen_expect(screen, "PIN: ");
	assert_int_equal(screen_has_echo(screen), echo);
}

/* What comes of these keys. */
static void answer(struct screen *screen, bool echo, const char *keys)
{
	begin(screen, echo);
	screen_type(screen, keys);
	screen_expect(screen, "over");
	assert_true(screen_has_echo(screen));
	assert_int_equal(screen_finish(screen), 0);
	assert_int_equal(exchange->line[SIZE], 'x');
}

static void assert_answer(bool echo, const char *keys, const char *wanted)
{
	struct screen screen;

	answer(&screen, echo, keys);
	assert_int_equal(exchange->result, APP_OK);
	assert_int_equal(exchange->length, strlen(wanted));
	assert_string_equal((const char *)exchange->line, wanted);
	if (echo)
		assert_non_null(strstr(screen.shown, wanted));
	else
		assert_string_equal(screen.shown, "\r\nover\r\n");
}

static void test_hidden(void **state)
{
	(void)state;
	assert_answer(false, "1234\n", "1234");
	assert_answer(false, "12\r", "12");
	assert_answer(false, "\n", "");
	/* the terminal's own editing: Backspace, Ctrl-U */
	assert_answer(false, "1299\177\17734\n", "1234");
	assert_answer(false, "99\0251234\n", "1234");
	assert_answer(false, " a b \n", " a b ");
}

static void test_shown(void **state)
{
	(void)state;
	assert_answer(true, "yes\n", "yes");
}

/* In another program's mode Enter is Enter, too; it is in that mode afterwards. */
static void test_odd_mode(void **state)
{
	struct screen screen;
	struct termios mode;

	(void)state;
	memset(exchange, 0, sizeof(*exchange));
	exchange->odd = true;
	screen_start(&screen, ask, NULL);
	screen_expect(&screen, "PIN: ");
	screen_type(&screen, "12\17734\r");
	screen_expect(&screen, "over");
	assert_int_equal(tcgetattr(screen.master, &mode), 0);
	assert_int_equal(screen_finish(&screen), 0);
	assert_string_equal((const char *)exchange->line, "134");
	assert_int_equal(mode.c_iflag & ICRNL, 0);
	assert_int_equal(mode.c_lflag & ICANON, 0);
}

/* What is too long is no answer that might be right, and none of it is left for the shell. */
static void test_long(void **state)
{
	struct screen screen;

	(void)state;
	answer(&screen, false, "123456789abc\n");
	assert_int_equal(exchange->result, APP_OK);
	assert_int_equal(exchange->length, SIZE - 1);
	answer(&screen, false, "1234567\n");
	assert_int_equal(exchange->length, SIZE - 1);
	assert_string_equal((const char *)exchange->line, "1234567");
}

static void assert_cancelled(const char *keys)
{
	static const uint8_t wiped[SIZE];
	struct screen screen;

	answer(&screen, false, keys);
	assert_int_equal(exchange->result, APP_CANCELLED);
	assert_int_equal(exchange->length, 0);
	assert_memory_equal(exchange->line, wiped, SIZE);
}

static void test_cancelled(void **state)
{
	(void)state;
	assert_cancelled("\003");
	assert_cancelled("12\003");
	assert_cancelled("\004");
	/* The first Ctrl-D hands over what was typed, the second one ends it. */
	assert_cancelled("12\004\004");
}

/* Ctrl-\ and a signal from elsewhere end the process, with the echo back. */
static void test_ended(void **state)
{
	static const int numbers[] = {SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct screen screen;
		int status;

		begin(&screen, false);
		if (numbers[i] == SIGQUIT)
			screen_type(&screen, "12\034");
		else
			kill(screen.process, numbers[i]);
		assert_int_equal(waitpid(screen.process, &status, 0), screen.process);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
		assert_true(screen_has_echo(&screen));
		assert_false(exchange->finished);
		close(screen.master);
	}
}

static void test_no_terminal(void **state)
{
	uint8_t line[SIZE];
	size_t length = 7;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(terminal_ask(ends[0], "PIN: ", false, line, SIZE, &length), APP_FAILED);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hidden),      cmocka_unit_test(test_shown),
		cmocka_unit_test(test_odd_mode),    cmocka_unit_test(test_long),
		cmocka_unit_test(test_cancelled),   cmocka_unit_test(test_ended),
		cmocka_unit_test(test_no_terminal),
	};

	exchange = screen_share(sizeof(*exchange));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
