/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_setup_opensc: each way of OpenSC's is closed, and --undo brings back what was. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/opensc.h"
#include "app/setup/setup_planners.h"
#include "capture.h"
#include "place.h"

#define PROFILE    ".mozilla/firefox/p"
#define MASK(name) ".config/pkcs11/modules/" name ".module"
#define LOGIN      ".config/autostart/" OPENSC_AUTOSTART
#define NOTE       ".config/jpki-pkcs11/setup-hide-opensc.txt"

static struct setup_plan plan;

/* What is found, and who the person is: these stand before the true ones. */
static struct opensc_ways found;
static uid_t user;

void opensc_look(const char *root, struct opensc_ways *ways)
{
	assert_string_equal(root, "");
	*ways = found;
}

uid_t geteuid(void)
{
	return user;
}

static int set_up(void **state)
{
	memset(&found, 0, sizeof(found));
	place_set_up(state);
	user = getuid();
	setenv("PATH", place_path("bin"), 1);
	/* They write down how they were called. */
	place_program("bin/modutil", "echo \"$@\" >>\"$HOME/called\"\n");
	place_program("bin/certutil", "exit 0\n");
	return 0;
}

static int tear_down(void **state)
{
	setup_plan_free(&plan);
	return place_tear_down(state);
}

static enum app_exit make_plan_as(bool undo, uid_t who)
{
	const struct setup_request request = {.undo = undo};
	struct capture capture;
	enum app_exit code;

	setup_plan_free(&plan);
	user = who;
	capture_begin(&capture);
	code = setup_plan_hide_opensc(&plan, &request);
	capture_end(&capture);
	/* Files are made, so that this is whose they are. */
	user = getuid();
	assert_int_equal(capture.said[0] == '\0', plan.message == NULL);
	capture_free(&capture);
	assert_false(plan.failed);
	return code;
}

static enum app_exit make_plan(bool undo)
{
	return make_plan_as(undo, 1000);
}

static void follow(bool undo)
{
	assert_int_equal(make_plan(undo), APP_OK);
	assert_true(plan.count > 0);
	assert_int_equal(setup_plan_follow(&plan), APP_OK);
}

static void assert_nothing_to_do(bool undo)
{
	assert_int_equal(make_plan(undo), APP_OK);
	assert_int_equal(plan.count, 0);
}

/* Asserts what modutil was called with since the last time; "": it was not. */
static void assert_called(const char *wanted)
{
	char text[8 * PATH_MAX] = "";
	size_t length;
	char *called;

	if (place_has("called")) {
		called = unit_read_file(place_path("called"), &length);
		snprintf(text, sizeof(text), "%s", called);
		free(called);
		unlink(place_path("called"));
	}
	assert_string_equal(text, wanted);
}

/* Static: the next call leaves it. */
static const char *call(const char *database, const char *rest)
{
	static char lines[2][2 * PATH_MAX + 1024];
	static size_t next;
	char *line = lines[next++ % 2];
	int length = snprintf(line, sizeof(lines[0]), "-force -dbdir sql:%s/%s %s\n", place_home,
			      database, rest);

	assert_true(length > 0 && (size_t)length < sizeof(lines[0]));
	return line;
}

static void assert_text(const char *name, const char *part)
{
	size_t length;
	char *text = unit_read_file(place_path(name), &length);

	assert_memory_equal(text, "# Made by", 9);
	assert_has(text, part);
	free(text);
}

static void register_names(const char *first, const char *second)
{
	found.name_count = second != NULL ? 2 : 1;
	strcpy(found.names[0], first);
	strcpy(found.names[1], second != NULL ? second : "");
}

static void test_nothing(void **state)
{
	(void)state;
	assert_nothing_to_do(false);
	assert_nothing_to_do(true);
}

/* Both registrations, and there and back again: nothing is left. */
static void test_p11_kit(void **state)
{
	(void)state;
	register_names("opensc", "opensc-pkcs11");
	follow(false);
	assert_text(MASK("opensc"), "\nmodule:\n");
	assert_text(MASK("opensc-pkcs11"), "\nmodule:\n");
	/* What is hidden is not found. */
	memset(&found, 0, sizeof(found));
	assert_nothing_to_do(false);
	follow(true);
	assert_int_equal(place_count("."), 1);
	assert_true(place_has("bin"));
	assert_nothing_to_do(true);
}

static void test_root(void **state)
{
	(void)state;
	register_names("opensc", NULL);
	assert_int_equal(make_plan_as(false, 0), APP_FAILED);
	assert_int_equal(plan.count, 0);
	assert_int_equal(make_plan_as(true, 0), APP_OK);
}

/* Files of these names that are the person's own stay. */
static void test_own(void **state)
{
	(void)state;
	register_names("opensc", NULL);
	place_write(MASK("opensc"), "module: opensc-pkcs11.so\n");
	place_write(LOGIN, "[Desktop Entry]\nHidden=true\n");
	place_write(MASK("jpki"), "# Made by \"jpki setup p11-kit\", with 0 directories;\n");
	assert_int_equal(make_plan(false), APP_FAILED);
	assert_nothing_to_do(true);
	assert_null(plan.message);
	place_assert(MASK("opensc"), "module: opensc-pkcs11.so\n");
	place_assert(LOGIN, "[Desktop Entry]\nHidden=true\n");
}

static void test_autostart(void **state)
{
	(void)state;
	found.autostart = true;
	follow(false);
	assert_text(LOGIN, "\n[Desktop Entry]\nHidden=true\n");
	follow(true);
	assert_false(place_has(".config"));
}

/* A file of the person's own there is no reason to leave the other ways open. */
static void test_own_autostart(void **state)
{
	(void)state;
	found.autostart = true;
	register_names("opensc", NULL);
	place_write(LOGIN, "[Desktop Entry]\nExec=pkcs11-register\n");
	follow(false);
	assert_has(plan.by_hand, LOGIN);
	assert_text(MASK("opensc"), "\nmodule:\n");
	place_assert(LOGIN, "[Desktop Entry]\nExec=pkcs11-register\n");
}

static void make_database(const char *directory, const char *library)
{
	char text[512];
	char name[256];

	snprintf(name, sizeof(name), "%s/cert9.db", directory);
	place_write(name, "");
	snprintf(text, sizeof(text), "library=\nname=NSS\n\nlibrary=/mine.so\nname=mine\n\n%s%s%s",
		 library != NULL ? "library=" : "", library != NULL ? library : "",
		 library != NULL ? "\nname=OpenSC (0.23)\n\n" : "");
	snprintf(name, sizeof(name), "%s/pkcs11.txt", directory);
	place_write(name, text);
}

static void make_profile(const char *library)
{
	place_write(".mozilla/firefox/profiles.ini", "[Profile0]\nPath=p\n");
	make_database(PROFILE, library);
}

static void test_database(void **state)
{
	char library[PATH_MAX], add[PATH_MAX + 64];

	(void)state;
	unit_path(library, place_home, "opensc-pkcs11.so");
	place_write("opensc-pkcs11.so", "");
	make_profile(library);
	follow(false);
	assert_int_equal(plan.steps[plan.count - 1].action, SETUP_RUN);
	assert_called(call(PROFILE, "-delete OpenSC (0.23)"));
	assert_text(NOTE, PROFILE "\tOpenSC (0.23)\t");
	make_profile(NULL);
	assert_nothing_to_do(false);
	snprintf(add, sizeof(add), "-add OpenSC (0.23) -libfile %s", library);
	follow(true);
	assert_called(call(PROFILE, add));
	assert_false(place_has(".config"));
}

/* What came again after it was removed is noted once. */
static void test_again(void **state)
{
	size_t length;
	char *note;

	(void)state;
	make_profile("/opensc-pkcs11.so");
	follow(false);
	follow(false);
	note = unit_read_file(place_path(NOTE), &length);
	assert_null(strstr(strstr(note, "removed ") + 1, "removed "));
	free(note);
	/* One that came elsewhere is noted beside it. */
	make_profile(NULL);
	make_database(".pki/nssdb", "/onepin-opensc-pkcs11.so");
	follow(false);
	assert_text(NOTE, PROFILE "\tOpenSC (0.23)\t/opensc-pkcs11.so\n");
	assert_text(NOTE, ".pki/nssdb\tOpenSC (0.23)\t/onepin-opensc-pkcs11.so\n");
}

/* What can't be added again stays in the note, and is named. */
static void test_not_now(void **state)
{
	(void)state;
	make_profile("/gone/opensc-pkcs11.so");
	make_database(".pki/nssdb", "/opensc-pkcs11.so");
	follow(false);
	make_profile(NULL);
	unlink(place_path(".pki/nssdb/cert9.db"));
	unlink(place_path("called"));
	assert_nothing_to_do(true);
	assert_has(plan.by_hand, "(/gone/opensc-pkcs11.so)");
	assert_has(plan.by_hand, ".pki/nssdb");
	assert_text(NOTE, PROFILE "\tOpenSC (0.23)\t/gone/opensc-pkcs11.so\n");

	/* The module is there again: that line is served, and the other one stays. */
	make_database(PROFILE, "/gone/opensc-pkcs11.so");
	follow(true);
	assert_called("");
	assert_null(strstr(plan.by_hand, "/gone"));
	assert_text(NOTE, ".pki/nssdb\tOpenSC (0.23)\t/opensc-pkcs11.so\n");
	make_database(".pki/nssdb", "/opensc-pkcs11.so");
	follow(true);
	assert_null(plan.by_hand);
	assert_false(place_has(".config"));
}

/* NSS finds it without a directory; the working directory says nothing of it. */
static void test_bare_name(void **state)
{
	(void)state;
	make_profile("opensc-pkcs11.so");
	follow(false);
	make_profile(NULL);
	unlink(place_path("called"));
	follow(true);
	assert_called(call(PROFILE, "-add OpenSC (0.23) -libfile opensc-pkcs11.so"));
	assert_false(place_has(".config"));
}

/* One that is in the database is not added. */
static void test_no_longer(void **state)
{
	char library[PATH_MAX];

	(void)state;
	unit_path(library, place_home, "opensc-pkcs11.so");
	place_write("opensc-pkcs11.so", "");
	make_profile(library);
	follow(false);
	unlink(place_path("called"));
	follow(true);
	assert_called("");
	assert_false(place_has(".config"));
}

static void test_all_databases(void **state)
{
	char wanted[8 * PATH_MAX];

	(void)state;
	make_profile("/opensc-pkcs11.so");
	make_database(".pki/nssdb", "/opensc-pkcs11.so");
	place_write(".thunderbird/profiles.ini", "[Profile0]\nPath=t\n");
	make_database(".thunderbird/t", "/opensc-pkcs11.so");
	follow(false);
	snprintf(wanted, sizeof(wanted), "%s", call(PROFILE, "-delete OpenSC (0.23)"));
	strcat(wanted, call(".pki/nssdb", "-delete OpenSC (0.23)"));
	strcat(wanted, call(".thunderbird/t", "-delete OpenSC (0.23)"));
	assert_called(wanted);
}

/* A process of this name that has the profile open: this one. */
static void lock_profile(const char *directory)
{
	char target[64], name[256];

	snprintf(target, sizeof(target), "127.0.0.1:+%d", (int)getpid());
	snprintf(name, sizeof(name), "%s/lock", directory);
	assert_int_equal(symlink(target, place_path(name)), 0);
}

static void test_running(void **state)
{
	char target[64];

	(void)state;
	make_profile(NULL);
	lock_profile(PROFILE);
	/* What needs no change may be open. */
	assert_nothing_to_do(false);
	make_profile("/opensc-pkcs11.so");
	assert_int_equal(make_plan(false), APP_FAILED);
	assert_has(plan.message, "Firefox is running");
	make_profile(NULL);
	place_write(".thunderbird/profiles.ini", "[Profile0]\nPath=t\n");
	make_database(".thunderbird/t", "/opensc-pkcs11.so");
	lock_profile(".thunderbird/t");
	assert_int_equal(make_plan(false), APP_FAILED);
	assert_has(plan.message, "Thunderbird is running");
	make_database(".thunderbird/t", NULL);
	make_database(".pki/nssdb", "/opensc-pkcs11.so");
	place_directory(".config/chromium");
	snprintf(target, sizeof(target), "host-%d", (int)getpid());
	assert_int_equal(symlink(target, place_path(".config/chromium/SingletonLock")), 0);
	assert_int_equal(make_plan(false), APP_FAILED);
	assert_has(plan.message, "Chromium");
}

static void test_no_programs(void **state)
{
	(void)state;
	make_profile("/opensc-pkcs11.so");
	unlink(place_path("bin/modutil"));
	assert_int_equal(make_plan(false), APP_FAILED);
	assert_has(plan.message, "libnss3-tools");
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_nothing),  HERE(test_p11_kit),     HERE(test_root),
		HERE(test_own),      HERE(test_autostart),   HERE(test_own_autostart),
		HERE(test_database), HERE(test_again),       HERE(test_no_longer),
		HERE(test_not_now),  HERE(test_bare_name),   HERE(test_all_databases),
		HERE(test_running),  HERE(test_no_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
