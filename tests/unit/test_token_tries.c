/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tries: how many a card has, what another program does to them, and when a count is believed.
 */
#include "fixture.h"

#include <string.h>

#include "token/pin.h"
#include "token/state.h"
#include "internal.h"

#define INS_VERIFY 0x20
#define INS_SELECT 0xA4

static struct vcard_options with_quirk(enum vcard_quirk quirk, unsigned int value)
{
	struct vcard_options options = {.interface = VCARD_CONTACT};

	options.quirk[quirk] = value;
	return options;
}

static bool keeps_pin(const struct fixture *fixture, enum jpki_key key)
{
	const struct jpki_token *token = &fixture->reader->tokens[key];

	return token->pin != NULL && jpki_pin_store_pin(token->pin) != NULL;
}

static struct jpki_token_info info_of(const struct jpki_token_ref *token)
{
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(token, &info), JPKI_OK);
	return info;
}

/* A card whose tries are others than its generation's works as any other, and its kept PIN goes out
 * only while all that it has are left. */
static void test_other_number(void **state)
{
	static const unsigned int numbers[] = {2, 3, 4, 6, 10, 15};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct vcard_options options = with_quirk(VCARD_QUIRK_TRIES, numbers[i]);
		unsigned int all = numbers[i];
		struct jpki_token_ref token;
		struct fixture fixture;

		fixture_start(&fixture, "juki", &options);
		token = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_int_equal(info_of(&token).tries, all);
		assert_int_equal(info_of(&token).tries_full, all > 5 ? all : 5);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		assert_int_equal(info_of(&token).tries, all);
		assert_int_equal(info_of(&token).tries_full, all);
		vcard_transport_forget(fixture.readers);
		assert_error(fixture_sign(&token), JPKI_OK);
		assert_error(fixture_sign(&token), JPKI_OK);
		/* Nothing is found out twice. */
		unit_assert_trace(fixture.readers, "AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP "
						   "AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP");
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, all - 1, VCARD_SIGN_PIN);
		vcard_transport_forget(fixture.readers);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_int_equal(vcard_transport_verifies(fixture.readers), 0);
		assert_int_equal(info_of(&token).tries_full, all);
		assert_false(unit_key_is_open(fixture.readers, FIXTURE_READER, UNIT_SIGN_KEY_FILE));
		fixture_stop(&fixture);
	}
}

/* Tries were spent before the first login: how many there are in all shows at the login. */
static void test_number_after_mistakes(void **state)
{
	static const struct {
		unsigned int all;
		unsigned int left;
	} rows[] = {{3, 2}, {10, 4}, {10, 5}, {10, 9}, {5, 3}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct vcard_options options = with_quirk(VCARD_QUIRK_TRIES, rows[i].all);
		struct jpki_token_ref token;
		struct fixture fixture;

		fixture_start(&fixture, "juki", &options);
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, rows[i].left, VCARD_SIGN_PIN);
		token = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		for (int round = 0; round < 2; round++)
			assert_error(fixture_sign(&token), JPKI_OK);
		assert_int_equal(info_of(&token).tries, rows[i].all);
		assert_int_equal(info_of(&token).tries_full, rows[i].all);
		assert_int_equal(fixture_tries(&fixture, JPKI_KEY_SIGN), rows[i].all);
		/* It stays known, so no count is a surprise any more, and one that is lost is seen.
		 */
		vcard_transport_forget(fixture.readers);
		assert_error(fixture_sign(&token), JPKI_OK);
		unit_assert_trace(fixture.readers, "AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP");
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, rows[i].all - 1,
				  VCARD_SIGN_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_false(unit_key_is_open(fixture.readers, FIXTURE_READER, UNIT_SIGN_KEY_FILE));
		fixture_stop(&fixture);
	}
}

/* It shows even if just as many are left as its generation should have, so that one that another
 * program spends before the first signature is seen. */
static void test_number_found_at_login(void **state)
{
	static const unsigned int numbers[][2] = {{10, 5}, {6, 5}, {5, 5}, {10, 4}, {10, 10}};

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		unsigned int all = numbers[i][0];
		struct vcard_options options = with_quirk(VCARD_QUIRK_TRIES, all);
		struct jpki_token_ref token;
		struct fixture fixture;

		fixture_start(&fixture, "juki", &options);
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, numbers[i][1], VCARD_SIGN_PIN);
		token = fixture_token(&fixture, JPKI_KEY_SIGN);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		assert_int_equal(info_of(&token).tries, all);
		assert_int_equal(info_of(&token).tries_full, all);
		vcard_transport_forget(fixture.readers);
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, all - 1, VCARD_SIGN_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_int_equal(vcard_transport_verifies(fixture.readers), 0);
		assert_int_equal(fixture_tries(&fixture, JPKI_KEY_SIGN), all - 1);
		/* It is found out once. */
		unit_card_set_pin(&fixture.card, UNIT_SIGN_PIN_FILE, all, VCARD_SIGN_PIN);
		assert_error(fixture_sign(&token), JPKI_OK);
		vcard_transport_forget(fixture.readers);
		assert_error(fixture_sign(&token), JPKI_OK);
		unit_assert_trace(fixture.readers, "AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP");
		fixture_stop(&fixture);
	}
}

/* One false count does not become the number of all tries. */
static void test_false_number(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 3, VCARD_SIGN_PIN);
	assert_int_equal(info_of(&token).tries, 3);
	/* The third answer: the first is the count before, the second the PIN's. */
	fixture_answer(fixture, "63C1");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_VERIFY, 2);
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_int_equal(info_of(&token).tries_full, 5);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* Somebody mistypes the PIN in another program: the PIN that is kept waits, and serves again. */
static void test_suspended(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	for (unsigned int left = 2; left > 0; left--) {
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, left, VCARD_AUTH_PIN);
		vcard_transport_forget(fixture->readers);
		for (int round = 0; round < 2; round++)
			assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), left);
		assert_true(keeps_pin(fixture, JPKI_KEY_AUTH));
		assert_true(jpki_token_is_suspended(&token));
	}
	/* The tries are back: a signature is all that it takes. */
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
	assert_error(fixture_sign(&token), JPKI_OK);
	assert_false(jpki_token_is_suspended(&token));
	assert_true(jpki_token_is_logged_in(&token));
	/* So is a reading of the tries. */
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	for (unsigned int left = 2; left < 4; left++) {
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, left, VCARD_AUTH_PIN);
		fixture->reader->tokens[JPKI_KEY_AUTH].tries_read_s -= 10;
		assert_error(jpki_token_renew_tries(&token), JPKI_OK);
		assert_int_equal(jpki_token_is_suspended(&token), left < 3);
	}
}

/* A login may take the place of one that waits, which ends with a wrong PIN. */
static void test_login_while_suspended(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	for (int wrong = 0; wrong < 2; wrong++) {
		unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 5, VCARD_SIGN_PIN);
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 3, VCARD_SIGN_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_error(fixture_login(&token, wrong ? "WRONG1" : VCARD_SIGN_PIN),
			     wrong ? JPKI_E_PIN_INCORRECT : JPKI_OK);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), wrong ? 2 : 5);
		assert_int_equal(jpki_token_is_logged_in(&token), !wrong);
		assert_int_equal(keeps_pin(fixture, JPKI_KEY_SIGN), !wrong);
		assert_false(jpki_token_is_suspended(&token));
		if (!wrong)
			assert_error(jpki_token_logout(&token), JPKI_OK);
	}
}

/* A login that the card is not asked about leaves the one that waits as it is. */
static void test_unasked_while_suspended(void **state)
{
	static const struct {
		const char *pin;
		unsigned int left;
		enum jpki_error error;
	} rows[] = {{"0000", 1, JPKI_E_PIN_FINAL_TRY},
		    {"0000", 0, JPKI_E_PIN_LOCKED},
		    {"00", 2, JPKI_E_PIN_LENGTH},
		    {"000A", 2, JPKI_E_PIN_ALPHABET},
		    {"0000", 2, JPKI_E_BUSY}};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, rows[i].left, VCARD_AUTH_PIN);
		if (rows[i].error == JPKI_E_BUSY)
			vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
		assert_error(fixture_login(&token, rows[i].pin), rows[i].error);
		assert_true(jpki_token_is_suspended(&token));
		/* It is the PIN of the login that serves again. */
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		assert_error(fixture_sign(&token), JPKI_OK);
		assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
	}
}

/* Nor is one ended whose PIN has served its one signature. */
static void test_unasked_without_kept_pin(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	fixture->config.sign_always_authenticate = true;
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_true(jpki_token_take_fresh_login(&token));
	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 3, VCARD_SIGN_PIN);
	assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	jpki_token_revoke_authentication(&token);
	jpki_token_sweep(&token);
	for (int busy = 0; busy < 2; busy++) {
		assert_false(keeps_pin(fixture, JPKI_KEY_SIGN));
		vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, busy ? 1 : 0);
		assert_error(fixture_login(&token, busy ? VCARD_SIGN_PIN : "short"),
			     busy ? JPKI_E_BUSY : JPKI_E_PIN_LENGTH);
		assert_false(keeps_pin(fixture, JPKI_KEY_SIGN));
		assert_true(jpki_token_is_logged_in(&token));
		assert_true(jpki_token_is_suspended(&token));
	}
}

/* What ends a login ends one that waits. */
static void test_end_while_suspended(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	fixture->config.pin_idle_seconds = 60;
	for (int way = 0; way < 3; way++) {
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 2, VCARD_AUTH_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
		assert_true(jpki_token_is_suspended(&token));
		if (way == 0) {
			assert_error(jpki_token_logout(&token), JPKI_OK);
		} else if (way == 1) {
			jpki_token_revoke(&token);
			jpki_token_sweep(&token);
		} else {
			atomic_fetch_sub(&fixture->reader->tokens[JPKI_KEY_AUTH].last_used_s, 70);
			jpki_token_sweep(&token);
		}
		assert_false(keeps_pin(fixture, JPKI_KEY_AUTH));
		assert_false(jpki_token_is_suspended(&token));
		unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 3, VCARD_AUTH_PIN);
		assert_error(fixture_sign(&token), JPKI_E_LOGIN_REQUIRED);
	}
}

/* The tries are read again if that was some seconds ago, and only then. */
static void test_renewed(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	int64_t *read_s = &fixture->reader->tokens[JPKI_KEY_AUTH].tries_read_s;

	assert_int_equal(info_of(&token).tries, 3);
	unit_card_set_pin(&fixture->card, UNIT_AUTH_PIN_FILE, 1, VCARD_AUTH_PIN);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_int_equal(info_of(&token).tries, 3);
	*read_s -= 10;
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_int_equal(info_of(&token).tries, 1);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	/* A card that does not tell them is not asked each time. */
	fixture_answer(fixture, "6A81");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_VERIFY, FIXTURE_EACH);
	*read_s -= 10;
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_int_equal(info_of(&token).tries, -1);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	assert_error(jpki_token_renew_tries(&token), JPKI_E_REMOVED);
}

/* Another program left the PIN verified, and the card says that instead of the tries. */
static void test_already_verified(void **state)
{
	static const char *const commands[] = {"00A4040C0AD392F000260100000001", "00A4020C020018",
					       "00200080043132333400"};
	struct vcard_options options = with_quirk(VCARD_QUIRK_VERIFIED_9000, 1);
	struct jpki_token_ref token;
	struct fixture fixture;

	(void)state;
	fixture_start(&fixture, "mynumber", &options);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	/* The link is still open, so nothing but the signature leaves the application. */
	for (size_t i = 0; i < 3; i++) {
		uint8_t command[32], answer[VCARD_RESPONSE_MAX];
		size_t length = unit_hex(commands[i], command, sizeof(command));

		/* VERIFY has no Le byte. */
		if (i == 2)
			length--;
		assert_int_equal(
			vcard_transmit(fixture.card.card, command, length, answer, sizeof(answer)),
			2);
		assert_int_equal(answer[0], 0x90);
	}
	vcard_transport_forget(fixture.readers);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture.readers, "AP EF:0018 TRIES LEAVE AP EF:0018 TRIES "
					   "VERIFY SIGN:0017 LEAVE AP");
	fixture_assert_locked(&fixture);

	/* One that never says anything else is asked twice and sent nothing. */
	assert_error(jpki_token_logout(&token), JPKI_OK);
	vcard_transport_forget(fixture.readers);
	fixture_answer(&fixture, "9000");
	fixture_fault_ins(&fixture, VCARD_FAULT_ANSWER, INS_VERIFY, FIXTURE_EACH);
	assert_failure(fixture_login(&token, VCARD_AUTH_PIN));
	unit_assert_trace(fixture.readers, "COMMON RECORD AP EF:0018 TRIES LEAVE AP EF:0018 TRIES");
	assert_false(jpki_token_is_logged_in(&token));
	assert_int_equal(info_of(&token).tries, -1);
	fixture_stop(&fixture);
}

/* A PIN of another application, in a file of the same number. */
static struct vcard_ef *add_other_pin(struct vcard *card, const char *value, unsigned int tries)
{
	struct vcard_ef *ef = &card->efs[card->ef_count++];

	assert_true(card->ef_count <= VCARD_EFS_MAX);
	memset(ef, 0, sizeof(*ef));
	ef->app = VCARD_APP_COMMON;
	ef->id = VCARD_EF_SIGN_PIN;
	ef->kind = VCARD_EF_PIN;
	ef->issued.len = strlen(value);
	memcpy(ef->issued.value, value, ef->issued.len);
	ef->issued.tries = tries;
	ef->issued.max = tries;
	ef->pin = ef->issued;
	return ef;
}

/* How many times another application is selected behind our back. */
struct meddler {
	struct vcard *card;
	unsigned int times;
};

/* Another program's SELECT comes between ours of the application and of the file. */
static enum vcard_fault meddle(void *context, unsigned int index, const uint8_t *command,
			       size_t length)
{
	struct meddler *meddler = context;

	(void)index;
	if (command[1] != INS_SELECT || command[2] != 0x02 || length < 7 || meddler->times == 0)
		return VCARD_FAULT_NONE;
	meddler->times--;
	for (size_t i = 0; i < meddler->card->app_count; i++) {
		if (meddler->card->apps[i].kind == VCARD_APP_COMMON)
			meddler->card->df = &meddler->card->apps[i];
	}
	meddler->card->ef = NULL;
	return VCARD_FAULT_NONE;
}

/* A count that nothing explains: before anything is sent it is made sure whose it is. */
static void test_other_application(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct vcard_ef *other = add_other_pin(fixture->card.card, "OTHER1", 3);
	struct meddler meddler = {fixture->card.card, 1};

	assert_int_equal(info_of(&token).tries, 5);
	vcard_transport_forget(fixture->readers);
	vcard_transport_set_hook(fixture->readers, meddle, &meddler);
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_int_equal(meddler.times, 0);
	assert_int_equal(other->pin.tries, 3);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 5);
	/* And at a signature. */
	meddler.times = 1;
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture->readers,
			  "AP EF:001B TRIES AP EF:001B TRIES VERIFY SIGN:001A LEAVE AP");
	assert_int_equal(other->pin.tries, 3);
}

/* What explains a count costs no second question; what does not, one and no more. */
static void test_second_question(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	/* Our own mistake. */
	assert_int_equal(info_of(&token).tries, 5);
	assert_error(fixture_login(&token, "WRONG1"), JPKI_E_PIN_INCORRECT);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "WRONG2"), JPKI_E_PIN_INCORRECT);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:001B TRIES VERIFY LEAVE AP");
	/* A PIN that never arrived. */
	vcard_transport_forget(fixture->readers);
	fixture_fault_verify(fixture, VCARD_FAULT_RESET);
	assert_failure(fixture_login(&token, "WRONG5"));
	assert_int_equal(info_of(&token).tries, 3);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:001B TRIES VERIFY "
					    "COMMON RECORD AP EF:001B TRIES");
	/* An answer that was lost: the PIN may have cost a try, or have given all back. */
	for (int right = 0; right < 2; right++) {
		vcard_transport_forget(fixture->readers);
		fixture_fault_verify(fixture, VCARD_FAULT_LOSE);
		assert_failure(fixture_login(&token, right ? VCARD_SIGN_PIN : "WRONG3"));
		assert_int_equal(vcard_transport_verifies(fixture->readers), 1);
		assert_int_equal(info_of(&token).tries, right ? 5 : 2);
		unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:001B TRIES VERIFY "
						    "COMMON RECORD AP EF:001B TRIES");
	}
	/* Another program's: asked twice, and believed then. */
	unit_card_set_pin(&fixture->card, UNIT_SIGN_PIN_FILE, 4, VCARD_SIGN_PIN);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, "WRONG4"), JPKI_E_PIN_INCORRECT);
	unit_assert_trace(fixture->readers,
			  "COMMON RECORD AP EF:001B TRIES AP EF:001B TRIES VERIFY LEAVE AP");
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_SIGN), 3);
}

/* A card that denies a PIN which it told the tries of is not taken for one without that PIN. */
static void test_pin_denied_later(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_int_equal(info_of(&token).tries, 3);
	fixture_answer(fixture, "6A88");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_VERIFY, FIXTURE_EACH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_PROTOCOL);
	assert_true(info_of(&token).pin_is_set);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_int_equal(vcard_transport_verifies(fixture->readers), 0);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_number),
		cmocka_unit_test(test_number_after_mistakes),
		cmocka_unit_test(test_number_found_at_login),
		TEST(test_false_number),
		TEST(test_suspended),
		TEST(test_login_while_suspended),
		TEST(test_unasked_while_suspended),
		TEST(test_unasked_without_kept_pin),
		TEST(test_end_while_suspended),
		TEST(test_renewed),
		cmocka_unit_test(test_already_verified),
		TEST(test_other_application),
		TEST(test_second_question),
		TEST(test_pin_denied_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
