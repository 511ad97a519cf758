/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_card_cards: the card that is meant is found, or the reason told why there is none. */
#include "unit.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "capture.h"
#include "place.h"
#include "table.h"

#define CARDS(...) ((const char *const[]){__VA_ARGS__})

/* What is chosen without a serial number: the card of this reader, or -1 and the situation. */
static void assert_chosen(size_t count, const char *const names[], int wanted,
			  enum situation situation)
{
	enum situation got = SITUATION_COUNT;
	const struct card *card;
	struct table table;

	table_open(&table, count, names);
	assert_int_equal(table.cards.count, count);
	card = cards_choose(&table.cards, NULL, &got);
	if (wanted < 0) {
		assert_null(card);
		assert_int_equal(got, situation);
	} else {
		assert_ptr_equal(card, &table.cards.cards[wanted]);
		assert_int_equal(strlen(card->serial), 16);
		assert_int_equal(card_situation(card), SITUATION_NONE);
	}
	table_close(&table);
}

static void test_one(void **state)
{
	(void)state;
	assert_chosen(1, CARDS("mynumber"), 0, SITUATION_NONE);
	assert_chosen(2, CARDS(NULL, "mynumber"), 1, SITUATION_NONE);
	assert_chosen(2, CARDS("mynumber", NULL), 0, SITUATION_NONE);
	assert_chosen(2, CARDS("foreign", "child"), 1, SITUATION_NONE);
	assert_chosen(3, CARDS("juki", "foreign", NULL), 0, SITUATION_NONE);
	assert_chosen(1, CARDS("android"), 0, SITUATION_NONE);
}

static void test_none(void **state)
{
	(void)state;
	assert_chosen(0, CARDS(NULL), -1, SITUATION_NO_READER);
	assert_chosen(1, CARDS(NULL), -1, SITUATION_NO_CARD);
	assert_chosen(2, CARDS(NULL, NULL), -1, SITUATION_NO_CARD);
	assert_chosen(1, CARDS("foreign"), -1, SITUATION_OTHER_CARD);
	/* It says more than an empty reader beside it. */
	assert_chosen(2, CARDS("foreign", NULL), -1, SITUATION_OTHER_CARD);
	assert_chosen(2, CARDS(NULL, "foreign"), -1, SITUATION_OTHER_CARD);
	assert_chosen(2, CARDS("foreign", "iphone"), -1, SITUATION_OTHER_CARD);
	assert_chosen(1, CARDS("iphone"), -1, SITUATION_PHONE);
	assert_chosen(1, CARDS("next"), -1, SITUATION_UNKNOWN_GENERATION);
}

static void test_two(void **state)
{
	(void)state;
	assert_chosen(2, CARDS("mynumber", "second"), -1, SITUATION_TWO_CARDS);
	assert_chosen(3, CARDS("mynumber", "foreign", "juki"), -1, SITUATION_TWO_CARDS);
}

static void test_serial(void **state)
{
	enum situation situation = SITUATION_COUNT;
	struct table table;
	char serial[17];

	(void)state;
	table_open(&table, 3, CARDS("mynumber", "foreign", "second"));
	for (int i = 0; i < 3; i += 2) {
		snprintf(serial, sizeof(serial), "%s", table.cards.cards[i].serial);
		assert_ptr_equal(cards_choose(&table.cards, serial, &situation),
				 &table.cards.cards[i]);
		for (char *at = serial; *at != '\0'; at++)
			*at = (char)toupper((unsigned char)*at);
		assert_ptr_equal(cards_choose(&table.cards, serial, &situation),
				 &table.cards.cards[i]);
	}
	assert_string_not_equal(table.cards.cards[0].serial, table.cards.cards[2].serial);
	assert_null(cards_choose(&table.cards, "0123456789abcde", &situation));
	table_close(&table);
	table_open(&table, 1, CARDS("mynumber"));
	assert_null(cards_choose(&table.cards, "0123456789abcdef", &situation));
	assert_int_equal(situation, SITUATION_NO_CARD);
	table_close(&table);
}

/* What the service says counts when there is no card to go by. */
static void test_service(void **state)
{
	enum situation situation;
	struct table table;

	(void)state;
	table_open(&table, 1, CARDS("mynumber"));
	vcard_transport_serve(table.readers, false);
	cards_look(&table.cards);
	assert_null(cards_choose(&table.cards, NULL, &situation));
	assert_int_equal(situation, SITUATION_NO_SERVICE);
	vcard_transport_serve(table.readers, true);
	vcard_transport_fail(table.readers, VCARD_CALL_LIST, JPKI_E_NO_ACCESS, 1);
	cards_look(&table.cards);
	assert_null(cards_choose(&table.cards, NULL, &situation));
	assert_int_equal(situation, SITUATION_NO_ACCESS);
	cards_look(&table.cards);
	assert_non_null(cards_choose(&table.cards, NULL, &situation));
	table_close(&table);
}

static void test_mute(void **state)
{
	enum situation situation;
	struct table table;

	(void)state;
	table_open(&table, 2, CARDS(NULL, NULL));
	vcard_transport_fail(table.readers, VCARD_CALL_CONNECT, JPKI_E_MUTE, 100);
	unit_card_open(&table.put[1], "mynumber", NULL);
	vcard_transport_insert(table.readers, 1, table.put[1].card);
	cards_look(&table.cards);
	assert_null(cards_choose(&table.cards, NULL, &situation));
	assert_int_equal(situation, SITUATION_MUTE_CARD);
	table_close(&table);
}

/* Cards that come and go, and a reader that is unplugged. */
static void test_look_again(void **state)
{
	enum situation situation;
	const struct card *card;
	struct table table;

	(void)state;
	table_open(&table, 2, CARDS("mynumber", NULL));
	vcard_transport_remove(table.readers, 0);
	cards_look(&table.cards);
	assert_null(cards_choose(&table.cards, NULL, &situation));
	assert_int_equal(situation, SITUATION_NO_CARD);
	assert_string_equal(table.cards.cards[0].serial, "");
	vcard_transport_insert(table.readers, 1, table.put[0].card);
	cards_look(&table.cards);
	card = cards_choose(&table.cards, NULL, &situation);
	assert_ptr_equal(card, &table.cards.cards[1]);
	assert_int_equal(card_token(card, JPKI_KEY_SIGN).key, JPKI_KEY_SIGN);
	assert_ptr_equal(card_token(card, JPKI_KEY_SIGN).reader, card->reader);
	assert_int_equal(card_token(card, JPKI_KEY_SIGN).insertion, card->insertion);
	vcard_transport_plug(table.readers, 1, false);
	cards_look(&table.cards);
	assert_null(cards_choose(&table.cards, NULL, &situation));
	assert_int_equal(table.cards.count, 2);
	table_close(&table);
}

/* --- what is said ------------------------------------------------------------------------------
 */

static struct capture refuse(const struct cards *cards, enum situation situation, int *code)
{
	struct capture capture;

	capture_begin(&capture);
	*code = cards_refuse(cards, true, situation);
	capture_end(&capture);
	return capture;
}

static void test_refuse_two(void **state)
{
	struct capture capture;
	json_t *object, *serials;
	struct table table;
	char option[64];
	int code;

	(void)state;
	table_open(&table, 3, CARDS("mynumber", "foreign", "second"));
	capture = refuse(&table.cards, SITUATION_TWO_CARDS, &code);
	assert_int_equal(code, APP_WHICH_CARD);
	assert_has(capture.said, situation_text(SITUATION_TWO_CARDS));
	assert_lacks(capture.said, "Reader B");
	object = capture_json(&capture);
	assert_member(object, "situation", "two-cards");
	assert_member(object, "message", situation_text(SITUATION_TWO_CARDS));
	serials = json_object_get(object, "serials");
	assert_int_equal(json_array_size(serials), 2);
	for (size_t i = 0; i < 2; i++) {
		const struct card *card = &table.cards.cards[2 * i];

		assert_string_equal(json_string_value(json_array_get(serials, i)), card->serial);
		snprintf(option, sizeof(option), "--serial=%s", card->serial);
		assert_has(capture.said, option);
		assert_has(capture.said, jpki_reader_name(card->reader));
	}
	json_decref(object);
	capture_free(&capture);
	capture = refuse(&table.cards, SITUATION_NO_CARD, &code);
	assert_int_equal(code, APP_NO_CARD);
	object = capture_json(&capture);
	assert_null(json_object_get(object, "serials"));
	json_decref(object);
	capture_free(&capture);
	table_close(&table);
}

/* --- commands, where there is no service -------------------------------------------------------
 */

static size_t worked;

static int work_all(struct cards *cards, void *argument)
{
	worked++;
	assert_ptr_equal(argument, &worked);
	return cards->error == JPKI_E_NO_SERVICE ? 42 : 43;
}

static int work_one(struct cards *cards, const struct card *card, void *argument)
{
	(void)cards;
	(void)card;
	(void)argument;
	worked++;
	return 44;
}

static void test_commands(void **state)
{
	struct options options = {.json = true};
	struct capture capture;
	json_t *object;
	int all, one;

	(void)state;
	setenv("PCSCLITE_CSOCK_NAME", place_path("no-service"), 1);
	/* The service counts as installed, whatever this computer has. */
	setenv("SNAP", "/snap/test", 1);
	worked = 0;
	capture_begin(&capture);
	all = cards_with_all(&options, work_all, &worked);
	one = cards_with_one(&options, work_one, &worked);
	capture_end(&capture);
	unsetenv("SNAP");
	assert_int_equal(all, 42);
	assert_int_equal(one, APP_NO_READER);
	assert_int_equal(worked, 1);
	object = capture_json(&capture);
	assert_member(object, "situation", "no-service");
	json_decref(object);
	capture_free(&capture);
}

static void test_cards_without_memory(void **state)
{
	struct cards cards;

	(void)state;
	assert_false(cards_open_on(&cards, NULL));
	cards_close(&cards);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_one),        HERE(test_none),
		HERE(test_two),        HERE(test_serial),
		HERE(test_service),    HERE(test_mute),
		HERE(test_look_again), HERE(test_refuse_two),
		HERE(test_commands),   HERE(test_cards_without_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
