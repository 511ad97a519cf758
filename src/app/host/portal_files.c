/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* portal_files: reads the files that the browsers read for the extension, and judges them. */
#include "app/host/portal_files.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/user_files.h"

#define HOST_NAME   "jpki_pkcs11.portal"
#define FIREFOX     "{ec8030f7-c20a-464f-9b0e-13a3a9e97384}"
#define POLICIES    "/etc/chromium/policies/managed"
#define POLICY_NAME "jpki-pkcs11.json"
#define MERGED      "PolicyDictionaryMultipleSourceMergeList"
#define SETTINGS    "ExtensionSettings"
#define SETTING     "pref(\"extensions.startupScanScopes\","
/* The bit of that setting which stands for the directories of the system. */
#define SCOPE_SYSTEM 8

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const struct portal_places portal_installed = {
	.root = BROWSERS_ROOT,
	.host = LIBEXECDIR "/jpki-portal",
	.data = PKGDATADIR,
};

static const struct {
	enum browser browser;
	const char *system; /* below the root */
	const char *home;   /* below the home directory; NULL if a person has none */
	const char *config; /* the same below the directory for settings */
} parts[PORTAL_PARTS] = {
	[PORTAL_FIREFOX_HOST] = {BROWSER_FIREFOX,
				 "/usr/lib/mozilla/native-messaging-hosts/" HOST_NAME ".json",
				 ".mozilla/native-messaging-hosts/" HOST_NAME ".json", NULL},
	[PORTAL_FIREFOX_EXTENSION] = {BROWSER_FIREFOX,
				      "/usr/share/mozilla/extensions/" FIREFOX
				      "/" PORTAL_FIREFOX_ID,
				      NULL, NULL},
	[PORTAL_FIREFOX_SETTING] = {BROWSER_FIREFOX, "/etc/firefox-esr/jpki-pkcs11.js", NULL, NULL},
	[PORTAL_CHROMIUM_HOST] = {BROWSER_CHROMIUM,
				  "/etc/chromium/native-messaging-hosts/" HOST_NAME ".json", NULL,
				  "chromium/NativeMessagingHosts/" HOST_NAME ".json"},
	[PORTAL_CHROMIUM_POLICY] = {BROWSER_CHROMIUM, POLICIES "/" POLICY_NAME, NULL, NULL},
};

enum browser portal_part_browser(enum portal_part part)
{
	return parts[part].browser;
}

bool portal_part_may_be_own(enum portal_part part)
{
	return parts[part].home != NULL || parts[part].config != NULL;
}

void portal_part_path(const struct portal_places *places, enum portal_part part, bool own,
		      char path[PATH_MAX])
{
	if (!own)
		user_path(path, "%s%s", places->root, parts[part].system);
	else if (parts[part].home != NULL)
		user_path(path, "%s/%s", user_home(), parts[part].home);
	else
		user_path(path, "%s/%s", user_config_home(), parts[part].config);
}

static char *host_content(const struct portal_places *places, const char *list, const char *caller)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "name", HOST_NAME, "description",
				 "My Number Card for Myna Portal and e-Tax", "path", places->host,
				 "type", "stdio", list, caller);
	char *text = json != NULL ? json_dumps(json, JSON_INDENT(2)) : NULL;

	json_decref(json);
	return text;
}

static char *policy_content(const struct portal_places *places)
{
	char url[PATH_MAX];
	json_t *json;
	char *text;

	user_path(url, "file://%s/chromium/updates.xml", places->data);
	/* An administrator's own settings for extensions hold beside these. */
	json = json_pack("{s:[s], s:{s:{s:s, s:s, s:b}}}", MERGED, SETTINGS, SETTINGS,
			 PORTAL_CHROMIUM_ID, "installation_mode", "normal_installed", "update_url",
			 url, "override_update_url", 1);
	text = json != NULL ? json_dumps(json, JSON_INDENT(2)) : NULL;
	json_decref(json);
	return text;
}

char *portal_part_content(const struct portal_places *places, enum portal_part part)
{
	char path[PATH_MAX];

	switch (part) {
	case PORTAL_FIREFOX_HOST:
		return host_content(places, "allowed_extensions", PORTAL_FIREFOX_ID);
	case PORTAL_CHROMIUM_HOST:
		return host_content(places, "allowed_origins", PORTAL_CHROMIUM_ORIGIN);
	case PORTAL_CHROMIUM_POLICY:
		return policy_content(places);
	case PORTAL_FIREFOX_SETTING:
		return strdup(SETTING " 8);\n");
	case PORTAL_FIREFOX_EXTENSION:
	case PORTAL_PARTS:
		break;
	}
	user_path(path, "%s/extension", places->data);
	return strdup(path);
}

/* Read a file of JSON. The caller releases it; NULL if there is none that can be read. */
static json_t *read_json(const char *path)
{
	mode_t mode;
	char *text = user_file_read(path, &mode);
	json_t *json = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	free(text);
	return json;
}

static bool is(const json_t *value, const char *text)
{
	return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* A host's file: it leads to our program, and our extension alone may use it. */
static bool is_host(const struct portal_places *places, const char *path, const char *list,
		    const char *caller)
{
	json_t *json = read_json(path);
	const json_t *callers = json_object_get(json, list);
	bool right = is(json_object_get(json, "name"), HOST_NAME) &&
		     is(json_object_get(json, "path"), places->host) &&
		     is(json_object_get(json, "type"), "stdio") && json_array_size(callers) == 1 &&
		     is(json_array_get(callers, 0), caller);

	json_decref(json);
	return right;
}

/* The directory of the extension, or what leads to it. */
static bool is_extension(const char *directory)
{
	char path[PATH_MAX];
	json_t *json;
	const json_t *settings;
	bool right;

	user_path(path, "%s/manifest.json", directory);
	json = read_json(path);
	settings = json_object_get(json, "browser_specific_settings");
	right = is(json_object_get(json_object_get(settings, "gecko"), "id"), PORTAL_FIREFOX_ID);
	json_decref(json);
	return right;
}

static bool is_setting(const char *path)
{
	mode_t mode;
	char *text = user_file_read(path, &mode);
	const char *at = text != NULL ? strstr(text, SETTING) : NULL;
	bool right = at != NULL && (strtol(at + strlen(SETTING), NULL, 0) & SCOPE_SYSTEM) != 0;

	free(text);
	return right;
}

static bool is_policy(const struct portal_places *places, const char *path)
{
	char url[PATH_MAX];
	json_t *json = read_json(path);
	const json_t *ours = json_object_get(json_object_get(json, SETTINGS), PORTAL_CHROMIUM_ID);
	const json_t *mode = json_object_get(ours, "installation_mode");
	bool right;

	user_path(url, "file://%s/chromium/updates.xml", places->data);
	right = (is(mode, "normal_installed") || is(mode, "force_installed")) &&
		is(json_object_get(ours, "update_url"), url);
	json_decref(json);
	return right;
}

enum portal_state portal_part_state(const struct portal_places *places, enum portal_part part,
				    bool own)
{
	char path[PATH_MAX];
	bool right = false;

	portal_part_path(places, part, own, path);
	if (!user_exists(path))
		return PORTAL_MISSING;
	switch (part) {
	case PORTAL_FIREFOX_HOST:
		right = is_host(places, path, "allowed_extensions", PORTAL_FIREFOX_ID);
		break;
	case PORTAL_CHROMIUM_HOST:
		right = is_host(places, path, "allowed_origins", PORTAL_CHROMIUM_ORIGIN);
		break;
	case PORTAL_FIREFOX_EXTENSION:
		right = is_extension(path);
		break;
	case PORTAL_FIREFOX_SETTING:
		right = is_setting(path);
		break;
	case PORTAL_CHROMIUM_POLICY:
		right = is_policy(places, path);
		break;
	case PORTAL_PARTS:
		break;
	}
	return right ? PORTAL_RIGHT : PORTAL_WRONG;
}

enum portal_state portal_part_effective(const struct portal_places *places, enum portal_part part,
					bool *own)
{
	enum portal_state state = PORTAL_MISSING;

	*own = portal_part_may_be_own(part);
	if (*own)
		state = portal_part_state(places, part, true);
	if (state != PORTAL_MISSING)
		return state;
	*own = false;
	return portal_part_state(places, part, false);
}

bool portal_host_is_there(const struct portal_places *places)
{
	struct stat status;

	return stat(places->host, &status) == 0 && S_ISREG(status.st_mode) &&
	       access(places->host, X_OK) == 0;
}

/* The file in which Chromium looks for the version that there is names the packed extension. */
static bool is_packed(const struct portal_places *places)
{
	char path[PATH_MAX];
	char packed[PATH_MAX];
	mode_t mode;
	char *text;
	bool right;

	user_path(packed, "%s/chromium/portal.crx", places->data);
	user_path(path, "%s/chromium/updates.xml", places->data);
	text = user_file_read(path, &mode);
	right = text != NULL && strstr(text, PORTAL_CHROMIUM_ID) != NULL &&
		strstr(text, packed) != NULL && access(packed, R_OK) == 0;
	free(text);
	return right;
}

bool portal_extension_is_there(const struct portal_places *places, enum browser browser)
{
	char path[PATH_MAX];

	if (browser == BROWSER_CHROMIUM)
		return is_packed(places);
	user_path(path, "%s/extension", places->data);
	return is_extension(path);
}

/* True for a policy with settings for extensions that does not let ours stand beside them. */
static bool is_overruling(const char *path)
{
	json_t *json = read_json(path);
	const json_t *merged = json_object_get(json, MERGED);
	bool overruling = json_object_get(json, SETTINGS) != NULL && json_is_array(merged);

	for (size_t i = 0; i < json_array_size(merged); i++)
		overruling = overruling && !is(json_array_get(merged, i), SETTINGS);
	json_decref(json);
	return overruling;
}

bool portal_find_overruling(const struct portal_places *places, char path[PATH_MAX])
{
	char name[NAME_MAX + 1] = POLICY_NAME;
	char directory[PATH_MAX];
	const struct dirent *entry;
	bool found = false;
	DIR *list;

	user_path(directory, "%s" POLICIES, places->root);
	list = opendir(directory);
	while (list != NULL && (entry = readdir(list)) != NULL) {
		char candidate[PATH_MAX];

		user_path(candidate, "%s/%s", directory, entry->d_name);
		/* Chromium takes the one whose name comes last. */
		if (strcmp(entry->d_name, name) <= 0 || !is_overruling(candidate))
			continue;
		snprintf(name, sizeof(name), "%s", entry->d_name);
		user_path(path, "%s", candidate);
		found = true;
	}
	if (list != NULL)
		closedir(list);
	return found;
}

/* True for the name of a file that registers another program for these sites. */
static bool is_other(const char *file)
{
	/* The official program; what other programs for Linux have taken; and what is like them. */
	return strcasestr(file, "myna") != NULL || strcasestr(file, ".mpa") != NULL ||
	       strncasecmp(file, "mpa", strlen("mpa")) == 0;
}

/* Add the files of a directory. Return the new count. */
static size_t add_others(const char *directory, char paths[PORTAL_OTHERS_MAX][PATH_MAX],
			 size_t count)
{
	DIR *list = opendir(directory);
	const struct dirent *entry;

	while (list != NULL && count < PORTAL_OTHERS_MAX && (entry = readdir(list)) != NULL) {
		size_t length = strlen(entry->d_name);

		if (is_other(entry->d_name) && length > strlen(".json") &&
		    strcmp(entry->d_name + length - strlen(".json"), ".json") == 0)
			user_path(paths[count++], "%s/%s", directory, entry->d_name);
	}
	if (list != NULL)
		closedir(list);
	return count;
}

size_t portal_find_others(const struct portal_places *places,
			  char paths[PORTAL_OTHERS_MAX][PATH_MAX])
{
	static const char *const system[] = {
		"/usr/lib/mozilla/native-messaging-hosts",
		"/usr/lib64/mozilla/native-messaging-hosts",
		"/etc/chromium/native-messaging-hosts",
		"/etc/opt/chrome/native-messaging-hosts",
	};
	static const char *const config[] = {
		"chromium/NativeMessagingHosts",
		"google-chrome/NativeMessagingHosts",
	};
	char directory[PATH_MAX];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(system); i++) {
		user_path(directory, "%s%s", places->root, system[i]);
		count = add_others(directory, paths, count);
	}
	if (user_home()[0] == '\0')
		return count;
	user_path(directory, "%s/.mozilla/native-messaging-hosts", user_home());
	count = add_others(directory, paths, count);
	for (size_t i = 0; i < COUNT(config); i++) {
		user_path(directory, "%s/%s", user_config_home(), config[i]);
		count = add_others(directory, paths, count);
	}
	return count;
}
