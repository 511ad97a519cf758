/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_app_setup_browser: a browser's database gets the one module that asks for no signing
 * password, and gets back what was there before.
 */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/setup/setup_planners.h"
#include "capture.h"
#include "place.h"

#define AUTH    MODULE_DIR "/jpki-pkcs11-auth.so"
#define PROFILE ".mozilla/firefox/p"
#define NSSDB   ".pki/nssdb"
#define NOTE    "jpki-setup.txt"
#define HEADING "printf '\\nCertificate Nickname  Trust Attributes\\n  SSL,S/MIME,JAR/XPI\\n\\n'"
#define EMPTY   HEADING "; exit 0"

static struct setup_plan plan;

/* Whether the browsers of this machine are snaps, and nothing else. */
static bool only_sandboxed;

/* It stands before libc's own: what is installed on the machine of this test is not asked. */
int lstat(const char *path, struct stat *status)
{
	if (strncmp(path, "/snap/", 6) == 0 && only_sandboxed)
		path = "/";
	else if (strncmp(path, "/snap/", 6) == 0 || strncmp(path, "/usr/lib", 8) == 0 ||
		 strncmp(path, "/opt/", 5) == 0 || strncmp(path, "/var/lib/", 9) == 0)
		path = "";
	return fstatat(AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}

static int set_up(void **state)
{
	place_set_up(state);
	only_sandboxed = false;
	setenv("PATH", place_path("bin"), 1);
	place_program("bin/modutil", "exit 0\n");
	place_program("bin/certutil", "exit 0\n");
	place_write("modules/jpki-pkcs11-auth.so", "");
	return 0;
}

static int tear_down(void **state)
{
	setup_plan_free(&plan);
	return place_tear_down(state);
}

static enum app_exit make_plan(setup_planner *planner, bool undo)
{
	const struct setup_request request = {.undo = undo};
	struct capture capture;
	enum app_exit code;

	setup_plan_free(&plan);
	capture_begin(&capture);
	code = planner(&plan, &request);
	capture_end(&capture);
	assert_int_equal(capture.said[0] == '\0', code == APP_OK);
	capture_free(&capture);
	assert_false(plan.failed);
	return code;
}

/* Asserts that a step runs this command: its words with a blank after each. */
static void assert_runs(size_t step, const char *wanted)
{
	char words[4096] = "";

	assert_true(step < plan.count);
	assert_int_equal(plan.steps[step].action, SETUP_RUN);
	for (char **word = plan.steps[step].arguments; *word != NULL; word++) {
		snprintf(words + strlen(words), sizeof(words) - strlen(words), "%s ", *word);
	}
	assert_string_equal(words, wanted);
}

/* The beginning of each command of modutil, for a database below the home directory. */
static const char *modutil(const char *database, const char *rest)
{
	static char commands[4][3 * PATH_MAX];
	static size_t next;
	char *command = commands[next++ % 4];

	snprintf(command, sizeof(commands[0]), "modutil -force -dbdir sql:%s/%s %s", place_home,
		 database, rest);
	return command;
}

static const char *below(const char *directory, const char *name)
{
	char path[PATH_MAX];

	unit_path(path, directory, name);
	return place_path(path);
}

static void make_profile(const char *modules)
{
	place_write(".mozilla/firefox/profiles.ini", "[Profile0]\nPath=p\n");
	place_write(PROFILE "/cert9.db", "");
	place_write(PROFILE "/pkcs11.txt", modules);
}

/* --- Firefox -----------------------------------------------------------------------------------
 */

static void test_firefox_profile(void **state)
{
	(void)state;
	make_profile("library=\nname=NSS Internal PKCS #11 Module\n\n");
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
	assert_int_equal(plan.count, 1);
	assert_runs(0, modutil(PROFILE, "-add jpki-pkcs11 -libfile " AUTH " "));
	/* It is registered then. */
	make_profile("library=" AUTH "\nname=jpki-pkcs11\n\n");
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
	assert_int_equal(plan.count, 0);
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	assert_int_equal(plan.count, 1);
	assert_runs(0, modutil(PROFILE, "-delete jpki-pkcs11 "));
}

/* The module with both tokens goes, because it would ask for the signing password at every site;
 * --undo brings it back. */
static void test_replaced_module(void **state)
{
	char note[256];

	(void)state;
	place_write("modules/jpki-pkcs11.so", "");
	make_profile("library=" MODULE_DIR "/jpki-pkcs11.so\nname=My card\n\n"
		     "library=/usr/lib/opensc-pkcs11.so\nname=OpenSC\n\n");
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
	assert_int_equal(plan.count, 3);
	assert_runs(0, modutil(PROFILE, "-delete My card "));
	assert_runs(1, modutil(PROFILE, "-add jpki-pkcs11 -libfile " AUTH " "));
	assert_int_equal(plan.steps[2].action, SETUP_WRITE);
	assert_string_equal(plan.steps[2].path, below(PROFILE, NOTE));
	assert_int_equal(plan.steps[2].mode, 0600);
	snprintf(note, sizeof(note), "replaced My card\t%s\n", MODULE_DIR "/jpki-pkcs11.so");
	assert_has(plan.steps[2].text, note);
	place_write(PROFILE "/" NOTE, plan.steps[2].text);
	make_profile("library=" AUTH "\nname=jpki-pkcs11\n\n");
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	assert_int_equal(plan.count, 3);
	assert_runs(0, modutil(PROFILE, "-delete jpki-pkcs11 "));
	assert_runs(1, modutil(PROFILE, "-add My card -libfile " MODULE_DIR "/jpki-pkcs11.so "));
	assert_int_equal(plan.steps[2].action, SETUP_REMOVE);
	/* unless it is not installed any more */
	unlink(place_path("modules/jpki-pkcs11.so"));
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	assert_int_equal(plan.count, 2);
}

/* Ours twice, or at an old place: one stays. */
static void test_registered_twice(void **state)
{
	(void)state;
	make_profile("library=" AUTH "\nname=first\n\nlibrary=" AUTH "\nname=second\n\n"
		     "library=/old/jpki-pkcs11-auth.so\nname=jpki-pkcs11\n\n");
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
	assert_int_equal(plan.count, 3);
	assert_runs(0, modutil(PROFILE, "-delete second "));
	assert_runs(1, modutil(PROFILE, "-delete jpki-pkcs11 "));
	assert_int_equal(plan.steps[2].action, SETUP_WRITE);
	assert_has(plan.steps[2].text, "replaced second\t");
	/* What jpki setup itself made does not come back. */
	assert_lacks(plan.steps[2].text, "/old/");
}

static void assert_not_planned(setup_planner *planner)
{
	assert_int_equal(make_plan(planner, false), APP_FAILED);
	assert_non_null(plan.message);
}

static void test_not_planned(void **state)
{
	(void)state;
	assert_not_planned(setup_plan_firefox); /* no profile */
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	make_profile("");
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
	assert_int_equal(symlink("127.0.0.1:+1", below(PROFILE, "lock")), 0);
	assert_not_planned(setup_plan_firefox); /* it is running */
	unlink(below(PROFILE, "lock"));
	only_sandboxed = true;
	assert_not_planned(setup_plan_firefox);
	assert_not_planned(setup_plan_chromium);
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	only_sandboxed = false;
	unlink(place_path("modules/jpki-pkcs11-auth.so"));
	assert_not_planned(setup_plan_firefox);
	assert_not_planned(setup_plan_chromium);
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_OK);
	place_write("modules/jpki-pkcs11-auth.so", "");
	unlink(place_path("bin/certutil"));
	assert_not_planned(setup_plan_firefox);
	assert_int_equal(make_plan(setup_plan_firefox, true), APP_FAILED);
	/* A directory further back will do; one without an end at all is none. */
	place_program("more/certutil", "exit 0\n");
	setenv("PATH", "/nonexistent::bin:more", 1);
	assert_int_equal(make_plan(setup_plan_firefox, false), APP_OK);
}

/* --- Chromium ----------------------------------------------------------------------------------
 */

static void test_chromium_new(void **state)
{
	(void)state;
	assert_int_equal(make_plan(setup_plan_chromium, true), APP_OK);
	assert_int_equal(plan.count, 0);
	assert_int_equal(make_plan(setup_plan_chromium, false), APP_OK);
	assert_int_equal(plan.count, 5);
	assert_string_equal(plan.steps[0].path, place_path(".pki"));
	assert_string_equal(plan.steps[1].path, place_path(NSSDB));
	assert_string_equal(plan.steps[2].arguments[1], "-N");
	assert_string_equal(plan.steps[2].arguments[4], "--empty-password");
	assert_runs(3, modutil(NSSDB, "-add jpki-pkcs11 -libfile " AUTH " "));
	assert_has(plan.steps[4].text, "made-with-directories 2\n");
}

static void test_chromium_there(void **state)
{
	(void)state;
	place_write(NSSDB "/cert9.db", "");
	assert_int_equal(make_plan(setup_plan_chromium, false), APP_OK);
	assert_int_equal(plan.count, 1);
	assert_runs(0, modutil(NSSDB, "-add jpki-pkcs11 -libfile " AUTH " "));
	place_directory(".config/chromium");
	assert_int_equal(symlink("machine-1", place_path(".config/chromium/SingletonLock")), 0);
	assert_not_planned(setup_plan_chromium);
	/* When there is nothing to do it may run. */
	place_write(NSSDB "/pkcs11.txt", "library=" AUTH "\nname=jpki-pkcs11\n");
	assert_int_equal(make_plan(setup_plan_chromium, false), APP_OK);
	assert_int_equal(plan.count, 0);
}

/* A database that jpki setup made, with what certutil says of it. */
static void made_database(const char *certificates, const char *keys)
{
	char script[1024];

	snprintf(script, sizeof(script), "case \"$1\" in -L) %s;; -K) %s;; esac\n", certificates,
		 keys);
	place_program("bin/certutil", script);
	place_write(NSSDB "/cert9.db", "");
	place_write(NSSDB "/pkcs11.txt", "library=" AUTH "\nname=jpki-pkcs11\n");
	place_write(NSSDB "/" NOTE, "# head\nmade-with-directories 2\n");
	assert_int_equal(make_plan(setup_plan_chromium, true), APP_OK);
}

#define NO_KEYS "echo 'certutil: no keys found'; exit 255"

static void test_unmade(void **state)
{
	(void)state;
	made_database(EMPTY, NO_KEYS);
	assert_int_equal(plan.count, 6);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(plan.steps[i].action, SETUP_REMOVE);
	assert_int_equal(setup_plan_follow(&plan), APP_OK);
	assert_false(place_has(".pki"));
}

/* What somebody has put into it stays, and the module alone goes. */
static void test_used(void **state)
{
	static const char *const with[][2] = {
		{"printf 'x JAR/XPI\\n\\nMine u,u,u\\n'", NO_KEYS},
		{"exit 1", NO_KEYS},
		{HEADING "; exit 1", NO_KEYS},
		{"echo nothing", NO_KEYS},
		{EMPTY, "echo '< 0> rsa 01234 mine'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		made_database(with[i][0], with[i][1]);
		assert_int_equal(plan.count, 2);
		assert_runs(0, modutil(NSSDB, "-delete jpki-pkcs11 "));
		assert_int_equal(plan.steps[1].action, SETUP_REMOVE);
		assert_string_equal(plan.steps[1].path, below(NSSDB, NOTE));
	}
	made_database(EMPTY, NO_KEYS);
	place_write(NSSDB "/pkcs11.txt", "library=" AUTH "\nname=jpki-pkcs11\n\n"
					 "library=/other.so\nname=other\n");
	assert_int_equal(make_plan(setup_plan_chromium, true), APP_OK);
	assert_int_equal(plan.count, 2);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_firefox_profile),  HERE(test_replaced_module),
		HERE(test_registered_twice), HERE(test_not_planned),
		HERE(test_chromium_new),     HERE(test_chromium_there),
		HERE(test_unmade),           HERE(test_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
