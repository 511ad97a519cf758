/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* refuse: prints why a command ends, as a line and as a JSON object. */
#include "app/ui/refuse.h"

#include <stdio.h>

#include "app/ui/json.h"
#include "app/ui/line.h"

int ui_refuse_in_json(bool json, enum situation situation, const char *message)
{
	enum app_exit code = situation_exit(situation);

	if (json)
		ui_json(json_pack("{s:s, s:o}", "situation", situation_name(situation), "message",
				  ui_json_text(message)));
	return (int)code;
}

int ui_refuse(bool json, enum situation situation)
{
	ui_say(stderr, UI_BAD, situation);
	return ui_refuse_in_json(json, situation, situation_text(situation));
}

int ui_refuse_pin(bool json, enum situation situation, enum jpki_key key)
{
	ui_say_pin(stderr, UI_BAD, situation, key);
	return ui_refuse_in_json(json, situation, situation_pin_text(situation, key));
}

/* Return who speaks: in a terminal, programs speak one after the other. */
static const char *speaker(void)
{
	return ui_is_heard() ? "" : "jpki: ";
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
		ui_line(stderr, UI_BAD, "%s%s: %s", speaker(), file, message);
	else
		ui_line(stderr, UI_BAD, "%s%s", speaker(), message);
	if (json)
		print_failure(code == APP_USAGE ? "usage" : "file", file, message);
	return (int)code;
}

int ui_fail_as(bool json, enum app_exit code, const char *situation, const char *file,
	       const char *message)
{
	ui_line(stderr, UI_BAD, "%s%s", speaker(), message);
	if (json)
		print_failure(situation, file, message);
	return (int)code;
}
