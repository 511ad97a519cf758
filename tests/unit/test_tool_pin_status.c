/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_tool_pin_status: both PINs are told, and a locked one ends jpki as such. */
#include "unit.h"

#include "app/app.h"
#include "capture.h"
#include "make.h"
#include "place.h"
#include "table.h"
#include "tool/pin/pin_parts.h"

static struct table table;

static void open_card(const char *name)
{
	table_open(&table, 1, &name);
}

/* Opens a card with these tries. */
static void open_with(unsigned int auth, unsigned int sign)
{
	open_card("mynumber");
	unit_card_set_pin(&table.put[0], UNIT_AUTH_PIN_FILE, auth, VCARD_AUTH_PIN);
	unit_card_set_pin(&table.put[0], UNIT_SIGN_PIN_FILE, sign, VCARD_SIGN_PIN);
	/* Put in anew, so that the tries are read. */
	vcard_transport_remove(table.readers, 0);
	vcard_transport_insert(table.readers, 0, table.put[0].card);
	cards_look(&table.cards);
}

static struct capture status_of(const struct card *card, bool json, int code)
{
	struct capture capture;
	int got;

	capture_begin(&capture);
	got = pin_status(card, json);
	capture_end(&capture);
	assert_int_equal(got, code);
	return capture;
}

static void assert_text(const char *auth, const char *sign, int code)
{
	struct capture capture = status_of(&table.cards.cards[0], false, code);

	assert_has(capture.printed, auth);
	assert_has(capture.printed, sign);
	assert_string_equal(capture.said, "");
	capture_free(&capture);
}

/* Asserts on the tries in JSON, -1 being null, and on the situation, which may be NULL. */
static void assert_json(int auth, int sign, const char *situation, int code)
{
	struct capture capture = status_of(&table.cards.cards[0], true, code);
	json_t *object = capture_json(&capture);
	const char *const names[] = {"auth", "sign"};
	const int tries[] = {auth, sign};

	assert_member(object, "serial", table.cards.cards[0].serial);
	if (situation != NULL)
		assert_member(object, "situation", situation);
	else
		assert_true(json_is_null(json_object_get(object, "situation")));
	for (size_t i = 0; i < 2; i++) {
		json_t *pin = json_object_get(object, names[i]);
		json_t *left = json_object_get(pin, "tries_left");

		assert_true(tries[i] < 0 ? json_is_null(left)
					 : json_integer_value(left) == tries[i]);
		assert_int_equal(json_is_true(json_object_get(pin, "set")), tries[i] >= 0);
		assert_int_equal(json_is_true(json_object_get(pin, "locked")), tries[i] == 0);
	}
	json_decref(object);
	capture_free(&capture);
}

static void test_status_of_tries(void **state)
{
	(void)state;
	open_with(3, 5);
	assert_text("Authentication PIN: 3 of 3 tries left", "Signing password: 5 of 5 tries left",
		    APP_OK);
	assert_json(3, 5, NULL, APP_OK);
	table_close(&table);
	open_with(2, 1);
	assert_text("PIN: 2 of 3 tries left", "Signing password: ONLY ONE TRY LEFT of 5", APP_OK);
	assert_json(2, 1, NULL, APP_OK);
	table_close(&table);
}

static void test_status_of_locked(void **state)
{
	(void)state;
	open_with(0, 5);
	assert_text("Authentication PIN: LOCKED", "5 of 5", APP_PIN_LOCKED);
	assert_json(0, 5, "auth-locked", APP_PIN_LOCKED);
	table_close(&table);
	open_with(3, 0);
	assert_text("3 of 3", "Signing password: LOCKED", APP_PIN_LOCKED);
	assert_json(3, 0, "sign-locked", APP_PIN_LOCKED);
	table_close(&table);
	open_with(0, 0);
	assert_text("Both PINs are locked", "Signing password: LOCKED", APP_PIN_LOCKED);
	assert_json(0, 0, "both-locked", APP_PIN_LOCKED);
	table_close(&table);
}

/* A card without a PIN, or without the token that has it. */
static void test_status_without(void **state)
{
	struct capture capture;
	json_t *object;

	(void)state;
	open_card("face-only");
	assert_text("Authentication PIN: not set", "Signing password: 5 of 5", APP_ABSENT);
	assert_json(-1, 5, "pin-not-set", APP_ABSENT);
	table_close(&table);
	open_card("child-bare");
	assert_text("3 of 3", "Signing password: this card has none", APP_OK);
	capture = status_of(&table.cards.cards[0], true, APP_OK);
	object = capture_json(&capture);
	assert_true(json_is_null(json_object_get(object, "sign")));
	assert_int_equal(
		json_integer_value(json_object_get(json_object_get(object, "auth"), "tries_max")),
		3);
	json_decref(object);
	capture_free(&capture);
	table_close(&table);
}

/* What is not known any more is not told from before. */
static void test_status_of_removed(void **state)
{
	struct capture capture;
	struct card before;

	(void)state;
	open_with(3, 5);
	before = table.cards.cards[0];
	vcard_transport_remove(table.readers, 0);
	cards_list(&table.cards);
	capture = status_of(&before, false, APP_FAILED);
	assert_string_equal(capture.printed, "");
	assert_string_not_equal(capture.said, "");
	capture_free(&capture);
	table_close(&table);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_status_of_tries),
		HERE(test_status_of_locked),
		HERE(test_status_without),
		HERE(test_status_of_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
