/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a token keeps and for how long: the PIN, its certificates, its identity. */
#include "fixture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "token/pin.h"
#include "token/state.h"
#include "transport_internal.h"

/* Whether the PIN of a key is in memory. */
static bool keeps_pin(const struct bench *bench, enum jpki_key key)
{
	const struct jpki_token *token = &bench->reader->tokens[key];

	return token->pin != NULL && jpki_pin_store_pin(token->pin) != NULL;
}

static struct jpki_token_ref logged_in(struct bench *bench, enum jpki_key key)
{
	struct jpki_token_ref token = bench_token(bench, key);

	assert_error(bench_login(&token, key == JPKI_KEY_AUTH ? VCARD_AUTH_PIN : VCARD_SIGN_PIN),
		     JPKI_OK);
	assert_true(keeps_pin(bench, key));
	assert_true(jpki_token_is_logged_in(&token));
	vcard_transport_forget(bench->readers);
	return token;
}

/* Another card in its place, of which the reader notices no more than a reset. */
static void exchange_unseen(struct bench *bench)
{
	unit_card_open(&bench->second, "second", NULL);
	vcard_lock(bench->readers);
	vcard_power_off(bench->card.card);
	vcard_power_on(bench->second.card);
	bench->readers->readers[0].card = bench->second.card;
	vcard_unlock(bench->readers);
}

static void test_logout(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_false(keeps_pin(bench, JPKI_KEY_AUTH));
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(jpki_token_logout(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
}

/* The signing certificate is personal data: it goes with the login. */
static void test_logout_takes_certificate(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_SIGN);
	struct jpki_certificate *certificate = NULL;

	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
	jpki_certificate_release(certificate);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_null(bench->reader->tokens[JPKI_KEY_SIGN].own.certificate);
	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate),
		     JPKI_E_LOGIN_REQUIRED);
	assert_null(certificate);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
}

static void test_two_logins_are_apart(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref auth = logged_in(bench, JPKI_KEY_AUTH);
	struct jpki_token_ref sign = logged_in(bench, JPKI_KEY_SIGN);

	assert_error(bench_sign(&auth), JPKI_OK);
	assert_error(bench_sign(&sign), JPKI_OK);
	assert_error(jpki_token_logout(&auth), JPKI_OK);
	assert_true(jpki_token_is_logged_in(&sign));
	assert_error(bench_sign(&sign), JPKI_OK);
	assert_error(bench_sign(&auth), JPKI_E_LOGIN_REQUIRED);
}

static void test_removal(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	vcard_transport_remove(bench->readers, 0);
	bench_look(bench);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_null(bench->reader->card);
	assert_false(jpki_token_is_logged_in(&token));
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	assert_error(jpki_token_get_info(&token, &info), JPKI_E_REMOVED);
	/* The same card again is another insertion. */
	vcard_transport_insert(bench->readers, 0, bench->card.card);
	bench_look(bench);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	token = bench_token(bench, JPKI_KEY_AUTH);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* Out and in again between two looks: the count of events tells. */
static void test_exchange_between_looks(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	unit_card_open(&bench->second, "second", NULL);
	vcard_transport_insert(bench->readers, 0, bench->second.card);
	bench_look(bench);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
}

/* Nobody has looked yet when the next operation comes: the link is dead, and so is the login. */
static void test_exchange_before_look(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	unit_card_open(&bench->second, "second", NULL);
	vcard_transport_insert(bench->readers, 0, bench->second.card);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	assert_int_equal(vcard_tries(bench->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* A reset may hide an exchange: the PIN must not reach another card than its own. */
static void test_exchange_behind_reset(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	exchange_unseen(bench);
	vcard_transport_reset(bench->readers, 0);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_int_equal(vcard_tries(bench->second.card, UNIT_AUTH_PIN_FILE), 3);
	assert_int_equal(vcard_tries(bench->second.card, UNIT_SIGN_PIN_FILE), 5);
	bench_look(bench);
	assert_false(jpki_token_is_logged_in(&token));
	token = bench_token(bench, JPKI_KEY_AUTH);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

/* The same for a login: a value that the first card refused is another matter for the second. */
static void test_exchange_behind_reset_at_login(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = bench_token(bench, JPKI_KEY_AUTH);

	assert_error(bench_login(&token, "0000"), JPKI_E_PIN_INCORRECT);
	exchange_unseen(bench);
	vcard_transport_reset(bench->readers, 0);
	vcard_transport_forget(bench->readers);
	assert_error(bench_login(&token, "1111"), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	assert_int_equal(vcard_tries(bench->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* A reset of the same card changes nothing for the user. */
static void test_reset_of_same_card(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	assert_error(bench_sign(&token), JPKI_OK);
	vcard_transport_forget(bench->readers);
	vcard_transport_reset(bench->readers, 0);
	assert_error(bench_sign(&token), JPKI_OK);
	unit_assert_trace(bench->readers,
			  "COMMON RECORD AP AP EF:0018 TRIES VERIFY SIGN:0017 LEAVE AP");
}

/* Another program has changed the PIN: the kept one is refused once, and never sent again. */
static void test_first_refusal(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	unit_card_set_pin(&bench->card, UNIT_AUTH_PIN_FILE, 3, "9999");
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_verifies(bench->readers), 1);
	assert_int_equal(bench_tries(bench, JPKI_KEY_AUTH), 2);
	assert_false(keeps_pin(bench, JPKI_KEY_AUTH));
	assert_false(jpki_token_is_logged_in(&token));
	vcard_transport_forget(bench->readers);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_E_PIN_REPEATED);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
	assert_error(bench_login(&token, "9999"), JPKI_OK);
}

/* Many keep the PIN, and it was changed: together they cost one try. */
static void test_kept_by_many(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_SIGN);

	/* Another of them was here before. */
	unit_card_set_pin(&bench->card, UNIT_SIGN_PIN_FILE, 4, "NEW0PIN");
	vcard_transport_forget(bench->readers);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	assert_int_equal(bench_tries(bench, JPKI_KEY_SIGN), 4);
	assert_error(bench_login(&token, "NEW0PIN"), JPKI_OK);
	assert_error(bench_sign(&token), JPKI_OK);
}

/* A card that tells more tries than there can be tells nothing. */
static void test_too_many_tries(void **state)
{
	static const char *const answers[] = {"63C4", "63CF", "63C9"};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct jpki_token_ref token = bench_token(bench, JPKI_KEY_AUTH);
		struct jpki_token_info info;

		bench_answer(bench, answers[i]);
		bench_fault_ins(bench, VCARD_FAULT_ANSWER, 0x20, BENCH_EACH);
		assert_failure(bench_login(&token, "0000"));
		assert_int_equal(vcard_transport_verifies(bench->readers), 0);
		assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
		assert_int_equal(info.tries, -1);
		vcard_transport_set_hook(bench->readers, NULL, NULL);
		assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		assert_error(jpki_token_logout(&token), JPKI_OK);
		vcard_transport_forget(bench->readers);
	}
}

/* Another program has spent the tries: the last one is not spent on the PIN that is kept. */
static void test_tries_went_elsewhere(void **state)
{
	struct bench *bench = *state;

	for (unsigned int tries = 0; tries < 2; tries++) {
		struct jpki_token_ref token;

		unit_card_set_pin(&bench->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		token = logged_in(bench, JPKI_KEY_AUTH);
		unit_card_set_pin(&bench->card, UNIT_AUTH_PIN_FILE, tries, VCARD_AUTH_PIN);
		assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_int_equal(vcard_transport_verifies(bench->readers), 0);
		assert_false(keeps_pin(bench, JPKI_KEY_AUTH));
		assert_int_equal(bench_tries(bench, JPKI_KEY_AUTH), tries);
	}
}

static void test_idle(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token;
	_Atomic int64_t *last_used;

	bench->config.pin_idle_seconds = 60;
	token = logged_in(bench, JPKI_KEY_SIGN);
	last_used = &bench->reader->tokens[JPKI_KEY_SIGN].last_used_s;
	atomic_fetch_sub(last_used, 50);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(bench_sign(&token), JPKI_OK); /* a use: the time begins anew */
	atomic_fetch_sub(last_used, 50);
	assert_true(jpki_token_is_logged_in(&token));
	atomic_fetch_sub(last_used, 20);
	assert_false(jpki_token_is_logged_in(&token));
	vcard_transport_forget(bench->readers);
	assert_error(bench_sign(&token), JPKI_E_LOGIN_REQUIRED);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 0);
	assert_false(keeps_pin(bench, JPKI_KEY_SIGN));
	assert_null(bench->reader->tokens[JPKI_KEY_SIGN].own.certificate);
	assert_error(bench_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	/* Without a limit a login lasts. */
	bench->config.pin_idle_seconds = 0;
	atomic_fetch_sub(last_used, 1000000);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(bench_sign(&token), JPKI_OK);
}

/* Without a login the link is let go after a while, so that the reader can rest. */
static void test_idle_link(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	bench->reader->last_used_s -= 60;
	bench_look(bench);
	assert_int_equal(vcard_transport_links(bench->readers), 1);
	assert_true(jpki_token_is_logged_in(&token));
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_int_equal(vcard_transport_links(bench->readers), 0);
	/* Opened again, it must still be the same card. */
	vcard_transport_forget(bench->readers);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	unit_assert_trace(bench->readers, "COMMON RECORD AP AP EF:0018 TRIES VERIFY LEAVE AP");
}

/* An identity that could not be read is asked for again: no PIN goes out before it is known. */
static void test_identity_is_insisted_on(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	exchange_unseen(bench);
	vcard_transport_reset(bench->readers, 0);
	for (unsigned int at = 0; at < 2; at++) {
		vcard_transport_forget(bench->readers);
		bench_fault_at(bench, VCARD_FAULT_MUTE, at);
		assert_error(bench_sign(&token), JPKI_E_MUTE);
		assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	}
	vcard_transport_set_hook(bench->readers, NULL, NULL);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	assert_int_equal(vcard_transport_verifies(bench->readers), 0);
	assert_int_equal(vcard_tries(bench->second.card, UNIT_AUTH_PIN_FILE), 3);
}

/* pcscd was restarted: the card may be another one. */
static void test_service_restart(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	vcard_transport_serve(bench->readers, false);
	bench_look(bench);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	vcard_transport_serve(bench->readers, true);
	bench_look(bench);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	token = bench_token(bench, JPKI_KEY_AUTH);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

static void test_reader_unplugged(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = logged_in(bench, JPKI_KEY_AUTH);

	vcard_transport_plug(bench->readers, 0, false);
	bench_look(bench);
	assert_null(bench->reader->tokens[JPKI_KEY_AUTH].pin);
	assert_error(bench_sign(&token), JPKI_E_REMOVED);
	vcard_transport_plug(bench->readers, 0, true);
	vcard_transport_insert(bench->readers, 0, bench->card.card);
	bench_look(bench);
	token = bench_token(bench, JPKI_KEY_AUTH);
	assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

static void get_serial(struct bench *bench, enum jpki_key key, char serial[17])
{
	struct jpki_token_ref token = bench_token(bench, key);
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
	struct bench *bench = *state;
	char first[17], other[17];

	get_serial(bench, JPKI_KEY_AUTH, first);
	get_serial(bench, JPKI_KEY_SIGN, other);
	assert_string_equal(first, other);
	vcard_transport_remove(bench->readers, 0);
	bench_look(bench);
	vcard_transport_insert(bench->readers, 0, bench->card.card);
	bench_look(bench);
	get_serial(bench, JPKI_KEY_AUTH, other);
	assert_string_equal(first, other);
	unit_card_open(&bench->second, "second", NULL);
	vcard_transport_insert(bench->readers, 0, bench->second.card);
	bench_look(bench);
	get_serial(bench, JPKI_KEY_AUTH, other);
	assert_string_not_equal(first, other);
}

/* Without the common application the certificate tells the cards apart. */
static void test_serial_of_certificate(void **state)
{
	struct bench *bench = *state;
	char serials[2][17];

	unit_card_open(&bench->second, "second", NULL);
	for (size_t i = 0; i < 2; i++) {
		vcard_transport_insert(bench->readers, 0,
				       i == 0 ? bench->card.card : bench->second.card);
		bench_look(bench);
		vcard_transport_forget(bench->readers);
		bench_answer(bench, "6A82");
		bench_fault_at(bench, VCARD_FAULT_ANSWER, 9); /* SELECT of that application */
		get_serial(bench, JPKI_KEY_AUTH, serials[i]);
		vcard_transport_set_hook(bench->readers, NULL, NULL);
	}
	assert_string_not_equal(serials[0], serials[1]);
}

static void test_info(void **state)
{
	struct bench *bench = *state;
	struct jpki_token_ref token = bench_token(bench, JPKI_KEY_SIGN);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(bench->readers), 12);
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
	/* The second token cost nothing: the card is asked once. */
	assert_int_equal(vcard_transport_exchanges(bench->readers), 12);
}

static void test_child(void **state)
{
	static const char *const names[] = {"child-bare", "child", "child-filled"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bench bench;
		struct jpki_token_ref token;
		struct jpki_token_info info;

		bench_start(&bench, names[i], NULL);
		token = bench_token(&bench, JPKI_KEY_SIGN);
		assert_true(jpki_token_may_be_present(&token)); /* nobody has asked yet */
		if (i == 0) {
			assert_error(jpki_token_get_info(&token, &info), JPKI_E_NO_TOKEN);
			assert_false(jpki_token_may_be_present(&token));
			assert_error(bench_login(&token, VCARD_SIGN_PIN), JPKI_E_NO_TOKEN);
		} else {
			assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
			assert_false(info.has_key);
			assert_error(bench_login(&token, VCARD_SIGN_PIN), JPKI_OK);
			assert_error(bench_sign(&token), JPKI_E_NOT_FOUND);
		}
		token.key = JPKI_KEY_AUTH;
		assert_error(bench_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		assert_error(bench_sign(&token), JPKI_OK);
		bench_stop(&bench);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)
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
		TEST(test_idle_link),
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
