/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The in-process transport: presence, links, transactions, and every fault it can make. */
#include "support.h"

#include <pthread.h>
#include <string.h>
#include <time.h>

#include "vcard_transport.h"

static const uint8_t select_jpki[] = {0x00, 0xA4, 0x04, 0x0C, 0x0A, 0xD3, 0x92, 0xF0,
				      0x00, 0x26, 0x01, 0x00, 0x00, 0x00, 0x01};
static const uint8_t select_pin[] = {0x00, 0xA4, 0x02, 0x0C, 0x02, 0x00, 0x18};
static const uint8_t wrong_pin[] = {0x00, 0x20, 0x00, 0x80, 0x04, '0', '0', '0', '0'};
static const uint8_t ask_tries[] = {0x00, 0x20, 0x00, 0x80};

struct fixture {
	struct vcard_transport *readers;
	struct jpki_transport *transport;
	struct vcard *card;
	enum vcard_fault fault; /* for exchange number at */
	unsigned at;
};

/* Two readers, "first" with an adult's card and "second" empty. */
static int set_up(void **state)
{
	static const char *const names[] = {"first", "second"};
	static struct fixture fixture;

	memset(&fixture, 0, sizeof(fixture));
	fixture.readers = vcard_transport_new(names, 2);
	assert_non_null(fixture.readers);
	fixture.transport = vcard_transport_base(fixture.readers);
	fixture.card = take_card("adult", VCARD_MYNUMBER, NULL);
	vcard_transport_insert(fixture.readers, 0, fixture.card);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	fixture->transport->ops->destroy(fixture->transport);
	vcard_close(fixture->card);
	return 0;
}

static struct jpki_link *link_to(struct fixture *fixture, const char *reader,
				 enum jpki_error expected)
{
	struct jpki_link *link = NULL;
	enum jpki_error error = fixture->transport->ops->connect(fixture->transport, reader, &link);

	assert_true(error == expected);
	assert_true((link != NULL) == (error == JPKI_OK));
	return link;
}

static void begin(struct fixture *fixture, struct jpki_link *link, enum jpki_error expected,
		  bool expected_reset)
{
	bool was_reset = true;
	enum jpki_error error = fixture->transport->ops->begin(link, &was_reset);

	assert_true(error == expected);
	assert_true(was_reset == expected_reset);
}

/* Sends a command and compares the status word, or the error. */
static void send(struct fixture *fixture, struct jpki_link *link, const uint8_t *command,
		 size_t len, enum jpki_error expected, unsigned expected_sw)
{
	uint8_t response[JPKI_APDU_RESPONSE_MAX];
	size_t response_len = sizeof(response);
	enum jpki_error error =
		fixture->transport->ops->transmit(link, command, len, response, &response_len);

	assert_true(error == expected);
	if (error == JPKI_OK) {
		assert_true(response_len >= 2);
		assert_int_equal(response[response_len - 2] << 8 | response[response_len - 1],
				 expected_sw);
	} else {
		assert_int_equal(response_len, 0);
	}
}
#define SEND(command, error, sw) send(fixture, link, command, sizeof(command), error, sw)

/* What goes before any command about the PIN: exchanges 0 and 1 of a new transaction. */
static void select_pin_file(struct fixture *fixture, struct jpki_link *link)
{
	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_OK, 0x9000);
	SEND(select_pin, JPKI_OK, 0x9000);
}

static void end(struct fixture *fixture, struct jpki_link *link)
{
	fixture->transport->ops->end(link);
}

static void disconnect(struct fixture *fixture, struct jpki_link *link)
{
	fixture->transport->ops->disconnect(link);
}

static void list(struct fixture *fixture, struct jpki_reader_list *readers)
{
	enum jpki_error error = fixture->transport->ops->list(fixture->transport, readers);

	assert_true(error == JPKI_OK);
}

static enum vcard_fault one_fault(void *context, unsigned index, const uint8_t *command, size_t len)
{
	const struct fixture *fixture = context;

	(void)command;
	(void)len;
	return index == fixture->at ? fixture->fault : VCARD_FAULT_NONE;
}

static void order_fault(struct fixture *fixture, enum vcard_fault fault, unsigned at)
{
	fixture->fault = fault;
	fixture->at = at;
	vcard_transport_set_hook(fixture->readers, one_fault, fixture);
}

static void test_list(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_reader_list before, after;

	list(fixture, &before);
	assert_int_equal(before.count, 2);
	assert_string_equal(before.readers[0].name, "first");
	assert_true(before.readers[0].card_present);
	assert_false(before.readers[1].card_present);
	vcard_transport_remove(fixture->readers, 0);
	vcard_transport_remove(fixture->readers, 1); /* empty: nothing happens */
	vcard_transport_insert(fixture->readers, 0, fixture->card);
	list(fixture, &after);
	assert_true(after.readers[0].card_present);
	assert_int_equal(after.readers[0].events, before.readers[0].events + 2);
	assert_int_equal(after.readers[1].events, before.readers[1].events);
	assert_int_equal(after.readers[0].epoch, before.readers[0].epoch);
	vcard_transport_plug(fixture->readers, 0, false);
	list(fixture, &after);
	assert_int_equal(after.count, 1);
	assert_string_equal(after.readers[0].name, "second");
	vcard_transport_plug(fixture->readers, 0, true);
	list(fixture, &after);
	assert_int_equal(after.count, 2);
	assert_false(after.readers[0].card_present);
}

static void test_exchange(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);
	uint8_t command[JPKI_APDU_COMMAND_MAX];

	select_pin_file(fixture, link);
	SEND(ask_tries, JPKI_OK, 0x63C3);
	SEND(wrong_pin, JPKI_OK, 0x63C2);
	end(fixture, link);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 4);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	assert_int_equal(vcard_transport_command(fixture->readers, 0, command), sizeof(wrong_pin));
	assert_int_equal(vcard_transport_command(fixture->readers, 3, command),
			 sizeof(select_jpki));
	assert_memory_equal(command, select_jpki, sizeof(select_jpki));
	assert_int_equal(vcard_transport_command(fixture->readers, 4, command), 0);
	vcard_transport_forget(fixture->readers);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_int_equal(vcard_transport_command(fixture->readers, 0, command), 0);
	disconnect(fixture, link);
	disconnect(fixture, NULL);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

static void test_history_wraps(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);
	uint8_t command[JPKI_APDU_COMMAND_MAX];

	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_OK, 0x9000);
	for (unsigned i = 0; i < VCARD_HISTORY_LEN; i++)
		SEND(ask_tries, JPKI_OK, 0x6986);
	assert_int_equal(vcard_transport_command(fixture->readers, VCARD_HISTORY_LEN - 1, command),
			 sizeof(ask_tries));
	assert_int_equal(vcard_transport_command(fixture->readers, VCARD_HISTORY_LEN, command), 0);
	disconnect(fixture, link); /* ends the transaction too */
}

static void test_connect_refusals(void **state)
{
	struct fixture *fixture = *state;

	link_to(fixture, "second", JPKI_E_NO_CARD);
	link_to(fixture, "third", JPKI_E_NO_READER);
	vcard_transport_fail(fixture->readers, VCARD_CALL_CONNECT, JPKI_E_BUSY, 2);
	link_to(fixture, "first", JPKI_E_BUSY);
	link_to(fixture, "first", JPKI_E_BUSY);
	disconnect(fixture, link_to(fixture, "first", JPKI_OK));
	vcard_transport_plug(fixture->readers, 1, false);
	link_to(fixture, "second", JPKI_E_NO_READER);
}

static void test_violations(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	SEND(ask_tries, JPKI_E_INTERNAL, 0);
	assert_int_equal(vcard_transport_violations(fixture->readers), 1);
	begin(fixture, link, JPKI_OK, false);
	begin(fixture, link, JPKI_E_INTERNAL, false);
	assert_int_equal(vcard_transport_violations(fixture->readers), 2);
	disconnect(fixture, link);
}

static void test_removal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);
	struct jpki_link *other;

	begin(fixture, link, JPKI_OK, false);
	vcard_transport_remove(fixture->readers, 0);
	SEND(select_jpki, JPKI_E_REMOVED, 0);
	vcard_transport_insert(fixture->readers, 0, fixture->card);
	SEND(select_jpki, JPKI_E_REMOVED, 0); /* a card that was exchanged is another card */
	other = link_to(fixture, "first", JPKI_OK);
	begin(fixture, other, JPKI_OK, false); /* the dead link keeps nobody out */
	end(fixture, link);
	begin(fixture, link, JPKI_E_REMOVED, false);
	disconnect(fixture, link);
	link = other;
	SEND(select_jpki, JPKI_OK, 0x9000);
	disconnect(fixture, link);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

static void test_reset(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	vcard_transport_reset(fixture->readers, 0);
	begin(fixture, link, JPKI_OK, true);
	SEND(select_jpki, JPKI_OK, 0x9000);
	vcard_transport_reset(fixture->readers, 0);
	SEND(select_pin, JPKI_E_RESET, 0);
	SEND(select_pin, JPKI_E_RESET, 0);
	end(fixture, link);
	begin(fixture, link, JPKI_OK, true);
	SEND(select_pin, JPKI_OK, 0x6A82); /* contact: the application is no longer selected */
	end(fixture, link);
	begin(fixture, link, JPKI_OK, false);
	disconnect(fixture, link);
}

static void test_service(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);
	struct jpki_reader_list before, after;
	enum jpki_error error;

	list(fixture, &before);
	vcard_transport_serve(fixture->readers, false);
	error = fixture->transport->ops->list(fixture->transport, &after);
	assert_true(error == JPKI_E_NO_SERVICE);
	error = fixture->transport->ops->wait(fixture->transport, &before, 1000);
	assert_true(error == JPKI_E_NO_SERVICE);
	link_to(fixture, "first", JPKI_E_NO_SERVICE);
	begin(fixture, link, JPKI_E_REMOVED, false);
	vcard_transport_serve(fixture->readers, true);
	begin(fixture, link, JPKI_E_REMOVED, false);
	disconnect(fixture, link);
	list(fixture, &after);
	assert_int_not_equal(after.readers[0].epoch, before.readers[0].epoch);
	vcard_transport_fail(fixture->readers, VCARD_CALL_LIST, JPKI_E_NO_ACCESS, 1);
	error = fixture->transport->ops->list(fixture->transport, &after);
	assert_true(error == JPKI_E_NO_ACCESS);
	assert_int_equal(after.count, 0);
}

static void test_fault_remove(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	order_fault(fixture, VCARD_FAULT_REMOVE, 2);
	select_pin_file(fixture, link);
	SEND(wrong_pin, JPKI_E_REMOVED, 0);
	SEND(wrong_pin, JPKI_E_REMOVED, 0);
	disconnect(fixture, link);
	assert_int_equal(vcard_tries(fixture->card, 0x0018), 3);
}

static void test_fault_lose(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	order_fault(fixture, VCARD_FAULT_LOSE, 2);
	select_pin_file(fixture, link);
	SEND(wrong_pin, JPKI_E_LINK, 0);
	SEND(ask_tries, JPKI_OK, 0x63C2); /* the card had acted */
	disconnect(fixture, link);
}

static void test_fault_reset(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	order_fault(fixture, VCARD_FAULT_RESET, 1);
	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_OK, 0x9000);
	SEND(select_pin, JPKI_E_RESET, 0);
	end(fixture, link);
	begin(fixture, link, JPKI_OK, true);
	SEND(select_pin, JPKI_OK, 0x6A82);
	disconnect(fixture, link);
}

static void test_fault_mute(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	order_fault(fixture, VCARD_FAULT_MUTE, 0);
	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_E_MUTE, 0);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	vcard_power_off(fixture->card);
	SEND(select_jpki, JPKI_E_MUTE, 0);
	disconnect(fixture, link);
}

static void test_fault_answer(void **state)
{
	static const uint8_t answer[] = {0x12, 0x34, 0x6F, 0x00};
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);
	uint8_t response[3];
	size_t response_len = sizeof(response);
	enum jpki_error error;

	vcard_transport_answer(fixture->readers, answer, sizeof(answer));
	order_fault(fixture, VCARD_FAULT_ANSWER, 0);
	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_OK, 0x6F00);
	fixture->at = 1;
	error = fixture->transport->ops->transmit(link, select_jpki, sizeof(select_jpki), response,
						  &response_len);
	assert_true(error == JPKI_E_LINK); /* no room */
	assert_int_equal(response_len, 0);
	SEND(select_pin, JPKI_OK, 0x6A82); /* the card has seen no SELECT */
	disconnect(fixture, link);
}

/* The faults that come when the card has acted: it was told a wrong PIN. */
static void test_faults_after(void **state)
{
	static const struct {
		enum vcard_fault fault;
		enum jpki_error error;
	} cases[] = {
		{VCARD_FAULT_REMOVE_AFTER, JPKI_E_REMOVED},
		{VCARD_FAULT_RESET_AFTER, JPKI_E_RESET},
		{VCARD_FAULT_POWER_AFTER, JPKI_E_RESET},
	};
	struct fixture *fixture = *state;

	for (int i = 0; i < 3; i++) {
		struct jpki_link *link;

		vcard_transport_insert(fixture->readers, 0, fixture->card);
		link = link_to(fixture, "first", JPKI_OK);
		vcard_transport_forget(fixture->readers);
		order_fault(fixture, cases[i].fault, 2);
		select_pin_file(fixture, link);
		SEND(wrong_pin, cases[i].error, 0);
		assert_int_equal(vcard_tries(fixture->card, 0x0018), 2 - i);
		disconnect(fixture, link);
	}
}

static void test_fault_power(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	order_fault(fixture, VCARD_FAULT_POWER, 2);
	select_pin_file(fixture, link);
	SEND(wrong_pin, JPKI_E_RESET, 0);
	assert_int_equal(vcard_tries(fixture->card, 0x0018), 3);
	end(fixture, link);
	begin(fixture, link, JPKI_OK, true);
	SEND(select_pin, JPKI_OK, 0x6A82);
	disconnect(fixture, link);
}

/* The card acts; what is heard is another answer, or the one before, or too long a one. */
static void test_answers_after(void **state)
{
	static const uint8_t answer[JPKI_APDU_RESPONSE_MAX + 1] = {0x6F, 0x00};
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	vcard_transport_answer(fixture->readers, answer, 2);
	order_fault(fixture, VCARD_FAULT_ANSWER_AFTER, 2);
	select_pin_file(fixture, link);
	SEND(wrong_pin, JPKI_OK, 0x6F00);
	SEND(ask_tries, JPKI_OK, 0x63C2);
	SEND(select_pin, JPKI_OK, 0x9000);
	order_fault(fixture, VCARD_FAULT_REPLAY, 5);
	SEND(wrong_pin, JPKI_OK, 0x9000);
	assert_int_equal(vcard_tries(fixture->card, 0x0018), 1);
	vcard_transport_answer(fixture->readers, answer, sizeof(answer));
	order_fault(fixture, VCARD_FAULT_ANSWER, 6);
	SEND(ask_tries, JPKI_E_LINK, 0);
	disconnect(fixture, link);
}

/* The reader saw no removal, so the link is reset and the other card answers. */
static void test_swap(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	begin(fixture, link, JPKI_OK, false);
	vcard_transport_swap(fixture->readers, 0, NULL);
	SEND(select_jpki, JPKI_E_RESET, 0);
	end(fixture, link);
	begin(fixture, link, JPKI_OK, true);
	SEND(select_jpki, JPKI_E_MUTE, 0);
	disconnect(fixture, link);
}

static void test_script(void **state)
{
	static const struct vcard_line lines[] = {
		{SELECT_JPKI, "9000"}, {SELECT_EF "0018", "6A82"}, {"002000*", "63C1"}};
	struct fixture *fixture = *state;
	struct vcard_script script = {fixture->readers, lines, 3, 0, false};
	struct jpki_link *link;

	vcard_transport_insert(fixture->readers, 1, NULL);
	vcard_transport_set_hook(fixture->readers, vcard_script_hook, &script);
	link = link_to(fixture, "second", JPKI_OK);
	begin(fixture, link, JPKI_OK, false);
	SEND(select_jpki, JPKI_OK, 0x9000);
	SEND(select_pin, JPKI_OK, 0x6A82);
	SEND(wrong_pin, JPKI_OK, 0x63C1);
	assert_false(script.deviated);
	assert_int_equal(script.next, 3);
	SEND(wrong_pin, JPKI_OK, 0x6F00);
	assert_true(script.deviated);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	SEND(select_jpki, JPKI_E_MUTE, 0);
	disconnect(fixture, link);
}

struct waiter {
	struct fixture *fixture;
	struct jpki_reader_list known;
	enum jpki_error error;
};

static void *run_wait(void *context)
{
	struct waiter *waiter = context;
	struct jpki_transport *transport = waiter->fixture->transport;

	waiter->error = transport->ops->wait(transport, &waiter->known, 60000);
	return NULL;
}

static void test_wait(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_transport *transport = fixture->transport;
	struct waiter waiter = {.fixture = fixture};
	enum jpki_error error;
	pthread_t thread;

	list(fixture, &waiter.known);
	error = transport->ops->wait(transport, &waiter.known, 10);
	assert_true(error == JPKI_E_TIMEOUT);
	assert_int_equal(pthread_create(&thread, NULL, run_wait, &waiter), 0);
	vcard_transport_remove(fixture->readers, 0);
	pthread_join(thread, NULL);
	assert_true(waiter.error == JPKI_OK);
	error = transport->ops->wait(transport, &waiter.known, 0); /* still different */
	assert_true(error == JPKI_OK);

	list(fixture, &waiter.known);
	assert_int_equal(pthread_create(&thread, NULL, run_wait, &waiter), 0);
	transport->ops->cancel(transport);
	pthread_join(thread, NULL);
	assert_true(waiter.error == JPKI_E_CANCELLED);
	error = transport->ops->wait(transport, &waiter.known, 10);
	assert_true(error == JPKI_E_CANCELLED);
}

/* Counts in transactions: the card's tries are read, and must not have moved in between. */
static void *run_transactions(void *context)
{
	struct fixture *fixture = context;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	for (int i = 0; i < 50; i++) {
		select_pin_file(fixture, link);
		SEND(ask_tries, JPKI_OK, 0x63C3);
		end(fixture, link);
	}
	disconnect(fixture, link);
	return NULL;
}

static void test_transactions(void **state)
{
	struct fixture *fixture = *state;
	pthread_t threads[4];

	for (size_t i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, run_transactions, fixture), 0);
	for (size_t i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 600);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

static void test_begin_failure(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_link *link = link_to(fixture, "first", JPKI_OK);

	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_REMOVED, 1);
	begin(fixture, link, JPKI_E_REMOVED, false);
	begin(fixture, link, JPKI_OK, false);
	disconnect(fixture, link);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_list),          TEST(test_exchange),
		TEST(test_history_wraps), TEST(test_connect_refusals),
		TEST(test_violations),    TEST(test_removal),
		TEST(test_reset),         TEST(test_service),
		TEST(test_fault_remove),  TEST(test_fault_lose),
		TEST(test_fault_reset),   TEST(test_fault_mute),
		TEST(test_fault_answer),  TEST(test_faults_after),
		TEST(test_fault_power),   TEST(test_answers_after),
		TEST(test_swap),          TEST(test_script),
		TEST(test_wait),          TEST(test_transactions),
		TEST(test_begin_failure),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
