/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_opensc: each way of OpenSC's is found, and none that is closed or not there. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/opensc.h"
#include "place.h"

#define PACKAGES "root" P11_PACKAGE_CONFIGS
#define SYSTEM   "root" P11_SYSTEM_CONFIGS
#define OWN      ".config/pkcs11/modules"
#define LOGIN    "root/etc/xdg/autostart/" OPENSC_AUTOSTART
#define STARTS   "[Desktop Entry]\nName=x\nExec=/usr/bin/pkcs11-register --skip-chrome=off\n"

static struct opensc_ways ways;
static uid_t user;

/* It stands before libc's own: root's own settings are another matter. */
uid_t geteuid(void)
{
	return user;
}

static int set_up(void **state)
{
	place_set_up(state);
	user = 1000;
	return 0;
}

static void look(void)
{
	char root[PATH_MAX];

	snprintf(root, sizeof(root), "%s", place_path("root"));
	/* What was there before must not count. */
	memset(&ways, 'x', sizeof(ways));
	opensc_look(root, &ways);
}

static void assert_names(const char *first, const char *second)
{
	look();
	assert_int_equal(ways.name_count, (first != NULL) + (second != NULL));
	if (first != NULL)
		assert_string_equal(ways.names[0], first);
	if (second != NULL)
		assert_string_equal(ways.names[1], second);
	assert_int_equal(opensc_is_beside(&ways), first != NULL);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_names(NULL, NULL);
	place_write(PACKAGES "/p11-kit-trust.module", "module: p11-kit-trust.so\n");
	place_write(PACKAGES "/jpki.module", "module: jpki-pkcs11.so\n");
	place_write(PACKAGES "/opensc.module.rpmsave", "module: opensc-pkcs11.so\n");
	place_write(PACKAGES "/.module", "module: opensc-pkcs11.so\n");
	assert_names(NULL, NULL);
	assert_false(ways.autostart || ways.firefox || ways.chromium || ways.thunderbird);
}

/* One file may be registered twice, by two names. */
static void test_both_names(void **state)
{
	(void)state;
	place_write(PACKAGES "/opensc.module", "module: opensc-pkcs11.so\n");
	place_write(PACKAGES "/opensc-pkcs11.module",
		    "# the module\nmodule:\t/usr/lib/onepin-opensc-pkcs11.so \r\n");
	assert_names("opensc", "opensc-pkcs11");
	/* An administrator, or the user, hides one of them, and then both. */
	place_write(SYSTEM "/opensc.module", "module:\n");
	assert_names("opensc-pkcs11", NULL);
	place_write(OWN "/opensc-pkcs11.module", "module:");
	assert_names(NULL, NULL);
	/* p11-kit does not read root's. */
	user = 0;
	assert_names("opensc-pkcs11", NULL);
}

/* Also what the administrator or the user has registered, by whatever name. */
static void test_own_names(void **state)
{
	(void)state;
	place_write(SYSTEM "/cards.module", "critical: no\nmodule: /opt/opensc-pkcs11.so\n");
	place_write(OWN "/mine.module", "module: opensc-pkcs11.so\n");
	assert_names("cards", "mine");
	/* A file that names no module leaves the system's as it is. */
	place_write(OWN "/cards.module", "priority: 3\n");
	assert_names("cards", "mine");
}

static void test_many_names(void **state)
{
	char name[64];

	(void)state;
	for (int i = 0; i < OPENSC_NAMES_MAX + 2; i++) {
		snprintf(name, sizeof(name), PACKAGES "/o%d.module", i);
		place_write(name, "module: opensc-pkcs11.so\n");
	}
	look();
	assert_int_equal(ways.name_count, OPENSC_NAMES_MAX);
}

static bool has_autostart(void)
{
	look();
	assert_int_equal(opensc_is_beside(&ways), ways.autostart);
	return ways.autostart;
}

static void test_autostart(void **state)
{
	(void)state;
	place_write(LOGIN, STARTS);
	/* The package was removed, and its configuration was not. */
	assert_false(has_autostart());
	place_write("root/usr/bin/pkcs11-register", "");
	assert_true(has_autostart());
	/* The user's own file counts, whatever it says. */
	place_write(".config/autostart/" OPENSC_AUTOSTART, "[Desktop Entry]\nHidden=true\n");
	assert_false(has_autostart());
	place_write(".config/autostart/" OPENSC_AUTOSTART, STARTS "Hidden=false\n");
	assert_true(has_autostart());
	place_write(".config/autostart/" OPENSC_AUTOSTART, STARTS "Hidden=true\n");
	assert_false(has_autostart());
	place_write(".config/autostart/" OPENSC_AUTOSTART,
		    STARTS "X-GNOME-Autostart-enabled=false\n");
	assert_false(has_autostart());
	place_write(".config/autostart/" OPENSC_AUTOSTART,
		    STARTS "X-GNOME-Autostart-enabled=true\n");
	assert_true(has_autostart());
}

static void test_autostart_elsewhere(void **state)
{
	(void)state;
	place_write("root/usr/bin/pkcs11-register", "");
	place_write("root/etc/second/autostart/" OPENSC_AUTOSTART, STARTS);
	assert_false(has_autostart());
	setenv("XDG_CONFIG_DIRS", "/etc/first:/etc/second", 1);
	assert_true(has_autostart());
	place_write("root/etc/first/autostart/" OPENSC_AUTOSTART, "Hidden=true\n");
	assert_false(has_autostart());
	unsetenv("XDG_CONFIG_DIRS");
	/* A program without a path is looked for in PATH: it may be there. */
	place_write(LOGIN, "Exec=pkcs11-register\n");
	assert_true(has_autostart());
}

#define MODULES "library=\nname=NSS\n\nlibrary=/usr/lib/onepin-opensc-pkcs11.so\nname=OpenSC\n\n"

static void test_databases(void **state)
{
	(void)state;
	place_write(".mozilla/firefox/profiles.ini", "[Profile0]\nPath=p\n");
	place_write(".mozilla/firefox/p/cert9.db", "");
	place_write(".mozilla/firefox/p/pkcs11.txt", "library=/x.so\nname=x\n\n");
	look();
	assert_false(opensc_is_beside(&ways));
	place_write(".mozilla/firefox/p/pkcs11.txt", MODULES);
	look();
	assert_true(ways.firefox && opensc_is_beside(&ways));
	assert_false(ways.chromium || ways.thunderbird);
	place_write(".mozilla/firefox/p/pkcs11.txt", "");
	place_write(".pki/nssdb/cert9.db", "");
	place_write(".pki/nssdb/pkcs11.txt", MODULES);
	look();
	assert_true(ways.chromium && opensc_is_beside(&ways));
	assert_false(ways.firefox || ways.thunderbird);
	place_write(".pki/nssdb/pkcs11.txt", "");
	place_write(".thunderbird/profiles.ini", "[Profile0]\nPath=t\n");
	place_write(".thunderbird/t/cert9.db", "");
	place_write(".thunderbird/t/pkcs11.txt", MODULES);
	look();
	assert_true(ways.thunderbird && opensc_is_beside(&ways));
	assert_false(ways.firefox || ways.chromium);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_nothing),    HERE(test_both_names), HERE(test_own_names),
		HERE(test_many_names), HERE(test_autostart),  HERE(test_autostart_elsewhere),
		HERE(test_databases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
