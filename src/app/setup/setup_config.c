/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki setup java and p11-kit: plans files of our own among the user's settings. */
#include "app/setup/setup_planners.h"

#include <unistd.h>

#include "app/host/p11kit_modules.h"
#include "app/host/user_files.h"

#define SIGN_MODULE MODULE_DIR "/jpki-pkcs11-sign.so"
#define FULL_MODULE MODULE_DIR "/jpki-pkcs11.so"

enum app_exit setup_plan_java(struct setup_plan *plan, const struct setup_request *request)
{
	char path[PATH_MAX];

	/* Use the module that has the signing token only, so that its slots are counted from 0. */
	user_path(path, "%s/jpki-pkcs11/java-sign.cfg", user_config_home());
	return setup_plan_own_file(plan, request, "java", path,
				   "name = JPKIsign\n"
				   "library = " SIGN_MODULE "\n"
				   "slotListIndex = 0\n");
}

/* p11-kit does not read root's settings in the home directory. */
static enum app_exit refuse_root(struct setup_plan *plan)
{
	if (geteuid() != 0)
		return APP_OK;
	return setup_refuse(
		plan, APP_FAILED,
		_("p11-kit reads no settings of root's own. Run jpki as the user that needs it."));
}

static void p11_kit_path(char path[PATH_MAX], const char *name)
{
	user_path(path, "%s/pkcs11/modules/%s.module", user_config_home(), name);
}

enum app_exit setup_plan_p11_kit(struct setup_plan *plan, const struct setup_request *request)
{
	char path[PATH_MAX];
	enum app_exit result = request->undo ? APP_OK : refuse_root(plan);

	p11_kit_path(path, "jpki");
	if (result != APP_OK)
		return result;
	/* The module is already registered for all users, or for this one. */
	if (!request->undo && !user_exists(path) && p11kit_modules_look().ours)
		return APP_OK;
	return setup_plan_own_file(plan, request, "p11-kit", path, "module: " FULL_MODULE "\n");
}
