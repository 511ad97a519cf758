/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * test_app_card_card_pin: the dialog about a PIN knows a card's tries by the token layer, and the
 * last try can be spent only after the word of consent.
 */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "app/card/card_pin.h"
#include "capture.h"
#include "place.h"
#include "screen.h"
#include "table.h"

static struct table table;
static struct card_pin card_pin;

/* What a process has got, which shares this. */
static struct exchange {
	int result;
	bool final_try;
	char typed[32];
} * exchange;

static void spend(uint16_t file, int tries)
{
	if (tries >= 0)
		unit_card_set_pin(&table.put[0], file, (unsigned int)tries,
				  file == UNIT_AUTH_PIN_FILE ? "1234" : "ABC123");
}

/* A dialog about a PIN of a card with these tries (-1: as it was issued). */
static void begin(const char *name, enum jpki_key key, int auth, int sign)
{
	const struct options options = {.json = true};

	table_open(&table, 1, &name);
	spend(UNIT_AUTH_PIN_FILE, auth);
	spend(UNIT_SIGN_PIN_FILE, sign);
	vcard_transport_remove(table.readers, 0);
	vcard_transport_insert(table.readers, 0, table.put[0].card);
	cards_look(&table.cards);
	table.cards.readers.config.final_try_allowed = true;
	card_pin_init(&card_pin, &table.cards, &table.cards.cards[0], key, &options);
	/* Whatever the configuration says. */
	assert_false(table.cards.readers.config.final_try_allowed);
	memset(exchange, 0, sizeof(*exchange));
}

static int ask(void *lead)
{
	struct prompt_pin pin;

	exchange->result = pin_dialog_ask(&card_pin.dialog, lead, &pin);
	exchange->final_try = table.cards.readers.config.final_try_allowed;
	if (pin.value != NULL)
		snprintf(exchange->typed, sizeof(exchange->typed), "%.*s", (int)pin.length,
			 (const char *)pin.value);
	prompt_pin_free(&pin);
	return 0;
}

static void test_state(void **state)
{
	struct jpki_token_ref token;

	(void)state;
	begin("mynumber", JPKI_KEY_SIGN, -1, 4);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NONE);
	assert_int_equal(card_pin.dialog.state.tries, 4);
	assert_true(card_pin.dialog.state.is_set);
	assert_int_equal(card_pin.dialog.state.kind, JPKI_CARD_MY_NUMBER);
	assert_int_equal(card_pin.dialog.state.rule->max_length, 16);
	assert_string_equal(card_pin.dialog.state.serial, table.cards.cards[0].serial);
	assert_true(card_pin.dialog.json);
	token = card_pin_token(&card_pin);
	assert_int_equal(token.key, JPKI_KEY_SIGN);
	assert_ptr_equal(token.reader, table.cards.cards[0].reader);
	/* Reading is no reason to send a PIN. */
	assert_int_equal(vcard_transport_verifies(table.readers), 0);
	table_close(&table);
	begin("face-only", JPKI_KEY_AUTH, -1, -1);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NONE);
	assert_false(card_pin.dialog.state.is_set);
	table_close(&table);
	begin("child-bare", JPKI_KEY_SIGN, -1, -1);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NO_SIGN_CERTIFICATE);
	table_close(&table);
	begin("mynumber", JPKI_KEY_AUTH, -1, -1);
	vcard_transport_remove(table.readers, 0);
	cards_look(&table.cards);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NO_CARD);
	table_close(&table);
}

/* In a session of its own nobody can be asked. */
static struct capture ask_nobody(void)
{
	struct capture capture;
	int status = -1;
	pid_t child;

	capture_begin(&capture);
	child = fork();
	if (child == 0) {
		setsid();
		_exit(ask(NULL));
	}
	waitpid(child, &status, 0);
	capture_end(&capture);
	assert_int_equal(status, 0);
	return capture;
}

static void assert_unasked(enum jpki_key key, int auth, int sign, enum situation situation)
{
	struct capture capture;
	json_t *object;

	begin("mynumber", key, auth, sign);
	capture = ask_nobody();
	assert_int_equal(exchange->result, situation_exit(situation));
	assert_false(exchange->final_try);
	assert_string_equal(exchange->typed, "");
	object = capture_json(&capture);
	assert_member(object, "situation", situation_name(situation));
	json_decref(object);
	assert_has(capture.said, situation_pin_text(situation, key));
	capture_free(&capture);
	assert_int_equal(vcard_transport_verifies(table.readers), 0);
	table_close(&table);
}

static void test_unasked(void **state)
{
	(void)state;
	assert_unasked(JPKI_KEY_AUTH, 0, -1, SITUATION_AUTH_LOCKED);
	assert_unasked(JPKI_KEY_SIGN, -1, 0, SITUATION_SIGN_LOCKED);
	assert_unasked(JPKI_KEY_SIGN, 0, 0, SITUATION_BOTH_LOCKED);
	/* Without a terminal nobody can consent. */
	assert_unasked(JPKI_KEY_AUTH, 1, -1, SITUATION_FINAL_TRY);
}

/* The tries are told, and a line in front of the question. */
static void test_question(void **state)
{
	struct screen screen;
	char lead[] = "To sign file.txt";

	(void)state;
	begin("mynumber", JPKI_KEY_SIGN, -1, 4);
	screen_start(&screen, ask, lead);
	screen_expect(&screen, lead);
	screen_expect(&screen, ": 4");
	screen_expect(&screen, "): ");
	screen_type(&screen, "abc123\n");
	assert_int_equal(screen_finish(&screen), 0);
	assert_int_equal(exchange->result, APP_OK);
	assert_string_equal(exchange->typed, "abc123");
	assert_false(exchange->final_try);
	table_close(&table);
}

/* With one try left: what the user answers. */
static void consent(struct screen *screen, const char *word)
{
	begin("mynumber", JPKI_KEY_AUTH, 1, -1);
	screen_start(screen, ask, NULL);
	screen_expect(screen, "yes");
	screen_expect(screen, ": ");
	screen_type(screen, word);
}

static void test_consent(void **state)
{
	static const char *const refusals[] = {"no\n", "\n", "\003", "abcd\n"};
	struct screen screen;

	(void)state;
	consent(&screen, "yes\n");
	screen_expect(&screen, "): ");
	screen_type(&screen, "1234\n");
	assert_int_equal(screen_finish(&screen), 0);
	assert_int_equal(exchange->result, APP_OK);
	assert_true(exchange->final_try);
	assert_string_equal(exchange->typed, "1234");
	table_close(&table);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		consent(&screen, refusals[i]);
		assert_int_equal(screen_finish(&screen), 0);
		assert_int_equal(exchange->result, APP_CANCELLED);
		assert_false(exchange->final_try);
		assert_string_equal(exchange->typed, "");
		table_close(&table);
	}
}

/* --- what programs read of a refusal and of a result -------------------------------------------
 */

static void assert_told(struct capture capture, const char *pin, long tries)
{
	json_t *object = capture_json(&capture);

	assert_member(object, "pin", pin);
	assert_member(object, "serial", table.cards.cards[0].serial);
	assert_int_equal(json_integer_value(json_object_get(object, "tries_left")), tries);
	json_decref(object);
	capture_free(&capture);
}

static void test_refusal_told(void **state)
{
	uint8_t typed[] = "9876";
	const struct prompt_pin pin = {.value = typed, .length = 4};
	struct capture capture;
	int code;

	(void)state;
	for (int tries = 2; tries > 0; tries--) {
		begin("mynumber", JPKI_KEY_AUTH, tries, -1);
		assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NONE);
		capture_begin(&capture);
		code = pin_dialog_explain(&card_pin.dialog, JPKI_E_PIN_INCORRECT, &pin);
		capture_end(&capture);
		assert_int_equal(code, APP_PIN_WRONG);
		assert_lacks(capture.said, "9876");
		assert_has(capture.said, situation_text(SITUATION_WHICH_PIN));
		if (tries == 1)
			assert_has(capture.said, situation_text(SITUATION_WRONG_ONE_LEFT));
		assert_told(capture, "auth", tries);
		table_close(&table);
	}
}

/* The text PIN of a card that has it, and of one that has not. */
static void test_text_pin_of_card(void **state)
{
	uint8_t value[] = "9876";
	struct prompt_pin pin = {.value = value, .length = 4};
	struct capture capture;
	int code;

	(void)state;
	begin("mynumber", JPKI_PIN_TEXT, -1, -1);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NONE);
	assert_int_equal(card_pin.dialog.state.tries, 3);
	assert_int_equal(card_pin.dialog.state.rule->max_length, 4);
	capture_begin(&capture);
	code = pin_dialog_explain(&card_pin.dialog, JPKI_E_PIN_INCORRECT, &pin);
	capture_end(&capture);
	assert_int_equal(code, APP_PIN_WRONG);
	assert_has(capture.said, "The text-input PIN is wrong. Tries left before it locks: 3");
	assert_has(capture.said, situation_pin_text(SITUATION_WHICH_PIN, JPKI_PIN_TEXT));
	assert_lacks(capture.said, situation_text(SITUATION_WHICH_PIN));
	assert_told(capture, "text", 3);
	assert_int_equal(vcard_transport_verifies(table.readers), 0);
	table_close(&table);
	begin("juki", JPKI_PIN_TEXT, -1, -1);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NO_TEXT);
	table_close(&table);
}

static void test_result_told(void **state)
{
	struct capture capture;

	(void)state;
	begin("mynumber", JPKI_KEY_SIGN, -1, 3);
	assert_int_equal(pin_dialog_read(&card_pin.dialog), SITUATION_NONE);
	capture_begin(&capture);
	pin_dialog_print_result(&card_pin.dialog, "right");
	capture_end(&capture);
	assert_has(capture.printed, "\"right\"");
	assert_told(capture, "sign", 3);
	card_pin.dialog.json = false;
	capture_begin(&capture);
	pin_dialog_print_result(&card_pin.dialog, "right");
	capture_end(&capture);
	assert_string_equal(capture.printed, "");
	capture_free(&capture);
	table_close(&table);
}

static int set_up(void **state)
{
	place_set_up(state);
	setenv("PATH", place_path("bin"), 1);
	return 0;
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_state),
		HERE(test_unasked),
		HERE(test_question),
		HERE(test_consent),
		HERE(test_refusal_told),
		HERE(test_result_told),
		HERE(test_text_pin_of_card),
	};

	exchange = screen_share(sizeof(*exchange));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
