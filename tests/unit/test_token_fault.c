/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Links that break: at every exchange, in every way. The card's counter may only show what real
 * mistakes explain, no PIN goes out twice, and the card is usable afterwards.
 */
#include "fixture.h"

#include <stdlib.h>

#include "token/clock.h"
#include "token/link.h"

/* More exchanges than any operation here takes. */
#define INDEX_MAX 60

static int tries_told(const struct jpki_token_ref *token)
{
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(token, &info), JPKI_OK);
	return info.tries;
}

static void clear_fault(struct fixture *fixture)
{
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
}

/* The card has accepted, and nobody heard: not logged in, nothing sent again, nothing spent. */
static void test_lost_success(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_int_equal(tries_told(&token), 3);
	vcard_transport_forget(fixture->readers);
	fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_LINK);
	/* The power is cut, because the card may be unlocked; then it is asked, not told. */
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES VERIFY "
					    "COMMON RECORD AP EF:0018 TRIES");
	assert_false(jpki_token_is_logged_in(&token));
	assert_int_equal(tries_told(&token), 3);
	fixture_assert_locked(fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* With a try spent before: success gives it back, and so the counter tells success. */
static void test_lost_success_restores(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_LINK);
	clear_fault(fixture);
	assert_int_equal(tries_told(&token), 3);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	/* The value was right: it is not among the refused. */
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* The card has refused, and nobody heard: the counter tells, and the value is remembered. */
static void test_lost_refusal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_int_equal(tries_told(&token), 3);
	vcard_transport_forget(fixture->readers);
	fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	clear_fault(fixture);
	assert_int_equal(tries_told(&token), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_REPEATED);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES");
}

static void test_lost_last_refusal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture->config.final_try_allowed = true;
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_LOCKED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	clear_fault(fixture);
	assert_int_equal(tries_told(&token), 0);
}

/* The command never reached the card: no try is spent, and the value may be sent another time. */
static void test_verify_not_delivered(void **state)
{
	static const enum vcard_fault faults[] = {VCARD_FAULT_MUTE, VCARD_FAULT_RESET};
	static const enum jpki_error errors[] = {JPKI_E_MUTE, JPKI_E_RESET};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 2; i++) {
		struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

		vcard_transport_forget(fixture->readers);
		fixture_fault_verify(fixture, faults[i]);
		assert_error(fixture_login(&token, "0000"), errors[i]);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
		clear_fault(fixture);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
		assert_int_equal(tries_told(&token), 3);
		assert_false(jpki_token_is_logged_in(&token));
		fixture_assert_locked(fixture);
	}
}

/* An answer to VERIFY that says nothing: the counter is asked, and nothing is taken for granted. */
static void test_verify_nonsense(void **state)
{
	static const char *const answers[] = {"6F00", "00",   "",     "6C04", "6104", "6300",
					      "9001", "6700", "6982", "6A80", "01"};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		vcard_transport_forget(fixture->readers);
		fixture_answer(fixture, answers[i]);
		fixture_fault_verify(fixture, VCARD_FAULT_ANSWER);
		assert_failure(fixture_login(&token, VCARD_AUTH_PIN));
		assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
		assert_false(jpki_token_is_logged_in(&token));
		clear_fault(fixture);
		assert_int_equal(tries_told(&token), 3);
		fixture_assert_locked(fixture);
	}
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* A card whose counter goes up after a refusal is not believed to have refused less. */
static void test_verify_lies(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture_answer(fixture, "63CF");
	fixture_fault_verify(fixture, VCARD_FAULT_ANSWER);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	clear_fault(fixture);
	assert_int_equal(tries_told(&token), 15);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_REPEATED);
	/* But the next PIN goes out by what the card says then. */
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	assert_error(fixture_login(&token, "1111"), JPKI_E_PIN_FINAL_TRY);
}

/* One login, from an unknown card, with one fault; false when the fault came too late to matter. */
static bool broken_login(struct fixture *fixture, enum jpki_key key, const char *pin,
			 enum vcard_fault fault, unsigned int at, enum jpki_error *error)
{
	struct jpki_token_ref token;
	bool fired;

	fixture_look(fixture);
	token = fixture_token(fixture, key);
	vcard_transport_forget(fixture->readers);
	fixture_fault_at(fixture, fault, at);
	*error = fixture_login(&token, pin);
	fired = vcard_transport_exchanges(fixture->readers) > at;
	assert_true(vcard_transport_verifies(fixture->readers) <= 1);
	/* A refusal that was heard before the card left is what counts. */
	if (fired && fault == VCARD_FAULT_REMOVE && *error != JPKI_E_PIN_INCORRECT)
		assert_error(*error, JPKI_E_REMOVED);
	assert_true(jpki_token_is_logged_in(&token) == (*error == JPKI_OK));
	clear_fault(fixture);
	return fired;
}

static void reinsert(struct fixture *fixture)
{
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
}

/* The right PIN, whatever breaks wherever: nothing is spent, and the next attempt succeeds. */
static void every_index_right_pin(struct fixture *fixture, enum vcard_fault fault,
				  enum jpki_key key)
{
	const char *pin = key == JPKI_KEY_AUTH ? VCARD_AUTH_PIN : VCARD_SIGN_PIN;
	int all = key == JPKI_KEY_AUTH ? 3 : 5;
	enum jpki_error error = JPKI_E_INTERNAL;
	bool fired = true;
	unsigned int at;

	for (at = 0; fired && at < INDEX_MAX; at++) {
		struct jpki_token_ref token;

		reinsert(fixture);
		fired = broken_login(fixture, key, pin, fault, at, &error);
		assert_int_equal(fixture_tries(fixture, key), all);
		if (fault == VCARD_FAULT_REMOVE)
			reinsert(fixture);
		fixture_assert_locked(fixture);
		token = fixture_token(fixture, key);
		if (fault == VCARD_FAULT_REMOVE || error != JPKI_OK)
			assert_error(fixture_login(&token, pin), JPKI_OK);
		assert_error(fixture_sign(&token), JPKI_OK);
		assert_int_equal(fixture_tries(fixture, key), all);
	}
	assert_false(fired);
	assert_error(error, JPKI_OK);
	assert_true(at > 15); /* every exchange of a cold login had its turn */
}

static void test_every_index_right_pin(void **state)
{
	static const enum vcard_fault faults[] = {VCARD_FAULT_REMOVE, VCARD_FAULT_LOSE,
						  VCARD_FAULT_RESET, VCARD_FAULT_MUTE};

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		every_index_right_pin(*state, faults[i], JPKI_KEY_AUTH);
		every_index_right_pin(*state, faults[i], JPKI_KEY_SIGN);
	}
}

/* A wrong PIN, whatever breaks wherever: at most one try, and only when the card has seen it. */
static void every_index_wrong_pin(struct fixture *fixture, enum vcard_fault fault)
{
	enum jpki_error error = JPKI_E_INTERNAL;
	bool fired = true;
	unsigned int at;

	for (at = 0; fired && at < INDEX_MAX; at++) {
		unsigned int delivered;

		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		reinsert(fixture);
		fired = broken_login(fixture, JPKI_KEY_AUTH, "0000", fault, at, &error);
		delivered = vcard_transport_verifies(fixture->readers);
		assert_failure(error);
		/* The fault may have hit VERIFY itself before the card saw it. */
		if (fixture_tries(fixture, JPKI_KEY_AUTH) == 3)
			assert_true(delivered == 0 ||
				    (error != JPKI_E_PIN_INCORRECT && fault != VCARD_FAULT_LOSE));
		else
			assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
		if (error == JPKI_E_PIN_INCORRECT)
			assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	}
	assert_false(fired);
	assert_error(error, JPKI_E_PIN_INCORRECT);
}

static void test_every_index_wrong_pin(void **state)
{
	every_index_wrong_pin(*state, VCARD_FAULT_REMOVE);
	every_index_wrong_pin(*state, VCARD_FAULT_LOSE);
	every_index_wrong_pin(*state, VCARD_FAULT_RESET);
	every_index_wrong_pin(*state, VCARD_FAULT_MUTE);
}

/* A signature with each exchange broken: an error or a good one, and one VERIFY at most. */
static void every_index_sign(struct fixture *fixture, enum vcard_fault fault)
{
	enum jpki_error error = JPKI_E_INTERNAL;
	bool fired = true;
	unsigned int at, late = 0;

	for (at = 0; fired && at < INDEX_MAX; at++) {
		struct jpki_token_ref token;

		reinsert(fixture);
		token = fixture_token(fixture, JPKI_KEY_AUTH);
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		vcard_transport_forget(fixture->readers);
		fixture_fault_at(fixture, fault, at);
		error = fixture_sign(&token);
		fired = vcard_transport_exchanges(fixture->readers) > at;
		assert_true(vcard_transport_verifies(fixture->readers) <= 1);
		clear_fault(fixture);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
		if (fault == VCARD_FAULT_REMOVE) {
			/* Pulled while it was being left: the signature had come by then. */
			late += fired && error == JPKI_OK ? 1 : 0;
			if (error != JPKI_OK)
				assert_error(error, JPKI_E_REMOVED);
			assert_true(jpki_token_is_logged_in(&token) != fired);
			reinsert(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		}
		fixture_assert_locked(fixture);
		/* The login is still good, or was made anew. */
		assert_error(fixture_sign(&token), JPKI_OK);
	}
	assert_false(fired);
	assert_error(error, JPKI_OK);
	/* One exchange after the other of AP EF TRIES VERIFY SIGN LEAVE AP, and none. */
	assert_int_equal(at, 8);
	assert_int_equal(late, fault == VCARD_FAULT_REMOVE ? 2 : 0);
}

static void test_every_index_sign(void **state)
{
	every_index_sign(*state, VCARD_FAULT_REMOVE);
	every_index_sign(*state, VCARD_FAULT_LOSE);
	every_index_sign(*state, VCARD_FAULT_RESET);
	every_index_sign(*state, VCARD_FAULT_MUTE);
}

struct dead_from {
	unsigned int at;
	enum vcard_fault fault;
};

static enum vcard_fault dead_hook(void *context, unsigned index, const uint8_t *command, size_t len)
{
	const struct dead_from *dead = context;

	(void)command;
	(void)len;
	return index >= dead->at ? dead->fault : VCARD_FAULT_NONE;
}

/* A card that dies and stays dead: bounded, no second VERIFY, and all is well when it is back. */
static void test_dead_from_index(void **state)
{
	static const enum vcard_fault faults[] = {VCARD_FAULT_LOSE, VCARD_FAULT_RESET,
						  VCARD_FAULT_MUTE};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		for (unsigned int at = 0; at < 17; at++) {
			struct dead_from dead = {at, faults[i]};
			struct jpki_token_ref token;

			reinsert(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			vcard_transport_forget(fixture->readers);
			vcard_transport_set_hook(fixture->readers, dead_hook, &dead);
			/* Index 15 is leaving the card, when the login itself has succeeded. */
			if (at < 15)
				assert_failure(fixture_login(&token, VCARD_AUTH_PIN));
			else
				assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
			assert_true(vcard_transport_verifies(fixture->readers) <= 1);
			assert_true(vcard_transport_exchanges(fixture->readers) < 30);
			clear_fault(fixture);
			assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
			fixture_look(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			if (at < 15)
				assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
			assert_error(fixture_sign(&token), JPKI_OK);
		}
	}
}

/* Every word that is not 9000, at every step of a login: no crash, no second VERIFY, no try. */
static void test_every_word_everywhere(void **state)
{
	static const char *const words[] = {"6200", "6282", "6300", "63C0", "63C1", "6400", "6581",
					    "6700", "6881", "6982", "6983", "6984", "6985", "6986",
					    "69FC", "6A80", "6A81", "6A82", "6A83", "6A86", "6A88",
					    "6B00", "6C00", "6C10", "6100", "6110", "6D00", "6E00",
					    "6F00", "FFFF", "0000", "90",   ""};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (unsigned int at = 0; at < 17; at++) {
			enum jpki_error error = JPKI_OK;
			struct jpki_token_ref token;

			reinsert(fixture);
			fixture_answer(fixture, words[i]);
			broken_login(fixture, JPKI_KEY_AUTH, VCARD_AUTH_PIN, VCARD_FAULT_ANSWER, at,
				     &error);
			assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
			reinsert(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		}
	}
}

static void test_connect_and_begin_fail(void **state)
{
	static const enum jpki_error errors[] = {JPKI_E_BUSY, JPKI_E_NO_ACCESS, JPKI_E_NO_SERVICE,
						 JPKI_E_NO_CARD, JPKI_E_MEMORY};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		for (int call = VCARD_CALL_CONNECT; call <= VCARD_CALL_BEGIN; call++) {
			struct jpki_token_ref token;

			reinsert(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			vcard_transport_forget(fixture->readers);
			vcard_transport_fail(fixture->readers, (enum vcard_call)call, errors[i], 1);
			assert_error(fixture_login(&token, VCARD_AUTH_PIN), errors[i]);
			assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
			fixture_look(fixture);
			token = fixture_token(fixture, JPKI_KEY_AUTH);
			assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		}
	}
}

/* A card that never says a word, upside down for instance, is none of ours and not asked again. */
static void test_mute_from_the_start(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	vcard_transport_fail(fixture->readers, VCARD_CALL_CONNECT, JPKI_E_MUTE, 1);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	reinsert(fixture);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* A fault of the line passes: the card is asked again, but more and more seldom. */
static void test_mute_for_a_while(void **state)
{
	static const int64_t pauses[] = {2, 4, 8, 16, 32, 64, 64};
	struct fixture *fixture = *state;
	struct jpki_reader *reader = fixture->reader;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	vcard_transport_fail(fixture->readers, VCARD_CALL_CONNECT, JPKI_E_MUTE, 7);
	for (unsigned int i = 0; i < 7; i++) {
		reader->mute_until_s = 0;
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
		assert_between(reader->mute_until_s - jpki_reader_now_s(), pauses[i] - 1,
			       pauses[i]);
		assert_int_equal(fixture_recognise(fixture), JPKI_CARD_MUTE);
		assert_int_equal(vcard_transport_connects(fixture->readers), i + 1);
	}
	reader->mute_until_s = jpki_reader_now_s();
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* The reader shows that the card gives no ATR: it is not powered anew, until that is over. */
static void test_mute_as_shown(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_reader_list list;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture->transport->ops->list(fixture->transport, &list), JPKI_OK);
	list.readers[0].mute = true;
	jpki_reader_observe(fixture->reader, &list.readers[0]);
	assert_int_equal(fixture_recognise(fixture), JPKI_CARD_MUTE);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
	assert_int_equal(vcard_transport_connects(fixture->readers), 0);
	fixture_look(fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	/* A card that is known is tried, whatever the last look has shown. */
	jpki_reader_observe(fixture->reader, &list.readers[0]);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* One answer by which the card denies its serial is asked for again; no other card is suspected. */
static void test_serial_denied(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	fixture_answer(fixture, "6A82");
	for (unsigned int at = 0; at < 2; at++) {
		vcard_transport_forget(fixture->readers);
		fixture_fault_at(fixture, VCARD_FAULT_ANSWER, at);
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		assert_error(jpki_token_logout(&token), JPKI_OK);
	}
	vcard_transport_forget(fixture->readers);
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xB2, FIXTURE_EACH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PROTOCOL);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* A card that does not know the first application to go to is sent to another one. */
static void test_leave_falls_back(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_int_equal(tries_told(&token), 3);
	vcard_transport_forget(fixture->readers);
	fixture_answer(fixture, "6A82");
	fixture_fault_at(fixture, VCARD_FAULT_ANSWER, 13);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	unit_assert_trace(fixture->readers,
			  "COMMON RECORD AP EF:0018 TRIES VERIFY " FIXTURE_READ_AUTH
			  " LEAVE COMMON AP");
	fixture_assert_locked(fixture);
}

/* Refuses every application but the one that the PIN is of, once it was presented. */
static enum vcard_fault refuse_to_leave(void *context, unsigned index, const uint8_t *command,
					size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (vcard_transport_verifies(fixture->readers) == 0 || command[1] != 0xA4 ||
	    command[2] != 0x04 || (length == 15 && command[7] == 0xF0))
		return VCARD_FAULT_NONE;
	fixture_answer(fixture, "6A82");
	return VCARD_FAULT_ANSWER;
}

/* One that cannot be left loses its power: no other program finds it unlocked. */
static void test_leave_by_power(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_int_equal(tries_told(&token), 3);
	vcard_transport_forget(fixture->readers);
	vcard_transport_set_hook(fixture->readers, refuse_to_leave, fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	fixture_assert_locked(fixture); /* which takes the refusal away */
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
}

/*
 * The answer to a wrong PIN is lost, and then the whole card: what became of the PIN is settled
 * when the tries can be read again, and until then the value is not sent a second time.
 */
static void test_doubt_outlives_link(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct dead_from dead = {6, VCARD_FAULT_LOSE};

	assert_int_equal(tries_told(&token), 3);
	vcard_transport_forget(fixture->readers);
	vcard_transport_set_hook(fixture->readers, dead_hook, &dead);
	assert_failure(fixture_login(&token, "0000"));
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	clear_fault(fixture);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_REPEATED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_lost_success),
		TEST(test_lost_success_restores),
		TEST(test_lost_refusal),
		TEST(test_lost_last_refusal),
		TEST(test_verify_not_delivered),
		TEST(test_verify_nonsense),
		TEST(test_verify_lies),
		TEST(test_every_index_right_pin),
		TEST(test_every_index_wrong_pin),
		TEST(test_every_index_sign),
		TEST(test_dead_from_index),
		TEST(test_every_word_everywhere),
		TEST(test_connect_and_begin_fail),
		TEST(test_mute_from_the_start),
		TEST(test_mute_for_a_while),
		TEST(test_mute_as_shown),
		TEST(test_serial_denied),
		TEST(test_leave_falls_back),
		TEST(test_leave_by_power),
		TEST(test_doubt_outlives_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
