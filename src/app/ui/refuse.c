/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* refuse: prints why a command ends, as a line and as a JSON object. */
#include "app/ui/refuse.h"

#include <stdio.h>

#include "app/ui/json.h"
#include "app/ui/line.h"

int ui_refuse(bool json, enum situation situation)
{
	enum app_exit code = situation_exit(situation);

	ui_say(stderr, UI_BAD, situation);
	if (json)
		ui_json(json_pack("{s:s, s:o}", "situation", situation_name(situation), "message",
				  ui_json_text(situation_text(situation))));
	return (int)code;
}

/* Print the object that ends a command which could not do its work. */
static void print_failure(const char *situation, const char *file, const char *message)
{
	json_t *value =
		json_pack("{s:s, s:o}", "situation", situation, "message", ui_json_text(message));

	ui_json_set_file(value, "file", file);
	ui_json(value);
}

int ui_fail(bool json, enum app_exit code, const char *file, const char *message)
{
	if (file != NULL)
		ui_line(stderr, UI_BAD, "jpki: %s: %s", file, message);
	else
		ui_line(stderr, UI_BAD, "jpki: %s", message);
	if (json)
		print_failure(code == APP_USAGE ? "usage" : "file", file, message);
	return (int)code;
}

int ui_fail_as(bool json, enum app_exit code, const char *situation, const char *file,
	       const char *message)
{
	ui_line(stderr, UI_BAD, "jpki: %s", message);
	if (json)
		print_failure(situation, file, message);
	return (int)code;
}
