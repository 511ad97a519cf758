/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * doctor_portal: checks the way from Myna Portal and e-Tax to the card: extension, program, window.
 *
 * The extension is installed for everybody, also for those who need it not. So a fault is one only
 * where this user has used the browser; else it is told and no more.
 */
#include "app/doctor/doctor_checks.h"

#include <stdlib.h>

#include "app/ask/pinentry_flavor.h"
#include "app/host/browsers.h"
#include "app/host/portal_files.h"
#include "app/host/user_files.h"

static bool is_used(enum browser browser)
{
	static struct browser_profiles profiles;
	char path[PATH_MAX];

	if (browser == BROWSER_FIREFOX) {
		browser_find_profiles(browser, &profiles);
		return profiles.count > 0;
	}
	user_path(path, "%s/chromium", user_config_home());
	return user_exists(path);
}

/* The file by which the browser has the extension. */
static enum portal_part extension_of(enum browser browser)
{
	return browser == BROWSER_FIREFOX ? PORTAL_FIREFOX_EXTENSION : PORTAL_CHROMIUM_POLICY;
}

/* True if the browser has the extension, or is meant to. */
static bool has_extension(enum browser browser)
{
	return browser_takes_extension(browser) &&
	       portal_part_state(&portal_installed, extension_of(browser), false) != PORTAL_MISSING;
}

/* True if any browser has it, so that what all of them need must be there. */
static bool is_needed(void)
{
	return has_extension(BROWSER_FIREFOX) || has_extension(BROWSER_CHROMIUM);
}

/* How bad it is if something does not work of which all browsers with the extension have need. */
static enum doctor_verdict fault(void)
{
	bool firefox = has_extension(BROWSER_FIREFOX) && is_used(BROWSER_FIREFOX);
	bool chromium = has_extension(BROWSER_CHROMIUM) && is_used(BROWSER_CHROMIUM);

	return firefox || chromium ? DOCTOR_BAD : DOCTOR_OPEN;
}

struct doctor_finding doctor_portal_program(const struct doctor_view *view)
{
	char path[PATH_MAX];
	const char *shown = doctor_path(portal_installed.host, path);

	(void)view;
	if (portal_host_is_there(&portal_installed))
		return doctor_good(_("%s can be run"), shown);
	if (!is_needed())
		return doctor_open(NULL, _("not needed, because no browser has the extension"));
	return doctor_find(fault(), SITUATION_NONE, _("Reinstall the package jpki-portal."),
			   _("%s does not exist, or cannot be run"), shown);
}

/* Return what is said of a browser that cannot have the extension. */
static struct doctor_finding judge_without(enum browser browser)
{
	const char *remedy = _("For Myna Portal and e-Tax, install Debian's firefox-esr or "
			       "chromium.");

	if (browser_is_only_sandboxed(browser))
		return doctor_open(remedy, _("a snap or Flatpak cannot start the program, so it "
					     "is not supported"));
	if (browser_is_installed(browser))
		return doctor_open(remedy,
				   _("this build accepts only extensions that its maker has "
				     "signed"));
	return doctor_open(NULL, _("not installed"));
}

/* Return the finding for a file that is missing or wrong. */
static struct doctor_finding judge_file(enum doctor_verdict verdict, enum portal_part part,
					bool own, enum portal_state state)
{
	char full[PATH_MAX];
	char path[PATH_MAX];
	const char *shown;

	portal_part_path(&portal_installed, part, own, full);
	shown = doctor_path(full, path);
	if (state == PORTAL_MISSING)
		return doctor_find(verdict, SITUATION_NONE,
				   _("\"sudo jpki setup portal\" adds what is missing."),
				   _("%s is missing"), shown);
	return doctor_find(verdict, SITUATION_NONE,
			   own ? _("Remove this file, and run \"jpki setup portal\".")
			       : _("Remove this file, and run \"sudo jpki setup portal\"."),
			   _("%s leads to another program or extension, or cannot be read"), shown);
}

/* Return the finding for a browser that has no extension, as one that nobody asked for has none. */
static struct doctor_finding judge_missing(enum browser browser)
{
	if (!portal_extension_is_there(&portal_installed, browser))
		return doctor_open(_("If you need it for Myna Portal or e-Tax, install the package "
				     "jpki-portal."),
				   _("the extension is not installed"));
	return doctor_open(_("If you need it for Myna Portal or e-Tax: \"sudo jpki setup portal\" "
			     "adds it."),
			   _("the extension is not installed"));
}

/* Return the finding for a policy beside which Chromium does not take ours. */
static struct doctor_finding judge_overruled(enum doctor_verdict verdict, const char *policy)
{
	char path[PATH_MAX];

	return doctor_find(verdict, SITUATION_NONE,
			   _("In that file, an administrator adds \"ExtensionSettings\" to the "
			     "list PolicyDictionaryMultipleSourceMergeList."),
			   _("the files are in order, but with the policy %s, Chromium does not "
			     "install the extension"),
			   doctor_path(policy, path));
}

/* Check all that one browser needs, in the order in which it needs it. */
static struct doctor_finding judge_browser(enum browser browser)
{
	enum doctor_verdict verdict = is_used(browser) ? DOCTOR_BAD : DOCTOR_OPEN;
	enum portal_part first = extension_of(browser);
	enum portal_state state = portal_part_state(&portal_installed, first, false);
	char path[PATH_MAX];

	if (!browser_takes_extension(browser))
		return judge_without(browser);
	if (state == PORTAL_MISSING)
		return judge_missing(browser);
	if (state == PORTAL_WRONG)
		return judge_file(verdict, first, false, state);
	if (!portal_extension_is_there(&portal_installed, browser))
		return doctor_find(verdict, SITUATION_NONE, _("Reinstall the package jpki-portal."),
				   _("the extension is missing below %s"), portal_installed.data);
	for (enum portal_part part = 0; part < PORTAL_PARTS; part++) {
		bool own;

		if (portal_part_browser(part) != browser)
			continue;
		state = portal_part_effective(&portal_installed, part, &own);
		if (state != PORTAL_RIGHT)
			return judge_file(verdict, part, own, state);
	}
	if (browser == BROWSER_CHROMIUM && portal_find_overruling(&portal_installed, path))
		return judge_overruled(verdict, path);
	return doctor_good(_("the files are in order"));
}

struct doctor_finding doctor_portal_firefox(const struct doctor_view *view)
{
	(void)view;
	return judge_browser(BROWSER_FIREFOX);
}

struct doctor_finding doctor_portal_chromium(const struct doctor_view *view)
{
	(void)view;
	return judge_browser(BROWSER_CHROMIUM);
}

struct doctor_finding doctor_portal_window(const struct doctor_view *view)
{
	(void)view;
	if (!is_needed())
		return doctor_open(NULL, _("not needed, because no browser has the extension"));
	if (getenv("DISPLAY") == NULL && getenv("WAYLAND_DISPLAY") == NULL)
		return doctor_open(NULL, _("this session has no screen, so it cannot be checked"));
	if (pinentry_shows_windows())
		return doctor_good(_("pinentry can show one"));
	return doctor_find(fault(), SITUATION_NONE,
			   _("Install one of the packages pinentry-gtk2, pinentry-qt and "
			     "pinentry-gnome3."),
			   _("pinentry is missing, or needs a terminal, and browsers have none"));
}

struct doctor_finding doctor_portal_others(const struct doctor_view *view)
{
	static char paths[PORTAL_OTHERS_MAX][PATH_MAX];
	char path[PATH_MAX];

	(void)view;
	if (portal_find_others(&portal_installed, paths) == 0)
		return doctor_good(_("none"));
	return doctor_open(_("If its extension is enabled too, it answers in place of ours: "
			     "disable one of the two in the browser."),
			   _("another one is registered by %s"), doctor_path(paths[0], path));
}
