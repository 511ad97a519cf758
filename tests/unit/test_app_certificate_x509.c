/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_certificate_x509: OpenSSL gets the certificate that is on the card, or none. */
#include "unit.h"

#include "app/certificate/x509.h"
#include "fixture.h"

/* The one on the card is the one that was issued. */
static void test_same(void **state)
{
	static const char *const names[JPKI_KEY_COUNT] = {"auth-ca.crt", "sign-ca.crt"};
	struct fixture *fixture = *state;

	for (int key = 0; key < JPKI_KEY_COUNT; key++) {
		struct jpki_token_ref token = fixture_token(fixture, (enum jpki_key)key);
		struct jpki_certificate *certificate = NULL;
		X509 *issued = unit_certificate(&fixture->card, names[key]);
		X509 *x509;

		assert_error(jpki_token_certificate(&token, JPKI_CERTIFICATE_CA, &certificate),
			     JPKI_OK);
		x509 = x509_of(certificate);
		assert_non_null(x509);
		assert_int_equal(X509_cmp(x509, issued), 0);
		/* It lasts longer than the card's own. */
		jpki_certificate_release(certificate);
		assert_int_equal(X509_verify(x509, X509_get0_pubkey(issued)), 1);
		X509_free(x509);
		X509_free(issued);
	}
}

static void test_nonsense(void **state)
{
	static const uint8_t cut[] = {0x30, 0x82, 0x03, 0x00, 0x30, 0x82};
	struct jpki_certificate certificate = {0};

	(void)state;
	certificate.der.data = (uint8_t *)(uintptr_t)cut;
	certificate.der.length = sizeof(cut);
	assert_null(x509_of(&certificate));
	certificate.der.length = 0;
	assert_null(x509_of(&certificate));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_same, fixture_set_up, fixture_tear_down),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
