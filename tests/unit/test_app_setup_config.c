/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_setup_config: files of our own for Java and p11-kit come and go as they were made. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/p11kit_modules.h"
#include "app/setup/setup_planners.h"
#include "capture.h"
#include "place.h"

static struct setup_plan plan;

/* What p11-kit would tell, and who the person is: these stand before the true ones. */
static struct p11kit_modules seen;
static uid_t user;

struct p11kit_modules p11kit_modules_look(void)
{
	return seen;
}

uid_t geteuid(void)
{
	return user;
}

static int set_up(void **state)
{
	memset(&seen, 0, sizeof(seen));
	place_set_up(state);
	/* Files are made, so that this is whose they are; refuse_root is told another one. */
	user = getuid();
	return 0;
}

static int tear_down(void **state)
{
	setup_plan_free(&plan);
	return place_tear_down(state);
}

static enum app_exit make_plan(setup_planner *planner, bool undo, uid_t who)
{
	const struct setup_request request = {.undo = undo};
	struct capture capture;
	enum app_exit code;

	setup_plan_free(&plan);
	user = who;
	capture_begin(&capture);
	code = planner(&plan, &request);
	capture_end(&capture);
	user = getuid();
	assert_int_equal(capture.said[0] == '\0', plan.message == NULL);
	capture_free(&capture);
	assert_false(plan.failed);
	return code;
}

#define PERSON 1000

static void follow(setup_planner *planner, bool undo)
{
	assert_int_equal(make_plan(planner, undo, PERSON), APP_OK);
	assert_true(plan.count > 0);
	assert_int_equal(setup_plan_follow(&plan), APP_OK);
}

static void assert_text(const char *name, const char *part)
{
	size_t length;
	char *text = unit_read_file(place_path(name), &length);

	assert_memory_equal(text, "# ", 2);
	assert_has(text, part);
	assert_int_equal(place_mode(name), 0644);
	free(text);
}

/* There and back again: nothing is left. */
static void test_java(void **state)
{
	(void)state;
	follow(setup_plan_java, false);
	assert_text(".config/jpki-pkcs11/java-sign.cfg",
		    "\nname = JPKIsign\nlibrary = " MODULE_DIR
		    "/jpki-pkcs11-sign.so\nslotListIndex = 0\n");
	assert_int_equal(make_plan(setup_plan_java, false, PERSON), APP_OK);
	assert_int_equal(plan.count, 0);
	follow(setup_plan_java, true);
	assert_int_equal(place_count("."), 0);
}

static void test_p11_kit(void **state)
{
	(void)state;
	follow(setup_plan_p11_kit, false);
	assert_text(".config/pkcs11/modules/jpki.module",
		    "\nmodule: " MODULE_DIR "/jpki-pkcs11.so\n");
	/* Now p11-kit tells of ours: that is this one. */
	seen.ours = true;
	assert_int_equal(make_plan(setup_plan_p11_kit, false, PERSON), APP_OK);
	assert_int_equal(plan.count, 0);
	follow(setup_plan_p11_kit, true);
	assert_int_equal(place_count("."), 0);
}

/* The module was elsewhere then. */
static void test_p11_kit_moved(void **state)
{
	(void)state;
	place_write(".config/pkcs11/modules/jpki.module",
		    "# Made by \"jpki setup p11-kit\", with 3 directories;\nmodule: /old.so\n");
	seen.ours = true;
	follow(setup_plan_p11_kit, false);
	assert_text(".config/pkcs11/modules/jpki.module",
		    "\nmodule: " MODULE_DIR "/jpki-pkcs11.so\n");
	follow(setup_plan_p11_kit, true);
	assert_int_equal(place_count("."), 0);
}

/* Everybody has it already. */
static void test_p11_kit_for_all(void **state)
{
	(void)state;
	seen.ours = true;
	assert_int_equal(make_plan(setup_plan_p11_kit, false, PERSON), APP_OK);
	assert_int_equal(plan.count, 0);
}

static void test_root(void **state)
{
	(void)state;
	assert_int_equal(make_plan(setup_plan_p11_kit, false, 0), APP_FAILED);
	assert_int_equal(plan.count, 0);
	assert_int_equal(make_plan(setup_plan_p11_kit, true, 0), APP_OK);
	assert_int_equal(make_plan(setup_plan_java, false, 0), APP_OK);
	assert_true(plan.count > 0);
}

/* A file of this name that is the person's own stays. */
static void test_own(void **state)
{
	(void)state;
	place_write(".config/pkcs11/modules/jpki.module", "module: /mine.so\n");
	assert_int_equal(make_plan(setup_plan_p11_kit, false, PERSON), APP_FAILED);
	assert_int_equal(make_plan(setup_plan_p11_kit, true, PERSON), APP_OK);
	assert_int_equal(plan.count, 0);
	place_assert(".config/pkcs11/modules/jpki.module", "module: /mine.so\n");
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_java), HERE(test_p11_kit), HERE(test_p11_kit_for_all),
		HERE(test_root), HERE(test_own),     HERE(test_p11_kit_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
