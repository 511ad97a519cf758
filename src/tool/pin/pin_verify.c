/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin verify: asks for a PIN, and lets the card say whether it is right. */
#include "tool/pin/pin_parts.h"

#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"

int pin_verify(struct card_pin *card_pin)
{
	struct pin_dialog *dialog = &card_pin->dialog;
	struct jpki_token_ref token = card_pin_token(card_pin);
	struct prompt_pin pin;
	enum jpki_error error;
	sigset_t before;
	int result = pin_dialog_ask(dialog, NULL, &pin);

	if (result != APP_OK)
		return result;
	/* An interruption would leave unknown whether a try was used, and the user needs to see the
	 * result. */
	signals_hold(&before);
	ui_busy(_("Asking the card; please do not move it."));
	error = jpki_token_login(&token, pin.value, pin.length);
	jpki_token_logout(&token);
	ui_busy_end();
	if (error == JPKI_OK) {
		if (!dialog->json)
			ui_line(stdout, UI_GOOD, _("Right. Tries left: %u of %u."),
				dialog->state.rule->tries, dialog->state.rule->tries);
		pin_dialog_print_result(dialog, "right");
	} else {
		result = pin_dialog_explain(dialog, error, &pin);
	}
	fflush(stdout);
	signals_release(&before);
	prompt_pin_free(&pin);
	return result;
}
