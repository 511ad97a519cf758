/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* setup_nss: plans calls of modutil. */
#include "app/setup/setup_nss.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/user_files.h"

static bool has_program(const char *name)
{
	const char *path = getenv("PATH");
	char file[PATH_MAX];

	for (; path != NULL && *path != '\0'; path += strspn(path, ":")) {
		size_t length = strcspn(path, ":");

		user_path(file, "%.*s/%s", (int)length, path, name);
		if (access(file, X_OK) == 0)
			return true;
		path += length;
	}
	return false;
}

enum app_exit setup_nss_need_programs(struct setup_plan *plan)
{
	if (has_program("modutil") && has_program("certutil"))
		return APP_OK;
	return setup_refuse(plan, APP_FAILED,
			    _("The programs modutil and certutil are missing. Install the "
			      "package libnss3-tools (Debian, Ubuntu), nss-tools (Fedora) or "
			      "nss (Arch)."));
}

void setup_nss_modutil(struct setup_plan *plan, const char *directory, const char *verb,
		       const char *name, const char *library)
{
	char database[PATH_MAX];
	const char *arguments[] = {"modutil", "-force", "-dbdir", database, verb,
				   name,      NULL,     NULL,     NULL};

	user_path(database, "sql:%s", directory);
	if (library != NULL) {
		arguments[6] = "-libfile";
		arguments[7] = library;
	}
	setup_plan_run(plan, arguments);
}
