/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One command and its whole answer: what goes over the wire, and what is believed of it. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>

#include "card/apdu.h"

/* A link that writes down what it is sent and gives the answers in turn, the last one for ever. */
struct wire {
	const char *answers[4]; /* hexadecimal */
	size_t answer_count;
	size_t sent;
	uint8_t command[JPKI_APDU_COMMAND_MAX];
	size_t command_length;
	enum jpki_error error;
	size_t claimed_length; /* when not 0: what transmit says has come */
};

static enum jpki_error transmit(struct jpki_link *link, const uint8_t *command, size_t length,
				uint8_t *response, size_t *response_length)
{
	struct wire *wire = (struct wire *)(void *)link;
	size_t last = wire->answer_count - 1;
	size_t room = *response_length;

	assert_int_equal(room, JPKI_APDU_RESPONSE_MAX);
	assert_true(length <= sizeof(wire->command));
	memcpy(wire->command, command, length);
	wire->command_length = length;
	*response_length =
		unit_hex(wire->answers[wire->sent < last ? wire->sent : last], response, room);
	if (wire->claimed_length != 0)
		*response_length = wire->claimed_length;
	wire->sent++;
	return wire->error;
}

static const struct jpki_transport_ops ops = {.transmit = transmit};

static enum jpki_error exchange(struct wire *wire, const struct jpki_apdu *apdu, uint8_t *answer,
				size_t *length, uint16_t *sw)
{
	struct jpki_channel channel = {.ops = &ops, .link = (struct jpki_link *)(void *)wire};

	jpki_channel_begin(&channel);
	return jpki_apdu_exchange(&channel, apdu, answer, length, sw);
}

static struct wire wire_of(const char *first, const char *second, const char *third)
{
	struct wire wire = {.answers = {first, second, third}};

	while (wire.answer_count < 3 && wire.answers[wire.answer_count] != NULL)
		wire.answer_count++;
	return wire;
}

static void assert_sent(const struct wire *wire, const char *hex)
{
	uint8_t bytes[JPKI_APDU_COMMAND_MAX];
	size_t length = unit_hex(hex, bytes, sizeof(bytes));

	assert_int_equal(wire->command_length, length);
	assert_memory_equal(wire->command, bytes, length);
}

static void test_encoding(void **state)
{
	static const uint8_t data[] = {0x11, 0x22};
	static const struct {
		struct jpki_apdu apdu;
		const char *hex;
	} cases[] = {
		{{.ins = 0x20, .p2 = 0x80}, "00200080"},
		{{.cla = 0x80, .ins = 0xB0, .p1 = 0x12, .p2 = 0x34, .expected = 1}, "80B0123401"},
		{{.ins = 0xB0, .expected = 255}, "00B00000FF"},
		{{.ins = 0xB0, .expected = 256}, "00B0000000"},
		{{.ins = 0xA4, .p1 = 2, .p2 = 0x0C, .data = data, .data_length = 2},
		 "00A4020C021122"},
		{{.ins = 0x2A, .p2 = 0x80, .data = data, .data_length = 1, .expected = 256},
		 "002A0080011100"},
		{{.ins = 0x2A, .p2 = 0x80, .data = data, .data_length = 2, .expected = 16},
		 "002A008002112210"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wire wire = wire_of("9000", NULL, NULL);
		uint16_t sw = 0;

		assert_error(exchange(&wire, &cases[i].apdu, NULL, NULL, &sw), JPKI_OK);
		assert_int_equal(sw, 0x9000);
		assert_int_equal(wire.sent, 1);
		assert_sent(&wire, cases[i].hex);
	}
}

static void test_limits(void **state)
{
	uint8_t data[256];
	struct jpki_apdu longest = {.ins = 0x2A, .data = data, .data_length = 255, .expected = 256};
	struct jpki_apdu too_long = {.ins = 0x2A, .data = data, .data_length = 256};
	struct jpki_apdu too_much = {.ins = 0xB0, .expected = 257};
	struct jpki_apdu huge = {.ins = 0xB0, .data = data, .data_length = SIZE_MAX};
	struct wire wire = wire_of("9000", NULL, NULL);
	uint16_t sw;

	(void)state;
	memset(data, 0x5A, sizeof(data));
	assert_error(exchange(&wire, &longest, NULL, NULL, &sw), JPKI_OK);
	assert_int_equal(wire.command_length, JPKI_APDU_COMMAND_MAX);
	assert_int_equal(wire.command[4], 255);
	assert_memory_equal(wire.command + 5, data, 255);
	assert_int_equal(wire.command[260], 0);
	assert_error(exchange(&wire, &too_long, NULL, NULL, &sw), JPKI_E_ARGUMENT);
	assert_error(exchange(&wire, &too_much, NULL, NULL, &sw), JPKI_E_ARGUMENT);
	assert_error(exchange(&wire, &huge, NULL, NULL, &sw), JPKI_E_ARGUMENT);
	assert_int_equal(wire.sent, 1);
}

static void test_answer(void **state)
{
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 256};
	struct wire wire = wire_of("0102036982", NULL, NULL);
	uint8_t answer[4] = {0};
	size_t length = sizeof(answer);
	uint16_t sw = 0;

	(void)state;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_OK);
	assert_int_equal(sw, 0x6982);
	assert_int_equal(length, 3);
	assert_memory_equal(answer, "\1\2\3", 3);
}

/* No status word, no answer. */
static void test_short_answer(void **state)
{
	static const char *const answers[] = {"", "90"};
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 256};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct wire wire = wire_of(answers[i], NULL, NULL);
		uint8_t answer[256];
		size_t length = sizeof(answer);
		uint16_t sw = 0xAAAA;

		assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
		assert_int_equal(length, 0);
		assert_int_equal(sw, 0);
		assert_int_equal(wire.sent, 1);
	}
}

/* More than there is room for is not believed in part. */
static void test_long_answer(void **state)
{
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 4};
	struct wire wire = wire_of("01020304059000", NULL, NULL);
	uint8_t answer[5] = {0, 0, 0, 0, 0xEE};
	size_t length = 4;
	uint16_t sw;

	(void)state;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
	assert_int_equal(length, 0);
	assert_int_equal(answer[4], 0xEE);
	/* Where nobody wants data, they are thrown away. */
	assert_error(exchange(&wire, &read, NULL, NULL, &sw), JPKI_OK);
	assert_int_equal(sw, 0x9000);
	/* A transport that claims more than it can have written. */
	wire.claimed_length = JPKI_APDU_RESPONSE_MAX + 1;
	length = 4;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
	assert_int_equal(length, 0);
}

static void test_transport_error(void **state)
{
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 4};
	struct wire wire = wire_of("010203049000", NULL, NULL);
	uint8_t answer[4] = {0};
	size_t length = sizeof(answer);
	uint16_t sw = 0xAAAA;

	(void)state;
	wire.error = JPKI_E_RESET;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_RESET);
	assert_int_equal(length, 0);
	assert_int_equal(answer[0], 0);
	assert_int_equal(wire.sent, 1);
}

static void test_get_response(void **state)
{
	const struct jpki_apdu read = {.cla = 0x80, .ins = 0x2A, .expected = 256};
	struct wire wire = wire_of("016102", "02036101", "049000");
	uint8_t answer[16];
	size_t length = sizeof(answer);
	uint16_t sw;

	(void)state;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_OK);
	assert_int_equal(sw, 0x9000);
	assert_int_equal(length, 4);
	assert_memory_equal(answer, "\1\2\3\4", 4);
	assert_int_equal(wire.sent, 3);
	assert_sent(&wire, "00C0000001");
	/* A card that does not know GET RESPONSE does not say so of the command before it. */
	wire = wire_of("6100", "6A82", NULL);
	length = sizeof(answer);
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
	assert_int_equal(length, 0);
	assert_sent(&wire, "00C0000000");
}

static void test_endless_get_response(void **state)
{
	char long_answer[2 * 200 + 5] = "";
	const struct {
		const char *answer;
		unsigned int sent; /* until it is given up: one without data, or too much */
	} rows[] = {{"6101", 2}, {"6100", 2}, {"016101", 17}, {long_answer, 3}};
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 256};

	(void)state;
	memset(long_answer, '0', 2 * 200);
	strcpy(long_answer + 2 * 200, "6101");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire wire = wire_of(rows[i].answer, NULL, NULL);
		uint8_t answer[256];
		size_t length = sizeof(answer);
		uint16_t sw;

		assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
		assert_int_equal(length, 0);
		assert_int_equal(wire.sent, rows[i].sent);
	}
}

/* More by GET RESPONSE than the caller has room for. */
static void test_get_response_overflow(void **state)
{
	const struct jpki_apdu read = {.ins = 0xB0, .expected = 4};
	struct wire wire = wire_of("01026103", "0304059000", NULL);
	uint8_t answer[4];
	size_t length = sizeof(answer);
	uint16_t sw;

	(void)state;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_E_PROTOCOL);
	assert_int_equal(length, 0);
}

static void test_wrong_length(void **state)
{
	const struct jpki_apdu read = {.ins = 0xB0, .p2 = 7, .expected = 256};
	struct wire wire = wire_of("6C03", "0102039000", NULL);
	uint8_t answer[256];
	size_t length = sizeof(answer);
	uint16_t sw;

	(void)state;
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_OK);
	assert_int_equal(length, 3);
	assert_int_equal(sw, 0x9000);
	assert_sent(&wire, "00B0000703");
	wire = wire_of("6C00", "9000", NULL);
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_OK);
	assert_sent(&wire, "00B0000700");
	/* Once, not as often as the card likes. */
	wire = wire_of("6C03", NULL, NULL);
	length = sizeof(answer);
	assert_error(exchange(&wire, &read, answer, &length, &sw), JPKI_OK);
	assert_int_equal(sw, 0x6C03);
	assert_int_equal(wire.sent, 2);
}

/* A command without Le has no length to put right. */
static void test_wrong_length_without_le(void **state)
{
	const struct jpki_apdu select = {.ins = 0xA4, .p1 = 2};
	struct wire wire = wire_of("6C03", NULL, NULL);
	uint16_t sw;

	(void)state;
	assert_error(exchange(&wire, &select, NULL, NULL, &sw), JPKI_OK);
	assert_int_equal(sw, 0x6C03);
	assert_int_equal(wire.sent, 1);
}

/* VERIFY goes out once, whatever comes back. */
static void test_once(void **state)
{
	static const char *const answers[] = {"6104", "6C04", "6C00", "6F00", "6100"};
	static const uint8_t pin[] = {'1', '2', '3', '4'};

	(void)state;
	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		for (size_t expected = 0; expected <= 256; expected += 256) {
			const struct jpki_apdu verify = {.ins = 0x20,
							 .p2 = 0x80,
							 .data = pin,
							 .data_length = sizeof(pin),
							 .expected = expected,
							 .once = true};
			struct wire wire = wire_of(answers[i], NULL, NULL);
			uint16_t sw = 0;

			assert_error(exchange(&wire, &verify, NULL, NULL, &sw), JPKI_OK);
			assert_int_equal(wire.sent, 1);
			assert_int_equal(sw, strtoul(answers[i], NULL, 16));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_encoding),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_short_answer),
		cmocka_unit_test(test_long_answer),
		cmocka_unit_test(test_transport_error),
		cmocka_unit_test(test_get_response),
		cmocka_unit_test(test_endless_get_response),
		cmocka_unit_test(test_get_response_overflow),
		cmocka_unit_test(test_wrong_length),
		cmocka_unit_test(test_wrong_length_without_le),
		cmocka_unit_test(test_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
