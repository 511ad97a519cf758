/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "tool/pin/pin_parts.h"

#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"

int pin_verify(struct pin_task *task)
{
	struct jpki_token_ref token = pin_token(task);
	struct tool_pin pin;
	enum jpki_error error;
	sigset_t before;
	int result = pin_ask(task, NULL, &pin);

	if (result != APP_OK)
		return result;
	/* A try is used up or not, and whoever stops it now wants to know. */
	signals_hold(&before);
	ui_busy(_("Asking the card; please leave it where it is."));
	error = jpki_token_login(&token, pin.value, pin.length);
	jpki_token_logout(&token);
	ui_busy_end();
	if (error == JPKI_OK) {
		if (!task->json)
			ui_line(stdout, UI_GOOD, _("Right. Tries left: %u of %u."),
				task->info.pin_rule->tries, task->info.pin_rule->tries);
		pin_print_result(task, "right");
	} else {
		result = pin_explain(task, error, &pin);
	}
	fflush(stdout);
	signals_release(&before);
	tool_pin_free(&pin);
	return result;
}
