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
	/* After the application, the file. */
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xA4, 1);
	assert_error(jpki_token_certificate(&token, false, &certificate), JPKI_E_NOT_FOUND);
	vcard_transport_forget(fixture->readers);
	assert_error(jpki_token_certificate(&token, false, &certificate), JPKI_E_NOT_FOUND);
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unclear_card),
		TEST(test_serial_of_number),
		TEST(test_missing_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
