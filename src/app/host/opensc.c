/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * opensc: reads p11-kit's configuration, the list of programs that start with the desktop, and the
 * NSS databases, for what OpenSC has put there.
 */
#include "app/host/opensc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/browsers.h"
#include "app/host/user_files.h"

#define SUFFIX       ".module"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* p11-kit's directories, in the order in which they count; the first is the user's own. */
struct directories {
	size_t count;
	char paths[3][PATH_MAX];
};

static void find_directories(const char *root, struct directories *directories)
{
	size_t count = 0;

	/* p11-kit does not read root's own. */
	if (geteuid() != 0)
		user_path(directories->paths[count++], "%s/pkcs11/modules", user_config_home());
	user_path(directories->paths[count++], "%s" P11_SYSTEM_CONFIGS, root);
	user_path(directories->paths[count++], "%s" P11_PACKAGE_CONFIGS, root);
	directories->count = count;
}

/*
 * Copy the value of a key in a configuration file: what follows the word, without blanks around it.
 * False if the file or the key is missing.
 */
static bool read_value(const char *path, const char *word, char value[PATH_MAX])
{
	struct user_line line;
	bool found = false;
	mode_t mode;
	char *text = user_file_read(path, &mode);
	const char *at = text;
	size_t length;
	const char *rest;

	while (!found && at != NULL && user_next_line(&at, &line)) {
		rest = user_line_after(&line, word, &length);
		if (rest == NULL)
			continue;
		while (length > 0 && (rest[0] == ' ' || rest[0] == '\t')) {
			rest++;
			length--;
		}
		while (length > 0 && strchr(" \t\r", rest[length - 1]) != NULL)
			length--;
		user_path(value, "%.*s", (int)length, rest);
		found = true;
	}
	free(text);
	return found;
}

/* p11-kit takes each key from the first file of this name that has it; an empty one hides. */
static bool is_registered(const struct directories *directories, const char *file)
{
	char path[PATH_MAX];
	char library[PATH_MAX];

	for (size_t i = 0; i < directories->count; i++) {
		user_path(path, "%s/%s", directories->paths[i], file);
		if (read_value(path, "module:", library))
			return browser_is_opensc(library);
	}
	return false;
}

static void add_name(struct opensc_ways *ways, const char *file)
{
	char name[NAME_MAX + 1];

	snprintf(name, sizeof(name), "%.*s", (int)(strlen(file) - strlen(SUFFIX)), file);
	for (size_t i = 0; i < ways->name_count; i++) {
		if (strcmp(ways->names[i], name) == 0)
			return;
	}
	if (ways->name_count < OPENSC_NAMES_MAX)
		memcpy(ways->names[ways->name_count++], name, sizeof(name));
}

static bool is_module_file(const char *file)
{
	size_t length = strlen(file);

	return length > strlen(SUFFIX) && strcmp(file + length - strlen(SUFFIX), SUFFIX) == 0;
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(one, other);
}

/* Which one p11-kit would keep of two that load the same file is not known: find all. */
static void find_names(const char *root, struct opensc_ways *ways)
{
	static struct directories directories;
	struct dirent *entry;
	DIR *directory;

	find_directories(root, &directories);
	for (size_t i = 0; i < directories.count; i++) {
		directory = opendir(directories.paths[i]);
		while (directory != NULL && (entry = readdir(directory)) != NULL) {
			if (is_module_file(entry->d_name) &&
			    is_registered(&directories, entry->d_name))
				add_name(ways, entry->d_name);
		}
		if (directory != NULL)
			closedir(directory);
	}
	qsort(ways->names, ways->name_count, sizeof(ways->names[0]), compare_names);
}

/* True if this file starts a program that exists. */
static bool starts_program(const char *root, const char *path)
{
	char value[PATH_MAX];
	char program[PATH_MAX];

	if (read_value(path, "Hidden=", value) && strcmp(value, "true") == 0)
		return false;
	/* GNOME's settings write this one. */
	if (read_value(path, "X-GNOME-Autostart-enabled=", value) && strcmp(value, "false") == 0)
		return false;
	/* The file stays when the package opensc is removed and not purged. */
	if (!read_value(path, "Exec=", value))
		return false;
	value[strcspn(value, " \t")] = '\0';
	user_path(program, "%s%s", root, value);
	return value[0] != '/' || user_exists(program);
}

/* Of files with the same name the first one counts: the user's own, then the system's. */
static bool has_autostart(const char *root)
{
	const char *places = getenv("XDG_CONFIG_DIRS");
	char path[PATH_MAX];

	user_path(path, "%s/autostart/" OPENSC_AUTOSTART, user_config_home());
	if (user_exists(path))
		return starts_program(root, path);
	if (places == NULL || places[0] == '\0')
		places = "/etc/xdg";
	for (; *places != '\0'; places += strspn(places, ":")) {
		size_t length = strcspn(places, ":");

		user_path(path, "%s%.*s/autostart/" OPENSC_AUTOSTART, root, (int)length, places);
		if (user_exists(path))
			return starts_program(root, path);
		places += length;
	}
	return false;
}

/* True if OpenSC's module is registered in a database of the program. */
static bool has_module(enum browser browser)
{
	static struct browser_profiles profiles;
	static struct browser_registration found[BROWSER_REGISTRATIONS_MAX];

	browser_find_profiles(browser, &profiles);
	for (size_t i = 0; i < profiles.count; i++) {
		size_t count = browser_find_registrations(profiles.directories[i], found);

		for (size_t j = 0; j < count; j++) {
			if (browser_is_opensc(found[j].library))
				return true;
		}
	}
	return false;
}

void opensc_look(const char *root, struct opensc_ways *ways)
{
	memset(ways, 0, sizeof(*ways));
	find_names(root, ways);
	ways->autostart = has_autostart(root);
	ways->firefox = has_module(BROWSER_FIREFOX);
	ways->chromium = has_module(BROWSER_CHROMIUM);
	ways->thunderbird = has_module(BROWSER_THUNDERBIRD);
}

bool opensc_is_beside(const struct opensc_ways *ways)
{
	return ways->name_count > 0 || ways->autostart || ways->firefox || ways->chromium ||
	       ways->thunderbird;
}
