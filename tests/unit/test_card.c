/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The card's verbs, each over answers that are written down. */
#include "script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TRIES     "00200080"
#define VERIFY    "002000800431323334"
#define READ_ALL  "00B0000000"
#define CHALLENGE "00840000"
#define RECORD    "00B2010C00"

static const uint8_t pin[] = {'1', '2', '3', '4'};

static void test_select_application(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
	} rows[] = {
		{"9000", JPKI_OK},
		{"6A82", JPKI_E_FOREIGN},
		{"6A81", JPKI_E_FOREIGN},
		{"6D00", JPKI_E_FOREIGN},
		{"6E00", JPKI_E_FOREIGN},
		{"6A86", JPKI_E_FOREIGN},
		/* These tell nothing. */
		{"6982", JPKI_E_PROTOCOL},
		{"6985", JPKI_E_PROTOCOL},
		{"6999", JPKI_E_PROTOCOL},
		{"63C3", JPKI_E_PROTOCOL},
		{"6F00", JPKI_E_PROTOCOL},
		{"90", JPKI_E_PROTOCOL},
		/* A description that was not asked for does no harm. */
		{"6F009000", JPKI_OK},
	};
	struct stage *stage = *state;

	/* The card is awake: 6F00 is not repeated. */
	PLAY(stage, {UNIT_SELECT_AP, "9000"});
	assert_error(jpki_card_select_application(stage->card), JPKI_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		PLAY(stage, {UNIT_SELECT_AP, rows[i].answer});
		assert_error(jpki_card_select_application(stage->card), rows[i].error);
	}
	stage_assert_done(stage);
}

static void test_select_file(void **state)
{
	struct stage *stage = *state;

	PLAY(stage, {UNIT_SELECT_EF "0018", "9000"}, {UNIT_SELECT_EF "001B", "6A82"},
	     {UNIT_SELECT_EF "FFFE", "6985"});
	assert_error(jpki_card_select_file(stage->card, 0x0018), JPKI_OK);
	assert_error(jpki_card_select_file(stage->card, 0x001B), JPKI_E_NOT_FOUND);
	assert_error(jpki_card_select_file(stage->card, 0xFFFE), JPKI_E_PROTOCOL);
	stage_assert_done(stage);
}

static void test_read(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
		size_t length;
	} rows[] = {
		{"010203049000", JPKI_OK, 4},
		{"01029000", JPKI_OK, 2},
		{"01026282", JPKI_OK, 2}, /* the last bytes, with the warning that it ended */
		{"6282", JPKI_E_END_OF_FILE, 0},
		{"9000", JPKI_E_END_OF_FILE, 0},
		{"6B00", JPKI_E_END_OF_FILE, 0},
		{"6982", JPKI_E_NOT_ALLOWED, 0},
		{"6981", JPKI_E_PROTOCOL, 0},
		{"01020304059000", JPKI_E_PROTOCOL, 0}, /* more than was asked for */
		{"01026982", JPKI_E_NOT_ALLOWED, 0},
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint8_t data[4];
		size_t length = sizeof(data);

		PLAY(stage, {"00B0000004", rows[i].answer});
		assert_error(jpki_card_read(stage->card, data, &length), rows[i].error);
		assert_int_equal(length, rows[i].length);
	}
	stage_assert_done(stage);
}

static void test_tries(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
		unsigned int tries;
	} rows[] = {
		{"63C3", JPKI_OK, 3},
		{"63C1", JPKI_OK, 1},
		{"63C0", JPKI_OK, 0},
		{"63CF", JPKI_OK, 15},
		{"6983", JPKI_OK, 0},
		{"6984", JPKI_OK, 0},
		{"9000", JPKI_E_ALREADY_LOGGED_IN, 99}, /* verified already, says this: no count */
		{"6300", JPKI_E_PROTOCOL, 99},
		{"6A82", JPKI_E_NOT_FOUND, 99},
		{"6982", JPKI_E_NOT_ALLOWED, 99},
		{"6986", JPKI_E_PROTOCOL, 99},
		{"6C05", JPKI_E_PROTOCOL, 99},
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned int tries = 99;

		PLAY(stage, {TRIES, rows[i].answer});
		assert_error(jpki_card_read_tries(stage->card, &tries), rows[i].error);
		assert_int_equal(tries, rows[i].tries);
	}
	stage_assert_done(stage);
}

/* Some pairs of card and reader want an Le byte; that is found out once. */
static void test_tries_with_le(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;

	PLAY(stage, {TRIES, "6700"}, {TRIES "00", "63C2"}, {TRIES "00", "63C1"}, {VERIFY, "9000"});
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_int_equal(tries, 2);
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_int_equal(tries, 1);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_OK);
	stage_assert_done(stage);
}

static void test_tries_in_no_form(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;

	PLAY(stage, {TRIES, "6700"}, {TRIES "00", "6700"}, {TRIES, "63C2"});
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_E_UNSUPPORTED);
	assert_int_equal(tries, 99);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_E_INTERNAL);
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	stage_assert_done(stage);
}

static void test_verify(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
		unsigned int tries;
	} rows[] = {
		{"9000", JPKI_OK, 99},
		{"63C2", JPKI_E_PIN_INCORRECT, 2},
		{"63C0", JPKI_E_PIN_INCORRECT, 0},
		{"6983", JPKI_E_PIN_LOCKED, 0},
		{"6984", JPKI_E_PIN_LOCKED, 0},
		{"6F00", JPKI_E_PROTOCOL, 99},
		{"6300", JPKI_E_PROTOCOL, 99},
		{"6982", JPKI_E_PROTOCOL, 99},
		{"6104", JPKI_E_PROTOCOL, 99},
		{"6C04", JPKI_E_PROTOCOL, 99},
		{"00", JPKI_E_PROTOCOL, 99},
		{"", JPKI_E_PROTOCOL, 99},
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unsigned int tries = 3;

		PLAY(stage, {TRIES, "63C3"}, {VERIFY, rows[i].answer});
		assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
		tries = 99;
		assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries),
			     rows[i].error);
		assert_int_equal(tries, rows[i].tries);
	}
	stage_assert_done(stage);
}

static void assert_verify_refused(struct stage *stage)
{
	unsigned int before = vcard_transport_exchanges(stage->readers);
	unsigned int tries = 99;

	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_E_INTERNAL);
	assert_int_equal(vcard_transport_exchanges(stage->readers), before);
	assert_int_equal(tries, 99);
}

/* VERIFY is refused by ourselves unless the tries of this very file were just read. */
static void test_verify_wants_tries(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;
	bool was_reset;

	assert_verify_refused(stage);
	PLAY(stage, {TRIES, "63C3"}, {UNIT_SELECT_EF "001B", "9000"}, {TRIES, "63C3"},
	     {UNIT_SELECT_AP, "9000"}, {TRIES, "63C3"}, {TRIES, "63C3"}, {VERIFY, "63C2"},
	     {TRIES, "6A82"}, {TRIES, "63C3"}, {UNIT_SELECT_ISD, "9000"});
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_select_file(stage->card, 0x001B), JPKI_OK);
	tries = 99;
	assert_verify_refused(stage); /* another file */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_select_application(stage->card), JPKI_OK);
	assert_verify_refused(stage); /* another application */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	jpki_card_end(stage->card);
	assert_error(jpki_card_begin(stage->card, &was_reset), JPKI_OK);
	assert_verify_refused(stage); /* another transaction */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_E_PIN_INCORRECT);
	assert_verify_refused(stage); /* the same tries do not serve twice */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_E_NOT_FOUND);
	assert_verify_refused(stage); /* not read, only asked for */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_leave(stage->card), JPKI_OK);
	assert_verify_refused(stage);
	stage_assert_done(stage);
}

/* VERIFY without data would be another command. */
static void test_verify_nothing(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;

	PLAY(stage, {TRIES, "63C3"});
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage->card, pin, 0, &tries), JPKI_E_INTERNAL);
	stage_assert_done(stage);
}

/* What the card answers to a new PIN, and what that leaves open. */
static void test_change(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
	} rows[] = {
		{"9000", JPKI_OK},
		{"6982", JPKI_E_NOT_ALLOWED}, /* the old PIN was not accepted after all */
		{"6700", JPKI_E_UNSUPPORTED}, /* the command was not understood */
		{"6A86", JPKI_E_UNSUPPORTED},
		{"6D00", JPKI_E_UNSUPPORTED},
		/* It may have been written before this. */
		{"6F00", JPKI_E_PIN_UNCERTAIN},
		{"6581", JPKI_E_PIN_UNCERTAIN},
		{"63C2", JPKI_E_PIN_UNCERTAIN},
		{"90", JPKI_E_PIN_UNCERTAIN},
	};
	struct stage *stage = *state;
	unsigned int tries = 99;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		PLAY(stage, {UNIT_SELECT_EF "0018", "9000"}, {TRIES, "63C3"}, {VERIFY, "9000"},
		     {"002401800431323334", rows[i].answer});
		assert_error(jpki_card_select_file(stage->card, 0x0018), JPKI_OK);
		assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
		assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_OK);
		assert_error(jpki_card_change(stage->card, pin, sizeof(pin)), rows[i].error);
	}
	stage_assert_done(stage);
}

static void assert_change_refused(struct stage *stage)
{
	unsigned int before = vcard_transport_exchanges(stage->readers);

	assert_error(jpki_card_change(stage->card, pin, sizeof(pin)), JPKI_E_INTERNAL);
	assert_int_equal(vcard_transport_exchanges(stage->readers), before);
}

/* A PIN is changed only if it was accepted for this very file, and never to nothing. */
static void test_change_wants_pin(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;

	assert_change_refused(stage);
	PLAY(stage, {TRIES, "63C3"}, {VERIFY, "63C2"}, {TRIES, "63C2"}, {VERIFY, "9000"},
	     {UNIT_SELECT_EF "001B", "9000"}, {TRIES, "63C3"}, {VERIFY, "9000"});
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_change_refused(stage);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_E_PIN_INCORRECT);
	assert_change_refused(stage); /* refused */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_OK);
	assert_error(jpki_card_select_file(stage->card, 0x001B), JPKI_OK);
	assert_change_refused(stage); /* another file */
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_OK);
	assert_error(jpki_card_change(stage->card, pin, 0), JPKI_E_INTERNAL);
	stage_assert_done(stage);
}

/* 6F00 to the first command after power-on: said once more, and only then. */
static void test_waking(void **state)
{
	struct stage *stage = *state;
	unsigned int tries = 99;
	bool was_reset = false;

	PLAY(stage, {UNIT_SELECT_AP, "6F00"}, {UNIT_SELECT_AP, "9000"},
	     {UNIT_SELECT_EF "0018", "6F00"});
	assert_error(jpki_card_select_application(stage->card), JPKI_OK);
	assert_error(jpki_card_select_file(stage->card, 0x0018), JPKI_E_PROTOCOL);
	/* A reset is another power-on. */
	jpki_card_end(stage->card);
	vcard_transport_reset(stage->readers, 0);
	assert_error(jpki_card_begin(stage->card, &was_reset), JPKI_OK);
	assert_true(was_reset);
	PLAY(stage, {UNIT_SELECT_AP, "6F00"}, {UNIT_SELECT_AP, "6F00"}, {TRIES, "63C3"},
	     {VERIFY, "6F00"});
	assert_error(jpki_card_select_application(stage->card), JPKI_E_PROTOCOL);
	assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries), JPKI_E_PROTOCOL);
	stage_assert_done(stage);
}

/* The answer to the repeated command is taken whole. */
static void test_waking_with_data(void **state)
{
	struct stage *stage = *state;
	uint8_t data[4];
	size_t length = sizeof(data);

	PLAY(stage, {"00B0000004", "6F00"}, {"00B0000004", "010203049000"});
	assert_error(jpki_card_read(stage->card, data, &length), JPKI_OK);
	assert_int_equal(length, 4);
	stage_assert_done(stage);
}

static void test_leave(void **state)
{
	static const struct {
		struct vcard_line lines[3];
		bool left;
	} rows[] = {
		{{{UNIT_SELECT_AP, "9000"}, {UNIT_SELECT_ISD, "9000"}}, true},
		{{{UNIT_SELECT_AP, "9000"},
		  {UNIT_SELECT_ISD, "6A82"},
		  {UNIT_SELECT_COMMON, "9000"}},
		 true},
		{{{UNIT_SELECT_AP, "9000"},
		  {UNIT_SELECT_ISD, "6D00"},
		  {UNIT_SELECT_COMMON, "9000"}},
		 true},
		{{{UNIT_SELECT_AP, "9000"},
		  {UNIT_SELECT_ISD, "6A82"},
		  {UNIT_SELECT_COMMON, "6A82"}},
		 false},
	};
	struct stage *stage = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		stage_play(stage, rows[i].lines, i == 0 ? 2 : 3);
		assert_error(jpki_card_select_application(stage->card), JPKI_OK);
		assert_int_equal(jpki_card_leave(stage->card) == JPKI_OK, rows[i].left);
		stage_assert_done(stage);
	}
	/* Once left, there is nothing to leave; another answer than yes is no such proof. */
	PLAY(stage, {UNIT_SELECT_ISD, "9000"});
	assert_error(jpki_card_leave(stage->card), JPKI_OK);
	assert_error(jpki_card_leave(stage->card), JPKI_OK);
	stage_assert_done(stage);
}

static void test_sign(void **state)
{
	static const struct {
		const char *answer;
		enum jpki_error error;
		size_t length;
	} rows[] = {
		{"010203049000", JPKI_OK, 4},           {"6982", JPKI_E_NOT_ALLOWED, 0},
		{"6A86", JPKI_E_UNSUPPORTED, 0},        {"6985", JPKI_E_UNSUPPORTED, 0},
		{"01020304059000", JPKI_E_PROTOCOL, 0}, /* longer than the room */
	};
	struct stage *stage = *state;
	const uint8_t data[256] = {0x30, 0x31};
	uint8_t signature[4];
	size_t length;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* A key without a short name. */
		PLAY(stage, {"00A4020C020123", "9000"}, {"802A008002303100", rows[i].answer});
		length = sizeof(signature);
		assert_error(jpki_card_sign(stage->card, 0x0123, &jpki_scheme_pkcs1, data, 2,
					    signature, &length),
			     rows[i].error);
		if (rows[i].error == JPKI_OK)
			assert_int_equal(length, rows[i].length);
	}
	stage_assert_done(stage);
	vcard_transport_forget(stage->readers);
	length = sizeof(signature);
	assert_error(
		jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1, data, 0, signature, &length),
		JPKI_E_ARGUMENT);
	length = sizeof(signature);
	assert_error(jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1, data, 256, signature,
				    &length),
		     JPKI_E_ARGUMENT);
	assert_int_equal(vcard_transport_exchanges(stage->readers), 0);
}

/* By its short name; where the card refuses that, with the file selected, from then on. */
static void test_sign_by_short_name(void **state)
{
	struct stage *stage = *state;
	const uint8_t data[2] = {0x30, 0x31};
	uint8_t signature[4];
	size_t length = sizeof(signature);

	PLAY(stage, {"802A009702303100", "010203049000"});
	assert_error(
		jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1, data, 2, signature, &length),
		JPKI_OK);
	assert_int_equal(length, 4);

	/* Refused both ways, it says nothing of the name. */
	PLAY(stage, {"802A009702303100", "6982"}, {"00A4020C020017", "9000"},
	     {"802A008002303100", "6982"}, {"802A049A02303100", "6A86"},
	     {"00A4020C02001A", "6A82"});
	assert_error(
		jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1, data, 2, signature, &length),
		JPKI_E_NOT_ALLOWED);
	length = sizeof(signature);
	assert_error(jpki_card_sign(stage->card, 0x1a, &jpki_scheme_pss_sha256, data, 2, signature,
				    &length),
		     JPKI_E_NOT_FOUND);

	PLAY(stage, {"802A009702303100", "6A86"}, {"00A4020C020017", "9000"},
	     {"802A008002303100", "010203049000"}, {"00A4020C020017", "9000"},
	     {"802A008002303100", "010203049000"});
	for (int i = 0; i < 2; i++) {
		length = sizeof(signature);
		assert_error(jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1, data, 2,
					    signature, &length),
			     JPKI_OK);
		assert_int_equal(length, 4);
	}
	stage_assert_done(stage);
}

/* A signature makes the key's file the current one: neither VERIFY nor CHANGE follows. */
static void test_no_pin_after_signing(void **state)
{
	struct stage *stage = *state;
	uint8_t signature[4];
	unsigned int tries = 99;
	size_t length = sizeof(signature);

	PLAY(stage, {TRIES, "63C3"}, {"802A009702303100", "010203049000"}, {TRIES, "63C3"},
	     {VERIFY, "9000"}, {"802A009702303100", "010203049000"});
	for (int verified = 0; verified < 2; verified++) {
		assert_error(jpki_card_read_tries(stage->card, &tries), JPKI_OK);
		tries = 99;
		if (verified)
			assert_error(jpki_card_verify(stage->card, pin, sizeof(pin), &tries),
				     JPKI_OK);
		length = sizeof(signature);
		assert_error(jpki_card_sign(stage->card, 0x17, &jpki_scheme_pkcs1,
					    (const uint8_t *)"01", 2, signature, &length),
			     JPKI_OK);
		assert_verify_refused(stage);
		assert_change_refused(stage);
	}
	stage_assert_done(stage);
}

static void test_challenge(void **state)
{
	struct stage *stage = *state;
	uint8_t data[6] = {0, 0, 0, 0, 0, 0xEE};

	PLAY(stage, {CHALLENGE "05", "01020304059000"});
	assert_error(jpki_card_challenge(stage->card, data, 5), JPKI_OK);
	assert_memory_equal(data, "\1\2\3\4\5\xEE", 6);
	PLAY(stage, {CHALLENGE "05", "9000"}, {CHALLENGE "05", "01029000"},
	     {CHALLENGE "05", "0102030405069000"}, {CHALLENGE "05", "6D00"});
	assert_error(jpki_card_challenge(stage->card, data, 5), JPKI_E_PROTOCOL);
	assert_error(jpki_card_challenge(stage->card, data, 5), JPKI_E_PROTOCOL);
	assert_error(jpki_card_challenge(stage->card, data, 5), JPKI_E_PROTOCOL);
	assert_int_equal(data[5], 0xEE);
	assert_error(jpki_card_challenge(stage->card, data, 5), JPKI_E_UNSUPPORTED);
	stage_assert_done(stage);
	assert_error(jpki_card_challenge(stage->card, data, 0), JPKI_OK);
}

#define DIGITS "30313233343536373839303132333435363738393031323334353637"

static void test_serial(void **state)
{
	static const char *const malformed[] = {
		"9000",
		"019000",
		"011C9000",
		"011C" DIGITS "6282", /* not all of it came, says the card */
		"021C" DIGITS "9000", /* another tag */
		"011D" DIGITS "9000", /* another length */
		"011B" DIGITS "9000",
		"011C413132333435363738393031323334353637383930313233343536379000", /* a letter */
		"011C3031323334353637383930313233343536373839303132333435369000",   /* short */
		"6A83",
		"6982",
		"6D00",
	};
	struct stage *stage = *state;
	char serial[JPKI_CARD_SERIAL_LENGTH];

	PLAY(stage, {UNIT_SELECT_COMMON, "9000"}, {RECORD, "011C" DIGITS "9000"});
	assert_error(jpki_card_read_serial(stage->card, serial), JPKI_OK);
	assert_memory_equal(serial, "0123456789012345678901234567", sizeof(serial));
	for (size_t i = 0; i < sizeof(malformed) / sizeof(malformed[0]); i++) {
		PLAY(stage, {UNIT_SELECT_COMMON, "9000"}, {RECORD, malformed[i]});
		assert_failure(jpki_card_read_serial(stage->card, serial));
	}
	PLAY(stage, {UNIT_SELECT_COMMON, "6A82"});
	assert_error(jpki_card_read_serial(stage->card, serial), JPKI_E_NOT_FOUND);
	stage_assert_done(stage);
}

/* What is left of a verified PIN when the power was cut: nothing. */
static void test_power_off(void **state)
{
	struct stage stage;
	unsigned int tries = 0;

	(void)state;
	stage_start(&stage, "mynumber", NULL);
	assert_error(jpki_card_select_application(stage.card), JPKI_OK);
	assert_error(jpki_card_select_file(stage.card, UNIT_AUTH_PIN_FILE), JPKI_OK);
	assert_error(jpki_card_read_tries(stage.card, &tries), JPKI_OK);
	assert_error(jpki_card_verify(stage.card, pin, sizeof(pin), &tries), JPKI_OK);
	jpki_card_power_off(stage.card);
	assert_false(unit_key_is_open(stage.readers, SCRIPT_READER, UNIT_AUTH_KEY_FILE));
	stage_stop(&stage);
}

static void test_open_refused(void **state)
{
	struct stage *stage = *state;
	struct jpki_card *card = (struct jpki_card *)(void *)stage;

	assert_error(jpki_card_open(stage->transport, "another reader", &card), JPKI_E_NO_READER);
	assert_null(card);
	vcard_transport_fail(stage->readers, VCARD_CALL_CONNECT, JPKI_E_BUSY, 1);
	assert_error(jpki_card_open(stage->transport, SCRIPT_READER, &card), JPKI_E_BUSY);
	assert_null(card);
	jpki_card_close(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage_set_up, stage_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_select_application),
		TEST(test_select_file),
		TEST(test_read),
		TEST(test_tries),
		TEST(test_tries_with_le),
		TEST(test_tries_in_no_form),
		TEST(test_verify),
		TEST(test_verify_wants_tries),
		TEST(test_verify_nothing),
		TEST(test_change),
		TEST(test_change_wants_pin),
		TEST(test_waking),
		TEST(test_waking_with_data),
		TEST(test_leave),
		TEST(test_sign),
		TEST(test_sign_by_short_name),
		TEST(test_no_pin_after_signing),
		TEST(test_challenge),
		TEST(test_serial),
		TEST(test_open_refused),
		cmocka_unit_test(test_power_off),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
