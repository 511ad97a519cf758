/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_programs: checks the way from the programs to the module. */
#include "app/doctor/doctor_checks.h"

#include <dlfcn.h>

#include "app/host/browsers.h"
#include "app/host/opensc.h"
#include "app/host/p11kit_modules.h"
#include "app/host/user_files.h"

#define MODULE MODULE_DIR "/jpki-pkcs11.so"

struct doctor_finding doctor_module(const struct doctor_view *view)
{
	char path[PATH_MAX];
	const char *shown = doctor_path(MODULE, path);
	const char *remedy = _("Reinstall the package jpki-pkcs11.");
	struct doctor_finding finding;
	void *module;

	(void)view;
	if (!user_exists(MODULE))
		return doctor_bad(remedy, _("%s does not exist"), shown);
	module = dlopen(MODULE, RTLD_NOW | RTLD_LOCAL);
	if (module == NULL)
		return doctor_bad(remedy, _("%s cannot be loaded"), shown);
	if (dlsym(module, "C_GetFunctionList") == NULL)
		finding = doctor_bad(remedy, _("%s is not a PKCS#11 module"), shown);
	else
		finding = doctor_good(_("%s can be loaded (version %s)"), shown, PACKAGE_VERSION);
	dlclose(module);
	return finding;
}

struct doctor_finding doctor_registration(const struct doctor_view *view)
{
	struct p11kit_modules seen = p11kit_modules_look();

	(void)view;
	if (seen.failed)
		return doctor_bad(_("\"p11-kit list-modules\" shows which module is at fault."),
				  _("p11-kit cannot load its modules"));
	if (!seen.ours)
		return doctor_with_setup(
			doctor_bad(_("\"jpki setup p11-kit\" registers it for this user; "
				     "reinstalling the package registers it for all users."),
				   _("the module is not registered, or it is masked")),
			"p11-kit");
	return doctor_good(_("the module is registered"));
}

struct doctor_finding doctor_rivals(const struct doctor_view *view)
{
	static struct opensc_ways ways;
	const char *found = NULL;

	(void)view;
	opensc_look("", &ways);
	if (ways.name_count > 0)
		found = _("OpenSC's module is registered with p11-kit, too");
	else if (ways.firefox)
		found = _("OpenSC's module is registered with Firefox, too");
	else if (ways.chromium)
		found = _("OpenSC's module is registered with Chromium, too");
	else if (ways.thunderbird)
		found = _("OpenSC's module is registered with Thunderbird, too");
	else if (ways.autostart)
		found = _("OpenSC adds its module to the browsers at each login");
	if (found == NULL)
		return doctor_good(_("none is registered with p11-kit or a browser"));
	return doctor_with_setup(
		doctor_bad(_("Programs see the card twice, and finding it takes several times as "
			     "long. If you do not need OpenSC for another card, \"jpki setup "
			     "hide-opensc\" hides it."),
			   "%s", found),
		"hide-opensc");
}

struct doctor_finding doctor_browsers(const struct doctor_view *view)
{
	(void)view;
	if (browser_is_only_sandboxed(BROWSER_FIREFOX))
		return doctor_in(SITUATION_SANDBOX, _("Firefox is installed as a snap or Flatpak"));
	if (browser_is_only_sandboxed(BROWSER_CHROMIUM))
		return doctor_in(SITUATION_SANDBOX,
				 _("Chromium is installed as a snap or Flatpak"));
	return doctor_good(_("none that would block access to the card"));
}

/* How many databases of a browser have which of our modules. */
struct databases {
	size_t count;
	size_t with_auth;
	size_t with_other; /* a module that asks for the signing password */
	size_t missing;    /* a module whose file does not exist */
};

static struct databases look_at_databases(enum browser browser)
{
	static struct browser_profiles profiles;
	struct browser_registration found[BROWSER_REGISTRATIONS_MAX];
	struct databases seen = {0};

	browser_find_profiles(browser, &profiles);
	seen.count = profiles.count;
	for (size_t i = 0; i < profiles.count; i++) {
		size_t count = browser_find_registrations(profiles.directories[i], found);
		bool auth = false;
		bool other = false;
		bool missing = false;

		for (size_t j = 0; j < count; j++) {
			if (found[j].product == BROWSER_PRODUCT_NOT_OURS)
				continue;
			auth = auth || found[j].product == BROWSER_PRODUCT_AUTH;
			other = other || found[j].product != BROWSER_PRODUCT_AUTH;
			missing = missing || !user_exists(found[j].library);
		}
		seen.with_auth += auth;
		seen.with_other += other;
		seen.missing += missing;
	}
	return seen;
}

static struct doctor_finding judge_databases(enum browser browser, const char *remedy)
{
	struct databases seen = look_at_databases(browser);

	if (seen.count == 0)
		return doctor_open(NULL, _("not used by this user"));
	if (seen.missing > 0)
		return doctor_bad(remedy, _("the registered module no longer exists"));
	if (seen.with_other > 0)
		return doctor_bad(remedy,
				  _("the registered module makes it ask for the signing password"));
	if (seen.with_auth == 0)
		return doctor_open(remedy, _("not set up for the card"));
	if (seen.with_auth < seen.count)
		return doctor_open(remedy, _("set up for the card in %zu of %zu profiles"),
				   seen.with_auth, seen.count);
	return doctor_good(_("set up for the card"));
}

struct doctor_finding doctor_firefox(const struct doctor_view *view)
{
	(void)view;
	return doctor_with_setup(
		judge_databases(BROWSER_FIREFOX, _("\"jpki setup firefox\" fixes this.")),
		"firefox");
}

struct doctor_finding doctor_chromium(const struct doctor_view *view)
{
	(void)view;
	return doctor_with_setup(
		judge_databases(BROWSER_CHROMIUM, _("\"jpki setup chromium\" fixes this.")),
		"chromium");
}
