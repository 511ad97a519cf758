/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_patience: a step that takes too long ends its process, which says why. */
#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "base/secret.h"
#include "capture.h"

#define WIPED     60
#define NOT_WIPED 61
#define HEARD     62
#define NOT_HEARD 63

static uint8_t *secret;

static int look_at_secret(enum situation situation, void *argument)
{
	assert_int_equal(situation, SITUATION_SERVICE_HANGS);
	assert_ptr_equal(argument, &secret);
	return secret[0] == 0 && secret[5] == 0 ? WIPED : NOT_WIPED;
}

static void answer(void)
{
}

static void hang(void)
{
	for (;;)
		pause();
}

/* How a process ends that is stuck in such a step for longer than a second, or as prepared. */
static int ended(void (*prepare)(void), enum patience_step step, struct capture *said)
{
	int status = -1;
	pid_t child;

	capture_begin(said);
	child = fork();
	if (child == 0) {
		patience_set_limit(1);
		if (prepare != NULL)
			prepare();
		patience_begin(step, true);
		for (;;)
			pause();
	}
	waitpid(child, &status, 0);
	capture_end(said);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void type_secret(void)
{
	secret = jpki_secret_alloc(16);
	memcpy(secret, "ABC123", 6);
	patience_set_end(look_at_secret, &secret);
}

static void test_secret_is_wiped(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(type_secret, PATIENCE_SERVICE, &said), WIPED);
	capture_free(&said);
}

static void want_json(void)
{
	patience_set_json(true);
}

static void probe_answers(void)
{
	patience_set_probe(answer);
}

static void probe_hangs(void)
{
	patience_set_probe(hang);
}

/* What each step comes to, when the service answers and when it does not. */
static void test_reasons(void **state)
{
	static const struct {
		void (*prepare)(void);
		enum patience_step step;
		enum situation situation;
	} rows[] = {
		{NULL, PATIENCE_SERVICE, SITUATION_SERVICE_HANGS},
		{probe_answers, PATIENCE_SERVICE, SITUATION_SERVICE_HANGS},
		{NULL, PATIENCE_CARD, SITUATION_CARD_HELD},
		{probe_answers, PATIENCE_CARD, SITUATION_CARD_HELD},
		{probe_hangs, PATIENCE_CARD, SITUATION_SERVICE_HANGS},
		{probe_answers, PATIENCE_EXCHANGE, SITUATION_MUTE_CARD},
		{probe_hangs, PATIENCE_EXCHANGE, SITUATION_SERVICE_HANGS},
		{probe_answers, PATIENCE_MODULE, SITUATION_CARD_HELD},
		{probe_hangs, PATIENCE_MODULE, SITUATION_SERVICE_HANGS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture said;

		print_message("# %zu\n", i);
		assert_int_equal(ended(rows[i].prepare, rows[i].step, &said),
				 situation_exit(rows[i].situation));
		assert_has(said.said, situation_text(rows[i].situation));
		assert_string_equal(said.printed, "");
		capture_free(&said);
	}
}

static void test_json(void **state)
{
	struct capture said;
	json_t *object;

	(void)state;
	assert_int_equal(ended(want_json, PATIENCE_SERVICE, &said), APP_WAITED);
	object = capture_json(&said);
	assert_member(object, "situation", "service-hangs");
	json_decref(object);
	capture_free(&said);
}

static void tell_all(void)
{
	patience_set_result(APP_SOON);
}

static void test_result(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(tell_all, PATIENCE_SERVICE, &said), APP_SOON);
	assert_string_equal(said.said, "");
	assert_string_equal(said.printed, "");
	capture_free(&said);
}

static int held_signal;

static void send_held(void)
{
	sigset_t before;

	patience_set_limit(PATIENCE_SECONDS_MAX);
	signal(held_signal, SIG_DFL);
	signals_hold(&before);
	kill(getpid(), held_signal);
}

/* Nothing but the signal ends this. */
static void test_held_signals(void **state)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct capture said;

		held_signal = signals[i];
		assert_int_equal(ended(send_held, PATIENCE_CARD, &said), APP_CANCELLED);
		assert_has(said.said, situation_text(SITUATION_CANCELLED));
		capture_free(&said);
	}
}

static void send_ignored(void)
{
	held_signal = SIGINT;
	send_held();
	signal(SIGINT, SIG_IGN);
	kill(getpid(), SIGINT);
	patience_set_limit(1);
}

/* As under nohup: the step ends by its limit. */
static void test_ignored_signal(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(send_ignored, PATIENCE_CARD, &said), APP_WAITED);
	assert_has(said.said, situation_text(SITUATION_CARD_HELD));
	capture_free(&said);
}

static void send_noted(void)
{
	patience_set_limit(PATIENCE_SECONDS_MAX);
	signal(SIGINT, SIG_DFL);
	signals_note();
	kill(getpid(), SIGINT);
}

/* A signal that was noted before lets work go on, but ends what waits. */
static void test_noted_signal(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(send_noted, PATIENCE_MODULE, &said), APP_CANCELLED);
	assert_has(said.said, situation_text(SITUATION_CANCELLED));
	capture_free(&said);
}

static void send_noted_and_work(void)
{
	send_noted();
	for (int i = 0; i < 200; i++) {
		patience_begin(PATIENCE_MODULE, true);
		usleep(1000);
		patience_end();
	}
	_exit(WIPED);
}

/* Steps that do not wait go on after it. */
static void test_noted_while_working(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(send_noted_and_work, PATIENCE_MODULE, &said), WIPED);
	assert_string_equal(said.said, "");
	capture_free(&said);
}

static enum situation expected = SITUATION_CARD_HELD;

static void note_said(enum situation situation, void *argument)
{
	/* The thread that waits is stuck: this one ends the process. */
	_exit(situation == *(const enum situation *)argument ? HEARD : NOT_HEARD);
}

static void tell_card_held(void)
{
	patience_set_limit(PATIENCE_SECONDS_MAX);
	patience_set_said(note_said, &expected);
}

/* Who is told besides of a step that takes seconds hears why it does. */
static void test_said(void **state)
{
	struct capture said;

	(void)state;
	assert_int_equal(ended(tell_card_held, PATIENCE_CARD, &said), HEARD);
	assert_has(said.said, patience_words(SITUATION_CARD_HELD));
	capture_free(&said);
}

/* Steps that end leave nothing behind, and the next one has its own time. */
static void test_steps_that_end(void **state)
{
	struct capture said;

	(void)state;
	capture_begin(&said);
	for (int i = 0; i < 1000; i++) {
		patience_begin(i % 2 == 0 ? PATIENCE_SERVICE : PATIENCE_CARD, i % 3 == 0);
		patience_end();
	}
	capture_end(&said);
	assert_string_equal(said.said, "");
	capture_free(&said);
}

/* What may not be ended, and what waits for nothing, is not stopped; what may be ended is. */
static void test_stop(void **state)
{
	int status = -1;
	pid_t child = fork();

	(void)state;
	if (child == 0) {
		patience_stop(1);
		if (patience_may_stop())
			_exit(2);
		patience_begin(PATIENCE_EXCHANGE, false);
		patience_stop(3);
		if (patience_may_stop())
			_exit(4);
		patience_end();
		patience_begin(PATIENCE_CARD, true);
		if (patience_may_stop())
			patience_stop(5);
		_exit(6);
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_secret_is_wiped),
		cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_held_signals),
		cmocka_unit_test(test_ignored_signal),
		cmocka_unit_test(test_noted_signal),
		cmocka_unit_test(test_noted_while_working),
		cmocka_unit_test(test_said),
		cmocka_unit_test(test_steps_that_end),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
