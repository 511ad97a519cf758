/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When a link is closed that C_Finalize has given up on. */
#include "fixture.h"

#include "token/link.h"
#include "token/reader.h"

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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_abandoned_link),
		TEST(test_abandoned_link_in_use),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
