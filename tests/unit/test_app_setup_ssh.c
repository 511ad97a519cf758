/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_setup_ssh: the block for ssh comes and goes, and no other line is touched. */
#include "unit.h"

#include <sys/stat.h>
#include <unistd.h>

#include "app/setup/setup_planners.h"
#include "capture.h"
#include "place.h"

#define MODULE "modules/jpki-pkcs11-auth.so"
#define CONFIG ".ssh/config"
#define OWN    "Host example.org\n    User hanako\n"
/* In the same form as it is written. */
#define BLOCK(remark, hosts)                                                                       \
	"# jpki-pkcs11 begin" remark "\nHost " hosts "\n    PKCS11Provider " MODULE_DIR            \
	"/jpki-pkcs11-auth.so\n# jpki-pkcs11 end\n"

static struct setup_plan plan;

static int set_up(void **state)
{
	place_set_up(state);
	place_write(MODULE, "");
	return 0;
}

static int tear_down(void **state)
{
	setup_plan_free(&plan);
	return place_tear_down(state);
}

/* Plans for up to two hosts, or takes back when there is none. */
static enum app_exit make_plan(bool undo, const char *first, const char *second)
{
	char *hosts[] = {(char *)(uintptr_t)first, (char *)(uintptr_t)second};
	struct setup_request request = {.undo = undo, .hosts = hosts};
	struct capture capture;
	enum app_exit code;

	request.host_count = first == NULL ? 0 : second == NULL ? 1 : 2;
	setup_plan_free(&plan);
	capture_begin(&capture);
	code = setup_plan_ssh(&plan, &request);
	capture_end(&capture);
	assert_string_equal(capture.printed, "");
	assert_int_equal(capture.said[0] == '\0', code == APP_OK);
	assert_int_equal(plan.message == NULL, code == APP_OK);
	assert_false(plan.failed);
	capture_free(&capture);
	return code;
}

static void add(const char *first, const char *second)
{
	assert_int_equal(make_plan(false, first, second), APP_OK);
	assert_int_equal(setup_plan_follow(&plan), APP_OK);
}

static void take_back(void)
{
	assert_int_equal(make_plan(true, NULL, NULL), APP_OK);
	assert_int_equal(setup_plan_follow(&plan), APP_OK);
}

static void test_no_file(void **state)
{
	(void)state;
	add("one.example", "*.two.example");
	place_assert(CONFIG, BLOCK(" (file, directories=1)", "one.example *.two.example"));
	assert_int_equal(place_mode(CONFIG), 0600);
	assert_int_equal(place_mode(".ssh"), 0700);
	take_back();
	assert_false(place_has(".ssh"));
}

/* The person's own lines come first, and stay as they are. */
static void test_added(void **state)
{
	(void)state;
	place_write(CONFIG, OWN);
	assert_int_equal(chmod(place_path(CONFIG), 0640), 0);
	add("one.example", NULL);
	place_assert(CONFIG, OWN BLOCK("", "one.example"));
	assert_int_equal(place_mode(CONFIG), 0640);
	take_back();
	place_assert(CONFIG, OWN);
	assert_int_equal(place_mode(CONFIG), 0640);
	assert_int_equal(make_plan(true, NULL, NULL), APP_OK);
	assert_int_equal(plan.count, 0);
}

/* A last line without its end gets one, which goes again. */
static void test_newline(void **state)
{
	(void)state;
	place_write(CONFIG, "Host a\n    User b");
	add("one.example", NULL);
	place_assert(CONFIG, "Host a\n    User b\n" BLOCK(" (newline)", "one.example"));
	take_back();
	place_assert(CONFIG, "Host a\n    User b");
	/* What somebody writes behind the block keeps it. */
	place_write(CONFIG, "a\n" BLOCK(" (newline)", "x") "Host b\n");
	take_back();
	place_assert(CONFIG, "a\nHost b\n");
	place_write(CONFIG, BLOCK(" (file, directories=1)", "x") "Host b\n");
	take_back();
	place_assert(CONFIG, "Host b\n");
	/* The same in front of it, though the file was made for the block. */
	place_write(CONFIG, "Host b\n" BLOCK(" (file, directories=1)", "x"));
	take_back();
	place_assert(CONFIG, "Host b\n");
}

static void test_more_hosts(void **state)
{
	(void)state;
	place_write(CONFIG, OWN);
	add("one.example", NULL);
	place_write(CONFIG, OWN BLOCK("", "one.example") "Host behind\n");
	add("two.example", "one.example");
	place_assert(CONFIG, OWN BLOCK("", "one.example two.example") "Host behind\n");
	/* A part of a name is another one. */
	add("one", "example");
	place_assert(CONFIG, OWN BLOCK("", "one.example two.example one example") "Host behind\n");
	assert_int_equal(make_plan(false, "two.example", NULL), APP_OK);
	assert_int_equal(plan.count, 0);
	assert_int_equal(make_plan(false, NULL, NULL), APP_OK);
	assert_int_equal(plan.count, 0);
}

/* A module that was elsewhere then. */
static void test_moved(void **state)
{
	(void)state;
	place_write(CONFIG, "# jpki-pkcs11 begin\nHost a\n    PKCS11Provider /old/x.so\n"
			    "# jpki-pkcs11 end\n");
	add("a", NULL);
	place_assert(CONFIG, BLOCK("", "a"));
}

/* What is not as it was written is left alone. */
static void test_damaged_block(void **state)
{
	static const char *const texts[] = {
		"# jpki-pkcs11 begin\nHost a\n    PKCS11Provider /x\n",
		"# jpki-pkcs11 begin\nHost a\n# jpki-pkcs11 end\n",
		"# jpki-pkcs11 begin\nHost a\n    User b\n# jpki-pkcs11 end\n",
		"# jpki-pkcs11 begin\nUser a\n    PKCS11Provider /x\n# jpki-pkcs11 end\n",
		("# jpki-pkcs11 begin\nHost a\n    PKCS11Provider /x\n    User c\n"
		 "# jpki-pkcs11 end\n"),
		"# jpki-pkcs11 begin\n# jpki-pkcs11 end\n",
		"# jpki-pkcs11 begin\nHost a\n    PKCS11Provider /x\n# jpki-pkcs11 ending\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		place_write(CONFIG, texts[i]);
		assert_int_equal(make_plan(false, "one.example", NULL), APP_FAILED);
		assert_int_equal(plan.count, 0);
		assert_int_equal(make_plan(true, NULL, NULL), APP_FAILED);
		assert_int_equal(plan.count, 0);
	}
	/* A comment that begins in the same way is somebody's own. */
	place_write(CONFIG, "# jpki-pkcs11 beginning\nHost a\n");
	add("one.example", NULL);
	place_assert(CONFIG, "# jpki-pkcs11 beginning\nHost a\n" BLOCK("", "one.example"));
}

static void test_bad_hosts(void **state)
{
	static const char *const bad[] = {
		"", "-oProxyCommand=x", "-x", "a b", "a\nUser x", "a#b", "a\"b", "a/b", "日本"};
	static const char *const good[] = {"a",        "*",        "!b.example",
					   "[::1]:22", "10.0.0.?", "h_1-2.x"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(make_plan(false, "good", bad[i]), APP_USAGE);
		assert_int_equal(plan.count, 0);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_int_equal(make_plan(false, good[i], NULL), i == 3 ? APP_USAGE : APP_OK);
	assert_int_equal(make_plan(false, NULL, NULL), APP_USAGE);
}

static void test_no_module(void **state)
{
	(void)state;
	place_write(CONFIG, BLOCK("", "a"));
	unlink(place_path(MODULE));
	assert_int_equal(make_plan(false, "b", NULL), APP_FAILED);
	/* It can be taken back all the same. */
	take_back();
	place_assert(CONFIG, "");
}

static void test_unreadable_config(void **state)
{
	(void)state;
	place_directory(".ssh");
	assert_int_equal(symlink("nowhere", place_path(CONFIG)), 0);
	assert_int_equal(make_plan(false, "a", NULL), APP_FAILED);
	assert_has(plan.message, place_path(CONFIG));
	unlink(place_path(CONFIG));
	unit_write_file(place_path(CONFIG), "a\0b", 3);
	assert_int_equal(make_plan(true, NULL, NULL), APP_FAILED);
	assert_int_equal(plan.count, 0);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_no_file),    HERE(test_added),     HERE(test_newline),
		HERE(test_more_hosts), HERE(test_moved),     HERE(test_damaged_block),
		HERE(test_bad_hosts),  HERE(test_no_module), HERE(test_unreadable_config),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
