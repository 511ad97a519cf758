/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki pin verify: asks for a PIN until it is right, and lets the card say whether it is. */
#include "tool/pin/pin_parts.h"

#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"

static int verify(void *argument, struct prompt_pin *pin)
{
	struct card_pin *card_pin = argument;
	struct pin_dialog *dialog = &card_pin->dialog;
	struct jpki_token_ref token = card_pin_token(card_pin);
	enum jpki_error error;
	struct jpki_token_info info;
	int result = APP_OK;
	sigset_t before;

	/* An interruption would leave unknown whether a try was used, and the user needs to see the
	 * result. */
	signals_hold(&before);
	ui_busy(_("Asking the card; please do not move it."));
	error = jpki_token_login(&token, pin->value, pin->length);
	jpki_token_logout(&token);
	ui_busy_end();
	if (error == JPKI_OK) {
		/* The card's own number, which may differ from that of its kind. */
		if (!dialog->json && jpki_token_get_info(&token, &info) == JPKI_OK)
			ui_line(stdout, UI_GOOD, _("Right. Tries left: %d of %u."), info.tries,
				info.tries_full);
		pin_dialog_print_result(dialog, "right");
	} else {
		result = pin_dialog_explain(dialog, error, pin);
	}
	fflush(stdout);
	signals_release(&before);
	return result;
}

int pin_verify(struct card_pin *card_pin)
{
	return pin_dialog_use(&card_pin->dialog, NULL, verify, card_pin);
}
