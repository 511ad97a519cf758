/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pin_weak: tells whether a new PIN is one that others guess first. */
#include "app/card/pin_weak.h"

#include <stdbool.h>
#include <string.h>

/*
 * Return whether the characters follow each other: each is the last one, or the next of its kind,
 * up or down. One leap is allowed: passwords have letters and digits, and so at least one.
 */
static bool is_sequence(const struct jpki_pin *pin)
{
	size_t leaps = 0;

	for (size_t i = 1; i < pin->length; i++) {
		int step = pin->value[i] - pin->value[i - 1];
		bool digits = pin->value[i] <= '9' && pin->value[i - 1] <= '9';

		/* After 9 comes 0, as on keyboards. */
		if (step >= -1 && step <= 1)
			continue;
		if (digits && (step == 9 || step == -9))
			continue;
		if (digits || ++leaps > 1)
			return false;
	}
	return true;
}

/* Return the number that count digits make. */
static unsigned int number_of(const uint8_t *digits, size_t count)
{
	unsigned int number = 0;

	for (size_t i = 0; i < count; i++)
		number = number * 10 + (unsigned int)(digits[i] - '0');
	return number;
}

/* Return whether four digits are a day of the year, month first, as people in Japan write it. */
static bool is_day(const uint8_t *digits)
{
	static const unsigned int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	unsigned int month = number_of(digits, 2);
	unsigned int day = number_of(digits + 2, 2);

	return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1];
}

static bool is_year(const uint8_t *digits)
{
	unsigned int year = number_of(digits, 4);

	return year >= 1900 && year < 2100;
}

/* Return whether a whole run of digits is a date. */
static bool is_date(const uint8_t *digits, size_t count)
{
	switch (count) {
	case 4:
		return is_day(digits) || is_year(digits);
	case 6:
		return is_day(digits + 2);
	case 8:
		return is_year(digits) && is_day(digits + 4);
	default:
		return false;
	}
}

static bool has_date(const struct jpki_pin *pin)
{
	size_t begin = 0;

	for (size_t i = 0; i <= pin->length; i++) {
		if (i < pin->length && pin->value[i] <= '9')
			continue;
		if (is_date(pin->value + begin, i - begin))
			return true;
		begin = i + 1;
	}
	return false;
}

enum pin_weakness pin_weak(const struct jpki_pin *new_pin, const struct jpki_pin *current)
{
	if (new_pin->length == current->length &&
	    memcmp(new_pin->value, current->value, new_pin->length) == 0)
		return PIN_WEAK_SAME;
	if (is_sequence(new_pin))
		return PIN_WEAK_SEQUENCE;
	return has_date(new_pin) ? PIN_WEAK_DATE : PIN_WEAK_NOT;
}
