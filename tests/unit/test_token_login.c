/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a login sends to the card, and what it never sends: no program can lock a card. */
#include "fixture.h"

#include <stdio.h>
#include <string.h>

#define RECOGNISE "COMMON RECORD AP READ:0006"

/* A token that is recognised, with the exchanges so far forgotten. */
static struct jpki_token_ref ready(struct fixture *fixture, enum jpki_key key)
{
	struct jpki_token_ref token = fixture_token(fixture, key);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	return token;
}

/* The tries as the token tells them, without asking the card. */
static int told_tries(struct fixture *fixture, const struct jpki_token_ref *token)
{
	unsigned int before = vcard_transport_exchanges(fixture->readers);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(token, &info), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), before);
	return info.tries;
}

struct impossible {
	enum jpki_key key;
	const char *pin;
	size_t length;
	enum jpki_error error;
};

static void test_impossible_pin(void **state)
{
	static const struct impossible pins[] = {
		{JPKI_KEY_AUTH, "", 0, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "1", 1, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "123", 3, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "12345", 5, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "ABC123", 6, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "１２３４", 12, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "123a", 4, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_AUTH, "123 ", 4, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_AUTH, "123\0", 4, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "", 0, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, "1234", 4, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, "ABC12", 5, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, "ABCDEFGH123456789", 17, JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, "ABC-12", 6, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "ABC 12", 6, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "ABC12\0", 6, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "ＡＢ", 6, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "アイウ", 9, JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "ABC123\n", 7, JPKI_E_PIN_ALPHABET},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		struct jpki_token_ref token = ready(fixture, pins[i].key);

		assert_error(jpki_token_login(&token, (const uint8_t *)pins[i].pin, pins[i].length),
			     pins[i].error);
		assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
		assert_false(jpki_token_is_logged_in(&token));
	}
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 5);
}

static void test_huge_length(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_SIGN);

	/* The length alone decides: not one byte may be looked at. */
	assert_error(jpki_token_login(&token, (const uint8_t *)"", SIZE_MAX), JPKI_E_PIN_LENGTH);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* From an unknown card to a login: the whole conversation. */
static void test_sequence_cold(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "1234"), JPKI_OK);
	unit_assert_trace(fixture->readers,
			  RECOGNISE " AP EF:0018 TRIES VERIFY " FIXTURE_READ_AUTH " LEAVE AP");
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	assert_true(jpki_token_is_logged_in(&token));
	fixture_assert_locked(fixture);
}

static void test_sequence_sign(void **state)
{
	static const char begins[] = "COMMON RECORD AP EF:001B TRIES VERIFY READ:0001 READ ";
	static const char ends[] = " READ LEAVE AP";
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_SIGN);
	char trace[UNIT_TRACE_MAX];

	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	unit_trace(fixture->readers, trace);
	assert_memory_equal(trace, begins, strlen(begins));
	assert_string_equal(trace + strlen(trace) - strlen(ends), ends);
	fixture_assert_locked(fixture);
}

static void test_folding(void **state)
{
	static const uint8_t sent[] = {0x00, 0x20, 0x00, 0x80, 0x06, 'A', 'B', 'C', '1', '2', '3'};
	static const char *const typed[] = {"abc123", "ABC123", "aBc123"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		struct jpki_token_ref token = ready(fixture, JPKI_KEY_SIGN);
		uint8_t command[JPKI_APDU_COMMAND_MAX];
		size_t back = 0;
		size_t length;

		assert_error(fixture_login(&token, typed[i]), JPKI_OK);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
		do
			length = vcard_transport_command(fixture->readers, back++, command);
		while (length != 0 && command[1] != 0x20);
		assert_int_equal(length, sizeof(sent));
		assert_memory_equal(command, sent, sizeof(sent));
		assert_error(jpki_token_logout(&token), JPKI_OK);
	}
}

/* A wrong PIN: one try, told truthfully, and the card is left locked. */
static void test_wrong_pin(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES VERIFY LEAVE AP");
	assert_int_equal(told_tries(fixture, &token), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 5);
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(fixture_login(&token, "1234"), JPKI_OK);
	assert_int_equal(told_tries(fixture, &token), 3);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	fixture_assert_locked(fixture);
}

static void test_same_value_once(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_REPEATED);
	/* The tries are read: more of them would mean that the PIN may be another one now. */
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES");
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	/* The right one makes the card forget, and us with it. */
	assert_error(fixture_login(&token, "1234"), JPKI_OK);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	/* The other token knows nothing of it: its PIN is another. */
	token = ready(fixture, JPKI_KEY_SIGN);
	assert_error(fixture_login(&token, "WRONG1"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&token, "wrong1"), JPKI_E_PIN_REPEATED);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 4);
}

static void test_same_value_after_insertion(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	vcard_transport_remove(fixture->readers, 0);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	token = ready(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 1);
}

/* All tries but the last can be spent; the last stays with the card. */
static void test_final_try_refused(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_error(fixture_login(&token, "1111"), JPKI_E_PIN_INCORRECT);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "2222"), JPKI_E_PIN_FINAL_TRY);
	assert_error(fixture_login(&token, "1234"), JPKI_E_PIN_FINAL_TRY);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 1);
	assert_int_equal(told_tries(fixture, &token), 1);

	token = ready(fixture, JPKI_KEY_SIGN);
	for (char digit = '0'; digit < '4'; digit++) {
		char pin[] = "WRONG0";

		pin[5] = digit;
		assert_error(fixture_login(&token, pin), JPKI_E_PIN_INCORRECT);
	}
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "WRONG4"), JPKI_E_PIN_FINAL_TRY);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 1);
}

static void test_final_try_allowed(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	fixture->config.final_try_allowed = true;
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	assert_error(jpki_token_logout(&token), JPKI_OK);

	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_LOCKED);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 0);
	assert_int_equal(told_tries(fixture, &token), 0);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PIN_LOCKED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
}

/* The tries that count are those of now, not those that were read at the insertion. */
static void test_tries_spent_elsewhere(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	assert_int_equal(told_tries(fixture, &token), 3);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PIN_FINAL_TRY);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(told_tries(fixture, &token), 1);
}

static void test_locked(void **state)
{
	static const unsigned int words[] = {0x6983, 0x6984};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct vcard_options options = {.interface = VCARD_CONTACT};
		struct jpki_token_ref token;
		struct fixture fixture;
		char answer[8];

		options.quirk[VCARD_QUIRK_BLOCKED_WORD] = words[i];
		fixture_start(&fixture, "mynumber", &options);
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, 0, VCARD_SIGN_PIN);
		token = ready(&fixture, JPKI_KEY_SIGN);
		assert_int_equal(told_tries(&fixture, &token), 0);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_E_PIN_LOCKED);
		assert_int_equal(vcard_transport_verifies(fixture.readers), 0);

		/* A card that tells no count but says at VERIFY that it is blocked. */
		token = ready(&fixture, JPKI_KEY_AUTH);
		snprintf(answer, sizeof(answer), "%04X", words[i]);
		fixture_answer(&fixture, answer);
		fixture_fault_verify(&fixture, VCARD_FAULT_ANSWER);
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PIN_LOCKED);
		assert_int_equal(vcard_transport_verifies(fixture.readers), 1);
		assert_int_equal(told_tries(&fixture, &token), 0);
		fixture_stop(&fixture);
	}
}

/* Whether to send is decided by what the card says; one that says nothing is sent nothing. */
static void test_no_tries_no_pin(void **state)
{
	static const char *const answers[] = {"6A86", "6300", "6F00", "6982", "00", "", "9000"};
	static const size_t count = sizeof(answers) / sizeof(answers[0]);
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 2 * count - 1; i++) {
		struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

		/* Only after 9000 is the question asked again. */
		fixture_answer(fixture, answers[i % count]);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x20,
				  i % count == count - 1 || i >= count ? FIXTURE_EACH : 0);
		assert_failure(fixture_login(&token, VCARD_AUTH_PIN));
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	}
}

/* Nor when SELECT of the application or of the PIN's file was not answered 9000. */
static void test_no_select_no_pin(void **state)
{
	static const char *const answers[] = {"6A82", "6A86", "6283", "6F00", "6985", "6D00", "90"};
	struct fixture *fixture = *state;

	/* The first is of the comparison of the serial. */
	for (unsigned int nth = 1; nth < 3; nth++) {
		for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
			struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

			fixture_answer(fixture, answers[i]);
			fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xA4, nth);
			assert_failure(fixture_login(&token, VCARD_AUTH_PIN));
			assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
			vcard_transport_set_hook(fixture->readers, NULL, NULL);
		}
	}
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
}

static void test_twice(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = ready(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_ALREADY_LOGGED_IN);
	assert_error(fixture_login(&token, ""), JPKI_E_ALREADY_LOGGED_IN);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_true(jpki_token_is_logged_in(&token));
}

/* Cards that this module knows nothing of are sent no PIN, and foreign ones nothing but SELECT. */
static void test_unknown_cards(void **state)
{
	static const struct {
		const char *name;
		const char *trace;
	} rows[] = {
		{"foreign", "COMMON AP"},
		{"iphone", "COMMON AP READ:0006"},
		{"next", "COMMON RECORD AP READ:0006"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jpki_token_ref token;
		struct fixture fixture;

		fixture_start(&fixture, rows[i].name, NULL);
		token = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_E_FOREIGN);
		unit_assert_trace(fixture.readers, rows[i].trace);
		vcard_transport_forget(fixture.readers);
		token.key = JPKI_KEY_AUTH;
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
		assert_int_equal(vcard_transport_exchanges(fixture.readers), 0);
		assert_int_equal(vcard_transport_links(fixture.readers), 0);
		fixture_stop(&fixture);
	}
}

static void test_no_card(void **state)
{
	struct jpki_token_ref token;
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, NULL, NULL);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_NO_CARD);
	assert_int_equal(vcard_transport_connects(fixture.readers), 0);
	fixture_stop(&fixture);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_impossible_pin),
		TEST(test_huge_length),
		TEST(test_sequence_cold),
		TEST(test_sequence_sign),
		TEST(test_folding),
		TEST(test_wrong_pin),
		TEST(test_same_value_once),
		TEST(test_same_value_after_insertion),
		TEST(test_final_try_refused),
		TEST(test_final_try_allowed),
		TEST(test_tries_spent_elsewhere),
		TEST(test_no_tries_no_pin),
		TEST(test_no_select_no_pin),
		TEST(test_twice),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_unknown_cards),
		cmocka_unit_test(test_no_card),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
