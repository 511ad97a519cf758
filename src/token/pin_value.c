/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_value: checks what was typed as a PIN, and turns it into the form that the card compares. */
#include "token/pin_value.h"

#include <stdbool.h>
#include <string.h>

static bool is_digit(uint8_t byte)
{
	return byte >= '0' && byte <= '9';
}

/* Return the byte to send for a byte typed, or 0 if the alphabet does not have it. */
static uint8_t fold(enum jpki_pin_alphabet alphabet, uint8_t typed)
{
	if (is_digit(typed))
		return typed;
	if (alphabet == JPKI_PIN_DIGITS)
		return 0;
	if (typed >= 'a' && typed <= 'z')
		return (uint8_t)(typed - 'a' + 'A');
	return typed >= 'A' && typed <= 'Z' ? typed : 0;
}

enum jpki_error jpki_pin_possible(const struct jpki_pin_rule *rule, const uint8_t *typed,
				  size_t length)
{
	size_t digits = 0;

	if (length < rule->min_length || length > rule->max_length || length > JPKI_PIN_MAX)
		return JPKI_E_PIN_LENGTH;
	for (size_t i = 0; i < length; i++) {
		if (fold(rule->alphabet, typed[i]) == 0)
			return JPKI_E_PIN_ALPHABET;
		digits += is_digit(typed[i]) ? 1 : 0;
	}
	return digits == length && rule->never_digits_alone ? JPKI_E_PIN_ALPHABET : JPKI_OK;
}

enum jpki_error jpki_pin_normalise(const struct jpki_pin_rule *rule, const uint8_t *typed,
				   size_t length, struct jpki_pin *pin)
{
	enum jpki_error error = jpki_pin_possible(rule, typed, length);

	explicit_bzero(pin, sizeof(*pin));
	if (error != JPKI_OK)
		return error;
	for (size_t i = 0; i < length; i++)
		pin->value[i] = fold(rule->alphabet, typed[i]);
	pin->length = length;
	return JPKI_OK;
}

static bool has_letter_and_digit(const struct jpki_pin *pin)
{
	size_t digits = 0;

	for (size_t i = 0; i < pin->length; i++)
		digits += is_digit(pin->value[i]) ? 1 : 0;
	return digits != 0 && digits != pin->length;
}

enum jpki_error jpki_pin_normalise_new(const struct jpki_pin_rule *rule, const uint8_t *typed,
				       size_t length, struct jpki_pin *pin)
{
	enum jpki_error error = jpki_pin_normalise(rule, typed, length, pin);

	if (error == JPKI_OK && rule->mixed && !has_letter_and_digit(pin)) {
		explicit_bzero(pin, sizeof(*pin));
		error = JPKI_E_PIN_ALPHABET;
	}
	return error;
}
