/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki setup firefox and chromium: plans how to register the module in NSS databases, with NSS's
 * own programs.
 */
#include "app/setup/setup_planners.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/browsers.h"
#include "app/host/user_files.h"
#include "app/setup/setup_nss.h"
#include "app/ui/situation.h"

/*
 * Browsers get the module that has the authentication token only: with the other one they would
 * also ask for the signing password at every site that wants a certificate.
 */
#define MODULE      MODULE_DIR "/jpki-pkcs11-auth.so"
#define MODULE_NAME "jpki-pkcs11"
/* A note in the database's directory, with what --undo must know and cannot see. */
#define NOTE_NAME "jpki-setup.txt"
#define MADE      "made-with-directories " /* the number of directories made for the database */
#define REPLACED  "replaced "              /* a module's name, a tab, its file */
#define NOTE_HEAD "# Made by \"jpki setup\"; it goes with \"jpki setup --undo\".\n"

/* Return the rest of the line of our note that begins with this word; "" if there is none. */
static const char *note_line(const char *note, const char *word)
{
	const char *at = note != NULL ? strstr(note, word) : NULL;

	return at != NULL ? at + strlen(word) : "";
}

/* Append a line to a note, which is freed. The caller frees the result; NULL without memory. */
static char *longer_note(char *note, const char *name, const char *library)
{
	char *longer = NULL;

	if (note == NULL || asprintf(&longer, "%s" REPLACED "%s\t%s\n", note, name, library) < 0)
		longer = NULL;
	free(note);
	return longer;
}

/*
 * Register the module in one database, in place of our other modules. old is the existing note;
 * least is what the new note must contain.
 */
static void plan_add(struct setup_plan *plan, const char *directory, const char *old,
		     const char *least)
{
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	size_t count = browser_find_registrations(directory, found);
	bool present = false;
	char path[PATH_MAX];
	char *note = strdup(least);

	for (size_t i = 0; i < count; i++) {
		if (found[i].product == BROWSER_PRODUCT_NOT_OURS)
			continue;
		if (strcmp(found[i].library, MODULE) == 0 && !present) {
			present = true;
			continue;
		}
		setup_nss_modutil(plan, directory, "-delete", found[i].name, NULL);
		/* --undo does not restore what jpki setup itself registered before. */
		if (strcmp(found[i].name, MODULE_NAME) != 0)
			note = longer_note(note, found[i].name, found[i].library);
	}
	if (!present)
		setup_nss_modutil(plan, directory, "-add", MODULE_NAME, MODULE);
	user_path(path, "%s/" NOTE_NAME, directory);
	if (note == NULL)
		plan->failed = true;
	else if (strcmp(note, old != NULL ? old : NOTE_HEAD) != 0)
		setup_plan_write(plan, path, note, note, 0600);
	free(note);
}

/* True if another module than ours is registered in a database that we made. */
static bool has_other_modules(const char *directory)
{
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	size_t count = browser_find_registrations(directory, found);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(found[i].library, MODULE) != 0)
			return true;
	}
	return false;
}

/* True if anybody has stored something in a database that we made. */
static bool is_used(const char *directory)
{
	char database[PATH_MAX];
	char words[SETUP_WORDS_SIZE];
	char name[] = "certutil", list[] = "-L", keys[] = "-K", where[] = "-d";
	char *certificates_of[] = {name, list, where, database, NULL};
	char *keys_of[] = {name, keys, where, database, NULL};
	const char *end;

	if (has_other_modules(directory))
		return true;
	user_path(database, "sql:%s", directory);
	if (setup_run(certificates_of, words) != 0)
		return true;
	/* The heading ends here; certificates follow it. */
	end = strstr(words, "JAR/XPI");
	if (end == NULL || end[strlen("JAR/XPI") + strspn(end + strlen("JAR/XPI"), "\n")] != '\0')
		return true;
	setup_run(keys_of, words);
	return strstr(words, "no keys found") == NULL;
}

/* Remove the whole database. */
static void plan_unmake(struct setup_plan *plan, const char *directory, size_t directories)
{
	static const char *const files[] = {"cert9.db", "key4.db", "pkcs11.txt", NOTE_NAME};
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		user_path(path, "%s/%s", directory, files[i]);
		setup_plan_remove(plan, path);
	}
	setup_plan_no_directories(plan, path, directories);
}

/* Register again the modules that the note says were replaced. */
static void plan_restore(struct setup_plan *plan, const char *directory, const char *note)
{
	char name[PATH_MAX + 256];
	struct user_line line;

	while (note != NULL && user_next_line(&note, &line)) {
		char *library = user_line_value(&line, REPLACED, name, sizeof(name))
					? strchr(name, '\t')
					: NULL;

		if (library == NULL)
			continue;
		*library++ = '\0';
		if (user_exists(library))
			setup_nss_modutil(plan, directory, "-add", name, library);
	}
}

static void plan_undo(struct setup_plan *plan, const char *directory, const char *note)
{
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	size_t count = browser_find_registrations(directory, found);
	const char *made = note_line(note, "\n" MADE);
	char path[PATH_MAX];

	if (made[0] != '\0' && !is_used(directory)) {
		plan_unmake(plan, directory, strtoul(made, NULL, 10));
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(found[i].name, MODULE_NAME) == 0)
			setup_nss_modutil(plan, directory, "-delete", MODULE_NAME, NULL);
	}
	plan_restore(plan, directory, note);
	user_path(path, "%s/" NOTE_NAME, directory);
	if (note != NULL)
		setup_plan_remove(plan, path);
}

/* Plan for one existing database. */
static void plan_database(struct setup_plan *plan, const char *directory, bool undo)
{
	char path[PATH_MAX];
	mode_t mode;
	char *note;

	user_path(path, "%s/" NOTE_NAME, directory);
	note = user_file_read(path, &mode);
	if (undo)
		plan_undo(plan, directory, note);
	else
		plan_add(plan, directory, note, note != NULL ? note : NOTE_HEAD);
	free(note);
}

/* Check what both browsers need, and add the note. Return APP_OK if all of it is there. */
static enum app_exit check_browser(struct setup_plan *plan, enum browser browser,
				   const struct setup_request *request)
{
	/* Most people come for these two services, which never ask for a TLS client certificate. */
	if (!request->undo)
		plan->note = _("This is for sites that ask the browser for a certificate. Myna "
			       "Portal and e-Tax do not: for them you need the browser extension "
			       "of jpki-pkcs11, and not this (see \"jpki setup portal\").");
	if (!request->undo && browser_is_only_sandboxed(browser))
		return setup_refuse(plan, APP_FAILED, "%s", situation_text(SITUATION_SANDBOX));
	if (!request->undo && !user_exists(MODULE))
		return setup_refuse(plan, APP_FAILED, _("The module %s is not installed."), MODULE);
	return setup_nss_need_programs(plan);
}

enum app_exit setup_plan_firefox(struct setup_plan *plan, const struct setup_request *request)
{
	static struct browser_profiles profiles;
	enum app_exit result = check_browser(plan, BROWSER_FIREFOX, request);

	if (result != APP_OK)
		return result;
	browser_find_profiles(BROWSER_FIREFOX, &profiles);
	if (profiles.count == 0 && !request->undo)
		return setup_refuse(plan, APP_FAILED,
				    _("Firefox has no profile yet. Start it once, and close it."));
	for (size_t i = 0; i < profiles.count; i++) {
		if (browser_is_running(BROWSER_FIREFOX, profiles.directories[i]))
			return setup_refuse(plan, APP_FAILED,
					    _("Firefox is running. Close it first."));
		plan_database(plan, profiles.directories[i], request->undo);
	}
	return APP_OK;
}

/* Plan a database where there is none. */
static void plan_make(struct setup_plan *plan)
{
	char directory[PATH_MAX];
	char database[PATH_MAX + 8];
	char note[256];
	char path[PATH_MAX];
	const char *certutil[] = {"certutil", "-N", "-d", database, "--empty-password", NULL};

	browser_chromium_database(directory);
	user_path(path, "%s/" NOTE_NAME, directory);
	user_path(database, "sql:%s", directory);
	snprintf(note, sizeof(note), NOTE_HEAD MADE "%zu\n", user_missing_directories(path));
	setup_plan_directories(plan, path, 0700);
	setup_plan_run(plan, certutil);
	plan_add(plan, directory, NULL, note);
}

enum app_exit setup_plan_chromium(struct setup_plan *plan, const struct setup_request *request)
{
	static struct browser_profiles profiles;
	enum app_exit result = check_browser(plan, BROWSER_CHROMIUM, request);

	if (result != APP_OK)
		return result;
	browser_find_profiles(BROWSER_CHROMIUM, &profiles);
	if (profiles.count > 0)
		plan_database(plan, profiles.directories[0], request->undo);
	else if (!request->undo)
		plan_make(plan);
	if (plan->count > 0 && browser_is_running(BROWSER_CHROMIUM, ""))
		return setup_refuse(plan, APP_FAILED,
				    _("Chromium, or a browser that is built on it, is running. "
				      "Close it first."));
	return APP_OK;
}
