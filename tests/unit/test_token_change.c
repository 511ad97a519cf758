/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A PIN is changed, or asked for at each signature. */
#include "fixture.h"

#include <string.h>

#include "token/pin.h"
#include "token/state.h"

#define INS_CHANGE 0x24

static enum jpki_error change(const struct jpki_token_ref *token, const char *old_pin,
			      const char *new_pin)
{
	return jpki_token_change_pin(token, (const uint8_t *)old_pin, strlen(old_pin),
				     (const uint8_t *)new_pin, strlen(new_pin));
}

static void test_change(void **state)
{
	static const char *const old_pins[] = {VCARD_AUTH_PIN, VCARD_SIGN_PIN};
	static const char *const new_pins[] = {"9876", "new0password"};
	struct fixture *fixture = *state;

	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token_ref token = fixture_token(fixture, (enum jpki_key)key);

		assert_error(change(&token, old_pins[key], new_pins[key]), JPKI_OK);
		assert_false(jpki_token_is_logged_in(&token));
		fixture_assert_locked(fixture);
		assert_error(fixture_login(&token, old_pins[key]), JPKI_E_PIN_INCORRECT);
		/* Typed in small letters both times: the card holds capitals. */
		assert_error(fixture_login(&token, new_pins[key]), JPKI_OK);
		assert_error(fixture_sign(&token), JPKI_OK);
		fixture_assert_locked(fixture);
	}
}

static void test_sequence(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_error(change(&token, VCARD_SIGN_PIN, "NEW0PIN"), JPKI_OK);
	/* Two of them compare the serial. */
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 9);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
}

/* Nothing is sent when either of the two can't be, or may not be set. */
static void test_impossible(void **state)
{
	static const struct {
		enum jpki_key key;
		const char *old_pin;
		const char *new_pin;
		enum jpki_error error;
	} cases[] = {
		{JPKI_KEY_AUTH, VCARD_AUTH_PIN, "12345", JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, VCARD_AUTH_PIN, "", JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, VCARD_AUTH_PIN, "12a4", JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_AUTH, "123", "4321", JPKI_E_PIN_LENGTH},
		{JPKI_KEY_AUTH, "abcd", "4321", JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, VCARD_SIGN_PIN, "ABC12", JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, VCARD_SIGN_PIN, "ABCDEFGH12345678X", JPKI_E_PIN_LENGTH},
		{JPKI_KEY_SIGN, VCARD_SIGN_PIN, "ABCDEF", JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, VCARD_SIGN_PIN, "123456", JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, VCARD_SIGN_PIN, "ABC-123", JPKI_E_PIN_ALPHABET},
		{JPKI_KEY_SIGN, "1234", "NEW0PIN", JPKI_E_PIN_LENGTH},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct jpki_token_ref token = fixture_token(fixture, cases[i].key);
		struct jpki_token_info info;

		assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
		vcard_transport_forget(fixture->readers);
		assert_error(change(&token, cases[i].old_pin, cases[i].new_pin), cases[i].error);
		assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	}
}

static void test_wrong_old_pin(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(change(&token, "0000", "4321"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	assert_error(change(&token, "0000", "4321"), JPKI_E_PIN_REPEATED);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	assert_error(change(&token, "0001", "4321"), JPKI_E_PIN_INCORRECT);
	assert_error(change(&token, "0002", "4321"), JPKI_E_PIN_FINAL_TRY);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 1);
	fixture_assert_locked(fixture);
}

/* A login goes on with the new PIN, and ends with a wrong old one. */
static void test_while_logged_in(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_error(change(&token, VCARD_SIGN_PIN, "NEW0PIN"), JPKI_OK);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
	assert_error(change(&token, "NEW0PIN", "short"), JPKI_E_PIN_LENGTH);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(change(&token, "OTHER0PIN", "NEW0PIN2"), JPKI_E_PIN_INCORRECT);
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
}

/* The answer to the change is lost, and the card has acted: the new PIN is found to hold. */
static void test_lost_change(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture_fault_ins(fixture, VCARD_FAULT_LOSE, INS_CHANGE, 0);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_OK);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	fixture_assert_locked(fixture);
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(fixture_login(&token, "4321"), JPKI_OK);
}

/* It has not acted: the old one is found to hold, and no try is lost over it. */
static void test_change_not_done(void **state)
{
	static const enum vcard_fault faults[] = {VCARD_FAULT_MUTE, VCARD_FAULT_RESET,
						  VCARD_FAULT_ANSWER};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		vcard_transport_forget(fixture->readers);
		fixture_answer(fixture, "01"); /* no status word at all */
		fixture_fault_ins(fixture, faults[i], INS_CHANGE, 0);
		assert_failure(change(&token, VCARD_SIGN_PIN, "NEW0PIN"));
		assert_int_equal(vcard_transport_verifies(fixture->readers), 3);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 5);
		fixture_assert_locked(fixture);
		/* Nothing was lost: the login goes on with the old PIN. */
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
		assert_true(jpki_token_is_logged_in(&token));
		assert_error(fixture_sign(&token), JPKI_OK);
		assert_error(jpki_token_logout(&token), JPKI_OK);
	}
}

/* Three faults, one after the other: the change does not arrive, the refusal of the new PIN is
 * lost, and so is the reading of the tries after it. */
static enum vcard_fault three_faults(void *context, unsigned index, const uint8_t *command,
				     size_t length)
{
	unsigned int *stage = context;

	(void)index;
	if (*stage == 0 && command[1] == INS_CHANGE) {
		*stage = 1;
		return VCARD_FAULT_MUTE;
	}
	if (*stage == 1 && command[1] == 0x20 && length > 5) {
		*stage = 2;
		return VCARD_FAULT_LOSE;
	}
	if (*stage == 2) {
		*stage = 3;
		return VCARD_FAULT_MUTE;
	}
	return VCARD_FAULT_NONE;
}

static void test_lost_search(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	unsigned int stage = 0;

	vcard_transport_set_hook(fixture->readers, three_faults, &stage);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PROTOCOL);
	assert_int_equal(stage, 3);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* Another program takes a try while it is being found out: then it is not known, and what is right
 * is not taken for wrong afterwards. */
static enum vcard_fault meddle(void *context, unsigned index, const uint8_t *command, size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (command[1] == INS_CHANGE)
		return VCARD_FAULT_LOSE;
	if (command[1] == 0x20 && length > 5 && fixture->seen++ == 1) {
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, "4321");
		return VCARD_FAULT_MUTE;
	}
	return VCARD_FAULT_NONE;
}

static void test_meddled_search(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture->seen = 0;
	vcard_transport_set_hook(fixture->readers, meddle, fixture);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PIN_UNCERTAIN);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	fixture->config.final_try_allowed = true;
	assert_error(fixture_login(&token, "4321"), JPKI_OK);
	fixture->config.final_try_allowed = false;
}

/* The new PIN is refused, and what the card says to the old one does not come through: the new one
 * stays refused, and costs no other try. */
static enum vcard_fault half_a_search(void *context, unsigned index, const uint8_t *command,
				      size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (command[1] == INS_CHANGE || fixture->seen == 3)
		return VCARD_FAULT_MUTE;
	if (command[1] == 0x20 && length > 5 && ++fixture->seen == 3)
		return VCARD_FAULT_MUTE;
	return VCARD_FAULT_NONE;
}

static void test_half_a_search(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	fixture->seen = 0;
	vcard_transport_set_hook(fixture->readers, half_a_search, fixture);
	assert_error(change(&token, VCARD_SIGN_PIN, "NEW0PIN"), JPKI_E_PIN_UNCERTAIN);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 4);
	assert_error(fixture_login(&token, "NEW0PIN"), JPKI_E_PIN_REPEATED);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 4);
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
}

/* Another program spends a try meanwhile: with two left, none is spent on what may be wrong. */
static enum vcard_fault spend_one(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	(void)length;
	if (command[1] != INS_CHANGE)
		return VCARD_FAULT_NONE;
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
	return VCARD_FAULT_MUTE;
}

static void test_search_with_two(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	vcard_transport_set_hook(fixture->readers, spend_one, fixture);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PIN_UNCERTAIN);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	/* That of the change. */
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
}

/* No answer comes to either: the second is not presented, since the first may be the right one. */
static enum vcard_fault no_answer(void *context, unsigned index, const uint8_t *command,
				  size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	if (command[1] == INS_CHANGE)
		fixture->seen = 1;
	return fixture->seen == 1 &&
			       (command[1] == INS_CHANGE || (command[1] == 0x20 && length > 5))
		       ? VCARD_FAULT_MUTE
		       : VCARD_FAULT_NONE;
}

static void test_search_without_answer(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture->seen = 0;
	vcard_transport_set_hook(fixture->readers, no_answer, fixture);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PIN_UNCERTAIN);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	/* That of the change, and three times the first. */
	assert_int_equal(vcard_transport_verifies(fixture->readers), 4);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
}

/* A plain refusal: the old PIN is asked for first, so that no try is at risk at all. */
static void test_plain_refusal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture_answer(fixture, "6A80");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_CHANGE, 0);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PROTOCOL);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
}

/* It can't be found out: the card has left, or says no more. */
static void test_uncertain_change(void **state)
{
	static const enum vcard_fault faults[] = {VCARD_FAULT_REMOVE, VCARD_FAULT_MUTE};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		vcard_transport_forget(fixture->readers);
		fixture_fault_ins(fixture, faults[i], INS_CHANGE, 0);
		fixture->dead_after = true;
		assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PIN_UNCERTAIN);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
		assert_true(vcard_transport_exchanges(fixture->readers) < 12);
		assert_false(jpki_token_is_logged_in(&token));
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
		fixture_look(fixture);
	}
}

/* Whatever the card answers but a plain yes: the old PIN is found to hold, for the card has not
 * acted, and it costs no try in the end. */
static void test_refused_change(void **state)
{
	static const char *const answers[] = {"6985", "6A80", "6700", "6984", "6D00", "6581",
					      "90",   "6100", "6282", "6300", "63C2", ""};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		fixture_answer(fixture, answers[i]);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_CHANGE, 0);
		assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PROTOCOL);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
		fixture_assert_locked(fixture);
	}
	/* The old PIN was accepted and holds: a login goes on. */
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	fixture_answer(fixture, "6985");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_CHANGE, 0);
	assert_error(change(&token, VCARD_AUTH_PIN, "4321"), JPKI_E_PROTOCOL);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
}

static enum jpki_error authenticate(const struct jpki_token_ref *token, const char *pin)
{
	return jpki_token_authenticate(token, (const uint8_t *)pin, strlen(pin));
}

/* sign.always-authenticate: one PIN, one signature; the login itself counts for the first. */
static void test_always_authenticate(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token_ref auth = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	fixture->config.sign_always_authenticate = true;
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_true(info.always_authenticate);
	assert_error(authenticate(&token, VCARD_SIGN_PIN), JPKI_E_LOGIN_REQUIRED);
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_true(jpki_token_take_fresh_login(&token));
	assert_false(jpki_token_take_fresh_login(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
	jpki_token_revoke_authentication(&token);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(authenticate(&token, "WRONG0PIN"), JPKI_E_PIN_INCORRECT);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	/* A wrong one takes the right one with it that waits for its signature. */
	assert_error(authenticate(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_error(authenticate(&token, "WRONG1PIN"), JPKI_E_PIN_INCORRECT);
	assert_null(jpki_pin_store_pin(fixture->reader->tokens[JPKI_KEY_SIGN].pin));
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_true(jpki_token_is_logged_in(&token));
	jpki_token_revoke_authentication(&token);
	/* Given for two signatures, the PIN is there until both have been made. */
	assert_error(authenticate(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_error(authenticate(&token, VCARD_SIGN_PIN), JPKI_OK);
	fixture_assert_locked(fixture);
	assert_error(fixture_sign(&token), JPKI_OK);
	jpki_token_revoke_authentication(&token);
	assert_error(fixture_sign(&token), JPKI_OK);
	jpki_token_revoke_authentication(&token);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	/* The other key is not concerned. */
	assert_error(jpki_token_get_info(&auth, &info), JPKI_OK);
	assert_false(info.always_authenticate);
	assert_error(fixture_login(&auth, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&auth), JPKI_OK);
	assert_error(fixture_sign(&auth), JPKI_OK);
}

/* What was begun before a removal ends nothing of the next insertion. */
static void test_revoked_late(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref old = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref token;

	assert_error(fixture_login(&old, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	jpki_token_revoke(&old);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* Another process has changed the PIN: the one that is kept is refused once, and the login ends. */
static void test_kept_pin_refused(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 5, "OTHER1");
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_false(jpki_token_is_logged_in(&token));
	assert_null(jpki_pin_store_pin(fixture->reader->tokens[JPKI_KEY_SIGN].pin));
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 4);
}

/* After a change the old PIN is in memory no more, and the new one only while it is of use. */
static void test_memory_after_change(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_pin_store *store;

	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	store = fixture->reader->tokens[JPKI_KEY_SIGN].pin;
	assert_error(change(&token, VCARD_SIGN_PIN, "LATER1"), JPKI_OK);
	assert_int_equal(jpki_pin_store_new_pin(store)->length, 0);
	assert_memory_equal(jpki_pin_store_pin(store)->value, "LATER1", 6);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_error(change(&token, "LATER1", VCARD_SIGN_PIN), JPKI_OK);
	assert_null(jpki_pin_store_pin(store));
	/* A PIN of one signature does not serve as that of a change as well. */
	fixture->config.sign_always_authenticate = true;
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_true(jpki_token_take_fresh_login(&token));
	assert_error(change(&token, VCARD_SIGN_PIN, "LATER1"), JPKI_OK);
	assert_null(jpki_pin_store_pin(store));
}

/* A PIN that the card was not sent takes nothing from the login, nor from what waits for its own.
 */
static void test_unasked(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(change(&token, "OTHER1", "LATER1"), JPKI_E_BUSY);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	/* Without a login there is none afterwards. */
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(change(&token, VCARD_SIGN_PIN, "LATER1"), JPKI_E_BUSY);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);

	fixture->config.sign_always_authenticate = true;
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(authenticate(&token, "OTHER1"), JPKI_E_BUSY);
	assert_true(jpki_token_take_fresh_login(&token));
	assert_error(authenticate(&token, "no"), JPKI_E_PIN_LENGTH);
	assert_error(fixture_sign(&token), JPKI_OK);
	jpki_token_revoke_authentication(&token);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
}

/* Nor does it end a login whose PIN has served its one signature, so that none is kept. */
static void test_unasked_without_pin(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	fixture->config.sign_always_authenticate = true;
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_true(jpki_token_take_fresh_login(&token));
	jpki_token_revoke_authentication(&token);
	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 1, VCARD_SIGN_PIN);
	for (int busy = 0; busy < 2; busy++) {
		vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, busy ? 1 : 0);
		assert_error(change(&token, VCARD_SIGN_PIN, "LATER1"),
			     busy ? JPKI_E_BUSY : JPKI_E_PIN_FINAL_TRY);
		assert_true(jpki_token_is_logged_in(&token));
		/* The PIN offered is not kept in place of none. */
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_false(jpki_token_is_suspended(&token));
	}
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_change),
		TEST(test_sequence),
		TEST(test_impossible),
		TEST(test_wrong_old_pin),
		TEST(test_while_logged_in),
		TEST(test_lost_change),
		TEST(test_change_not_done),
		TEST(test_uncertain_change),
		TEST(test_lost_search),
		TEST(test_meddled_search),
		TEST(test_half_a_search),
		TEST(test_plain_refusal),
		TEST(test_refused_change),
		TEST(test_always_authenticate),
		TEST(test_unasked),
		TEST(test_unasked_without_pin),
		TEST(test_search_with_two),
		TEST(test_search_without_answer),
		TEST(test_revoked_late),
		TEST(test_kept_pin_refused),
		TEST(test_memory_after_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
