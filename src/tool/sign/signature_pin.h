/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_pin: asks for the PIN for one signature. */
#ifndef JPKI_TOOL_SIGN_SIGNATURE_PIN_H
#define JPKI_TOOL_SIGN_SIGNATURE_PIN_H

#include <stdbool.h>

#include "app/ask/prompt.h"
#include "app/ui/situation.h"
#include "card/generation.h"

struct signature_pin {
	const char *purpose; /* a line before the question; NULL: none */
	const char *question;
	bool use_pinentry;
	enum jpki_key key;
	const struct jpki_pin_rule *rule;
};

/*
 * Ask until a PIN is typed that the module would send, a few times, because the module could not
 * say why it does not. SITUATION_NONE: the caller frees *pin with prompt_pin_free; else why there
 * is none.
 */
enum situation signature_pin_ask(const struct signature_pin *ask, struct prompt_pin *pin);

#endif
