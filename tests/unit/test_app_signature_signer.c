/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_signer: a signer is believed only for what the certificate was issued for. */
#include "unit.h"

#include <openssl/x509.h>

#include "app/signature/signature_signer.h"
#include "signer.h"

#define SIGNING        "critical,digitalSignature,nonRepudiation"
#define AUTHENTICATION "critical,digitalSignature"

static const struct signer_form good_authority = {.key = SIGNER_KEY_CA,
						  .issuer = SIGNER_KEY_CA,
						  .usage = "critical,keyCertSign,cRLSign",
						  .constraints = "critical,CA:TRUE",
						  .first_day = -100,
						  .last_day = 1000};
static const struct signer_form good_signer = {.key = SIGNER_KEY_OWN,
					       .issuer = SIGNER_KEY_CA,
					       .usage = SIGNING,
					       .first_day = -1,
					       .last_day = 100};
static const struct signer_form good_client = {.key = SIGNER_KEY_OWN,
					       .issuer = SIGNER_KEY_CA,
					       .usage = AUTHENTICATION,
					       .extended = "clientAuth",
					       .first_day = -1,
					       .last_day = 100};

/* What is said of a certificate below this authority, which alone is trusted. */
static void assert_judged(const struct signer_form *certificate,
			  const struct signer_form *authority, enum jpki_key key,
			  enum signer_fault wanted)
{
	X509 *own = signer_certificate(certificate);
	X509 *above = authority != NULL ? signer_certificate(authority) : NULL;
	X509_STORE *trusted = X509_STORE_new();
	struct signer_verdict verdict;

	if (above != NULL)
		assert_int_equal(X509_STORE_add_cert(trusted, above), 1);
	verdict = signer_judge(own, NULL, trusted, key);
	if (verdict.detail != NULL)
		print_message("# %s\n", verdict.detail);
	assert_int_equal(verdict.fault, wanted);
	assert_int_equal(verdict.detail == NULL, wanted == SIGNER_GOOD);
	X509_STORE_free(trusted);
	X509_free(above);
	X509_free(own);
}

static void test_good(void **state)
{
	(void)state;
	assert_judged(&good_signer, &good_authority, JPKI_KEY_SIGN, SIGNER_GOOD);
	assert_judged(&good_client, &good_authority, JPKI_KEY_AUTH, SIGNER_GOOD);
}

static void test_untrusted(void **state)
{
	struct signer_form other = good_authority;

	(void)state;
	assert_judged(&good_signer, NULL, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
	other.key = other.issuer = SIGNER_KEY_OTHER;
	assert_judged(&good_signer, &other, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
}

static void test_weak(void **state)
{
	struct signer_form form = good_signer;
	struct signer_form above = good_authority;

	(void)state;
	form.sha1 = true;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WEAK);
	form = good_signer;
	form.key = SIGNER_KEY_WEAK;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WEAK);
	/* Something else is wrong with it, too: that is more. */
	assert_judged(&form, NULL, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
	form.issuer = SIGNER_KEY_OTHER;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
	form.issuer = SIGNER_KEY_WEAK;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
	form = good_signer;
	form.issuer = above.key = above.issuer = SIGNER_KEY_WEAK;
	assert_judged(&form, &above, JPKI_KEY_SIGN, SIGNER_WEAK);
}

static void test_usage(void **state)
{
	struct signer_form form = good_signer;

	(void)state;
	/* The one is not the other. */
	assert_judged(&good_client, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form.usage = AUTHENTICATION;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form.usage = "critical,nonRepudiation";
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form.usage = "critical,keyEncipherment";
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	/* Without the extension OpenSSL allows all. */
	form.usage = NULL;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form = good_signer;
	form.constraints = "critical,CA:TRUE";
	form.usage = SIGNING ",keyCertSign";
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form = good_client;
	form.extended = "serverAuth";
	assert_judged(&form, &good_authority, JPKI_KEY_AUTH, SIGNER_WRONG_USAGE);
	form.extended = "clientAuth";
	form.usage = "critical,keyAgreement";
	assert_judged(&form, &good_authority, JPKI_KEY_AUTH, SIGNER_WRONG_USAGE);
}

static void test_authority(void **state)
{
	struct signer_form form = good_authority;
	struct signer_form own = good_signer;

	(void)state;
	form.constraints = NULL;
	form.usage = SIGNING;
	assert_judged(&good_signer, &form, JPKI_KEY_SIGN, SIGNER_NO_AUTHORITY);
	/* OpenSSL takes this one for an authority's. */
	form.usage = NULL;
	assert_judged(&good_signer, &form, JPKI_KEY_SIGN, SIGNER_NO_AUTHORITY);
	form = good_authority;
	form.usage = SIGNING;
	assert_judged(&good_signer, &form, JPKI_KEY_SIGN, SIGNER_NO_AUTHORITY);
	/* So it does with one that may sign certificates, but does not say what it is. */
	form.usage = "critical,keyCertSign";
	form.constraints = NULL;
	assert_judged(&good_signer, &form, JPKI_KEY_SIGN, SIGNER_NO_AUTHORITY);
	/* Nobody is above one that has signed itself. */
	own.issuer = SIGNER_KEY_OWN;
	assert_judged(&own, &own, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
}

/* Even if somebody has put it among the trusted ones. */
static void test_by_itself(void **state)
{
	struct signer_form form = good_signer;
	X509_STORE *trusted = X509_STORE_new();
	X509 *own;

	(void)state;
	form.issuer = form.key;
	own = signer_certificate(&form);
	assert_int_equal(X509_STORE_add_cert(trusted, own), 1);
	assert_int_equal(signer_judge(own, NULL, trusted, JPKI_KEY_SIGN).fault,
			 SIGNER_NO_AUTHORITY);
	X509_free(own);
	X509_STORE_free(trusted);
}

static void test_time(void **state)
{
	struct signer_form form = good_signer;
	struct signer_form authority = good_authority;

	(void)state;
	form.last_day = -1;
	form.first_day = -50;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_EXPIRED);
	/* What is worse comes first. */
	form.usage = AUTHENTICATION;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_WRONG_USAGE);
	form = good_signer;
	form.first_day = 1;
	assert_judged(&form, &good_authority, JPKI_KEY_SIGN, SIGNER_NOT_YET);
	assert_judged(&form, NULL, JPKI_KEY_SIGN, SIGNER_UNTRUSTED);
	authority.last_day = -1;
	assert_judged(&good_signer, &authority, JPKI_KEY_SIGN, SIGNER_EXPIRED);
}

/* An authority between the two may be anywhere, but it is not believed by itself. */
static void test_between(void **state)
{
	struct signer_form form = good_authority;
	struct signer_form below = good_signer;
	X509 *root = signer_certificate(&good_authority);
	X509_STORE *trusted = X509_STORE_new();
	X509_STORE *empty = X509_STORE_new();
	STACK_OF(X509) *others = sk_X509_new_null();
	X509 *between, *own;

	(void)state;
	form.key = SIGNER_KEY_OTHER;
	below.issuer = SIGNER_KEY_OTHER;
	between = signer_certificate(&form);
	own = signer_certificate(&below);
	X509_STORE_add_cert(trusted, root);
	sk_X509_push(others, between);
	assert_int_equal(signer_judge(own, others, trusted, JPKI_KEY_SIGN).fault, SIGNER_GOOD);
	assert_int_equal(signer_judge(own, NULL, trusted, JPKI_KEY_SIGN).fault, SIGNER_UNTRUSTED);
	sk_X509_push(others, root);
	assert_int_equal(signer_judge(own, others, empty, JPKI_KEY_SIGN).fault, SIGNER_UNTRUSTED);
	X509_free(own);
	X509_free(between);
	X509_free(root);
	sk_X509_free(others);
	X509_STORE_free(trusted);
	X509_STORE_free(empty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),      cmocka_unit_test(test_untrusted),
		cmocka_unit_test(test_weak),      cmocka_unit_test(test_usage),
		cmocka_unit_test(test_authority), cmocka_unit_test(test_by_itself),
		cmocka_unit_test(test_time),      cmocka_unit_test(test_between),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
