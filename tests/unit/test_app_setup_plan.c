/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_setup_plan: what is shown is what is done, and nobody's own file is taken for ours. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/setup/setup_plan.h"
#include "capture.h"
#include "place.h"

static struct setup_plan plan, other;

static int tear_down(void **state)
{
	setup_plan_free(&plan);
	setup_plan_free(&other);
	return place_tear_down(state);
}

static enum app_exit follow(char **said)
{
	struct capture capture;
	enum app_exit code;

	capture_begin(&capture);
	code = setup_plan_follow(&plan);
	capture_end(&capture);
	*said = strdup(capture.said);
	capture_free(&capture);
	return code;
}

static void assert_followed(void)
{
	char *said;

	assert_false(plan.failed);
	assert_int_equal(follow(&said), APP_OK);
	assert_string_equal(said, "");
	free(said);
	setup_plan_free(&plan);
}

/* --- steps -------------------------------------------------------------------------------------
 */

static void test_steps(void **state)
{
	(void)state;
	place_write("old", "x");
	setup_plan_directories(&plan, place_path("a/b/file"), 0700);
	setup_plan_write(&plan, place_path("a/b/file"), "text\n", "text\n", 0600);
	setup_plan_remove(&plan, place_path("old"));
	setup_plan_run(&plan, (const char *const[]){"/bin/sh", "-c", "echo said; : >ran", NULL});
	assert_int_equal(plan.count, 5);
	/* Nothing is done before it is followed. */
	assert_int_equal(place_count("."), 1);
	assert_followed();
	place_assert("a/b/file", "text\n");
	assert_int_equal(place_mode("a/b/file"), 0600);
	assert_int_equal(place_mode("a"), 0700);
	assert_false(place_has("old"));
	assert_true(place_has("ran"));
	/* What is there already is not to be made, what is gone not to be removed. */
	setup_plan_directories(&plan, place_path("a/b/file"), 0700);
	assert_int_equal(plan.count, 0);
	setup_plan_remove(&plan, place_path("old"));
	assert_followed();
}

/* The innermost directories go, as far as they are empty, and never the home directory. */
static void test_no_directories(void **state)
{
	(void)state;
	place_directory("a/b/c");
	setup_plan_no_directories(&plan, place_path("a/b/c/file"), 2);
	assert_int_equal(plan.count, 2);
	assert_string_equal(plan.steps[0].path, place_path("a/b/c"));
	assert_followed();
	assert_true(place_has("a"));
	assert_false(place_has("a/b"));
	place_write("a/b/own", "");
	setup_plan_no_directories(&plan, place_path("a/b/file"), 9);
	assert_int_equal(plan.count, 2);
	assert_followed();
	assert_true(place_has("a/b/own"));
}

/* What two files need is made once, with the mode that is wanted, and goes when both are gone. */
static void test_shared_directories(void **state)
{
	mode_t mask = umask(077);

	(void)state;
	setup_plan_directories(&plan, place_path("a/b/file"), 0755);
	setup_plan_directories(&plan, place_path("a/c/file"), 0755);
	assert_int_equal(plan.count, 3);
	assert_followed();
	umask(mask);
	assert_int_equal(place_mode("a"), 0755);
	assert_int_equal(place_mode("a/c"), 0755);
	setup_plan_no_directories(&plan, place_path("a/b/file"), 2);
	setup_plan_no_directories(&plan, place_path("a/c/file"), 2);
	assert_int_equal(plan.count, 3);
	assert_string_equal(plan.steps[2].path, place_path("a"));
	assert_followed();
	assert_false(place_has("a"));
}

/* A directory that is there keeps its mode. */
static void test_directory_that_exists(void **state)
{
	(void)state;
	setup_plan_directories(&plan, place_path("a/file"), 0755);
	place_directory("a");
	assert_int_equal(chmod(place_path("a"), 0711), 0);
	assert_followed();
	assert_int_equal(place_mode("a"), 0711);
}

static void test_link(void **state)
{
	char target[PATH_MAX] = "";
	char *said;

	(void)state;
	setup_plan_link(&plan, place_path("link"), "/where/it/leads");
	assert_followed();
	assert_int_equal(readlink(place_path("link"), target, sizeof(target) - 1), 15);
	assert_string_equal(target, "/where/it/leads");
	/* One that is there is not led elsewhere. */
	setup_plan_link(&plan, place_path("link"), "/elsewhere");
	assert_int_equal(follow(&said), APP_FAILED);
	assert_has(said, place_path("link"));
	free(said);
}

/* The first that fails is the last, and the person hears that others were done. */
static void test_failing_step(void **state)
{
	char *first, *later;

	(void)state;
	setup_plan_write(&plan, place_path("none/file"), "x", "x", 0600);
	setup_plan_write(&plan, place_path("after"), "x", "x", 0600);
	assert_int_equal(follow(&first), APP_FAILED);
	assert_has(first, place_path("none/file"));
	assert_has(plan.message, place_path("none/file"));
	assert_false(place_has("after"));
	setup_plan_free(&plan);
	setup_plan_write(&plan, place_path("before"), "x", "x", 0600);
	setup_plan_write(&plan, place_path("none/file"), "x", "x", 0600);
	assert_int_equal(follow(&later), APP_FAILED);
	assert_true(place_has("before"));
	assert_true(strlen(later) > strlen(first));
	free(first);
	free(later);
}

static void test_failing_program(void **state)
{
	char *said;

	(void)state;
	setup_plan_run(&plan, (const char *const[]){"/bin/sh", "-c",
						    "echo one; echo two >&2; exit 3", NULL});
	setup_plan_write(&plan, place_path("after"), "x", "x", 0600);
	assert_int_equal(follow(&said), APP_FAILED);
	assert_has(said, "/bin/sh");
	assert_has(said, "one two\n");
	assert_false(place_has("after"));
	free(said);
}

static void test_run(void **state)
{
	char words[SETUP_WORDS_SIZE];
	char shell[] = "/bin/sh", option[] = "-c", none[] = "/nonexistent/program";
	char silent[] = "read line && exit 1; exit 7", crash[] = "kill -9 $$";
	char much[] = "i=0; while [ $i -lt 600 ]; do echo 123456789; i=$((i+1)); done; echo e >&2";

	(void)state;
	/* Nothing can be read, so that nothing waits for a person. */
	assert_int_equal(setup_run((char *[]){shell, option, silent, NULL}, words), 7);
	assert_string_equal(words, "");
	assert_int_equal(setup_run((char *[]){shell, option, crash, NULL}, words), -1);
	assert_int_equal(setup_run((char *[]){shell, option, much, NULL}, words), 0);
	assert_int_equal(strlen(words), SETUP_WORDS_SIZE - 1);
	assert_memory_equal(words, "123456789\n123", 13);
	if (unit_is_under_valgrind())
		return;
	assert_int_equal(setup_run((char *[]){none, NULL}, words), -1);
	assert_string_not_equal(words, "");
}

static void test_room(void **state)
{
	const char *many[SETUP_ARGUMENTS_MAX + 2] = {"a", "b", "c", "d", "e", "f", "g", "h", NULL};

	(void)state;
	setup_plan_run(&plan, many);
	assert_false(plan.failed);
	many[SETUP_ARGUMENTS_MAX] = "i";
	setup_plan_run(&plan, many);
	assert_true(plan.failed);
	setup_plan_free(&plan);
	setup_plan_remove(&plan, "");
	assert_true(plan.failed);
	setup_plan_free(&plan);
	assert_false(plan.failed);
	for (size_t i = 0; i < SETUP_STEPS_MAX; i++)
		setup_plan_remove(&plan, "/x");
	assert_false(plan.failed);
	setup_plan_remove(&plan, "/x");
	assert_true(plan.failed);
	assert_int_equal(plan.count, SETUP_STEPS_MAX);
}

/* --- shown -------------------------------------------------------------------------------------
 */

static void test_show(void **state)
{
	struct capture capture;

	(void)state;
	setup_plan_directories(&plan, place_path("a/file"), 0700);
	setup_plan_write(&plan, place_path("a/file"), "old\nnew\033[2J\n", "new\033[2J\n", 0600);
	setup_plan_run(&plan,
		       (const char *const[]){"tool", "plain", "two words", "it's", "", NULL});
	setup_plan_remove(&plan, place_path("b"));
	setup_plan_link(&plan, place_path("link"), "/where");
	capture_begin(&capture);
	setup_plan_show(&plan);
	capture_end(&capture);
	assert_has(capture.printed, place_path("a\n"));
	assert_has(capture.printed, "        new\\x1b[2J\n");
	/* The person's own lines are nobody's news. */
	assert_lacks(capture.printed, "old");
	/* A shell takes it as it is. */
	assert_has(capture.printed, " tool plain 'two words' 'it'\\''s' ''\n");
	assert_has(capture.printed, place_path("b\n"));
	assert_has(capture.printed, place_path("link to /where\n"));
	capture_free(&capture);
}

static void test_json(void **state)
{
	static const char *const actions[] = {"make-directory", "write", "write",
					      "remove",         "run",   "link"};
	json_t *list, *command;

	(void)state;
	setup_plan_directories(&plan, place_path("a/file"), 0700);
	setup_plan_write(&plan, place_path("a/file"), "old\nnew\n", "new\n", 0600);
	setup_plan_write(&plan, place_path("c"), "old\n", NULL, 0600);
	setup_plan_remove(&plan, place_path("b"));
	setup_plan_run(&plan, (const char *const[]){"tool", "two words", NULL});
	setup_plan_link(&plan, place_path("link"), "/where");
	list = setup_plan_json(&plan);
	assert_int_equal(json_array_size(list), 6);
	for (size_t i = 0; i < 6; i++)
		assert_member(json_array_get(list, i), "action", actions[i]);
	assert_member(json_array_get(list, 1), "path", place_path("a/file"));
	assert_member(json_array_get(list, 1), "new_text", "new\n");
	assert_null(json_object_get(json_array_get(list, 2), "new_text"));
	assert_null(json_object_get(json_array_get(list, 2), "target"));
	assert_member(json_array_get(list, 5), "target", "/where");
	command = json_object_get(json_array_get(list, 4), "command");
	assert_int_equal(json_array_size(command), 2);
	assert_string_equal(json_string_value(json_array_get(command, 1)), "two words");
	json_decref(list);
}

/* While the person reads, something may change: then it is another plan. */
/* What was found is told for each part; each paragraph of what is left to do has its line. */
static void test_parts(void **state)
{
	struct capture capture;
	json_t *list;

	(void)state;
	assert_null(setup_plan_parts_json(&plan));
	setup_plan_tell(&plan, &(struct setup_part){"one", "First", NULL, SETUP_RIGHT}, "/a");
	setup_plan_tell(&plan, &(struct setup_part){"two", "Second", NULL, SETUP_WRONG}, "/b");
	setup_plan_tell(&plan, &(struct setup_part){"three", "Third", NULL, SETUP_MISSING}, "/c");
	plan.by_hand = strdup("Do this.\nDo that.");
	capture_begin(&capture);
	setup_plan_show_parts(&plan);
	setup_plan_show_by_hand(&plan);
	capture_end(&capture);
	assert_string_equal(capture.printed, "First: in order (/a)\nSecond: not in order (/b)\n"
					     "Third: missing (/c)\nDo this.\nDo that.\n");
	capture_free(&capture);
	list = setup_plan_parts_json(&plan);
	assert_int_equal(json_array_size(list), 3);
	assert_member(json_array_get(list, 0), "state", "ok");
	assert_member(json_array_get(list, 1), "state", "wrong");
	assert_member(json_array_get(list, 2), "state", "missing");
	assert_member(json_array_get(list, 2), "part", "three");
	assert_member(json_array_get(list, 2), "path", "/c");
	json_decref(list);
	assert_false(plan.failed);
	while (plan.part_count < SETUP_PARTS_MAX)
		setup_plan_tell(&plan, &plan.parts[0], "/d");
	setup_plan_tell(&plan, &plan.parts[0], "/e");
	assert_true(plan.failed);
}

static void test_equal(void **state)
{
	(void)state;
	assert_true(setup_plan_equal(&plan, &other));
	setup_plan_write(&plan, "/a", "text", "text", 0600);
	assert_false(setup_plan_equal(&plan, &other));
	assert_false(setup_plan_equal(&other, &plan));
	setup_plan_write(&other, "/a", "text", "text", 0600);
	assert_true(setup_plan_equal(&plan, &other));
	other.steps[0].mode = 0644;
	assert_false(setup_plan_equal(&plan, &other));
	other.steps[0].mode = 0600;
	other.steps[0].text[0] = 'T';
	assert_false(setup_plan_equal(&plan, &other));
	other.steps[0].text[0] = 't';
	other.steps[0].path[1] = 'b';
	assert_false(setup_plan_equal(&plan, &other));
	other.steps[0].path[1] = 'a';
	setup_plan_run(&plan, (const char *const[]){"tool", "x", NULL});
	setup_plan_run(&other, (const char *const[]){"tool", "y", NULL});
	assert_false(setup_plan_equal(&plan, &other));
	other.steps[1].arguments[1][0] = 'x';
	assert_true(setup_plan_equal(&plan, &other));
	other.steps[1].action = SETUP_REMOVE;
	assert_false(setup_plan_equal(&plan, &other));
}

/* --- a file of ours ----------------------------------------------------------------------------
 */

static const struct setup_request request, undo = {.undo = true};

static enum app_exit own_file(const struct setup_request *wanted, const char *text)
{
	struct capture capture;
	enum app_exit code;

	capture_begin(&capture);
	code = setup_plan_own_file(&plan, wanted, "java", place_path("a/b/file"), text);
	capture_end(&capture);
	capture_free(&capture);
	return code;
}

static void test_own_file(void **state)
{
	char *made;
	size_t length;

	(void)state;
	assert_int_equal(own_file(&undo, "text\n"), APP_OK);
	assert_int_equal(plan.count, 0);
	place_directory("a");
	assert_int_equal(own_file(&request, "text\n"), APP_OK);
	assert_int_equal(plan.count, 2);
	assert_followed();
	made = unit_read_file(place_path("a/b/file"), &length);
	assert_has(made, "jpki setup java");
	assert_has(made, "\ntext\n");
	free(made);
	/* again, and with another text: its mode stays */
	assert_int_equal(own_file(&request, "text\n"), APP_OK);
	assert_int_equal(plan.count, 0);
	assert_int_equal(own_file(&request, "other\n"), APP_OK);
	assert_int_equal(plan.count, 1);
	assert_int_equal(plan.steps[0].mode, 0644);
	assert_followed();
	assert_int_equal(own_file(&undo, ""), APP_OK);
	assert_int_equal(plan.count, 2);
	assert_followed();
	assert_true(place_has("a"));
	assert_false(place_has("a/b"));
}

static void test_not_our_file(void **state)
{
	(void)state;
	place_write("a/b/file", "# Made by somebody else\ntext\n");
	assert_int_equal(own_file(&request, "text\n"), APP_FAILED);
	assert_int_equal(plan.count, 0);
	assert_has(plan.message, place_path("a/b/file"));
	/* Then there is nothing to take back, either. */
	assert_int_equal(own_file(&undo, "text\n"), APP_OK);
	assert_int_equal(plan.count, 0);
	unlink(place_path("a/b/file"));
	place_directory("a/b/file");
	assert_int_equal(own_file(&request, "text\n"), APP_FAILED);
	assert_int_equal(plan.count, 0);
}

static void test_refuse(void **state)
{
	struct capture capture;
	enum app_exit code;

	(void)state;
	capture_begin(&capture);
	code = setup_refuse(&plan, APP_USAGE, "%s\033", "first");
	code = setup_refuse(&plan, code, "%s\033", "second");
	capture_end(&capture);
	assert_int_equal(code, APP_USAGE);
	assert_string_equal(capture.said, "first\\x1b\nsecond\\x1b\n");
	assert_string_equal(plan.message, "second\033");
	capture_free(&capture);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_steps),
		HERE(test_no_directories),
		HERE(test_shared_directories),
		HERE(test_directory_that_exists),
		HERE(test_link),
		HERE(test_failing_step),
		HERE(test_run),
		HERE(test_failing_program),
		HERE(test_room),
		HERE(test_show),
		HERE(test_json),
		HERE(test_parts),
		HERE(test_equal),
		HERE(test_own_file),
		HERE(test_not_our_file),
		HERE(test_refuse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
