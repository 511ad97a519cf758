/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_host_browsers: browsers are found where they are, and known to run when they do. */
#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/host/browsers.h"
#include "place.h"

static struct browser_profiles profiles;

static void assert_profiles(enum browser browser, size_t count, const char *const *names)
{
	browser_find_profiles(browser, &profiles);
	assert_int_equal(profiles.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(profiles.directories[i], place_path(names[i]));
}

static void test_products(void **state)
{
	(void)state;
	assert_int_equal(browser_product_of("/usr/lib/jpki-pkcs11.so"), BROWSER_PRODUCT_FULL);
	assert_int_equal(browser_product_of("jpki-pkcs11-auth.so"), BROWSER_PRODUCT_AUTH);
	assert_int_equal(browser_product_of("/a/jpki-pkcs11-sign.so"), BROWSER_PRODUCT_SIGN);
	assert_int_equal(browser_product_of("/a/jpki-pkcs11.so.0"), BROWSER_PRODUCT_NOT_OURS);
	assert_int_equal(browser_product_of("/jpki-pkcs11.so/x"), BROWSER_PRODUCT_NOT_OURS);
	assert_int_equal(browser_product_of(""), BROWSER_PRODUCT_NOT_OURS);
	assert_true(browser_is_opensc("/usr/lib/opensc-pkcs11.so"));
	assert_true(browser_is_opensc("/usr/lib/onepin-opensc-pkcs11.so"));
	assert_false(browser_is_opensc("/usr/lib/opensc-pkcs11/other.so"));
}

static void test_firefox(void **state)
{
	char ini[PATH_MAX + 512];

	(void)state;
	assert_profiles(BROWSER_FIREFOX, 0, NULL);
	place_write(".mozilla/firefox/abc.default/cert9.db", "");
	place_write(".mozilla/firefox/unlisted/cert9.db", "");
	place_write(".mozilla/firefox/install/cert9.db", "");
	place_write("elsewhere/cert9.db", "");
	place_directory(".mozilla/firefox/unused");
	place_write(".config/mozilla/firefox/new/cert9.db", "");
	snprintf(ini, sizeof(ini),
		 "[General]\r\nPath=unlisted\r\n[Profile1]\r\nName=a\r\nPath=abc.default\r\n\r\n"
		 "[Profile0]\nPath=%s\n[Profile2]\nPath=unused\n[Profile3]\nPath=none\n"
		 "[InstallABC]\nPath=install\n[Profile4]\nPath=./abc.default/",
		 place_path("elsewhere"));
	place_write(".mozilla/firefox/profiles.ini", ini);
	place_write(".config/mozilla/firefox/profiles.ini", "[Profile0]\nPath=new\n");
	assert_profiles(BROWSER_FIREFOX, 3,
			(const char *const[]){".mozilla/firefox/abc.default", "elsewhere",
					      ".config/mozilla/firefox/new"});
}

static void test_many_profiles(void **state)
{
	char ini[4096];
	size_t length = 0;

	(void)state;
	for (int i = 0; i < BROWSER_PROFILES_MAX + 2; i++) {
		char name[64];

		length += (size_t)snprintf(ini + length, sizeof(ini) - length,
					   "[Profile%d]\nPath=p%d\n", i, i);
		snprintf(name, sizeof(name), ".mozilla/firefox/p%d/cert9.db", i);
		place_write(name, "");
	}
	place_write(".mozilla/firefox/profiles.ini", ini);
	browser_find_profiles(BROWSER_FIREFOX, &profiles);
	assert_int_equal(profiles.count, BROWSER_PROFILES_MAX);
}

static void test_chromium(void **state)
{
	char path[PATH_MAX];

	(void)state;
	assert_profiles(BROWSER_CHROMIUM, 0, NULL);
	browser_chromium_database(path);
	assert_string_equal(path, place_path(".pki/nssdb"));
	/* A directory without a database is not one. */
	place_directory(".local/share/pki/nssdb");
	browser_chromium_database(path);
	assert_string_equal(path, place_path(".pki/nssdb"));
	place_write(".local/share/pki/nssdb/cert9.db", "");
	assert_profiles(BROWSER_CHROMIUM, 1, (const char *const[]){".local/share/pki/nssdb"});
	/* The first place wins when it is there. */
	place_write(".pki/nssdb/cert9.db", "");
	assert_profiles(BROWSER_CHROMIUM, 1, (const char *const[]){".pki/nssdb"});
}

static void test_no_home(void **state)
{
	(void)state;
	unsetenv("HOME");
	assert_profiles(BROWSER_FIREFOX, 0, NULL);
	assert_profiles(BROWSER_CHROMIUM, 0, NULL);
}

static void test_registrations(void **state)
{
	struct browser_registration list[BROWSER_REGISTRATIONS_MAX];

	(void)state;
	assert_int_equal(browser_find_registrations(place_home, list), 0);
	place_write("pkcs11.txt", "library=\nname=NSS Internal PKCS #11 Module\nparameters=x\n\n\n"
				  "library=/usr/lib/opensc-pkcs11.so\nname=OpenSC\n\n"
				  "name=jpki\nNSS=x\nlibrary=/usr/lib/jpki-pkcs11-auth.so\n\n"
				  "library=/usr/lib/jpki-pkcs11.so");
	assert_int_equal(browser_find_registrations(place_home, list), 3);
	assert_string_equal(list[0].library, "/usr/lib/opensc-pkcs11.so");
	assert_string_equal(list[0].name, "OpenSC");
	assert_int_equal(list[0].product, BROWSER_PRODUCT_NOT_OURS);
	assert_string_equal(list[1].name, "jpki");
	assert_int_equal(list[1].product, BROWSER_PRODUCT_AUTH);
	assert_string_equal(list[2].name, "");
	assert_int_equal(list[2].product, BROWSER_PRODUCT_FULL);
}

static void test_many_registrations(void **state)
{
	struct browser_registration list[BROWSER_REGISTRATIONS_MAX + 1];
	char text[2048] = "";
	char guard[sizeof(list[0])];

	(void)state;
	for (int i = 0; i < BROWSER_REGISTRATIONS_MAX + 3; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "library=/%d\n\n", i);
	place_write("pkcs11.txt", text);
	memset(list, 'x', sizeof(list));
	memset(guard, 'x', sizeof(guard));
	assert_int_equal(browser_find_registrations(place_home, list), BROWSER_REGISTRATIONS_MAX);
	assert_memory_equal(&list[BROWSER_REGISTRATIONS_MAX], guard, sizeof(guard));
}

/* --- running -----------------------------------------------------------------------------------
 */

/* A process that is over. */
static pid_t past_process(void)
{
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		_exit(0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	return child;
}

static void put_lock(const char *name, const char *format, pid_t process)
{
	char target[64];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(target, sizeof(target), format, (int)process);
#pragma GCC diagnostic pop
	unlink(place_path(name));
	assert_int_equal(symlink(target, place_path(name)), 0);
}

static void test_firefox_link(void **state)
{
	(void)state;
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "127.0.1.1:+%d", getpid());
	assert_true(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "127.0.1.1:%d", getpid());
	assert_true(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "127.0.1.1:+%d", past_process());
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "127.0.1.1:+%dx", getpid());
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "%d", getpid());
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	put_lock("lock", "127.0.1.1:+0", 0);
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
}

/* Another process holds the lock until it is told to end. */
static void test_firefox_lock(void **state)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int ready[2], over[2];
	char byte = 0;
	pid_t child;

	(void)state;
	place_write(".parentlock", "");
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(over), 0);
	fflush(NULL);
	child = fork();
	if (child == 0) {
		int fd = open(place_path(".parentlock"), O_RDWR | O_CLOEXEC);

		close(over[1]);
		if (fcntl(fd, F_SETLK, &lock) != 0 || write(ready[1], "x", 1) != 1)
			_exit(1);
		_exit(read(over[0], &byte, 1) == 0 ? 0 : 2);
	}
	close(over[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_true(browser_is_running(BROWSER_FIREFOX, place_home));
	close(over[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_false(browser_is_running(BROWSER_FIREFOX, place_home));
	close(ready[0]);
	close(ready[1]);
}

static void test_chromium_running(void **state)
{
	static const char *const names[] = {"chromium", "google-chrome", "microsoft-edge",
					    "BraveSoftware/Brave-Browser", "vivaldi"};

	(void)state;
	assert_false(browser_is_running(BROWSER_CHROMIUM, ""));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[128];

		snprintf(name, sizeof(name), ".config/%s", names[i]);
		place_directory(name);
		snprintf(name, sizeof(name), ".config/%s/SingletonLock", names[i]);
		put_lock(name, "my-machine-%d", getpid());
		assert_true(browser_is_running(BROWSER_CHROMIUM, ""));
		put_lock(name, "my-machine-%d", past_process());
		assert_false(browser_is_running(BROWSER_CHROMIUM, ""));
	}
}

/* --- snaps and Flatpaks ------------------------------------------------------------------------
 */

static bool any_file(const char *const *paths)
{
	for (; *paths != NULL; paths++) {
		if (access(*paths, F_OK) == 0)
			return true;
	}
	return false;
}

/* A Flatpak in the home directory, where the browser is not installed in a usual way, too. */
static void test_sandboxed(void **state)
{
	static const char *const firefox[] = {
		"/usr/lib/firefox/libxul.so", "/usr/lib/firefox-esr/libxul.so",
		"/usr/lib64/firefox/libxul.so", "/opt/firefox/libxul.so", NULL};
	static const char *const chromium[] = {
		"/usr/lib/chromium/chromium", "/usr/lib64/chromium-browser/chromium-browser",
		"/opt/google/chrome/chrome",  "/opt/microsoft/msedge/msedge",
		"/opt/brave.com/brave/brave", NULL};
	static const char *const firefox_elsewhere[] = {
		"/snap/bin/firefox", "/var/lib/flatpak/exports/bin/org.mozilla.firefox", NULL};

	(void)state;
	assert_int_equal(browser_is_only_sandboxed(BROWSER_FIREFOX),
			 any_file(firefox_elsewhere) && !any_file(firefox));
	place_write(".local/share/flatpak/exports/bin/org.mozilla.firefox", "");
	assert_int_equal(browser_is_only_sandboxed(BROWSER_FIREFOX), !any_file(firefox));
	place_write(".local/share/flatpak/exports/bin/com.google.Chrome", "");
	assert_int_equal(browser_is_only_sandboxed(BROWSER_CHROMIUM), !any_file(chromium));
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_products),     HERE(test_firefox),          HERE(test_many_profiles),
		HERE(test_chromium),     HERE(test_no_home),          HERE(test_registrations),
		HERE(test_firefox_link), HERE(test_firefox_lock),     HERE(test_many_registrations),
		HERE(test_sandboxed),    HERE(test_chromium_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
