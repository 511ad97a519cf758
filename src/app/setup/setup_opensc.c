/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki setup hide-opensc: plans how this user's programs get rid of OpenSC: in p11-kit, at login to
 * the desktop, and in NSS databases.
 */
#include "app/setup/setup_planners.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/browsers.h"
#include "app/host/opensc.h"
#include "app/host/user_files.h"
#include "app/setup/setup_nss.h"

#define PROGRAM "hide-opensc"
/* A line of the note for a module that was removed: directory, name and file, with tabs between. */
#define REMOVED "removed "

/* A line of the note, taken apart. */
struct removed {
	char text[3 * PATH_MAX];
	const char *directory, *name, *library;
};

/* Lines of the note, and what is done with the databases that they name. */
struct work {
	struct setup_plan *plan;
	bool undo;
	char *lines; /* NULL without memory */
	char *left;  /* to undo it: the lines that were not served so far; NULL without memory */
};

typedef enum app_exit database_visitor(struct work *work, enum browser browser,
				       const char *directory);

static enum app_exit visit_databases(struct work *work, database_visitor *visit)
{
	static const enum browser browsers[] = {BROWSER_FIREFOX, BROWSER_CHROMIUM,
						BROWSER_THUNDERBIRD};
	static struct browser_profiles profiles;
	enum app_exit result = APP_OK;

	for (size_t i = 0; i < sizeof(browsers) / sizeof(browsers[0]); i++) {
		browser_find_profiles(browsers[i], &profiles);
		for (size_t j = 0; result == APP_OK && j < profiles.count; j++)
			result = visit(work, browsers[i], profiles.directories[j]);
	}
	return result;
}

/* Add a line for each module of OpenSC's in the database. */
static enum app_exit collect(struct work *work, enum browser browser, const char *directory)
{
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	size_t count = browser_find_registrations(directory, found);

	(void)browser;
	for (size_t i = 0; i < count; i++) {
		char *longer = NULL;

		if (!browser_is_opensc(found[i].library))
			continue;
		if (work->lines == NULL ||
		    asprintf(&longer, "%s" REMOVED "%s\t%s\t%s\n", work->lines, directory,
			     found[i].name, found[i].library) < 0)
			longer = NULL;
		free(work->lines);
		work->lines = longer;
	}
	return APP_OK;
}

static bool take_apart(const struct user_line *line, struct removed *removed)
{
	char *name, *library;

	if (!user_line_value(line, REMOVED, removed->text, sizeof(removed->text)))
		return false;
	name = strchr(removed->text, '\t');
	library = name != NULL ? strchr(name + 1, '\t') : NULL;
	if (library == NULL)
		return false;
	*name = *library = '\0';
	removed->directory = removed->text;
	removed->name = name + 1;
	removed->library = library + 1;
	return true;
}

static bool is_in_database(const struct removed *removed)
{
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	size_t count = browser_find_registrations(removed->directory, found);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(found[i].name, removed->name) == 0)
			return true;
	}
	return false;
}

/* Return APP_OK if the database may be changed: nobody else must have it open. */
static enum app_exit need_closed(struct setup_plan *plan, enum browser browser,
				 const char *directory)
{
	static const char *const texts[] = {
		[BROWSER_FIREFOX] = N_("Firefox is running. Close it first."),
		[BROWSER_CHROMIUM] = N_("Chromium, or a browser that is built on it, is running. "
					"Close it first."),
		[BROWSER_THUNDERBIRD] = N_("Thunderbird is running. Close it first."),
	};

	if (browser_is_running(browser, directory))
		return setup_refuse(plan, APP_FAILED, "%s", _(texts[browser]));
	return setup_nss_need_programs(plan);
}

/* Return whether a module is gone from the machine. NSS looks for one without a directory in those
 * of the system: it counts as there. */
static bool is_gone(const char *library)
{
	return strchr(library, '/') != NULL && !user_exists(library);
}

/* Take a line out of those that are left. */
static void note_served(struct work *work, const struct user_line *line)
{
	char *at = work->left != NULL
			   ? memmem(work->left, strlen(work->left), line->start, line->length + 1)
			   : NULL;

	if (at != NULL)
		memmove(at, at + line->length + 1, strlen(at + line->length + 1) + 1);
}

/* Do what a line says: remove the module or, to undo it, add it again. */
static enum app_exit plan_line(struct work *work, enum browser browser,
			       const struct removed *removed)
{
	enum app_exit result = need_closed(work->plan, browser, removed->directory);

	if (result == APP_OK)
		setup_nss_modutil(work->plan, removed->directory, work->undo ? "-add" : "-delete",
				  removed->name, work->undo ? removed->library : NULL);
	return result;
}

/* Do what the lines say of this database. */
static enum app_exit plan_database(struct work *work, enum browser browser, const char *directory)
{
	static struct removed removed;
	const char *at = work->lines;
	enum app_exit result = APP_OK;
	struct user_line line;

	while (result == APP_OK && user_next_line(&at, &line)) {
		bool is_back;

		if (!take_apart(&line, &removed) || strcmp(removed.directory, directory) != 0)
			continue;
		is_back = work->undo && is_in_database(&removed);
		if (work->undo && !is_back && is_gone(removed.library))
			continue;
		if (!is_back)
			result = plan_line(work, browser, &removed);
		if (work->undo)
			note_served(work, &line);
	}
	return result;
}

static void note_path(char path[PATH_MAX])
{
	user_path(path, "%s/jpki-pkcs11/setup-hide-opensc.txt", user_config_home());
}

/* Return the lines of the note below its first one; the caller frees them. */
static char *read_note(void)
{
	char path[PATH_MAX];
	const char *lines;
	mode_t mode;
	char *note;
	char *copy;

	note_path(path);
	note = user_file_read(path, &mode);
	lines = note != NULL ? strchr(note, '\n') : NULL;
	copy = strdup(lines != NULL ? lines + 1 : "");
	free(note);
	return copy;
}

/* Add the lines of the new text that the old one lacks. Free the old one; NULL without memory. */
static char *join_notes(char *old, const char *fresh)
{
	struct user_line line;

	while (old != NULL && user_next_line(&fresh, &line)) {
		char *longer = NULL;

		if (memmem(old, strlen(old), line.start, line.length + 1) != NULL)
			continue;
		if (asprintf(&longer, "%s%.*s\n", old, (int)line.length, line.start) < 0)
			longer = NULL;
		free(old);
		old = longer;
	}
	return old;
}

/* The note is written first: what is removed then can be brought back, whatever happens. */
static enum app_exit clean_databases(struct setup_plan *plan, const struct setup_request *request)
{
	struct work work = {.plan = plan, .lines = strdup("")};
	enum app_exit result = visit_databases(&work, collect);
	char path[PATH_MAX];
	char *note = NULL;

	note_path(path);
	if (work.lines != NULL)
		note = join_notes(read_note(), work.lines);
	if (note == NULL)
		plan->failed = true;
	else if (work.lines[0] != '\0')
		result = setup_plan_own_file(plan, request, PROGRAM, path, note);
	if (note != NULL && result == APP_OK)
		result = visit_databases(&work, plan_database);
	free(note);
	free(work.lines);
	return result;
}

/* Return whether a file is one of these that are ours as a whole. */
static bool is_own(const char *path)
{
	static const char head[] = "# Made by \"jpki setup " PROGRAM "\"";
	mode_t mode;
	char *text = user_file_read(path, &mode);
	bool own = text != NULL && strncmp(text, head, strlen(head)) == 0;

	free(text);
	return own;
}

/* Add a paragraph to what is left for the person to do. */
__attribute__((format(printf, 2, 3))) static void tell_by_hand(struct setup_plan *plan,
							       const char *format, ...)
{
	char *before = plan->by_hand;
	char *paragraph = NULL;
	va_list values;

	va_start(values, format);
	if (vasprintf(&paragraph, format, values) < 0)
		paragraph = NULL;
	va_end(values);
	if (paragraph == NULL || asprintf(&plan->by_hand, "%s%s%s", before != NULL ? before : "",
					  before != NULL ? "\n" : "", paragraph) < 0) {
		plan->by_hand = NULL;
		plan->failed = true;
	}
	free(paragraph);
	free(before);
}

/* Hide what starts at login. A file of the person's own may say more than that: it stays. */
static enum app_exit hide_autostart(struct setup_plan *plan, const struct setup_request *request)
{
	char path[PATH_MAX];

	user_path(path, "%s/autostart/" OPENSC_AUTOSTART, user_config_home());
	if (!user_exists(path) || is_own(path))
		return setup_plan_own_file(plan, request, PROGRAM, path,
					   "[Desktop Entry]\nHidden=true\n");
	tell_by_hand(plan,
		     _("The file %s starts OpenSC at each login. jpki did not make it; it was not "
		       "changed. To stop that, add this line to it: Hidden=true"),
		     path);
	return APP_OK;
}

static enum app_exit hide(struct setup_plan *plan, const struct setup_request *request)
{
	static struct opensc_ways ways;
	enum app_exit result = APP_OK;
	char path[PATH_MAX];

	opensc_look("", &ways);
	if (geteuid() == 0 && ways.name_count > 0)
		return setup_refuse(plan, APP_FAILED,
				    _("p11-kit reads no settings of root's own. Run jpki as the "
				      "user that needs it."));
	/* A module without a file hides the system's module of the same name. */
	for (size_t i = 0; result == APP_OK && i < ways.name_count; i++) {
		user_path(path, "%s/pkcs11/modules/%s.module", user_config_home(), ways.names[i]);
		result = setup_plan_own_file(plan, request, PROGRAM, path, "module:\n");
	}
	if (result == APP_OK && ways.autostart)
		result = hide_autostart(plan, request);
	return result == APP_OK ? clean_databases(plan, request) : result;
}

/* Plan to remove a file if it is ours: others of the same name are no business of --undo. */
static void remove_own(struct setup_plan *plan, const struct setup_request *request,
		       const char *path)
{
	if (is_own(path))
		setup_plan_own_file(plan, request, PROGRAM, path, "");
}

/* Keep in the note what can't be added again now, and name it; or remove the note. */
static void plan_note(struct setup_plan *plan, const struct setup_request *request,
		      const char *left)
{
	static const struct setup_request keep = {.undo = false};
	static struct removed removed;
	const char *at = left;
	struct user_line line;
	char path[PATH_MAX];
	bool any = false;

	note_path(path);
	while (user_next_line(&at, &line)) {
		if (!take_apart(&line, &removed))
			continue;
		any = true;
		tell_by_hand(plan,
			     _("\"%s\" (%s) can't be added to %s again, because one of "
			       "the two is not there now. The note %s keeps it for the "
			       "next --undo; remove the note if you do not need it."),
			     removed.name, removed.library, removed.directory, path);
	}
	if (!any)
		remove_own(plan, request, path);
	else if (is_own(path))
		setup_plan_own_file(plan, &keep, PROGRAM, path, left);
}

static enum app_exit undo(struct setup_plan *plan, const struct setup_request *request)
{
	struct work work = {.plan = plan, .undo = true, .lines = read_note()};
	enum app_exit result = APP_OK;
	char directory[PATH_MAX];
	char path[PATH_MAX];
	struct dirent **files = NULL;
	int count;

	user_path(directory, "%s/pkcs11/modules", user_config_home());
	count = scandir(directory, &files, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		user_path(path, "%s/%s", directory, files[i]->d_name);
		remove_own(plan, request, path);
		free(files[i]);
	}
	free(files);
	user_path(path, "%s/autostart/" OPENSC_AUTOSTART, user_config_home());
	remove_own(plan, request, path);
	work.left = work.lines != NULL ? strdup(work.lines) : NULL;
	if (work.left == NULL)
		plan->failed = true;
	else
		result = visit_databases(&work, plan_database);
	if (work.left != NULL && result == APP_OK)
		plan_note(plan, request, work.left);
	free(work.left);
	free(work.lines);
	return result;
}

enum app_exit setup_plan_hide_opensc(struct setup_plan *plan, const struct setup_request *request)
{
	return request->undo ? undo(plan, request) : hide(plan, request);
}
