/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki setup portal: plans the files by which Firefox and Chromium have the extension for Myna
 * Portal and e-Tax: for all users as root, else what a person may have for the own use.
 *
 * A note tells --undo which of the files jpki has made, because the browsers want nothing in them
 * that is not theirs, and "make install" and packages make the same files.
 */
#include "app/setup/setup_planners.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/host/portal_files.h"
#include "app/host/user_files.h"

#define NOTE_NAME "jpki-pkcs11/setup-portal.txt"
#define NOTE_HEAD "# Made by \"jpki setup\"; it goes with \"jpki setup portal --undo\".\n"
#define MADE      "made-with-directories " /* their number, a blank, the path */

/* What is planned for whom. */
struct work {
	struct setup_plan *plan;
	bool own; /* for this person alone */
	char note_path[PATH_MAX];
	char *note; /* the existing note; NULL if there is none */
};

static const struct {
	const char *name;
	const char *title;
} words[PORTAL_PARTS] = {
	[PORTAL_FIREFOX_HOST] = {"firefox-host", N_("Firefox, registration of the program")},
	[PORTAL_FIREFOX_EXTENSION] = {"firefox-extension", N_("Firefox, extension")},
	[PORTAL_FIREFOX_SETTING] = {"firefox-setting",
				    N_("Firefox, setting for profiles that exist already")},
	[PORTAL_CHROMIUM_HOST] = {"chromium-host", N_("Chromium, registration of the program")},
	[PORTAL_CHROMIUM_POLICY] = {"chromium-policy",
				    N_("Chromium, policy that installs the extension")},
};

/* True for a part of a browser that is here. */
static bool matters(enum portal_part part)
{
	return browser_takes_extension(portal_part_browser(part));
}

/* Return the state of what counts for whom it is planned, and its path. */
static enum portal_state state_of(const struct work *work, enum portal_part part,
				  char path[PATH_MAX])
{
	bool own = false;
	enum portal_state state = work->own ? portal_part_effective(&portal_installed, part, &own)
					    : portal_part_state(&portal_installed, part, false);

	portal_part_path(&portal_installed, part, own, path);
	return state;
}

static void tell_parts(const struct work *work)
{
	static const enum setup_state states[] = {[PORTAL_MISSING] = SETUP_MISSING,
						  [PORTAL_WRONG] = SETUP_WRONG,
						  [PORTAL_RIGHT] = SETUP_RIGHT};

	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		char path[PATH_MAX];
		struct setup_part found = {.name = words[part].name, .title = _(words[part].title)};

		if (!matters(part))
			continue;
		found.state = states[state_of(work, part, path)];
		setup_plan_tell(work->plan, &found, path);
	}
}

/* True if a file must be made that may be made for whom it is planned. */
static bool is_needed(const struct work *work, enum portal_part part)
{
	char path[PATH_MAX];

	return matters(part) && state_of(work, part, path) != PORTAL_RIGHT &&
	       (!work->own || portal_part_may_be_own(part));
}

/* Return how many directories were made for a file of ours; -1 if the note does not have it. */
static long directories_of(const struct work *work, const char *path)
{
	const char *at = work->note;
	struct user_line line;
	char value[PATH_MAX + 32];

	while (at != NULL && user_next_line(&at, &line)) {
		char *end;
		long number;

		if (!user_line_value(&line, MADE, value, sizeof(value)))
			continue;
		number = strtol(value, &end, 10);
		if (*end == ' ' && strcmp(end + 1, path) == 0 && number >= 0)
			return number;
	}
	return -1;
}

static void read_note(struct work *work)
{
	mode_t mode;

	if (work->own)
		user_path(work->note_path, "%s/" NOTE_NAME, user_config_home());
	else
		user_path(work->note_path, "%s/var/lib/" NOTE_NAME, portal_installed.root);
	work->note = user_file_read(work->note_path, &mode);
}

/* Return the note as it must be before the files are made; the caller frees it. */
static char *new_note(const struct work *work)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (out == NULL)
		return NULL;
	if (work->note != NULL)
		fputs(work->note, out);
	else
		fprintf(out, NOTE_HEAD MADE "%zu %s\n", user_missing_directories(work->note_path),
			work->note_path);
	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		char path[PATH_MAX];

		portal_part_path(&portal_installed, part, work->own, path);
		if (is_needed(work, part) && directories_of(work, path) < 0)
			fprintf(out, MADE "%zu %s\n", user_missing_directories(path), path);
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

/* Plan one file. Nothing is changed that jpki did not make. */
static enum app_exit plan_part(const struct work *work, enum portal_part part)
{
	char *content = portal_part_content(&portal_installed, part);
	char path[PATH_MAX];
	bool exists;

	portal_part_path(&portal_installed, part, work->own, path);
	exists = user_exists(path);
	if (exists && directories_of(work, path) < 0) {
		free(content);
		return setup_refuse(work->plan, APP_FAILED,
				    _("The file %s is not in order, and jpki did not make it; it "
				      "was not changed. Remove it, and try again."),
				    path);
	}
	setup_plan_directories(work->plan, path, work->own ? 0700 : 0755);
	if (content == NULL) {
		work->plan->failed = true;
	} else if (part == PORTAL_FIREFOX_EXTENSION) {
		if (exists)
			setup_plan_remove(work->plan, path);
		setup_plan_link(work->plan, path, content);
	} else {
		setup_plan_write(work->plan, path, content, content, 0644);
	}
	free(content);
	return APP_OK;
}

static enum app_exit plan_parts(const struct work *work)
{
	enum app_exit result = APP_OK;
	bool needed = false;
	char *note;

	for (enum portal_part part = 0; part < PORTAL_PARTS; part++)
		needed = needed || is_needed(work, part);
	if (!needed)
		return APP_OK;
	note = new_note(work);
	if (note == NULL) {
		work->plan->failed = true;
		return APP_OK;
	}
	/* The note comes first, so that --undo also knows of what was not done to the end. */
	setup_plan_directories(work->plan, work->note_path, work->own ? 0700 : 0755);
	if (work->note == NULL || strcmp(note, work->note) != 0)
		setup_plan_write(work->plan, work->note_path, note, note, 0644);
	free(note);
	for (enum portal_part part = 0; result == APP_OK && part < PORTAL_PARTS; part++) {
		if (is_needed(work, part))
			result = plan_part(work, part);
	}
	return result;
}

/* True if the system has all by which the browser gets the extension itself. */
static bool is_given(enum browser browser)
{
	bool given = true;

	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		if (portal_part_browser(part) == browser && !portal_part_may_be_own(part))
			given = given &&
				portal_part_state(&portal_installed, part, false) == PORTAL_RIGHT;
	}
	return given;
}

/* Say what a person without root's rights is left to do, and why. */
static void tell_by_hand(struct setup_plan *plan)
{
	bool firefox = browser_takes_extension(BROWSER_FIREFOX) && !is_given(BROWSER_FIREFOX);
	bool chromium = browser_takes_extension(BROWSER_CHROMIUM) && !is_given(BROWSER_CHROMIUM);
	size_t size = 0;
	FILE *out;

	if (!firefox && !chromium)
		return;
	out = open_memstream(&plan->by_hand, &size);
	if (out == NULL) {
		plan->failed = true;
		return;
	}
	fputs(_("Only an administrator can add the missing parts of the extension itself, because "
		"the browsers accept it from the system's directories only. The administrator "
		"runs: sudo jpki setup portal"),
	      out);
	if (firefox) {
		fputc('\n', out);
		fprintf(out,
			_("Without an administrator, in Firefox: open "
			  "about:debugging#/runtime/this-firefox, press \"Load Temporary Add-on\" "
			  "and choose the file %s/extension/manifest.json. Firefox forgets it when "
			  "it ends."),
			portal_installed.data);
	}
	if (chromium) {
		fputc('\n', out);
		fprintf(out,
			_("Without an administrator, in Chromium: open chrome://extensions, turn "
			  "on \"Developer mode\", press \"Load unpacked\" and choose the directory "
			  "%s/extension."),
			portal_installed.data);
	}
	if (fclose(out) != 0)
		plan->failed = true;
}

/* Check what there must be before anything can be registered. */
static enum app_exit check(struct setup_plan *plan)
{
	static const enum browser browsers[] = {BROWSER_FIREFOX, BROWSER_CHROMIUM};
	bool any = false;

	for (size_t i = 0; i < sizeof(browsers) / sizeof(browsers[0]); i++) {
		if (!browser_takes_extension(browsers[i]))
			continue;
		any = true;
		if (!portal_extension_is_there(&portal_installed, browsers[i]))
			return setup_refuse(plan, APP_FAILED,
					    _("The extension is missing below %s. Install the "
					      "package jpki-portal."),
					    portal_installed.data);
	}
	if (!any && (browser_is_only_sandboxed(BROWSER_FIREFOX) ||
		     browser_is_only_sandboxed(BROWSER_CHROMIUM)))
		return setup_refuse(plan, APP_FAILED,
				    _("A browser that is a snap or Flatpak cannot start a "
				      "program, so it cannot have the extension. Install Debian's "
				      "firefox-esr or chromium."));
	if (!any)
		return setup_refuse(plan, APP_FAILED,
				    _("There is no browser that can have the extension: Debian's "
				      "firefox-esr or chromium."));
	if (!portal_host_is_there(&portal_installed))
		return setup_refuse(plan, APP_FAILED,
				    _("The program %s is missing, or cannot be run. Install the "
				      "package jpki-portal."),
				    portal_installed.host);
	return APP_OK;
}

/*
 * True if what is there is still what jpki made. A package that came later has put a link or a file
 * of its own in the same place.
 */
static bool is_ours(enum portal_part part, char path[PATH_MAX])
{
	char name[] = "dpkg-query", search[] = "--search";
	char *owner[] = {name, search, path, NULL};
	char said[SETUP_WORDS_SIZE];
	struct stat status;

	return lstat(path, &status) == 0 &&
	       S_ISLNK(status.st_mode) == (part == PORTAL_FIREFOX_EXTENSION) &&
	       setup_run(owner, said) != 0;
}

/* Plan the removal of the files that the note has, and of the note. */
static void plan_undo(const struct work *work)
{
	char path[PATH_MAX];

	if (work->note == NULL)
		return;
	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		long directories;

		if (work->own && !portal_part_may_be_own(part))
			continue;
		portal_part_path(&portal_installed, part, work->own, path);
		directories = directories_of(work, path);
		if (directories < 0)
			continue;
		if (is_ours(part, path))
			setup_plan_remove(work->plan, path);
		setup_plan_no_directories(work->plan, path, (size_t)directories);
	}
	setup_plan_remove(work->plan, work->note_path);
	if (directories_of(work, work->note_path) > 0)
		setup_plan_no_directories(work->plan, work->note_path,
					  (size_t)directories_of(work, work->note_path));
}

enum app_exit setup_plan_portal(struct setup_plan *plan, const struct setup_request *request)
{
	struct work work = {.plan = plan, .own = geteuid() != 0};
	enum app_exit result = request->undo ? APP_OK : check(plan);

	if (result != APP_OK)
		return result;
	read_note(&work);
	if (work.note == NULL && errno != ENOENT)
		result = setup_refuse(plan, APP_FAILED, "%s: %s", work.note_path,
				      user_file_error(errno));
	if (result == APP_OK && request->undo) {
		plan_undo(&work);
	} else if (result == APP_OK) {
		tell_parts(&work);
		if (work.own)
			tell_by_hand(plan);
		result = plan_parts(&work);
	}
	free(work.note);
	return result;
}
