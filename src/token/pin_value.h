/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_value: checks what was typed as a PIN, and turns it into the form that the card compares. */
#ifndef JPKI_TOKEN_PIN_VALUE_H
#define JPKI_TOKEN_PIN_VALUE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/generation.h"

/* A PIN in the form that the card compares, with room for the longest. */
struct jpki_pin {
	uint8_t value[JPKI_PIN_MAX];
	size_t length; /* 0: none */
};

/*
 * Check length bytes as typed against the rule, and turn lower case into upper case if the rule
 * says so. *pin, which should be in secret memory, becomes the form to send. JPKI_E_PIN_LENGTH,
 * JPKI_E_PIN_ALPHABET (also for digits alone if the rule forbids that): no card accepts the value,
 * and *pin is empty.
 */
enum jpki_error jpki_pin_normalise(const struct jpki_pin_rule *rule, const uint8_t *typed,
				   size_t length, struct jpki_pin *pin);

/* Return what jpki_pin_normalise would return, without keeping anything. */
enum jpki_error jpki_pin_possible(const struct jpki_pin_rule *rule, const uint8_t *typed,
				  size_t length);

/* As jpki_pin_normalise, for a PIN that is to be set. JPKI_E_PIN_ALPHABET also if the rule requires
 * letters and digits and the value lacks one of them. */
enum jpki_error jpki_pin_normalise_new(const struct jpki_pin_rule *rule, const uint8_t *typed,
				       size_t length, struct jpki_pin *pin);

#endif
