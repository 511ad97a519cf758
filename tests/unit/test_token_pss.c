/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PSS, which not every card may have: asked for without the PIN, checked, and withdrawn. */
#include "fixture.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#define INS_SIGN 0x2A

static const uint8_t hash[32] = "a hash of thirty-two bytes ....";

static enum jpki_error sign_pss(const struct jpki_token_ref *token, uint8_t signature[256])
{
	size_t length = 256;

	return jpki_token_sign(token, JPKI_SIGN_PSS_SHA256, hash, sizeof(hash), signature, &length);
}

static bool offers_pss(const struct jpki_token_ref *token)
{
	const struct jpki_scheme *scheme = NULL;

	assert_error(jpki_token_scheme(token, JPKI_SIGN_PSS_SHA256, &scheme), JPKI_OK);
	assert_true(scheme == NULL || scheme == &jpki_scheme_pss_sha256);
	return scheme != NULL;
}

/* By OpenSSL, with the parameters that TLS 1.3 wants. */
static bool is_signed(const X509 *certificate, const uint8_t signature[256])
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(X509_get0_pubkey(certificate), NULL);
	bool good;

	assert_non_null(context);
	assert_int_equal(EVP_PKEY_verify_init(context), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING), 1);
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()), 1);
	assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(context, 32), 1);
	good = EVP_PKEY_verify(context, signature, 256, hash, sizeof(hash)) == 1;
	EVP_PKEY_CTX_free(context);
	return good;
}

static void test_sign(void **state)
{
	static const char *const names[] = {"auth.crt", "sign.crt"};
	static const char *const pins[] = {VCARD_AUTH_PIN, VCARD_SIGN_PIN};
	struct fixture *fixture = *state;

	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token_ref token = fixture_token(fixture, (enum jpki_key)key);
		X509 *certificate = unit_certificate(&fixture->card, names[key]);
		uint8_t signature[256] = {0};
		uint8_t again[256] = {0};

		assert_error(fixture_login(&token, pins[key]), JPKI_OK);
		assert_error(sign_pss(&token, signature), JPKI_OK);
		assert_error(sign_pss(&token, again), JPKI_OK);
		assert_true(is_signed(certificate, signature));
		assert_true(is_signed(certificate, again));
		/* The salt is random. */
		assert_memory_not_equal(signature, again, sizeof(signature));
		fixture_assert_locked(fixture);
		X509_free(certificate);
	}
}

static void test_lengths(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	uint8_t signature[256];
	uint8_t data[64] = {0};
	const size_t lengths[] = {0, 20, 31, 33, 64};

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		size_t length = sizeof(signature);

		assert_error(jpki_token_sign(&token, JPKI_SIGN_PSS_SHA256, data, lengths[i],
					     signature, &length),
			     JPKI_E_ARGUMENT);
	}
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 0);
}

/* The question costs two exchanges, once, and the card can't sign by it. */
static void test_question(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_info info;

	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_forget(fixture->readers);
	assert_true(offers_pss(&token));
	unit_assert_trace(fixture->readers, "AP SIGN:0017");
	assert_true(offers_pss(&token));
	assert_int_equal(vcard_transport_exchanges(fixture->readers), 2);
	assert_int_equal(fixture_tries(fixture, JPKI_KEY_AUTH), 3);
}

/* A card that does not know short names knows PSS nevertheless. */
static void test_question_to_selected_key(void **state)
{
	struct vcard_options options = {
		.quirk = {[VCARD_QUIRK_SELECT_KEYS] = 1, [VCARD_QUIRK_SELECT_FILES] = 1}};
	struct fixture fixture;
	struct jpki_token_ref token;
	struct jpki_token_info info;

	(void)state;
	fixture_start(&fixture, "mynumber", &options);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_error(jpki_token_get_info(&token, &info), JPKI_OK);
	vcard_transport_forget(fixture.readers);
	assert_true(offers_pss(&token));
	unit_assert_trace(fixture.readers, "AP SIGN:0017 EF:0017 SIGN");
	fixture_stop(&fixture);
}

static void test_card_without_pss(void **state)
{
	struct vcard_options options = {.quirk = {[VCARD_QUIRK_NO_PSS] = 1}};
	struct fixture fixture;
	struct jpki_token_ref token;
	uint8_t signature[256];

	(void)state;
	fixture_start(&fixture, "mynumber", &options);
	token = fixture_token(&fixture, JPKI_KEY_AUTH);
	assert_false(offers_pss(&token));
	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(sign_pss(&token, signature), JPKI_E_UNSUPPORTED);
	assert_error(fixture_sign(&token), JPKI_OK);
	fixture_assert_locked(&fixture);
	fixture_stop(&fixture);
}

/* A card that signs something else under the name of PSS: not given out, not tried again. */
static void test_withdrawn(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	struct jpki_token_ref other = fixture_token(fixture, JPKI_KEY_SIGN);
	uint8_t signature[256];
	uint8_t good[258];
	size_t length = 256;

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_true(offers_pss(&token));
	assert_error(jpki_token_sign(&token, JPKI_SIGN_PKCS1, hash, sizeof(hash), good, &length),
		     JPKI_OK);
	good[256] = 0x90;
	good[257] = 0x00;
	vcard_transport_answer(fixture->readers, good, sizeof(good));
	/* Once is an accident, and twice is how the card is. */
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_SIGN, 0);
	assert_error(sign_pss(&token, signature), JPKI_OK);
	assert_true(offers_pss(&token));
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_SIGN, FIXTURE_EACH);
	assert_error(sign_pss(&token, signature), JPKI_E_BAD_SIGNATURE);
	vcard_transport_set_hook(fixture->readers, NULL, NULL);
	assert_false(offers_pss(&token));
	/* It is the card that failed, so the other key does not either. */
	assert_false(offers_pss(&other));
	assert_error(fixture_sign(&token), JPKI_OK);
	/* For its stay: the next insertion is asked anew. */
	vcard_transport_remove(fixture->readers, 0);
	fixture_look(fixture);
	vcard_transport_insert(fixture->readers, 0, fixture->card.card);
	fixture_look(fixture);
	token = fixture_token(fixture, JPKI_KEY_AUTH);
	assert_true(offers_pss(&token));
}

/* Whatever word a card has for "no": it is not asked for PSS again, and goes on otherwise. */
static void test_refused(void **state)
{
	static const char *const words[] = {"6985", "6982", "6F00", "6A80", "6A88", "6B00", "6700"};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct jpki_token_ref token;
		uint8_t signature[256];

		vcard_transport_remove(fixture->readers, 0);
		fixture_look(fixture);
		vcard_transport_insert(fixture->readers, 0, fixture->card.card);
		fixture_look(fixture);
		token = fixture_token(fixture, JPKI_KEY_AUTH);
		assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
		assert_true(offers_pss(&token));
		fixture_answer(fixture, words[i]);
		fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, INS_SIGN, FIXTURE_EACH);
		assert_true(sign_pss(&token, signature) != JPKI_OK);
		vcard_transport_set_hook(fixture->readers, NULL, NULL);
		assert_false(offers_pss(&token));
		assert_error(fixture_sign(&token), JPKI_OK);
	}
}

/* A question that was not answered is asked again; all the rest works on. */
static void test_question_refused(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	const struct jpki_scheme *scheme = &jpki_scheme_pss_sha256;

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_error(fixture_sign(&token), JPKI_OK);
	fixture_answer(fixture, "6A82");
	fixture_fault_ins(fixture, VCARD_FAULT_ANSWER, 0xA4, 0);
	assert_error(jpki_token_scheme(&token, JPKI_SIGN_PSS_SHA256, &scheme), JPKI_E_PROTOCOL);
	assert_null(scheme);
	assert_error(fixture_sign(&token), JPKI_OK);
	assert_true(offers_pss(&token));
}

/* What goes wrong with the PIN says nothing about PSS. */
static void test_not_its_fault(void **state)
{
	struct fixture *fixture = *state;
	struct jpki_token_ref token = fixture_token(fixture, JPKI_KEY_AUTH);
	uint8_t signature[256];

	assert_error(fixture_login(&token, VCARD_AUTH_PIN), JPKI_OK);
	assert_true(offers_pss(&token));
	fixture_answer(fixture, "6700");
	fixture_fault_verify(fixture, VCARD_FAULT_ANSWER);
	assert_true(sign_pss(&token, signature) != JPKI_OK);
	assert_true(offers_pss(&token));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(test_sign),
		TEST(test_lengths),
		TEST(test_question),
		cmocka_unit_test(test_question_to_selected_key),
		cmocka_unit_test(test_card_without_pss),
		TEST(test_withdrawn),
		TEST(test_refused),
		TEST(test_question_refused),
		TEST(test_not_its_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
