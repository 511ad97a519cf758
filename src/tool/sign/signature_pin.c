/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_pin: asks for the PIN for one signature. */
#include "tool/sign/signature_pin.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/ui/line.h"
#include "token/pin_value.h"

/* How often it is asked for, if what is typed cannot be one. */
#define QUESTIONS 3

/* Ask once. error is what was wrong with the last one, or NULL. */
static enum app_exit ask_once(const struct signature_pin *ask, const char *error,
			      struct prompt_pin *pin)
{
	enum app_exit asked = APP_FAILED;
	char *text;

	if (ask->purpose == NULL)
		return prompt_for_pin(error, ask->question, ask->use_pinentry, pin);
	if (asprintf(&text, "%s\n%s", ask->purpose, ask->question) >= 0) {
		asked = prompt_for_pin(error, text, ask->use_pinentry, pin);
		free(text);
	}
	return asked;
}

enum situation signature_pin_ask(const struct signature_pin *ask, struct prompt_pin *pin)
{
	enum situation slip = SITUATION_NONE;
	enum jpki_error error;

	for (int i = 0; i < QUESTIONS; i++) {
		if (ask_once(ask, slip != SITUATION_NONE ? situation_text(slip) : NULL, pin) !=
		    APP_OK)
			return slip != SITUATION_NONE ? slip : SITUATION_CANCELLED;
		error = jpki_pin_possible(ask->rule, pin->value, pin->length);
		if (error == JPKI_OK)
			return SITUATION_NONE;
		prompt_pin_free(pin);
		slip = situation_of_error(error, ask->key);
		ui_say(stderr, UI_BAD, slip);
	}
	return slip;
}
