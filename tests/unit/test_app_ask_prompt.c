/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ask_prompt: a PIN is asked for where the person is, and only a clear word is a yes. */
#include "unit.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/ask/prompt.h"
#include "capture.h"
#include "place.h"
#include "screen.h"

static struct exchange {
	const char *wanted;
	const char *error;
	bool use_pinentry;
	bool quiet; /* standard error is no terminal */
	enum app_exit result;
	bool has_value;
	size_t length;
	char value[PROMPT_PIN_MAX + 1];
} * exchange;

static int set_up(void **state)
{
	memset(exchange, 0, sizeof(*exchange));
	place_set_up(state);
	setenv("PATH", place_path("bin"), 1);
	return 0;
}

/* --- confirmations -----------------------------------------------------------------------------
 */

static int confirm(void *unused)
{
	(void)unused;
	return prompt_confirm("Really? ", exchange->wanted);
}

static bool confirmed(const char *wanted, const char *keys)
{
	struct screen screen;
	int status;

	exchange->wanted = wanted;
	screen_start(&screen, confirm, NULL);
	screen_expect(&screen, "Really? ");
	assert_true(screen_has_echo(&screen));
	screen_type(&screen, keys);
	status = screen_finish(&screen);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 1;
}

static void test_confirm(void **state)
{
	(void)state;
	assert_true(confirmed("yes", "yes\n"));
	assert_true(confirmed("yes", " YES \t\n"));
	assert_true(confirmed("yes|はい", "はい\n"));
	assert_true(confirmed("yes|はい", "yes\n"));
	assert_false(confirmed("yes", "\n"));
	assert_false(confirmed("yes", " \n"));
	assert_false(confirmed("yes", "y\n"));
	assert_false(confirmed("yes", "yess\n"));
	assert_false(confirmed("yes", "no\n"));
	assert_false(confirmed("yes", "yes please\n"));
	assert_false(confirmed("yes|ok", "yes|ok\n"));
	assert_false(confirmed("yes|", "|\n"));
	assert_false(confirmed("yes", "\003"));
	assert_false(confirmed("yes", "\004"));
}

/* In a session of its own a process has no terminal. */
static int without_terminal(int (*call)(void *unused))
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0) {
		setsid();
		_exit(call(NULL));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_nobody_there(void **state)
{
	(void)state;
	exchange->wanted = "yes";
	assert_int_equal(without_terminal(confirm), false);
}

/* --- a word where somebody may type a PIN -------------------------------------------------------
 */

static int consent(void *unused)
{
	(void)unused;
	return prompt_consent("Really? ", "yes|はい");
}

/* What comes of these keys, and what they leave on the screen, up to the end of its line. */
static void assert_consent(const char *keys, bool wanted, const char *shown)
{
	struct screen screen;
	int status;

	screen_start(&screen, consent, NULL);
	screen_expect(&screen, "Really? ");
	assert_false(screen_has_echo(&screen));
	screen_type(&screen, keys);
	status = screen_finish(&screen);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted);
	assert_string_equal(screen.shown, shown);
}

static void test_consent_word(void **state)
{
	(void)state;
	assert_consent("yes\n", true, "yes\r\n");
	assert_consent("YES\r", true, "YES\r\n");
	assert_consent("はい\n", true, "はい\r\n");
	assert_consent("no\n", false, "no\r\n");
	assert_consent("yess\n", false, "yes*\r\n");
	assert_consent("\n", false, "\r\n");
	assert_consent("\004", false, "\r\n");
	assert_consent("\003", false, "\r\n");
	assert_consent("yee\177s\n", true, "ye*\b \bs\r\n");
	assert_consent("y\025yes\n", true, "y\b \byes\r\n");
	assert_int_equal(without_terminal(consent), false);
}

/* A PIN is not shown, and it is said that it went nowhere; then the word may come. */
static void test_consent_pin(void **state)
{
	static const struct {
		const char *pin, *shown;
	} rows[] = {{"1234\n", "****\r\n"},
		    {"abc123\n", "******\r\n"},
		    {"yes1\n", "yes*\r\n"},
		    {"１２３４\n", "****\r\n"}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct screen screen;
		int status;

		screen_start(&screen, consent, NULL);
		screen_expect(&screen, "Really? ");
		screen_type(&screen, rows[i].pin);
		screen_expect(&screen, "looks like a PIN");
		assert_memory_equal(screen.shown, rows[i].shown, strlen(rows[i].shown));
		screen_expect(&screen, "Really? ");
		screen_type(&screen, "yes\n");
		status = screen_finish(&screen);
		assert_int_equal(WEXITSTATUS(status), true);
	}
}

/* Whoever types nothing else is not asked for ever. */
static void test_consent_limit(void **state)
{
	struct screen screen;
	int status;

	(void)state;
	screen_start(&screen, consent, NULL);
	for (int i = 0; i < 5; i++) {
		screen_expect(&screen, "Really? ");
		screen_type(&screen, "1234\n");
	}
	status = screen_finish(&screen);
	assert_int_equal(WEXITSTATUS(status), false);
}

/* --- PINs --------------------------------------------------------------------------------------
 */

static int ask(void *unused)
{
	struct prompt_pin pin;

	(void)unused;
	if (exchange->quiet && freopen("/dev/null", "w", stderr) == NULL)
		return 2;
	exchange->result =
		prompt_for_pin(exchange->error, "Which PIN?", exchange->use_pinentry, &pin);
	exchange->has_value = pin.value != NULL;
	exchange->length = pin.length;
	if (pin.value != NULL)
		memcpy(exchange->value, pin.value, pin.length);
	prompt_pin_free(&pin);
	return pin.value == NULL && pin.length == 0 ? 0 : 1;
}

static void assert_got(enum app_exit result, const char *value)
{
	assert_int_equal(exchange->result, result);
	assert_int_equal(exchange->has_value, value != NULL);
	assert_int_equal(exchange->length, value != NULL ? strlen(value) : 0);
	assert_string_equal(exchange->value, value != NULL ? value : "");
}

static void test_terminal(void **state)
{
	struct screen screen;

	(void)state;
	screen_start(&screen, ask, NULL);
	screen_expect(&screen, "Which PIN?");
	screen_expect(&screen, ": ");
	assert_false(screen_has_echo(&screen));
	screen_type(&screen, "1234\n");
	assert_int_equal(screen_finish(&screen), 0);
	assert_null(strstr(screen.shown, "1234"));
	assert_got(APP_OK, "1234");
}

static void test_cancelled(void **state)
{
	struct screen screen;

	(void)state;
	screen_start(&screen, ask, NULL);
	screen_expect(&screen, ": ");
	screen_type(&screen, "12\003");
	assert_int_equal(screen_finish(&screen), 0);
	assert_got(APP_CANCELLED, NULL);
}

/* What was wrong is said once: in the question only if standard error is not seen. */
static void test_after_slip(void **state)
{
	struct screen screen;

	(void)state;
	for (int quiet = 0; quiet < 2; quiet++) {
		exchange->error = "It was wrong.";
		exchange->quiet = quiet == 1;
		screen_start(&screen, ask, NULL);
		screen_expect(&screen, ": ");
		assert_int_equal(strstr(screen.shown, "It was wrong.\r\nWhich PIN?") != NULL,
				 quiet);
		screen_type(&screen, "1234\n");
		assert_int_equal(screen_finish(&screen), 0);
		assert_got(APP_OK, "1234");
	}
}

/* Nothing typed is no PIN: somebody wants to stop. */
static void test_nothing_typed(void **state)
{
	struct screen screen;

	(void)state;
	screen_start(&screen, ask, NULL);
	screen_expect(&screen, ": ");
	screen_type(&screen, "\n");
	assert_int_equal(screen_finish(&screen), 0);
	assert_got(APP_CANCELLED, NULL);
}

static int by_pinentry(void *unused)
{
	(void)unused;
	return prompt_by_pinentry(exchange->use_pinentry);
}

static void test_by_pinentry(void **state)
{
	struct screen screen;
	int status;

	(void)state;
	assert_int_equal(without_terminal(by_pinentry), true);
	for (int wanted = 0; wanted < 2; wanted++) {
		exchange->use_pinentry = wanted == 1;
		screen_start(&screen, by_pinentry, NULL);
		status = screen_finish(&screen);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), wanted);
	}
}

#define PINENTRY                                                                                   \
	"echo OK\n"                                                                                \
	"while read -r line; do case \"$line\" in GETPIN*) echo 'D 5678';; esac; echo OK; done\n"

/* Without a terminal, and with one when the person wants it so. */
static void test_pinentry(void **state)
{
	struct screen screen;

	(void)state;
	place_program("bin/pinentry", PINENTRY);
	assert_int_equal(without_terminal(ask), 0);
	assert_got(APP_OK, "5678");
	memset(exchange, 0, sizeof(*exchange));
	exchange->use_pinentry = true;
	screen_start(&screen, ask, NULL);
	assert_int_equal(screen_finish(&screen), 0);
	assert_null(strstr(screen.shown, "Which"));
	assert_got(APP_OK, "5678");
}

static void test_neither(void **state)
{
	struct capture capture;
	int status;

	(void)state;
	capture_begin(&capture);
	status = without_terminal(ask);
	capture_end(&capture);
	assert_int_equal(status, 0);
	assert_got(APP_FAILED, NULL);
	assert_has(capture.said, "pinentry");
	assert_string_equal(capture.printed, "");
	capture_free(&capture);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_confirm),      HERE(test_nobody_there),  HERE(test_terminal),
		HERE(test_cancelled),    HERE(test_pinentry),      HERE(test_neither),
		HERE(test_after_slip),   HERE(test_nothing_typed), HERE(test_by_pinentry),
		HERE(test_consent_word), HERE(test_consent_pin),   HERE(test_consent_limit),
	};

	/* The words are UTF-8. */
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	exchange = screen_share(sizeof(*exchange));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
