/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be sent as a PIN, and what is remembered of those that were. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "token/pin.h"

static const struct jpki_pin_rule digits = {
	.file = 0x0018, .min_length = 4, .max_length = 4, .tries = 3, .alphabet = JPKI_PIN_DIGITS};
static const struct jpki_pin_rule capitals = {.file = 0x001B,
					      .min_length = 6,
					      .max_length = 16,
					      .tries = 5,
					      .alphabet = JPKI_PIN_CAPITALS_DIGITS};

/* Every byte value, in every place of the PIN. */
static void test_every_byte(void **state)
{
	(void)state;
	for (unsigned int byte = 0; byte < 256; byte++) {
		bool digit = byte >= '0' && byte <= '9';
		bool capital = byte >= 'A' && byte <= 'Z';
		bool small = byte >= 'a' && byte <= 'z';

		for (size_t at = 0; at < 6; at++) {
			uint8_t typed[] = {'1', '2', '3', '4', '5', '6'};
			struct jpki_pin pin;

			typed[at] = (uint8_t)byte;
			assert_error(jpki_pin_normalise(&capitals, typed, 6, &pin),
				     digit || capital || small ? JPKI_OK : JPKI_E_PIN_ALPHABET);
			if (digit || capital || small) {
				assert_int_equal(pin.length, 6);
				assert_int_equal(pin.value[at], small ? byte - 'a' + 'A' : byte);
				assert_int_equal(pin.value[(at + 1) % 6], typed[(at + 1) % 6]);
			} else {
				assert_int_equal(pin.length, 0);
				assert_int_equal(pin.value[(at + 1) % 6], 0);
			}
			if (at < 4)
				assert_error(jpki_pin_normalise(&digits, typed, 4, &pin),
					     digit ? JPKI_OK : JPKI_E_PIN_ALPHABET);
		}
	}
}

static void test_every_length(void **state)
{
	uint8_t typed[32];
	struct jpki_pin pin;

	(void)state;
	memset(typed, '7', sizeof(typed));
	for (size_t length = 0; length <= sizeof(typed); length++) {
		bool right = length >= 6 && length <= 16;

		assert_error(jpki_pin_normalise(&capitals, typed, length, &pin),
			     right ? JPKI_OK : JPKI_E_PIN_LENGTH);
		assert_int_equal(pin.length, right ? length : 0);
		assert_error(jpki_pin_normalise(&digits, typed, length, &pin),
			     length == 4 ? JPKI_OK : JPKI_E_PIN_LENGTH);
	}
	assert_error(jpki_pin_normalise(&digits, typed, SIZE_MAX, &pin), JPKI_E_PIN_LENGTH);
}

/* A rule that allows more than there is room for does not make room. */
static void test_generous_rule(void **state)
{
	struct jpki_pin_rule generous = capitals;
	uint8_t typed[JPKI_PIN_MAX + 1];
	struct jpki_pin pin;

	(void)state;
	generous.max_length = 255;
	memset(typed, 'A', sizeof(typed));
	assert_error(jpki_pin_normalise(&generous, typed, JPKI_PIN_MAX, &pin), JPKI_OK);
	assert_error(jpki_pin_normalise(&generous, typed, JPKI_PIN_MAX + 1, &pin),
		     JPKI_E_PIN_LENGTH);
}

static void test_may_send(void **state)
{
	(void)state;
	assert_error(jpki_pin_may_send(0, false), JPKI_E_PIN_LOCKED);
	assert_error(jpki_pin_may_send(0, true), JPKI_E_PIN_LOCKED);
	assert_error(jpki_pin_may_send(1, false), JPKI_E_PIN_FINAL_TRY);
	assert_error(jpki_pin_may_send(1, true), JPKI_OK);
	for (unsigned int tries = 2; tries < 16; tries++) {
		assert_error(jpki_pin_may_send(tries, false), JPKI_OK);
		assert_error(jpki_pin_may_send(tries, true), JPKI_OK);
	}
}

static enum jpki_error offer(struct jpki_pin_store *store, const char *typed)
{
	return jpki_pin_store_offer(store, &capitals, (const uint8_t *)typed, strlen(typed));
}

/* Whether this value would be sent again. */
static bool was_refused(struct jpki_pin_store *store, const char *typed)
{
	assert_error(offer(store, typed), JPKI_OK);
	return jpki_pin_store_was_refused(store);
}

static void refuse(struct jpki_pin_store *store, const char *typed)
{
	assert_error(offer(store, typed), JPKI_OK);
	jpki_pin_store_sent(store, 5);
	jpki_pin_store_refused(store);
}

static void test_store_holds_one(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();
	const struct jpki_pin *pin;

	(void)state;
	assert_non_null(store);
	assert_null(jpki_pin_store_pin(store));
	assert_false(jpki_pin_store_was_refused(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	pin = jpki_pin_store_pin(store);
	assert_non_null(pin);
	assert_int_equal(pin->length, 6);
	assert_memory_equal(pin->value, "ABC123", 6);
	/* One that is impossible takes its place as nothing. */
	assert_error(offer(store, "short"), JPKI_E_PIN_LENGTH);
	assert_null(jpki_pin_store_pin(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	assert_error(offer(store, "abc-123"), JPKI_E_PIN_ALPHABET);
	assert_null(jpki_pin_store_pin(store));
	assert_error(offer(store, "abc123"), JPKI_OK);
	jpki_pin_store_drop(store);
	assert_null(jpki_pin_store_pin(store));
	jpki_pin_store_free(store);
	jpki_pin_store_free(NULL);
}

static void test_refused(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	refuse(store, "WRONG1");
	assert_true(was_refused(store, "WRONG1"));
	assert_true(was_refused(store, "wrong1"));
	assert_false(was_refused(store, "WRONG2"));
	assert_false(was_refused(store, "WRONG11"));
	refuse(store, "WRONG2");
	jpki_pin_store_drop(store);
	assert_false(jpki_pin_store_was_refused(store)); /* of nothing */
	assert_true(was_refused(store, "WRONG1"));
	assert_true(was_refused(store, "WRONG2"));
	/* The right one makes all of them worth a try again. */
	assert_error(offer(store, "RIGHT1"), JPKI_OK);
	jpki_pin_store_sent(store, 3);
	jpki_pin_store_accepted(store);
	assert_non_null(jpki_pin_store_pin(store));
	assert_false(was_refused(store, "WRONG1"));
	assert_false(was_refused(store, "WRONG2"));
	jpki_pin_store_free(store);
}

/* As many as a card has tries at the very least; beyond, the oldest goes first. */
static void test_ring(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();
	char pin[JPKI_PIN_MAX + 1];

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(pin, sizeof(pin), "WRONG%02u", i % 100U);
		refuse(store, pin);
		refuse(store, pin); /* takes no second place */
	}
	for (unsigned int i = 0; i < 20; i++) {
		snprintf(pin, sizeof(pin), "WRONG%02u", i % 100U);
		assert_int_equal(was_refused(store, pin), i >= 4);
	}
	jpki_pin_store_free(store);
}

/* A PIN whose answer was lost: the tries tell, and nothing else does. */
static void test_doubt(void **state)
{
	struct jpki_pin_store *store = jpki_pin_store_new();

	(void)state;
	assert_error(offer(store, "DOUBT1"), JPKI_OK);
	jpki_pin_store_settle(store, 1); /* nothing is in doubt: tells nothing */
	assert_false(was_refused(store, "DOUBT1"));
	jpki_pin_store_sent(store, 3);
	jpki_pin_store_settle(store, 3); /* none was spent */
	assert_false(was_refused(store, "DOUBT1"));
	jpki_pin_store_settle(store, 2); /* settled already */
	assert_false(was_refused(store, "DOUBT1"));
	jpki_pin_store_sent(store, 3);
	jpki_pin_store_settle(store, 5); /* success restores them */
	assert_false(was_refused(store, "DOUBT1"));
	jpki_pin_store_sent(store, 3);
	jpki_pin_store_drop(store); /* the doubt outlives the PIN */
	assert_error(offer(store, "OTHER1"), JPKI_OK);
	jpki_pin_store_settle(store, 2);
	assert_false(jpki_pin_store_was_refused(store));
	assert_true(was_refused(store, "DOUBT1"));
	jpki_pin_store_free(store);
}

/* Two stores know nothing of each other, not even by the same digest. */
static void test_two_stores(void **state)
{
	struct jpki_pin_store *first = jpki_pin_store_new();
	struct jpki_pin_store *second = jpki_pin_store_new();

	(void)state;
	refuse(first, "WRONG1");
	assert_false(was_refused(second, "WRONG1"));
	assert_true(was_refused(first, "WRONG1"));
	jpki_pin_store_free(first);
	jpki_pin_store_free(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte),
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_generous_rule),
		cmocka_unit_test(test_may_send),
		cmocka_unit_test(test_store_holds_one),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_ring),
		cmocka_unit_test(test_doubt),
		cmocka_unit_test(test_two_stores),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
