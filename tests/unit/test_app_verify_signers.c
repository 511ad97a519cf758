/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_verify_signers: a good signer is as good as the CA is known. */
#include "unit.h"

#include "app/verify/verify_signers.h"
#include "capture.h"
#include "signer.h"

static struct verify_request request;
static X509 *authority, *certificate;

static int set_up(void **state)
{
	(void)state;
	request = (struct verify_request){
		.signature = "a.txt.p7s", .signers = json_array(), .key = JPKI_KEY_SIGN};
	request.common.json = true;
	authority = signer_authority();
	certificate = signer_for_signing(SIGNER_KEY_OWN);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	for (size_t i = 0; i < AUTHORITY_COUNT; i++)
		X509_STORE_free(request.trusted[i]);
	json_decref(request.signers);
	X509_free(authority);
	X509_free(certificate);
	return 0;
}

static void trust(enum authority kind, X509 *one)
{
	if (request.trusted[kind] == NULL)
		request.trusted[kind] = X509_STORE_new();
	assert_int_equal(X509_STORE_add_cert(request.trusted[kind], one), 1);
}

/* Asserts on the exit code, and on the word for the CA; NULL: none. */
static void assert_signer(X509 *one, int code, const char *word)
{
	json_t *entry;

	json_array_clear(request.signers);
	assert_int_equal(verify_signer(&request, one, NULL, NULL, APP_OK), code);
	entry = json_array_get(request.signers, 0);
	if (word == NULL)
		assert_null(json_object_get(entry, "authority"));
	else
		assert_member(entry, "authority", word);
	assert_int_equal(verify_has_authority(&request, one, NULL), word != NULL);
}

static void test_authorities(void **state)
{
	(void)state;
	assert_signer(certificate, APP_NOT_VALID, NULL);
	trust(AUTHORITY_UNKNOWN, authority);
	assert_signer(certificate, APP_CA_UNKNOWN, "unknown");
	trust(AUTHORITY_GIVEN, authority);
	assert_signer(certificate, APP_OK, "given");
	trust(AUTHORITY_KNOWN, authority);
	assert_signer(certificate, APP_OK, "known");
}

/* One that is known, but did not issue the certificate, hides no other. */
static void test_known_other(void **state)
{
	struct signer_form form = {.key = SIGNER_KEY_OTHER,
				   .issuer = SIGNER_KEY_OTHER,
				   .usage = "critical,keyCertSign,cRLSign",
				   .constraints = "critical,CA:TRUE",
				   .first_day = -1,
				   .last_day = 10};
	X509 *stranger = signer_certificate(&form);

	(void)state;
	trust(AUTHORITY_KNOWN, stranger);
	assert_signer(certificate, APP_NOT_VALID, NULL);
	trust(AUTHORITY_UNKNOWN, authority);
	assert_signer(certificate, APP_CA_UNKNOWN, "unknown");
	X509_free(stranger);
}

/* That the CA is not known weighs more than that the certificate has expired. */
static void test_expired(void **state)
{
	struct signer_form form = {.key = SIGNER_KEY_OWN,
				   .issuer = SIGNER_KEY_CA,
				   .usage = "critical,digitalSignature,nonRepudiation",
				   .first_day = -10,
				   .last_day = -2};
	X509 *expired = signer_certificate(&form);
	X509 *client = signer_for_authentication(SIGNER_KEY_OWN);

	(void)state;
	trust(AUTHORITY_UNKNOWN, authority);
	assert_signer(expired, APP_CA_UNKNOWN, "unknown");
	/* But what is not valid is not valid. */
	assert_signer(client, APP_NOT_VALID, "unknown");
	trust(AUTHORITY_KNOWN, authority);
	assert_signer(expired, APP_EXPIRED, "known");
	X509_free(expired);
	X509_free(client);
}

static void test_worse(void **state)
{
	static const int order[] = {APP_OK, APP_EXPIRED, APP_CA_UNKNOWN, APP_NOT_VALID};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		for (size_t j = 0; j < 4; j++)
			assert_int_equal(verify_worse(order[i], order[j]), order[i > j ? i : j]);
	}
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_authorities),
		HERE(test_known_other),
		HERE(test_expired),
		HERE(test_worse),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
