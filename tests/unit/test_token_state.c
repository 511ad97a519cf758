/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a token keeps and for how long: the PIN, its certificates, its identity. */
#include "fixture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "token/clock.h"
#include "token/pin.h"
#include "token/state.h"
#include "transport_internal.h"

/* Whether the PIN of a key is in memory. */
static bool keeps_pin(const struct fixture *fixture, enum jpki_key key)
{
	const struct jpki_token *token = &fixture->reader->tokens[key];

	return token->pin != NULL && jpki_pin_store_pin(token->pin) != NULL;
}

static struct jpki_token_ref logged_in(struct fixture *fixture, enum jpki_key key)
{
	struct jpki_token_ref token = fixture_token(fixture, key);

	assert_error(fixture_login(&token, key == JPKI_KEY_AUTH ? VCARD_AUTH_PIN : VCARD_SIGN_PIN),
		     JPKI_OK);
	assert_true(keeps_pin(fixture, key));
	assert_true(jpki_token_is_logged_in(&token));
	vcard_transport_forget(fixture->readers);
	return token;
}

/* Another card in its place, of which the reader notices no more than a reset. */
static void exchange_unseen(struct fixture *fixture)
{
	unit_card_open(&fixture->second, "second", NULL);
	vcard_lock(fixture->readers);
	vcard_power_off(fixture->card.card);
	vcard_power_on(fixture->second.card);
	fixture->readers->readers[0].card = fixture->second.card;
	vcard_unlock(fixture->readers);
}

static void test_logout(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_false(keeps_pin(fixture, JPKI_KEY_AUTH));
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(jpki_token_logout(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* The signing certificate is personal data: it goes with the login. */
static void test_logout_takes_certificate(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_SIGN);
	struct jpki_certificate *certificate = NULL;

	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	jpki_certificate_release(certificate);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_null(fixture->reader->tokens[JPKI_KEY_SIGN].own.certificate);
	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate),
		     JPKI_E_LOGIN_REQUIRED);
	assert_null(certificate);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

static void test_two_logins_are_apart(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref auth = logged_in(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref sign = logged_in(fixture, JPKI_KEY_SIGN);

	assert_error(fixture_sign(&auth), JPKI_OK);
	assert_error(fixture_sign(&sign), JPKI_OK);
	assert_error(jpki_token_logout(&auth), JPKI_OK);
	assert_true(jpki_token_is_logged_in(&sign));
	assert_error(fixture_sign(&sign), JPKI_OK);
	assert_error(fixture_sign(&auth), JPKI_E_LOGIN_REQUIRED);
}

static void test_removal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_null(fixture->reader->card);
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	assert_error(jpki_token_get_info(&token, &info), JPKI_E_REMOVED);
	/* The same card again is another insertion. */
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* Out and in again between two looks: the count of events tells. */
static void test_exchange_between_looks(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	unit_card_open(&fixture->second, "second", NULL);
	vcard_transport_insert(fixture->readers, 0, fixture->second.card);
	fixture_look(fixture);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* Nobody has looked yet when the next operation comes: the link is dead, and so is the login. */
static void test_exchange_before_look(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	unit_card_open(&fixture->second, "second", NULL);
	vcard_transport_insert(fixture->readers, 0, fixture->second.card);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* A reset may hide an exchange: the PIN must not reach another card than its own. */
static void test_exchange_behind_reset(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	exchange_unseen(fixture);
	vcard_transport_reset(fixture->readers, 0);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_AUTH_PIN_FILE), 3);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_SIGN_PIN_FILE), 5);
	fixture_look(fixture);
	assert_false(jpki_token_is_logged_in(&token));
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* The same for a login: a value that the first card refused is another matter for the second. */
static void test_exchange_behind_reset_at_login(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	exchange_unseen(fixture);
	vcard_transport_reset(fixture->readers, 0);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "1111"), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* A reset of the same card changes nothing for the user. */
static void test_reset_of_same_card(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_sign(&token), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	vcard_transport_reset(fixture->readers, 0);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture->readers,
			  "COMMON RECORD AP EF:0018 TRIES VERIFY SIGN:0017 LEAVE AP");
}

/* Another program has changed the PIN: the kept one is refused once, and never sent again. */
static void test_first_refusal(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, "9999");
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 2);
	assert_false(keeps_pin(fixture, JPKI_KEY_AUTH));
	assert_false(jpki_token_is_logged_in(&token));
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PIN_REPEATED);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES");
	assert_error(fixture_login(&token, "9999"), JPKI_OK);
}

/* Many keep the PIN, and it was changed: together they cost one try. */
static void test_kept_by_many(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_SIGN);

	/* Another of them was here before. */
	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 4, "NEW0PIN");
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 4);
	assert_error(fixture_login(&token, "NEW0PIN"), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* More tries than the PIN should have are believed when the card tells them twice. */
static void test_too_many_tries(void **state)
{
	static const struct {
		const char *answer;
		int tries;
	} rows[] = {{"63C4", 4}, {"63CF", 15}, {"63C9", 9}};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct jpki_token_ref token;
		struct jpki_token_info info;

		vcard_transport_remove(fixture->readers, 0);
		fixture_look(fixture);
		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
		fixture_look(fixture);
		token = fixture_token(fixture, JPKI_KEY_AUTH);
		fixture_answer(fixture, rows[i].answer);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x20, 0);
		assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
		assert_int_equal(info.tries, 3);
		assert_int_equal(info.tries_full, 3);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0x20, FIXTURE_EACH);
		fixture->reader->tokens[JPKI_KEY_AUTH].tries_read_s -= 60;
		assert_error(jpki_token_renew_tries(&token), JPKI_OK);
		assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
		assert_int_equal(info.tries, rows[i].tries);
		assert_int_equal(info.tries_full, rows[i].tries);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
	}
}

/* Another program has spent the tries: the last one is not spent on the PIN that is kept. */
static void test_tries_went_elsewhere(void **state)
{
	struct fixture *fixture = *state;

	for (unsigned int tries = 0; tries < 2; tries++) {
		struct jpki_token_ref token;

		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		token = logged_in(fixture, JPKI_KEY_AUTH);
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, tries, VCARD_AUTH_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
		/* A locked PIN is of no use any more; the other waits for its tries. */
		assert_int_equal(keeps_pin(fixture, JPKI_KEY_AUTH), tries == 1);
		assert_int_equal(jpki_token_is_suspended(&token), tries == 1);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), tries);
		jpki_token_logout(&token);
	}
}

static void test_idle(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token;
	_Atomic int64_t *last_used;

	fixture->config.pin_idle_seconds = 60;
	token = logged_in(fixture, JPKI_KEY_SIGN);
	last_used = &fixture->reader->tokens[JPKI_KEY_SIGN].last_used_s;
	atomic_fetch_sub(last_used, 50);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK); /* a use: the time begins anew */
	atomic_fetch_sub(last_used, 50);
	assert_true(jpki_token_is_logged_in(&token));
	/* The limit itself is too long. */
	atomic_store(last_used, jpki_reader_now_s() - 60);
	assert_false(jpki_token_is_logged_in(&token));
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_false(keeps_pin(fixture, JPKI_KEY_SIGN));
	assert_null(fixture->reader->tokens[JPKI_KEY_SIGN].own.certificate);
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	/* Without a limit a login lasts. */
	fixture->config.pin_idle_seconds = 0;
	atomic_fetch_sub(last_used, 1000000);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* Each call without a login lets go of the card. The serial is compared before the PIN only, unless
 * something may have happened to the card. */
static void test_rest_without_login(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;
	uint8_t random[8];

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_random(&token, random, sizeof(random)), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 1);
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	vcard_transport_forget(fixture->readers);
	vcard_transport_reset(fixture->readers, 0);
	assert_error(jpki_token_random(&token, random, sizeof(random)), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 4);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES VERIFY LEAVE AP");
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

/* The card was replaced while the link rested: no PIN reaches the other one. */
static void test_exchange_during_rest(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	/* Not even the loss of power was seen. */
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	exchange_unseen(fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* Another program is using the card: the link stays, because to open it again might take as long as
 * that program's transaction. */
static void test_kept_out(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_BUSY);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	assert_int_equal(vcard_transport_connects(fixture->readers), 0);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_BUSY);
	fixture->reader->last_used_s -= 60;
	fixture_look(fixture);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
}

/* An identity that could not be read is asked for again: no PIN goes out before it is known. */
static void test_identity_is_insisted_on(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	exchange_unseen(fixture);
	vcard_transport_reset(fixture->readers, 0);
	for (unsigned int at = 0; at < 2; at++) {
		vcard_transport_forget(fixture->readers);
		fixture_fault_at(fixture, VCARD_FAULT_MUTE, at);
		assert_error(fixture_sign(&token), JPKI_E_MUTE);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	}
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_int_equal(vcard_tries(fixture->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* pcscd was restarted: the card may be another one. */
static void test_service_restart(void **state)
{
	static struct jpki_reader_list list;
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	vcard_transport_serve(fixture->readers, false);
	fixture_look(fixture);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	vcard_transport_serve(fixture->readers, true);
	fixture_look(fixture);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	/* Between two looks, and its count of events happens to be the same. */
	vcard_transport_serve(fixture->readers, false);
	vcard_transport_serve(fixture->readers, true);
	assert_error(fixture->transport->ops->list(fixture->transport, &list), JPKI_OK);
	fixture->reader->events = list.readers[0].events;
	fixture_look(fixture);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
}

static void test_reader_unplugged(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture, JPKI_KEY_AUTH);

	vcard_transport_plug(fixture->readers, 0, false);
	fixture_look(fixture);
	assert_null(fixture->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_error(fixture_sign(&token), JPKI_E_REMOVED);
	vcard_transport_plug(fixture->readers, 0, true);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

static void get_serial(struct fixture *fixture, enum jpki_key key, char serial[17])
{
	struct jpki_token_ref token = fixture_token(fixture, key);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	memcpy(serial, info.serial, 17);
	assert_int_equal(strlen(serial), 16);
	for (size_t i = 0; i < 16; i++)
		assert_true(isxdigit((unsigned char)serial[i]) != 0);
}

/* One per card, and always the same, also without the application that tells it best. */
static void test_serial(void **state)
{
	struct fixture *fixture = *state;
	char first[17], other[17];

	get_serial(fixture, JPKI_KEY_AUTH, first);
	get_serial(fixture, JPKI_KEY_SIGN, other);
	assert_string_equal(first, other);
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	get_serial(fixture, JPKI_KEY_AUTH, other);
	assert_string_equal(first, other);
	unit_card_open(&fixture->second, "second", NULL);
	vcard_transport_insert(fixture->readers, 0, fixture->second.card);
	fixture_look(fixture);
	get_serial(fixture, JPKI_KEY_AUTH, other);
	assert_string_not_equal(first, other);
}

/* Without the common application the certificate tells the cards apart. */
static void test_serial_of_certificate(void **state)
{
	struct fixture *fixture = *state;
	char serials[2][17];

	unit_card_open(&fixture->second, "second", NULL);
	for (size_t i = 0; i < 2; i++) {
		vcard_transport_insert(fixture->readers, 0,
				       i == 0 ? fixture->card.card : fixture->second.card);
		fixture_look(fixture);
		vcard_transport_forget(fixture->readers);
		fixture_answer(fixture, "6A82");
		fixture_fault_at(fixture, VCARD_FAULT_ANSWER, 0); /* SELECT of that application */
		get_serial(fixture, JPKI_KEY_AUTH, serials[i]);
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
	}
	assert_string_not_equal(serials[0], serials[1]);
}

static void test_info(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 8);
	assert_string_equal(info.label, "JPKI 署名用 (英数6-16字)");
	assert_string_equal(info.model, "JPKI sign");
	assert_int_equal(info.pin_rule->min_length, 6);
	assert_int_equal(info.pin_rule->max_length, 16);
	assert_int_equal(info.pin_rule->tries, 5);
	assert_int_equal(info.tries, 5);
	assert_int_equal(info.key_bits_min, 2048);
	assert_int_equal(info.key_bits_max, 2048);
	assert_true(info.pin_is_set);
	assert_true(info.has_key && info.has_ca && info.certificate_is_private);
	token.key = JPKI_KEY_AUTH;
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_string_equal(info.label, "JPKI 利用者証明用 (4桁)");
	assert_string_equal(info.model, "JPKI auth");
	assert_int_equal(info.pin_rule->min_length, 4);
	assert_int_equal(info.pin_rule->max_length, 4);
	assert_int_equal(info.tries, 3);
	assert_true(info.has_key && info.has_ca && !info.certificate_is_private);
	/* The second token cost its tries; all else is asked once. */
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 8 + 3);
}

static void test_child(void **state)
{
	static const char *const names[] = {"child-bare", "child", "child-filled"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct fixture fixture;
		struct jpki_token_ref token;
		struct jpki_token_info info;

		fixture_start(&fixture, names[i], NULL);
		token = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_true(jpki_token_may_be_present(&token)); /* nobody has asked yet */
		if (i == 0) {
			assert_error(jpki_token_get_info(&token, &info), JPKI_E_NO_TOKEN);
			assert_false(jpki_token_may_be_present(&token));
			assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_E_NO_TOKEN);
		} else {
			assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
			assert_false(info.has_key);
			assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
			assert_error(fixture_sign(&token), JPKI_E_NOT_FOUND);
		}
		token.key = JPKI_KEY_AUTH;
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		assert_error(fixture_sign(&token), JPKI_OK);
		fixture_stop(&fixture);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_logout),
		TEST(test_logout_takes_certificate),
		TEST(test_two_logins_are_apart),
		TEST(test_removal),
		TEST(test_exchange_between_looks),
		TEST(test_exchange_before_look),
		TEST(test_exchange_behind_reset),
		TEST(test_exchange_behind_reset_at_login),
		TEST(test_reset_of_same_card),
		TEST(test_first_refusal),
		TEST(test_tries_went_elsewhere),
		TEST(test_kept_by_many),
		TEST(test_too_many_tries),
		TEST(test_idle),
		TEST(test_rest_without_login),
		TEST(test_exchange_during_rest),
		TEST(test_kept_out),
		TEST(test_identity_is_insisted_on),
		TEST(test_service_restart),
		TEST(test_reader_unplugged),
		TEST(test_serial),
		TEST(test_serial_of_certificate),
		TEST(test_info),
		cmocka_unit_test(test_child),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
