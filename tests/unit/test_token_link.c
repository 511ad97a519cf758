/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a link is opened and closed, whether it leads to the same card, and when a card is asked
 * again that the reader shows as mute. */
#include "fixture.h"

#include "token/clock.h"
#include "token/link.h"
#include "token/reader.h"
#include "token/state.h"

/* A login on a link that is kept, because another program is using the card. */
static struct jpki_token_ref kept_out(struct fixture *fixture)
{
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_fail(fixture->readers, VCARD_CALL_BEGIN, JPKI_E_BUSY, 1);
	assert_error(fixture_sign(&token), JPKI_E_BUSY);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	return token;
}

static void test_abandoned_link(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = kept_out(fixture);

	jpki_reader_abandon(fixture->reader);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	jpki_reader_close_abandoned(fixture->reader);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_false(jpki_token_is_logged_in(&token));
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

/* A call is inside: it is not waited for, and closes the link itself. */
static void test_abandoned_link_in_use(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = kept_out(fixture);

	assert_error(jpki_reader_lock(fixture->reader, token.insertion), JPKI_OK);
	jpki_reader_abandon(fixture->reader);
	jpki_reader_close_abandoned(fixture->reader);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	jpki_reader_unlock(fixture->reader);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_int_equal(vcard_transport_violations(fixture->readers), 0);
}

/* Look at the reader, which shows that its card gives no ATR, and at the card. */
static void look_at_mute(struct fixture *fixture)
{
	struct jpki_reader_list list;

	assert_error(fixture->transport->ops->list(fixture->transport, &list), JPKI_OK);
	list.readers[0].mute = true;
	jpki_reader_observe(fixture->reader, &list.readers[0]);
	assert_int_equal(fixture_recognise(fixture), JPKI_CARD_MUTE);
}

static void assert_pause(const struct jpki_reader *reader, int64_t seconds)
{
	assert_int_equal(reader->mute_for_s, seconds);
	assert_between(reader->mute_until_s - jpki_reader_now_s(), seconds - 1, seconds);
}

/* pcscd shows a card as mute until somebody gets an answer from it: a fault that has passed shows
 * only if the card is asked. */
static void test_shown_mute_and_healed(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_reader *reader = fixture->reader;
	struct jpki_token_ref token;
	int64_t until_s;

	look_at_mute(fixture);
	assert_pause(reader, 2);
	until_s = reader->mute_until_s;
	reader->mute_until_s += 100;
	for (int look = 0; look < 3; look++)
		look_at_mute(fixture);
	assert_int_equal(reader->mute_until_s, until_s + 100);
	assert_int_equal(vcard_transport_connects(fixture->readers), 0);
	vcard_transport_fail(fixture->readers, VCARD_CALL_CONNECT, JPKI_E_MUTE, 1);
	reader->mute_until_s = jpki_reader_now_s();
	look_at_mute(fixture);
	assert_pause(reader, 4);
	look_at_mute(fixture);
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	reader->mute_until_s = jpki_reader_now_s();
	token.reader = reader;
	token.key = JPKI_KEY_AUTH;
	token.insertion = jpki_reader_insertion(reader);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
}

/* Another program got an answer: whoever asks now gets one, too. The next card begins anew. */
static void test_shown_mute_no_more(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token;

	look_at_mute(fixture);
	fixture->reader->mute_until_s += 100;
	fixture_look(fixture);
	vcard_transport_fail(fixture->readers, VCARD_CALL_CONNECT, JPKI_E_MUTE, 1);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_E_FOREIGN);
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
	assert_pause(fixture->reader, 4);
	look_at_mute(fixture);
	for (int card = 0; card < 2; card++) {
		vcard_transport_remove(fixture->readers, 0);
		fixture_look(fixture);
		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
		look_at_mute(fixture);
		assert_pause(fixture->reader, 2);
	}
	assert_int_equal(vcard_transport_connects(fixture->readers), 1);
}

static struct jpki_token_ref logged_in(struct fixture *fixture)
{
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	return token;
}

/* Without a login the card is let go of when the call ends; with one, after a while. */
static void test_idle_link(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture);

	fixture_look(fixture);
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	fixture->reader->last_used_s -= 60;
	/* An operation that comes late does not open it anew. */
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_OK);
	assert_int_equal(vcard_transport_connects(fixture->readers), 0);
	fixture->reader->last_used_s -= 60;
	fixture_look(fixture);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	assert_true(jpki_token_is_logged_in(&token));
	/* Opened again, it must still be the same card. */
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_sign(&token), JPKI_OK);
	unit_assert_trace(fixture->readers,
			  "COMMON RECORD AP EF:0018 TRIES VERIFY SIGN:0017 LEAVE AP");
	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	assert_error(jpki_token_logout(&token), JPKI_OK);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
	vcard_transport_forget(fixture->readers);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES VERIFY LEAVE AP");
}

/* A link that broke is closed at once, even while somebody is logged in. */
static void test_broken_link(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture);

	assert_int_equal(vcard_transport_links(fixture->readers), 1);
	fixture_fault_at(fixture, VCARD_FAULT_LOSE, 0);
	assert_error(fixture_sign(&token), JPKI_E_LINK);
	assert_int_equal(vcard_transport_links(fixture->readers), 0);
}

/* A comparison that failed is made again, even if no PIN is to be sent. */
static void test_failed_comparison(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = logged_in(fixture);
	int64_t *read_s = &fixture->reader->tokens[JPKI_KEY_AUTH].tries_read_s;

	vcard_transport_reset(fixture->readers, 0);
	fixture_answer(fixture, "6F00");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xA4, FIXTURE_EACH);
	*read_s -= 60;
	jpki_token_renew_tries(&token);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	vcard_transport_forget(fixture->readers);
	*read_s -= 60;
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP EF:0018 TRIES");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_idle_link),
		TEST(test_broken_link),
		TEST(test_failed_comparison),
		TEST(test_abandoned_link),
		TEST(test_abandoned_link_in_use),
		TEST(test_shown_mute_and_healed),
		TEST(test_shown_mute_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
