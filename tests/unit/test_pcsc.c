/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PC/SC service that lies: what its answers may do to the list of readers and to an answer of the
 * card.
 */
#include "unit.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "card/apdu.h"
#include "card/card.h"
#include "card/pcsc.h"
#include "service.h"

/* The list that comes of these bytes, which the service says to be so many. */
static size_t listed(const char *names, size_t length, DWORD said)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_reader_list list;
	size_t count;

	assert_non_null(transport);
	/* Whatever is read beyond them are names, too, and without an end. */
	memset(service.names, 'X', sizeof(service.names));
	memcpy(service.names, names, length);
	service.names_length = said;
	assert_error(transport->ops->list(transport, &list), JPKI_OK);
	for (size_t i = 0; i < list.count; i++) {
		assert_true(strnlen(list.readers[i].name, JPKI_READER_NAME_MAX) <
			    JPKI_READER_NAME_MAX);
		assert_true(list.readers[i].card_present);
	}
	count = list.count;
	transport->ops->destroy(transport);
	return count;
}

static void test_reader_names(void **state)
{
	(void)state;
	assert_int_equal(listed("one\0two\0", 9, 9), 2);
	/* Nothing, or nothing but zeros. */
	assert_int_equal(listed("", 0, 0), 0);
	assert_int_equal(listed("", 1, 1), 0);
	assert_int_equal(listed("\0\0\0one\0", 8, 8), 0);
	/* Without the zeros at the end: what is cut off is no name. */
	assert_int_equal(listed("one", 3, 3), 0);
	assert_int_equal(listed("one\0two", 7, 7), 1);
	assert_int_equal(listed("one\0two\0", 8, 8), 2);
	/* Longer than it was given room for: no byte behind it is looked at. */
	assert_int_equal(listed("one\0", 5, ~(DWORD)0), 1);
	assert_int_equal(listed("one", 3, ~(DWORD)0), 0);
}

static void test_reader_name_lengths(void **state)
{
	char names[JPKI_READER_NAME_MAX + 8];

	(void)state;
	memset(names, 'n', sizeof(names));
	memcpy(names + JPKI_READER_NAME_MAX - 1, "\0b\0", 4);
	assert_int_equal(listed(names, JPKI_READER_NAME_MAX + 3, JPKI_READER_NAME_MAX + 3), 2);
	/* One byte more is a name that there is no room for; the next one is there all the same. */
	memset(names, 'n', sizeof(names));
	memcpy(names + JPKI_READER_NAME_MAX, "\0b\0", 4);
	assert_int_equal(listed(names, JPKI_READER_NAME_MAX + 4, JPKI_READER_NAME_MAX + 4), 1);
}

static void test_too_many_readers(void **state)
{
	char names[4 * JPKI_READERS_MAX];

	(void)state;
	for (size_t i = 0; i < sizeof(names); i++)
		names[i] = i % 2 == 0 ? 'n' : '\0';
	assert_int_equal(listed(names, sizeof(names), sizeof(names)), JPKI_READERS_MAX);
}

/* The ATR is not looked at, however long it says that it is (see service.c). */
static void test_atr(void **state)
{
	(void)state;
	service.looks = 0;
	assert_int_equal(listed("one\0", 5, 5), 1);
	assert_int_equal(service.looks, 1);
}

/* An answer that says to be longer than its room, or has not even a status word. */
static void test_answer_lengths(void **state)
{
	static const DWORD lies[] = {
		0,          1,        JPKI_APDU_RESPONSE_MAX + 1, JPKI_APDU_RESPONSE_MAX + 2, 65536,
		0x7fffffff, ~(DWORD)0};
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_card *card = NULL;
	uint8_t data[JPKI_APDU_DATA_MAX];
	size_t length = sizeof(data);
	bool was_reset = false;

	(void)state;
	assert_non_null(transport);
	assert_error(jpki_card_open(transport, "one", &card), JPKI_OK);
	assert_error(jpki_card_begin(card, &was_reset), JPKI_OK);
	/* As much as there is room for would be a good answer. */
	memset(service.answer, 0, sizeof(service.answer));
	service.answer[JPKI_APDU_RESPONSE_MAX - 2] = 0x90;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		service.received = lies[i];
		length = sizeof(data);
		assert_error(jpki_card_read(card, data, &length), JPKI_E_PROTOCOL);
		assert_int_equal(length, 0);
	}
	memcpy(service.answer, "abc\x90\x00", 5);
	service.received = 5;
	length = sizeof(data);
	assert_error(jpki_card_read(card, data, &length), JPKI_OK);
	assert_int_equal(length, 3);
	assert_memory_equal(data, "abc", 3);
	jpki_card_end(card);
	jpki_card_close(card);
	transport->ops->destroy(transport);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Begin with a service that says so often that another program has a transaction. */
static enum jpki_error begin_after(struct jpki_transport *transport, unsigned int taken)
{
	struct jpki_link *link = NULL;
	bool was_reset = false;
	enum jpki_error error;

	service.taken = taken;
	service.begun = 0;
	assert_error(transport->ops->connect(transport, "one", &link), JPKI_OK);
	error = transport->ops->begin(link, &was_reset);
	assert_false(was_reset);
	transport->ops->disconnect(link);
	return error;
}

/* PC/SC would wait for ever in SCardBeginTransaction, so it is not called while somebody else has
 * the card. */
static void test_taken_card(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	int64_t began_ms;

	(void)state;
	assert_non_null(transport);
	assert_error(begin_after(transport, 0), JPKI_OK);
	assert_int_equal(service.begun, 1);
	assert_error(begin_after(transport, 3), JPKI_OK);
	assert_int_equal(service.begun, 1);
	assert_int_equal(service.taken, 0);

	jpki_pcsc_limit_wait(transport, 1);
	began_ms = now_ms();
	assert_error(begin_after(transport, UINT_MAX), JPKI_E_BUSY);
	assert_int_equal(service.begun, 0);
	assert_true(now_ms() - began_ms >= 1000);
	/* It was asked every now and then, and not all the time. */
	assert_between(UINT_MAX - service.taken, 2, 40);

	jpki_pcsc_limit_wait(transport, 0);
	assert_error(begin_after(transport, 1), JPKI_E_BUSY);
	assert_int_equal(service.begun, 0);
	assert_error(begin_after(transport, 0), JPKI_OK);
	transport->ops->destroy(transport);
}

static void test_cancelled_turn(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();

	(void)state;
	assert_non_null(transport);
	jpki_pcsc_limit_wait(transport, 3600);
	service.cancels = transport;
	assert_error(begin_after(transport, UINT_MAX), JPKI_E_CANCELLED);
	assert_int_equal(service.begun, 0);
	assert_int_equal(service.taken, UINT_MAX - 1);
	/* What need not wait is not cancelled. */
	assert_error(begin_after(transport, 0), JPKI_OK);
	service.cancels = NULL;
	transport->ops->destroy(transport);
}

/* A service that began anew counts anew, so its states are not compared with those before. */
static void test_restart(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_reader_list before, after;

	(void)state;
	assert_non_null(transport);
	memcpy(service.names, "one\0", 5);
	service.names_length = 5;
	assert_error(transport->ops->list(transport, &before), JPKI_OK);
	assert_error(transport->ops->list(transport, &after), JPKI_OK);
	assert_int_equal(before.readers[0].epoch, after.readers[0].epoch);
	service.list_code = SCARD_E_INVALID_HANDLE;
	assert_error(transport->ops->list(transport, &after), JPKI_OK);
	assert_int_equal(after.count, 1);
	assert_int_not_equal(before.readers[0].epoch, after.readers[0].epoch);
	transport->ops->destroy(transport);
}

/* A transaction that cannot be ended keeps the card from all others, so the connection goes; and
 * what another program did then is not known. */
static void test_stubborn_end(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_link *link = NULL;
	bool was_reset = true;

	(void)state;
	assert_non_null(transport);
	assert_error(transport->ops->connect(transport, "one", &link), JPKI_OK);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	assert_false(was_reset);
	service.disconnected = 0;
	transport->ops->end(link);
	assert_int_equal(service.disconnected, 0);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	service.end_code = SCARD_F_COMM_ERROR;
	transport->ops->end(link);
	assert_int_equal(service.disconnected, 1);
	assert_error(transport->ops->begin(link, &was_reset), JPKI_OK);
	assert_true(was_reset);
	transport->ops->end(link);
	transport->ops->disconnect(link);
	transport->ops->destroy(transport);
}

static void assert_transmitted(struct jpki_transport *transport, struct jpki_link *link,
			       const char *command, const char *wanted)
{
	uint8_t bytes[JPKI_APDU_COMMAND_MAX], expected[JPKI_APDU_COMMAND_MAX];
	uint8_t answer[JPKI_APDU_RESPONSE_MAX];
	size_t length = sizeof(answer);
	size_t wanted_length = unit_hex(wanted, expected, sizeof(expected));

	assert_error(transport->ops->transmit(link, bytes, unit_hex(command, bytes, sizeof(bytes)),
					      answer, &length),
		     JPKI_OK);
	assert_int_equal(service.sent_length, wanted_length);
	assert_memory_equal(service.sent, expected, wanted_length);
}

/* What T=0 cannot carry is cut to what it can. A code that nobody knows is a fault of the link. */
static void test_transmit(void **state)
{
	struct jpki_transport *transport = jpki_pcsc_new();
	struct jpki_link *link = NULL;
	uint8_t answer[JPKI_APDU_RESPONSE_MAX];
	size_t length = sizeof(answer);

	(void)state;
	assert_non_null(transport);
	service.received = 2;
	for (int t0 = 0; t0 < 2; t0++) {
		service.protocol = t0 ? SCARD_PROTOCOL_T0 : SCARD_PROTOCOL_T1;
		assert_error(transport->ops->connect(transport, "one", &link), JPKI_OK);
		assert_transmitted(transport, link, "00200080", t0 ? "0020008000" : "00200080");
		assert_transmitted(transport, link, "00B0000004", "00B0000004");
		assert_transmitted(transport, link, "00A4020C020018", "00A4020C020018");
		assert_transmitted(transport, link, "802A008002303100",
				   t0 ? "802A0080023031" : "802A008002303100");
		service.transmit_code = (LONG)0x80100099UL;
		assert_error(transport->ops->transmit(link, (const uint8_t *)"\0\xB0\0\0\4", 5,
						      answer, &length),
			     JPKI_E_LINK);
		transport->ops->disconnect(link);
	}
	service.protocol = 0;
	transport->ops->destroy(transport);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reader_names),     cmocka_unit_test(test_reader_name_lengths),
		cmocka_unit_test(test_too_many_readers), cmocka_unit_test(test_atr),
		cmocka_unit_test(test_answer_lengths),   cmocka_unit_test(test_taken_card),
		cmocka_unit_test(test_cancelled_turn),   cmocka_unit_test(test_restart),
		cmocka_unit_test(test_stubborn_end),     cmocka_unit_test(test_transmit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
