/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which cards are recognised, and what their serial is derived from. */
#include "fixture.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "token/state.h"

/* One answer that tells nothing about a card is forgiven; after two it is left alone. */
static void test_unclear_card(void **state)
{
	(void)state;
	for (int both = 0; both < 2; both++) {
		struct vcard_options options = {.interface = VCARD_CONTACT};
		struct jpki_token_ref token;
		struct jpki_token_info info;
		struct fixture fixture;

		fixture_start(&fixture, "mynumber", &options);
		token = fixture_token(&fixture, JPKI_KEY_AUTH);
		fixture_answer(&fixture, "6F00");
		fixture_fault_ins(&fixture, VCARD_FAULT_ANSWER, 0xA4, FIXTURE_EACH);
		assert_error(jpki_token_get_info(&token, &info), JPKI_E_PROTOCOL);
		if (!both)
			vcard_transport_set_hook(fixture.readers, NULL, NULL);
		assert_error(jpki_token_get_info(&token, &info), both ? JPKI_E_FOREIGN : JPKI_OK);
		vcard_transport_forget(fixture.readers);
		assert_error(jpki_token_get_info(&token, &info), both ? JPKI_E_FOREIGN : JPKI_OK);
		assert_int_equal(vcard_transport_exchanges(fixture.readers), 0);
		fixture_stop(&fixture);
	}
}

/* The serial is a digest of the card's number and of what kind of number that is. */
static void test_serial_of_number(void **state)
{
	static const char *const commands[] = {"00A4040C0AD3921000310001010100", "00B2010C00"};
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	char text[26 + JPKI_CARD_SERIAL_LENGTH] = "jpki-pkcs11 token serial\0C";
	uint8_t digest[32], answer[VCARD_RESPONSE_MAX];
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	for (size_t i = 0; i < 2; i++) {
		uint8_t command[32];

		vcard_transmit(fixture->card.card, command,
			       unit_hex(commands[i], command, sizeof(command)), answer,
			       sizeof(answer));
	}
	assert_memory_equal(answer, "\x01\x1c", 2);
	memcpy(text + 26, answer + 2, JPKI_CARD_SERIAL_LENGTH);
	assert_int_equal(EVP_Digest(text, sizeof(text), digest, NULL, EVP_sha256(), NULL), 1);
	for (size_t i = 0; i < 8; i++) {
		char two[3];

		snprintf(two, sizeof(two), "%02x", digest[i]);
		assert_memory_equal(fixture->reader->serial + 2 * i, two, 2);
	}
}

/* A certificate that is not there is not looked for again. */
static void test_missing_certificate(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_certificate *certificate = NULL;
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	fixture_answer(fixture, "6A82");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xB0, FIXTURE_EACH);
	assert_error(jpki_token_certificate(&token, false, &certificate), JPKI_E_NOT_FOUND);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_certificate(&token, false, &certificate), JPKI_E_NOT_FOUND);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* After the number was compared our application is selected again, as some programs rely on it. */
static void test_application_stays(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;
	uint8_t data[8];

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	fixture->reader->same_card = false;
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_random(&token, data, sizeof(data)), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD RANDOM AP");
	/* Also on the card of another person. */
	fixture->reader->same_card = false;
	fixture->reader->serial[0] ^= 1;
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_random(&token, data, sizeof(data)), JPKI_E_REMOVED);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP");
}

/* Each is asked when it is needed, in the transaction that is open anyway, and once. */
static void test_asked_when_needed(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref auth = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref sign = fixture_token(fixture, JPKI_KEY_SIGN);
	struct jpki_certificate *certificate = NULL;
	struct jpki_token_info info;

	assert_error(jpki_token_get_pin_info(&auth, &info), JPKI_OK);
	unit_assert_trace(fixture->readers, "COMMON RECORD AP READ:0006 EF:0018 TRIES");
	assert_int_equal(info.tries, 3);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_certificate(&auth, JPKI_CERTIFICATE_OWN, &certificate), JPKI_OK);
	jpki_certificate_release(certificate);
	vcard_transport_forget(fixture->readers);
	/* The certificate is there, so nothing has to be asked. */
	assert_error(jpki_token_get_info(&auth, &info), JPKI_OK);
	assert_true(info.has_key && info.has_ca);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
	assert_error(jpki_token_get_info(&sign, &info), JPKI_OK);
	unit_assert_trace(fixture->readers, "AP EF:001B TRIES AP READ:0008");
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_get_info(&sign, &info), JPKI_OK);
	(void)fixture_recognise(fixture);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* At the first reading the card loses its power, and the reader does not notice. */
static enum vcard_fault lose_power_unnoticed(void *context, unsigned index, const uint8_t *command,
					     size_t length)
{
	struct fixture *fixture = context;

	(void)index;
	(void)length;
	if (command[1] == 0xB0 && fixture->seen++ == 0) {
		vcard_power_off(fixture->card.card);
		vcard_power_on(fixture->card.card);
	}
	return VCARD_FAULT_NONE;
}

/* A card without a number is compared by a file, which is asked for once more in its application.
 */
static void test_compared_anew(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	fixture_answer(fixture, "6A82");
	fixture_fault_at(fixture, VCARD_FAULT_ANSWER, 0); /* SELECT of the number's application */
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	assert_int_equal(fixture->reader->identity, JPKI_IDENTITY_CERTIFICATE);
	fixture->reader->same_card = false;
	fixture->seen = 0;
	vcard_transport_set_hook(fixture->readers, lose_power_unnoticed, fixture);
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_true(fixture->seen > 1);
}

/* Programs for people ask for all at once. */
static void test_asked_at_once(void **state)
{
	struct fixture *fixture = *state;

	assert_int_equal(fixture_recognise(fixture), JPKI_CARD_MY_NUMBER);
	unit_assert_trace(fixture->readers,
			  "COMMON RECORD AP READ:0006 EF:0018 TRIES EF:001B TRIES READ:0008");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unclear_card),
		TEST(test_serial_of_number),
		TEST(test_missing_certificate),
		TEST(test_application_stays),
		TEST(test_asked_when_needed),
		TEST(test_asked_at_once),
		TEST(test_compared_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
