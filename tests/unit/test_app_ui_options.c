/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_ui_options: the options that subcommands share are taken where they belong. */
#include "unit.h"

#include <locale.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "app/ui/options.h"
#include "capture.h"

static struct options taken;

static error_t take(int key, char *value, struct argp_state *state)
{
	if (key == ARGP_KEY_INIT)
		state->child_inputs[0] = state->input;
	if (key == ARGP_KEY_ARG)
		options_refuse(state, "\"%s\" is too many", value);
	return key == ARGP_KEY_INIT || key == ARGP_KEY_ARG ? 0 : ARGP_ERR_UNKNOWN;
}

static void parse(const struct argp *common, char **argv)
{
	const struct argp_child children[] = {{common, 0, NULL, 0}, {0}};
	const struct argp argp = {.parser = take, .children = children};
	int argc = 0;

	while (argv[argc] != NULL)
		argc++;
	taken = (struct options){0};
	options_parse(&argp, EXIT_STATUS, argc, argv, &taken);
}

#define ARGUMENTS(...) ((char *[]){(char[]){"jpki test"}, __VA_ARGS__, NULL})

static void test_taken(void **state)
{
	(void)state;
	parse(&options_pin, (char *[]){(char[]){"jpki test"}, NULL});
	assert_false(taken.json);
	assert_false(taken.pinentry);
	assert_null(taken.serial);
	parse(&options_pin, ARGUMENTS((char[]){"--json"}, (char[]){"--pinentry"}));
	assert_true(taken.json);
	assert_true(taken.pinentry);
	assert_null(taken.serial);
	parse(&options_card, ARGUMENTS((char[]){"-j"}, (char[]){"-s"}, (char[]){"0a1b"}));
	assert_true(taken.json);
	assert_string_equal(taken.serial, "0a1b");
	parse(&options_card, ARGUMENTS((char[]){"--serial=0a1b"}));
	assert_false(taken.json);
	assert_string_equal(taken.serial, "0a1b");
	parse(&options_json, ARGUMENTS((char[]){"--json"}));
	assert_true(taken.json);
}

/* The exit code with these arguments, -1 when they are taken; what was said. */
static int refused(const struct argp *common, char **argv, struct capture *capture)
{
	int status = -1;
	pid_t child;

	capture_begin(capture);
	child = fork();
	if (child == 0) {
		parse(common, argv);
		_exit(0xff);
	}
	waitpid(child, &status, 0);
	capture_end(capture);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) == 0xff ? -1 : WEXITSTATUS(status);
}

static void assert_refused(const struct argp *common, char **argv, const char *part)
{
	struct capture capture;

	assert_int_equal(refused(common, argv, &capture), APP_USAGE);
	assert_string_equal(capture.printed, "");
	assert_has(capture.said, part);
	assert_lacks(capture.said, "\033");
	capture_free(&capture);
}

static void test_elsewhere(void **state)
{
	(void)state;
	assert_refused(&options_json, ARGUMENTS((char[]){"--serial=1"}), "--serial");
	assert_refused(&options_card, ARGUMENTS((char[]){"--pinentry"}), "--pinentry");
	assert_refused(&options_pin, ARGUMENTS((char[]){"--unknown"}), "--unknown");
	assert_refused(&options_pin, ARGUMENTS((char[]){"--serial"}), "--serial");
}

/* A shell's pattern makes options of files with any name. */
static void test_hostile(void **state)
{
	(void)state;
	assert_refused(&options_pin, ARGUMENTS((char[]){"-\033[31m"}), "-\\x1b[31m");
	assert_refused(&options_pin, ARGUMENTS((char[]){"--a\nb=c"}), "--a\\x0ab=c");
	assert_refused(&options_pin, ARGUMENTS((char[]){"a\033b"}), "\"a\\x1bb\" is too many");
	assert_refused(&options_pin, ARGUMENTS((char[]){"--"}, (char[]){"-\033b"}),
		       "\"-\\x1bb\" is too many");
}

/* A value is no name: what is in it is somebody else's matter. */
static void test_value(void **state)
{
	struct capture capture;

	(void)state;
	assert_int_equal(refused(&options_pin, ARGUMENTS((char[]){"--serial=\033"}), &capture), -1);
	capture_free(&capture);
}

static void test_help(void **state)
{
	struct capture capture;

	(void)state;
	assert_int_equal(refused(&options_pin, ARGUMENTS((char[]){"--help"}), &capture), 0);
	assert_has(capture.printed, "--json");
	assert_has(capture.printed, "--serial");
	assert_has(capture.printed, "--pinentry");
	capture_free(&capture);
	assert_int_equal(refused(&options_json, ARGUMENTS((char[]){"--help"}), &capture), 0);
	assert_has(capture.printed, "--json");
	assert_lacks(capture.printed, "--serial");
	capture_free(&capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taken),   cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_hostile), cmocka_unit_test(test_value),
		cmocka_unit_test(test_help),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
