/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of a card's tokens without the reader's lock, and what is not. */
#include "fixture.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "token/known.h"
#include "token/link.h"
#include "token/state.h"

static bool is_told(const struct jpki_token_ref *token, bool contents)
{
	struct jpki_token_info info;
	enum jpki_error error = JPKI_E_INTERNAL;
	bool known = jpki_known_info(token, contents, &info, &error);

	if (known)
		assert_error(error, JPKI_OK);
	return known;
}

static bool has_certificate(const struct jpki_token_ref *token, enum jpki_certificate_kind kind)
{
	struct jpki_certificate *certificate;
	enum jpki_error error = JPKI_E_INTERNAL;
	bool known = jpki_known_certificate(token, kind, &certificate, &error);

	assert_true(known == (certificate != NULL));
	if (known)
		assert_error(error, JPKI_OK);
	jpki_certificate_release(certificate);
	return known;
}

static bool knows_scheme(const struct jpki_token_ref *token, enum jpki_sign_scheme id,
			 const struct jpki_scheme *wanted)
{
	const struct jpki_scheme *scheme;
	enum jpki_error error = JPKI_E_INTERNAL;
	bool known = jpki_known_scheme(token, id, &scheme, &error);

	assert_ptr_equal(scheme, known ? wanted : NULL);
	if (known)
		assert_error(error, JPKI_OK);
	return known;
}

/* Whoever waits for a lock that is never released has failed. */
#define SECONDS_MAX 60

/* Another call is using the card for as long as this. */
static void use(const struct jpki_token_ref *token)
{
	assert_error(jpki_reader_lock(token->reader, token->insertion), JPKI_OK);
}

static void test_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);

	assert_false(is_told(&token, false));
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	assert_false(knows_scheme(&token, JPKI_SIGN_PKCS1, NULL));
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_false(is_told(&token, false));
}

static void test_info(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref other = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token_info asked, known;
	enum jpki_error error;

	assert_error(jpki_token_get_pin_info(&token, &asked), JPKI_OK);
	assert_true(is_told(&token, false));
	assert_false(is_told(&token, true));
	/* Its tries were not read. */
	assert_false(is_told(&other, false));
	assert_error(jpki_token_get_info(&token, &asked), JPKI_OK);
	assert_true(jpki_known_info(&token, true, &known, &error));
	assert_memory_equal(&known, &asked, sizeof(known));
	assert_true(known.has_key);
}

static void test_missing_token(void **state)
{
	struct fixture fixture;
	struct jpki_token_ref token;
	struct jpki_token_info info;
	struct jpki_certificate *certificate;
	const struct jpki_scheme *scheme;
	enum jpki_error error;

	(void)state;
	fixture_start(&fixture, "juki", NULL);
	fixture_recognise(&fixture);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	use(&token);
	assert_error(jpki_token_get_info(&token, &info), JPKI_E_NO_TOKEN);
	assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, &certificate),
		     JPKI_E_NO_TOKEN);
	assert_null(certificate);
	assert_error(jpki_token_scheme(&token, JPKI_SIGN_PKCS1, &scheme), JPKI_E_NO_TOKEN);
	assert_null(scheme);
	assert_error(jpki_token_renew_tries(&token), JPKI_E_NO_TOKEN);
	token = fixture_token(&fixture, JPKI_PIN_TEXT);
	assert_false(jpki_known_info(&token, false, &info, &error));
	jpki_reader_unlock(token.reader);
	fixture_stop(&fixture);
}

/* What is known of the text PIN is not published, and what is not known is nobody's to tell. */
static void test_text_pin(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_PIN_TEXT);
	struct jpki_token_info info;

	assert_error(jpki_token_get_pin_info(&token, &info), JPKI_OK);
	assert_false(is_told(&token, false));
}

/* The look has told of another card, while a call was using the one before. */
static void test_exchanged(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref now;

	fixture_recognise(fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	use(&token);
	assert_true(is_told(&token, true));
	assert_true(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	unit_card_open(&fixture->second, "second", NULL);
	vcard_transport_remove(fixture->readers, 0);
	vcard_transport_insert(fixture->readers, 0, fixture->second.card);
	fixture_look(fixture);
	now = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_false(is_told(&token, false));
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	assert_false(knows_scheme(&token, JPKI_SIGN_PKCS1, NULL));
	assert_false(is_told(&now, false));
	assert_false(has_certificate(&now, JPKI_CERTIFICATE_OWN));
	jpki_reader_unlock(token.reader);
	assert_false(is_told(&now, false));
	fixture_recognise(fixture);
	assert_true(is_told(&now, true));
}

/* The private certificate is told of only while its login lasts. */
static void test_private_is_known(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_token *inside = jpki_token_of(&token);

	fixture_recognise(fixture);
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	use(&token);
	assert_true(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	jpki_token_revoke(&token);
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	assert_true(is_told(&token, true));
	/* As if another login had begun since. */
	atomic_store(&inside->logged_in, true);
	assert_true(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	atomic_fetch_add(&inside->logins, 1);
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	atomic_store(&inside->logged_in, false);
	jpki_reader_unlock(token.reader);
	assert_null(token.reader->snapshot.keys[JPKI_KEY_SIGN].certificates[JPKI_CERTIFICATE_OWN]);
}

/* Nor is a login that has expired one. */
static void test_expired(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);

	fixture->config.pin_idle_seconds = 60;
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_true(has_certificate(&token, JPKI_CERTIFICATE_OWN));
	fixture_pass_ms(60000);
	assert_false(has_certificate(&token, JPKI_CERTIFICATE_OWN));
}

/* A logout counts at once, and takes the certificate out of the snapshot; so does the end. */
static void test_logout(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_SIGN);
	const struct jpki_facts *facts = &token.reader->snapshot.keys[JPKI_KEY_SIGN];
	struct jpki_token_info info;
	enum jpki_error error;

	for (unsigned int round = 1; round <= 2; round++) {
		assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
		assert_non_null(facts->certificates[JPKI_CERTIFICATE_OWN]);
		assert_error(jpki_token_logout(&token), JPKI_OK);
		assert_true(jpki_known_info(&token, false, &info, &error));
		assert_int_equal(info.logouts, round);
		assert_null(facts->certificates[JPKI_CERTIFICATE_OWN]);
	}
	assert_error(fixture_login(&token, VCARD_SIGN_PIN), JPKI_OK);
	assert_non_null(facts->certificates[JPKI_CERTIFICATE_OWN]);
	jpki_reader_abandon(token.reader);
	assert_null(facts->certificates[JPKI_CERTIFICATE_OWN]);
}

static void test_schemes(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	const struct jpki_scheme *scheme;

	fixture_recognise(fixture);
	assert_true(knows_scheme(&token, JPKI_SIGN_PKCS1, &jpki_scheme_pkcs1));
	assert_true(knows_scheme(&token, JPKI_SIGN_ECDSA, NULL));
	assert_false(knows_scheme(&token, JPKI_SIGN_PSS_SHA256, NULL));
	assert_error(jpki_token_scheme(&token, JPKI_SIGN_PSS_SHA256, &scheme), JPKI_OK);
	assert_true(knows_scheme(&token, JPKI_SIGN_PSS_SHA256, &jpki_scheme_pss_sha256));
	use(&token);
	token.reader->schemes[JPKI_SIGN_PSS_SHA256] = JPKI_SCHEME_WITHDRAWN;
	jpki_reader_unlock(token.reader);
	assert_true(knows_scheme(&token, JPKI_SIGN_PSS_SHA256, NULL));
}

/* A card without certificates has no PSS to be asked for. */
static void test_schemes_without_key(void **state)
{
	struct fixture fixture;
	struct jpki_token_ref token;

	(void)state;
	fixture_start(&fixture, "no-certificates", NULL);
	fixture_recognise(&fixture);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_true(is_told(&token, true));
	assert_true(knows_scheme(&token, JPKI_SIGN_PSS_SHA256, NULL));
	fixture_stop(&fixture);
}

static void *renew(void *argument)
{
	static enum jpki_error error;

	error = jpki_token_renew_tries(argument);
	return &error;
}

/* While the card is in use, a session begins with the tries that were read last. */
static void test_renew(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	pthread_t thread;
	void *error;

	fixture_recognise(fixture);
	fixture_pass_ms(60000);
	vcard_transport_forget(fixture->readers);
	use(&token);
	assert_int_equal(pthread_create(&thread, NULL, renew, &token), 0);
	assert_int_equal(pthread_join(thread, &error), 0);
	assert_error(*(enum jpki_error *)error, JPKI_OK);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	jpki_reader_unlock(token.reader);
	assert_error(jpki_token_renew_tries(&token), JPKI_OK);
	assert_true(vcard_transport_exchanges(fixture->readers) > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_info, fixture_set_up, fixture_tear_down),
		cmocka_unit_test(test_missing_token),
		cmocka_unit_test_setup_teardown(test_text_pin, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_exchanged, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_private_is_known, fixture_set_up,
						fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_expired, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_logout, fixture_set_up, fixture_tear_down),
		cmocka_unit_test_setup_teardown(test_schemes, fixture_set_up, fixture_tear_down),
		cmocka_unit_test(test_schemes_without_key),
		cmocka_unit_test_setup_teardown(test_renew, fixture_set_up, fixture_tear_down),
	};

	alarm(SECONDS_MAX);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
