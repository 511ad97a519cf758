/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_pin: lets the dialog about a PIN use a key through a module, and the token layer for what
 * a module does not do: spend a last try if the user wants that.
 */
#ifndef JPKI_APP_CARD_MODULE_PIN_H
#define JPKI_APP_CARD_MODULE_PIN_H

#include <stdbool.h>
#include <stddef.h>

#include "app/card/card_pin.h"
#include "app/card/module_key.h"
#include "app/card/pin_dialog.h"
#include "app/ui/options.h"

struct module_pin {
	struct module_key *key;
	const struct options *options;
	struct pin_dialog dialog;

	/* Private. */
	bool spends_final_try; /* the user wants it: cards and final are filled in */
	struct cards cards;
	struct card_pin final;
	/*
	 * What the card has refused in this run, in the form that it compares, in secret memory:
	 * neither way to the card knows what went the other.
	 */
	struct jpki_pin *refused;
	size_t refused_count;
};

/*
 * Prepare the dialog about the PIN of a key that will be opened with module_key_open. The key and
 * the options must outlive it, and *pin must not be moved. module_pin_close must always be called.
 * False without memory.
 */
bool module_pin_init(struct module_pin *pin, struct module_key *key, enum jpki_key which,
		     const struct options *options);
void module_pin_close(struct module_pin *pin);

/*
 * Within pin_dialog_use: check whether a typed PIN may go to the module, which could not explain
 * well why not, and spend a last try that the user wants to spend. APP_OK: it may; otherwise as
 * pin_dialog_explain.
 */
int module_pin_judge(struct module_pin *pin, const struct prompt_pin *typed);

/* Within pin_dialog_use: explain why the module did not take this PIN. Return as
 * pin_dialog_explain. */
int module_pin_explain(struct module_pin *pin, enum situation situation,
		       const struct prompt_pin *typed);

/* Return whether the situation is about a PIN that the module was given. */
bool module_pin_is_refusal(enum situation situation);

/* Explain such a situation by the tries that the card counts now, also if the card was lost
 * meanwhile. Return as pin_dialog_explain. */
int module_pin_explain_refusal(struct module_pin *pin, enum situation refusal);

#endif
