/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* doctor_finding: makes findings, with the text and exit code of a situation if there is one. */
#include "app/doctor/doctor_finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "app/host/user_files.h"

const char *doctor_path(const char *full, char path[PATH_MAX])
{
	size_t home = strlen(user_home());

	if (home == 0 || strncmp(full, user_home(), home) != 0 || full[home] != '/')
		return full;
	user_path(path, "~%s", full + home);
	return path;
}

struct doctor_finding doctor_find(enum doctor_verdict verdict, enum situation situation,
				  const char *remedy, const char *format, ...)
{
	struct doctor_finding finding = {
		.verdict = verdict,
		.exit_code = verdict == DOCTOR_BAD ? APP_FAILED : APP_OK,
		.situation = situation,
		.remedy = situation != SITUATION_NONE ? situation_text(situation) : remedy,
	};
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(finding.text, sizeof(finding.text), format, arguments);
	va_end(arguments);
	/* A situation that is no failure elsewhere is one here. */
	if (situation != SITUATION_NONE && situation_exit(situation) != APP_OK)
		finding.exit_code = situation_exit(situation);
	return finding;
}

struct doctor_finding doctor_with_setup(struct doctor_finding finding, const char *program)
{
	if (finding.remedy != NULL)
		finding.setup = program;
	return finding;
}
