/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* browsers: finds the browsers' NSS databases, and reads which modules are registered in them. */
#include "app/host/browsers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/user_files.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Files that show how a browser is installed: in a sandbox or in the usual way. Paths start at /
 * or, with a tilde, in the home directory. Commands prove nothing: Ubuntu's /usr/bin/firefox starts
 * the snap.
 */
static const char *const sandboxed[][6] = {
	[BROWSER_FIREFOX] = {"/snap/bin/firefox",
			     "/var/lib/flatpak/exports/bin/org.mozilla.firefox",
			     "~/.local/share/flatpak/exports/bin/org.mozilla.firefox"},
	[BROWSER_CHROMIUM] = {"/snap/bin/chromium",
			      "/var/lib/flatpak/exports/bin/org.chromium.Chromium",
			      "/var/lib/flatpak/exports/bin/com.google.Chrome",
			      "~/.local/share/flatpak/exports/bin/org.chromium.Chromium",
			      "~/.local/share/flatpak/exports/bin/com.google.Chrome"},
};
static const char *const usual[][6] = {
	[BROWSER_FIREFOX] = {"/usr/lib/firefox/libxul.so", "/usr/lib/firefox-esr/libxul.so",
			     "/usr/lib64/firefox/libxul.so", "/opt/firefox/libxul.so"},
	[BROWSER_CHROMIUM] = {"/usr/lib/chromium/chromium",
			      "/usr/lib64/chromium-browser/chromium-browser",
			      "/opt/google/chrome/chrome", "/opt/microsoft/msedge/msedge",
			      "/opt/brave.com/brave/brave"},
};

static bool any_exists(const char *const paths[6])
{
	char path[PATH_MAX];

	for (size_t i = 0; i < 6 && paths[i] != NULL; i++) {
		bool at_home = paths[i][0] == '~';

		user_path(path, "%s%s", at_home ? user_home() : "", paths[i] + at_home);
		if (user_exists(path))
			return true;
	}
	return false;
}

bool browser_takes_extension(enum browser browser)
{
	return user_exists(browser == BROWSER_FIREFOX ? "/usr/lib/firefox-esr/libxul.so"
						      : "/usr/lib/chromium/chromium");
}

bool browser_is_installed(enum browser browser)
{
	return any_exists(usual[browser]);
}

bool browser_is_only_sandboxed(enum browser browser)
{
	return any_exists(sandboxed[browser]) && !any_exists(usual[browser]);
}

enum browser_product browser_product_of(const char *library)
{
	static const struct {
		const char *file;
		enum browser_product product;
	} products[] = {
		{"jpki-pkcs11.so", BROWSER_PRODUCT_FULL},
		{"jpki-pkcs11-auth.so", BROWSER_PRODUCT_AUTH},
		{"jpki-pkcs11-sign.so", BROWSER_PRODUCT_SIGN},
	};

	for (size_t i = 0; i < COUNT(products); i++) {
		if (strcmp(user_base(library), products[i].file) == 0)
			return products[i].product;
	}
	return BROWSER_PRODUCT_NOT_OURS;
}

bool browser_is_opensc(const char *library)
{
	/* Matches both opensc-pkcs11.so and onepin-opensc-pkcs11.so. */
	return strstr(user_base(library), "opensc-pkcs11") != NULL;
}

static bool has_database(const char *directory)
{
	char path[PATH_MAX];

	user_path(path, "%s/cert9.db", directory);
	return user_exists(path);
}

static void add_profile(struct browser_profiles *profiles, const char *directory)
{
	char *found;

	if (profiles->count == BROWSER_PROFILES_MAX || !has_database(directory))
		return;
	found = realpath(directory, NULL);
	if (found == NULL)
		return;
	for (size_t i = 0; i < profiles->count; i++) {
		if (strcmp(profiles->directories[i], found) == 0) {
			free(found);
			return;
		}
	}
	user_path(profiles->directories[profiles->count++], "%s", found);
	free(found);
}

/*
 * Read a list of profiles in Firefox's form. They are in or below its directory unless the list
 * says otherwise.
 */
static void read_profiles(const char *directory, struct browser_profiles *profiles)
{
	char path[PATH_MAX];
	char name[PATH_MAX];
	struct user_line line;
	size_t length;
	mode_t mode;
	char *text;
	const char *at;
	bool in_profile = false;

	user_path(path, "%s/profiles.ini", directory);
	text = user_file_read(path, &mode);
	for (at = text; at != NULL && user_next_line(&at, &line);) {
		if (line.length > 0 && line.start[line.length - 1] == '\r')
			line.length--;
		if (user_line_after(&line, "[", &length) != NULL) {
			in_profile = user_line_after(&line, "[Profile", &length) != NULL;
		} else if (in_profile && user_line_value(&line, "Path=", name, sizeof(name))) {
			/* IsRelative tells nothing that the leading slash does not. */
			user_path(path, "%s%s%s", name[0] == '/' ? "" : directory,
				  name[0] == '/' ? "" : "/", name);
			add_profile(profiles, path);
		}
	}
	free(text);
}

void browser_chromium_database(char path[PATH_MAX])
{
	/* Newer versions use the second place, but only if the first does not exist. */
	user_path(path, "%s/.pki/nssdb", user_home());
	if (!user_exists(path)) {
		user_path(path, "%s/pki/nssdb", user_data_home());
		if (!has_database(path))
			user_path(path, "%s/.pki/nssdb", user_home());
	}
}

void browser_find_profiles(enum browser browser, struct browser_profiles *profiles)
{
	char directory[PATH_MAX];

	profiles->count = 0;
	if (user_home()[0] == '\0')
		return;
	if (browser == BROWSER_CHROMIUM) {
		browser_chromium_database(directory);
		add_profile(profiles, directory);
		return;
	}
	if (browser == BROWSER_THUNDERBIRD) {
		user_path(directory, "%s/.thunderbird", user_home());
		read_profiles(directory, profiles);
		return;
	}
	user_path(directory, "%s/.mozilla/firefox", user_home());
	read_profiles(directory, profiles);
	user_path(directory, "%s/mozilla/firefox", user_config_home());
	read_profiles(directory, profiles);
}

/* pkcs11.txt has one paragraph per module, with lines such as "library=FILE" and "name=NAME". */
size_t browser_find_registrations(const char *directory,
				  struct browser_registration list[BROWSER_REGISTRATIONS_MAX])
{
	struct browser_registration one = {0};
	struct user_line line;
	char path[PATH_MAX];
	size_t count = 0;
	mode_t mode;
	char *text;
	const char *at;
	bool more = true;

	user_path(path, "%s/pkcs11.txt", directory);
	text = user_file_read(path, &mode);
	for (at = text; at != NULL && more && count < BROWSER_REGISTRATIONS_MAX;) {
		more = user_next_line(&at, &line);
		if (more && line.length > 0) {
			user_line_value(&line, "library=", one.library, sizeof(one.library));
			user_line_value(&line, "name=", one.name, sizeof(one.name));
			continue;
		}
		one.product = browser_product_of(one.library);
		if (one.library[0] != '\0')
			list[count++] = one;
		memset(&one, 0, sizeof(one));
	}
	free(text);
	return count;
}

/* True if the process exists whose number follows this character in a lock. */
static bool is_locked_by_process(const char *lock, char before)
{
	char target[256];
	ssize_t length = readlink(lock, target, sizeof(target) - 1);
	const char *number;
	char *end;
	long process;

	if (length <= 0)
		return false;
	target[length] = '\0';
	number = strrchr(target, before);
	if (number == NULL)
		return false;
	number += strspn(number, ":+-");
	process = strtol(number, &end, 10);
	return process > 0 && *end == '\0' && (kill((pid_t)process, 0) == 0 || errno == EPERM);
}

/* True if another process holds a lock on the file. Does not wait for it. */
static bool is_locked(const char *path)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	bool locked;

	if (fd < 0)
		return false;
	locked = fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
	close(fd);
	return locked;
}

bool browser_is_running(enum browser browser, const char *directory)
{
	static const char *const locks[] = {
		"chromium/SingletonLock",       "google-chrome/SingletonLock",
		"microsoft-edge/SingletonLock", "BraveSoftware/Brave-Browser/SingletonLock",
		"vivaldi/SingletonLock",
	};
	char path[PATH_MAX];

	if (browser != BROWSER_CHROMIUM) {
		/* Firefox makes both; on a network drive it relies on the link. */
		user_path(path, "%s/.parentlock", directory);
		if (is_locked(path))
			return true;
		user_path(path, "%s/lock", directory);
		return is_locked_by_process(path, ':');
	}
	for (size_t i = 0; i < COUNT(locks); i++) {
		user_path(path, "%s/%s", user_config_home(), locks[i]);
		if (is_locked_by_process(path, '-'))
			return true;
	}
	return false;
}
