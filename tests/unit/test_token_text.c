/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PIN of the text application: what it opens, and that every rule for PINs holds for it. */
#include "fixture.h"

#include <string.h>

#include "token/application.h"
#include "token/link.h"
#include "token/pin.h"
#include "token/record.h"
#include "token/state.h"
#include "token/tries.h"
#include "internal.h"

#define INS_SELECT 0xA4
#define INS_VERIFY 0x20
#define INS_READ   0xB0
/* One reading of a card that was looked at before: its trace, whatever READ costs. */
#define FIRST_HALF "COMMON RECORD TEXT EF:0011 TRIES VERIFY EF:0002 READ"
/* The number is in another application, so nothing has to be left for one. */
#define WHOLE FIRST_HALF " COMMON RECORD AP"

struct got {
	struct jpki_attributes attributes;
	char number[JPKI_CARD_NUMBER_LENGTH];
};

static enum jpki_error read_with(const struct fixture *fixture, const char *pin, struct got *got)
{
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);

	return jpki_token_attributes(&token, (const uint8_t *)pin, strlen(pin), &got->attributes,
				     got->number);
}

/* All outputs are zero. */
static void assert_nothing(const struct got *got)
{
	static const struct got none;

	assert_memory_equal(&got->attributes, &none.attributes, sizeof(none.attributes));
	assert_memory_equal(got->number, none.number, sizeof(none.number));
}

/* Try a PIN that must not lead to anything. */
static enum jpki_error fail_with(const struct fixture *fixture, const char *pin)
{
	struct got got;
	enum jpki_error error;

	memset(&got, 0xA5, sizeof(got));
	error = read_with(fixture, pin, &got);
	assert_nothing(&got);
	return error;
}

static int text_tries(struct fixture *fixture)
{
	return vcard_tries_in(fixture->card.card, "text", VCARD_EF_TEXT_PIN);
}

static void set_tries(struct fixture *fixture, unsigned int tries)
{
	vcard_find_ef(fixture->card.card, VCARD_APP_TEXT, VCARD_EF_TEXT_PIN)->pin.tries = tries;
}

/* Every other PIN of the card has the tries that it was issued with. */
static void assert_others_untouched(const struct fixture *fixture)
{
	const struct vcard *card = fixture->card.card;

	for (size_t i = 0; i < card->ef_count; i++) {
		const struct vcard_ef *ef = &card->efs[i];

		if (ef->kind == VCARD_EF_PIN &&
		    (ef->app != VCARD_APP_TEXT || ef->id != VCARD_EF_TEXT_PIN))
			assert_int_equal(ef->pin.tries, ef->issued.tries);
	}
}

/* No PIN of the card is verified, and the store holds none. */
static void assert_left(const struct fixture *fixture)
{
	const struct vcard *card = fixture->card.card;
	const struct jpki_token *token = &fixture->reader->tokens[JPKI_PIN_TEXT];

	for (size_t i = 0; i < card->ef_count; i++)
		assert_false(card->efs[i].pin.verified);
	assert_true(token->pin == NULL || jpki_pin_store_pin(token->pin) == NULL);
}

/* The card was recognised before. */
static void look(struct fixture *fixture)
{
	(void)fixture_recognise(fixture);
	vcard_transport_forget(fixture->readers);
}

static void start(struct fixture *fixture)
{
	static const struct vcard_options options = {.in_memory = true};

	fixture_start(fixture, "mynumber", &options);
	look(fixture);
}

static int set_up(void **state)
{
	struct fixture *fixture = malloc(sizeof(*fixture));

	assert_non_null(fixture);
	start(fixture);
	*state = fixture;
	return 0;
}

static void test_text_right(void **state)
{
	struct fixture *fixture = *state;
	const struct vcard_ef *record = vcard_find_ef(fixture->card.card, VCARD_APP_COMMON, 0x0001);
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct got got;
	char number[JPKI_CARD_NUMBER_LENGTH];

	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	unit_assert_trace(fixture->readers, WHOLE);
	/* 10 and one for each 256 bytes. */
	assert_true(vcard_transport_exchanges(fixture->readers) <= 11);
	assert_int_equal(got.attributes.name.length, strlen(VCARD_NAME));
	assert_memory_equal(got.attributes.name.text, VCARD_NAME, strlen(VCARD_NAME));
	assert_int_equal(got.attributes.address.length, strlen(VCARD_ADDRESS));
	assert_memory_equal(got.attributes.address.text, VCARD_ADDRESS, strlen(VCARD_ADDRESS));
	assert_memory_equal(got.attributes.birthday, VCARD_BIRTHDAY, 8);
	assert_int_equal(got.attributes.sex, VCARD_SEX[0]);
	assert_memory_equal(got.number, record->data + 4, sizeof(got.number));
	assert_left(fixture);
	assert_int_equal(text_tries(fixture), 3);

	assert_error(jpki_token_card_number(&token, fixture->reader->serial, number), JPKI_OK);
	assert_memory_equal(number, got.number, sizeof(number));
	/* Only the PIN of this application will do. */
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_attributes(&token, (const uint8_t *)VCARD_AUTH_PIN, 4,
					   &got.attributes, got.number),
		     JPKI_E_ARGUMENT);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* What needs no PIN: the number of the card, which leaves our application selected. */
static void test_text_number(void **state)
{
	static const char zero[JPKI_CARD_NUMBER_LENGTH];
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);
	char number[JPKI_CARD_NUMBER_LENGTH];
	char serial[JPKI_SERIAL_SIZE];
	char other[JPKI_SERIAL_SIZE];

	assert_error(jpki_token_card_number(&token, fixture->reader->serial, number), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP");
	/* Nor is anything else asked of a card that nobody has looked at. */
	strcpy(serial, fixture->reader->serial);
	jpki_reader_forget_card(fixture->reader);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_card_number(&token, serial, number), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP");
	strcpy(other, serial);
	other[0] = serial[0] == '0' ? '1' : '0';
	assert_error(jpki_token_card_number(&token, other, number), JPKI_E_REMOVED);
	assert_memory_equal(number, zero, sizeof(number));
	fixture_fault_ins(fixture, VCARD_FAULT_REMOVE, 0xB2, 0);
	assert_error(jpki_token_card_number(&token, serial, number), JPKI_E_REMOVED);
	assert_memory_equal(number, zero, sizeof(number));
}

static void test_text_impossible(void **state)
{
	static const char *const pins[] = {"", "567", "56789", "567a", "ABCD"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		enum jpki_error error = fail_with(fixture, pins[i]);

		assert_true(error == JPKI_E_PIN_LENGTH || error == JPKI_E_PIN_ALPHABET);
	}
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

static void test_text_wrong_and_repeated(void **state)
{
	struct fixture *fixture = *state;
	struct got got;

	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(text_tries(fixture), 2);
	assert_left(fixture);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_REPEATED);
	assert_int_equal(text_tries(fixture), 2);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	assert_others_untouched(fixture);
	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	assert_int_equal(text_tries(fixture), 3);
	/* Its refusals are its own: the value may be the right one for another PIN. */
	assert_error(fail_with(fixture, VCARD_AUTH_PIN), JPKI_E_PIN_INCORRECT);
	{
		struct jpki_token_ref auth = fixture_token(fixture, JPKI_KEY_AUTH);

		assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_OK);
	}
}

/* Another process of the user has seen the value refused. */
static void test_text_repeated_elsewhere(void **state)
{
	struct fixture *fixture = *state;
	char root[PATH_MAX];

	unit_directory_make(root);
	assert_true(strlen(root) < sizeof(fixture->config.runtime_root));
	memcpy(fixture->config.runtime_root, root, strlen(root) + 1);
	fixture->config.refusals_shared = true;
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_INCORRECT);
	jpki_pin_store_forget_refused(fixture->reader->tokens[JPKI_PIN_TEXT].pin);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_REPEATED);
	assert_int_equal(text_tries(fixture), 2);
}

static void test_text_last_try_and_locked(void **state)
{
	struct fixture *fixture = *state;
	struct got got;

	set_tries(fixture, 1);
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_PIN_FINAL_TRY);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	fixture->config.final_try_allowed = true;
	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	assert_int_equal(text_tries(fixture), 3);
	set_tries(fixture, 1);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_LOCKED);
	assert_int_equal(text_tries(fixture), 0);
	vcard_transport_forget(fixture->readers);
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_PIN_LOCKED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_left(fixture);
	assert_others_untouched(fixture);
}

/* The answer to a PIN is lost: it is not sent again, and the tries tell what became of it. */
static void test_text_lost_answer(void **state)
{
	struct fixture *fixture = *state;

	fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	assert_int_equal(text_tries(fixture), 2);
	assert_left(fixture);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_REPEATED);
}

/* Whatever goes wrong at whichever exchange: at most one try of this PIN is spent, none of any
 * other, and nothing stays open. */
static void test_text_any_fault(void **state)
{
	static const enum vcard_fault faults[] = {
		VCARD_FAULT_REMOVE,      VCARD_FAULT_LOSE,        VCARD_FAULT_RESET,
		VCARD_FAULT_POWER,       VCARD_FAULT_MUTE,        VCARD_FAULT_REMOVE_AFTER,
		VCARD_FAULT_RESET_AFTER, VCARD_FAULT_POWER_AFTER, VCARD_FAULT_REPLAY,
	};
	static const char *const pins[] = {VCARD_TEXT_PIN, "0000"};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(faults) / sizeof(faults[0]); i++) {
		for (unsigned int at = 0; at < 13; at++) {
			struct fixture fixture;
			struct got got;
			unsigned int verifies;

			start(&fixture);
			fixture_fault_at(&fixture, faults[i / 2], at);
			if (read_with(&fixture, pins[i % 2], &got) != JPKI_OK)
				assert_nothing(&got);
			verifies = vcard_transport_verifies(fixture.readers);
			assert_between(verifies, 0, 1);
			assert_between(text_tries(&fixture), i % 2 == 0 ? 3 : 2, 3);
			assert_others_untouched(&fixture);
			assert_left(&fixture);
			assert_int_equal(vcard_transport_violations(fixture.readers), 0);
			fixture_stop(&fixture);
		}
	}
}

static void test_text_card_leaves(void **state)
{
	struct fixture *fixture = *state;

	fixture_fault_ins(fixture, VCARD_FAULT_REMOVE, INS_READ, 0);
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_REMOVED);
	assert_int_equal(text_tries(fixture), 3);
	assert_left(fixture);
}

/* Another program selects another application, whose file of this number holds a PIN, too. */
struct intruder {
	struct vcard *card;
	enum vcard_app_kind kind;
};

static enum vcard_fault intrude(void *context, unsigned int index, const uint8_t *command,
				size_t length)
{
	struct intruder *intruder = context;

	(void)index;
	if (command[1] != INS_SELECT || command[2] != 0x02 || length < 7)
		return VCARD_FAULT_NONE;
	for (size_t i = 0; i < intruder->card->app_count; i++) {
		if (intruder->card->apps[i].kind == intruder->kind)
			intruder->card->df = &intruder->card->apps[i];
	}
	intruder->card->ef = NULL;
	return VCARD_FAULT_NONE;
}

static void test_text_other_application(void **state)
{
	static const enum vcard_app_kind kinds[] = {VCARD_APP_FACE, VCARD_APP_JUKI, VCARD_APP_JPKI,
						    VCARD_APP_COMMON};
	struct fixture *fixture = *state;
	struct intruder intruder = {.card = fixture->card.card};

	vcard_transport_set_hook(fixture->readers, intrude, &intruder);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		intruder.kind = kinds[i];
		assert_failure(fail_with(fixture, VCARD_TEXT_PIN));
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
		assert_others_untouched(fixture);
	}
}

/* A card that refuses the application is sent no PIN, though our own has a PIN in that file. */
static void test_text_no_application(void **state)
{
	struct fixture *fixture = *state;
	struct vcard *card = fixture->card.card;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);
	struct jpki_token_info info;

	for (size_t i = 0; i < card->app_count; i++) {
		if (card->apps[i].kind == VCARD_APP_TEXT)
			card->apps[i].aid[0] = 0;
	}
	vcard_find_ef(card, VCARD_APP_TEXT, VCARD_EF_TEXT_PIN)->app = VCARD_APP_JPKI;
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_NO_TOKEN);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	unit_assert_trace(fixture->readers, "COMMON RECORD TEXT AP");
	assert_error(jpki_token_get_info(&token, &info), JPKI_E_NO_TOKEN);
}

/* Nothing is asked of a file in another application, even if somebody forgets to select ours. */
static void test_text_not_selected(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);

	assert_error(jpki_reader_lock(token.reader, token.insertion), JPKI_OK);
	assert_error(jpki_token_need_recognised(&token), JPKI_OK);
	assert_error(jpki_reader_begin(token.reader), JPKI_OK);
	assert_error(jpki_application_select(token.reader->card), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_reader_read_tries(token.reader, JPKI_PIN_TEXT), JPKI_E_INTERNAL);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	jpki_reader_end(token.reader, JPKI_OK, false);
	jpki_reader_unlock(token.reader);
}

/* A card whose number cannot be had is sent no PIN: services want both. */
static void test_text_no_number(void **state)
{
	static const struct vcard_options options = {.in_memory = true};
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, "mynumber", &options);
	for (size_t i = 0; i < fixture.card.card->app_count; i++) {
		if (fixture.card.card->apps[i].kind == VCARD_APP_COMMON)
			fixture.card.card->apps[i].aid[0] = 0;
	}
	look(&fixture);
	assert_error(fail_with(&fixture, VCARD_TEXT_PIN), JPKI_E_NOT_FOUND);
	assert_int_equal(vcard_transport_verifies(fixture.readers), 0);
	fixture_stop(&fixture);
}

/* The card tells another number than when it was recognised: it is another card. */
static void test_text_number_of_another(void **state)
{
	static const char zero[JPKI_CARD_NUMBER_LENGTH];
	struct fixture *fixture = *state;
	struct vcard_ef *record = vcard_find_ef(fixture->card.card, VCARD_APP_COMMON, 0x0001);
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);
	char number[JPKI_CARD_NUMBER_LENGTH];

	record->data[5] = record->data[5] == '1' ? '2' : '1';
	assert_error(jpki_token_card_number(&token, fixture->reader->serial, number),
		     JPKI_E_REMOVED);
	assert_memory_equal(number, zero, sizeof(number));
}

/* Older cards and phones have none, and are not asked. */
static void test_text_other_cards(void **state)
{
	static const char *const cards[] = {"juki", "android"};

	(void)state;
	for (size_t i = 0; i < sizeof(cards) / sizeof(cards[0]); i++) {
		struct fixture fixture;
		struct jpki_token_ref token;
		char number[JPKI_CARD_NUMBER_LENGTH];

		fixture_start(&fixture, cards[i], NULL);
		look(&fixture);
		token = fixture_token(&fixture, JPKI_PIN_TEXT);
		assert_error(fail_with(&fixture, VCARD_TEXT_PIN), JPKI_E_NO_TOKEN);
		assert_int_equal(vcard_transport_exchanges(fixture.readers), 0);
		assert_error(jpki_token_card_number(&token, fixture.reader->serial, number),
			     JPKI_E_NOT_FOUND);
		fixture_stop(&fixture);
	}
}

/* What the file holds is not believed; the PIN was right, and the card is left all the same. */
static void test_text_hostile_file(void **state)
{
	struct fixture *fixture = *state;
	struct vcard_ef *ef = vcard_find_ef(fixture->card.card, VCARD_APP_TEXT, 0x0002);

	ef->data[0] = 0x30;
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_BAD_DER);
	assert_left(fixture);
	ef->data[0] = 0xFF;
	ef->data[5] ^= 0x80;
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_BAD_DER);
	memset(ef->data, 0xFF, ef->len);
	assert_error(fail_with(fixture, VCARD_TEXT_PIN), JPKI_E_NOT_FOUND);
	assert_left(fixture);
	assert_int_equal(text_tries(fixture), 3);
}

/* A long file comes in as many pieces as it has 256 bytes, within the budget. */
static void test_text_long(void **state)
{
	struct fixture *fixture = *state;
	struct vcard_ef *ef = vcard_find_ef(fixture->card.card, VCARD_APP_TEXT, 0x0002);
	uint8_t *data = malloc(VCARD_FILE_MAX);
	size_t used;
	struct got got;

	assert_non_null(data);
	used = unit_hex("FF20820000DF24083139373530343033DF250132DF228203E8", data, 64);
	memset(data + used, 'n', 1000);
	used += 1000;
	used += unit_hex("DF238203E8", data + used, 8);
	memset(data + used, 'a', 1000);
	used += 1000;
	data[3] = (uint8_t)((used - 5) >> 8);
	data[4] = (uint8_t)(used - 5);
	free(ef->data);
	ef->data = data;
	ef->len = used;
	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	assert_int_equal(got.attributes.name.length, 1000);
	assert_int_equal(got.attributes.address.text[999], 'a');
	assert_true(vcard_transport_exchanges(fixture->readers) <= 12 + (used + 255) / 256);
}

/* The My Number itself is never selected, nor read. */
static void test_text_never_0001(void **state)
{
	struct fixture *fixture = *state;
	char trace[UNIT_TRACE_MAX];
	struct got got;

	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	unit_trace(fixture->readers, trace);
	assert_null(strstr(trace, "EF:0001"));
	for (size_t back = 0; back < vcard_transport_exchanges(fixture->readers); back++) {
		uint8_t command[JPKI_APDU_COMMAND_MAX];

		/* Not by a short identifier either. */
		vcard_transport_command(fixture->readers, back, command);
		assert_true(command[1] != INS_READ || (command[2] & 0x80) == 0);
	}
}

/* The tries without a PIN: four exchanges, and our application is selected again. */
static void test_text_tries(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);
	struct jpki_token_info info;

	set_tries(fixture, 2);
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	unit_assert_trace(fixture->readers, "TEXT EF:0011 TRIES AP");
	assert_int_equal(info.tries, 2);
	assert_int_equal(info.tries_full, 3);
	assert_true(info.pin_is_set);
	assert_false(info.has_key);
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 4);
}

static void take_line(const struct jpki_record_line *line, void *argument)
{
	char *all = argument;

	assert_int_equal(line->key, JPKI_PIN_TEXT);
	snprintf(all + strlen(all), 128 - strlen(all), "%s %d;", line->outcome, line->tries);
}

static void test_text_record(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_user_place *place = &fixture->config.record_place;
	char lines[128] = "";
	struct got got;

	unit_directory_make(place->root);
	snprintf(place->below, sizeof(place->below), "jpki-pkcs11");
	fixture->config.tries_recorded = true;
	assert_error(fail_with(fixture, "12"), JPKI_E_PIN_LENGTH);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_INCORRECT);
	assert_error(fail_with(fixture, "0000"), JPKI_E_PIN_REPEATED);
	assert_error(read_with(fixture, VCARD_TEXT_PIN, &got), JPKI_OK);
	assert_error(jpki_record_read(place, take_line, lines), JPKI_OK);
	assert_string_equal(lines, "withheld:length -1;wrong 2;withheld:repeated 2;right 3;");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_text_right),
		TEST(test_text_number),
		TEST(test_text_impossible),
		TEST(test_text_wrong_and_repeated),
		TEST(test_text_repeated_elsewhere),
		TEST(test_text_last_try_and_locked),
		TEST(test_text_lost_answer),
		cmocka_unit_test(test_text_any_fault),
		TEST(test_text_card_leaves),
		TEST(test_text_other_application),
		TEST(test_text_no_application),
		TEST(test_text_not_selected),
		cmocka_unit_test(test_text_no_number),
		TEST(test_text_number_of_another),
		cmocka_unit_test(test_text_other_cards),
		TEST(test_text_hostile_file),
		TEST(test_text_long),
		TEST(test_text_never_0001),
		TEST(test_text_tries),
		TEST(test_text_record),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
