/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_certificate_cert_facts: what is seen of a certificate, and what only on request. */
#include "unit.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "app/certificate/cert_facts.h"

static const struct cert_choice own = {"sign", JPKI_KEY_SIGN, JPKI_CERTIFICATE_OWN};
static const struct cert_choice authority = {"sign-ca", JPKI_KEY_SIGN, JPKI_CERTIFICATE_CA};

static struct unit_card card;

static int set_up(void **state)
{
	(void)state;
	unit_card_open(&card, "mynumber", NULL);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unit_card_close(&card);
	return 0;
}

/* The name of a holder tells who and where she is. */
static void test_facts_are_hidden(void **state)
{
	X509 *certificate = unit_certificate(&card, "sign.crt");
	struct cert_facts facts;

	(void)state;
	assert_true(cert_facts_make(&facts, &own, certificate, false, 0));
	assert_string_equal(facts.subject, "C = JP");
	cert_facts_free(&facts);
	assert_null(facts.subject);
	assert_true(cert_facts_make(&facts, &own, certificate, true, 0));
	assert_has(facts.subject, "CN = ");
	assert_true(facts.has_holder);
	cert_facts_free(&facts);
	/* Of an authority there is nothing to hide. */
	assert_true(cert_facts_make(&facts, &authority, certificate, false, 0));
	assert_has(facts.subject, "CN = ");
	cert_facts_free(&facts);
	X509_free(certificate);
}

static void test_facts_of_certificate(void **state)
{
	X509 *certificate = unit_certificate(&card, "sign.crt");
	struct cert_facts facts;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	char first[4];

	(void)state;
	assert_true(cert_facts_make(&facts, &own, certificate, false, 0));
	assert_int_equal(facts.key_bits, 2048);
	assert_string_equal(facts.key_type, "RSA");
	assert_string_equal(facts.usages, "digitalSignature, nonRepudiation");
	assert_int_equal(facts.validity.band, DATE_NOT_YET);
	assert_int_equal(strlen(facts.sha1), 20 * 3 - 1);
	assert_int_equal(strlen(facts.sha256), 32 * 3 - 1);
	assert_int_equal(X509_digest(certificate, EVP_sha256(), digest, &length), 1);
	for (unsigned int i = 0; i < length; i++) {
		snprintf(first, sizeof(first), "%02X", digest[i]);
		assert_memory_equal(facts.sha256 + (size_t)i * 3, first, 2);
	}
	cert_facts_free(&facts);
	X509_free(certificate);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_facts_are_hidden),
		HERE(test_facts_of_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
