/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_verify_report: the verdict is the exit code's, and a birthday is nobody's business. */
#include "unit.h"

#include <string.h>

#include "app/verify/verify_report.h"
#include "capture.h"
#include "signer.h"

static struct verify_request request;
static X509 *certificate;
static enum authority authority;

static int set_up(void **state)
{
	(void)state;
	request = (struct verify_request){.signature = "a.txt.p7s", .signers = json_array()};
	certificate = signer_for_signing(SIGNER_KEY_OWN);
	authority = AUTHORITY_COUNT;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	json_decref(request.signers);
	X509_free(certificate);
	return 0;
}

/* Asserts on the exit code of a fault, and on what is printed of it. */
static void assert_signature(enum signature_fault fault, enum app_exit code, const char *text)
{
	struct capture capture;
	int got;

	capture_begin(&capture);
	got = verify_tell_signature(&request, fault);
	capture_end(&capture);
	assert_int_equal(got, code);
	assert_has(capture.printed, text);
	capture_free(&capture);
}

static void test_signature_told(void **state)
{
	(void)state;
	assert_signature(SIGNATURE_GOOD, APP_OK, "the file in \"a.txt.p7s\" was not changed");
	assert_signature(SIGNATURE_OTHER_CONTENT, APP_NOT_VALID, "INVALID: the content is not");
	assert_signature(SIGNATURE_BROKEN, APP_NOT_VALID, "INVALID: ");
	/* Nothing is known of one that could not be read. */
	assert_signature(SIGNATURE_UNREADABLE, APP_FAILED, "could not be read");
	request.file = "a.txt";
	assert_signature(SIGNATURE_GOOD, APP_OK, "\"a.txt\" was not changed");
	assert_signature(SIGNATURE_OTHER_CONTENT, APP_NOT_VALID, "the content of \"a.txt\"");
}

/* What is told of the signer; the caller frees it. */
static struct capture signer_with(enum signer_fault fault, const char *detail)
{
	struct signer_verdict verdict = {.fault = fault, .detail = detail};
	struct capture capture;

	json_array_clear(request.signers);
	capture_begin(&capture);
	verify_tell_signer(&request, certificate, NULL, &verdict, authority);
	capture_end(&capture);
	assert_int_equal(json_array_size(request.signers), 1);
	return capture;
}

/* The last day is usually a birthday: it is told with the name alone. */
static void test_signer_is_hidden(void **state)
{
	struct date_validity validity = date_validity_of(certificate, 0);
	json_t *entry;
	struct capture capture = signer_with(SIGNER_GOOD, NULL);

	(void)state;
	assert_has(capture.printed, "hidden");
	assert_has(capture.printed, "This certificate authority issued");
	assert_lacks(capture.printed, "Subject");
	entry = json_array_get(request.signers, 0);
	assert_member(entry, "certificate", "good");
	assert_null(json_object_get(entry, "certificate_last_day"));
	assert_null(json_object_get(entry, "subject"));
	assert_null(json_object_get(entry, "name"));
	assert_null(json_object_get(entry, "claimed_time_utc"));
	capture_free(&capture);
	request.show_personal = true;
	capture = signer_with(SIGNER_GOOD, NULL);
	assert_lacks(capture.printed, "hidden");
	assert_has(capture.printed, "Subject: ");
	entry = json_array_get(request.signers, 0);
	assert_member(entry, "certificate_last_day", validity.last_day);
	assert_non_null(json_object_get(entry, "subject"));
	capture_free(&capture);
}

static void test_signer_expired(void **state)
{
	struct signer_form form = {
		.key = SIGNER_KEY_OWN, .issuer = SIGNER_KEY_CA, .first_day = -100, .last_day = -2};
	struct capture capture = signer_with(SIGNER_EXPIRED, "certificate has expired");
	struct date_validity validity;

	(void)state;
	/* Its own time has not ended. */
	assert_has(capture.printed, "The CA certificate has expired.");
	capture_free(&capture);
	X509_free(certificate);
	certificate = signer_certificate(&form);
	validity = date_validity_of(certificate, 0);
	capture = signer_with(SIGNER_EXPIRED, "certificate has expired");
	assert_has(capture.printed, "The signer's certificate has expired");
	assert_lacks(capture.printed, validity.last_day_text);
	capture_free(&capture);
	request.show_personal = true;
	capture = signer_with(SIGNER_EXPIRED, "certificate has expired");
	assert_has(capture.printed, validity.last_day_text);
	capture_free(&capture);
}

static void test_signer_untrusted(void **state)
{
	struct capture capture = signer_with(SIGNER_UNTRUSTED, "self-signed certificate");

	(void)state;
	assert_has(capture.printed, "INVALID: this certificate authority did not issue");
	assert_has(capture.printed, "(self-signed certificate)");
	assert_member(json_array_get(request.signers, 0), "detail", "self-signed certificate");
	capture_free(&capture);
}

/* Why the CA is believed is told in words and for programs. */
static void test_authority(void **state)
{
	static const char known[] = "It is one of J-LIS' certificate authorities known to";
	static const char unknown[] =
		"But it is not one of J-LIS' certificate authorities known to";
	static const struct {
		enum authority authority;
		enum signer_fault fault;
		const char *word, *text;
	} rows[] = {
		{AUTHORITY_KNOWN, SIGNER_GOOD, "known", known},
		{AUTHORITY_KNOWN, SIGNER_EXPIRED, "known", NULL},
		{AUTHORITY_GIVEN, SIGNER_GOOD, "given", NULL},
		{AUTHORITY_UNKNOWN, SIGNER_GOOD, "unknown", unknown},
		{AUTHORITY_UNKNOWN, SIGNER_EXPIRED, "unknown", unknown},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct capture capture;

		authority = rows[i].authority;
		capture = signer_with(rows[i].fault, NULL);
		assert_member(json_array_get(request.signers, 0), "authority", rows[i].word);
		if (rows[i].text != known)
			assert_lacks(capture.printed, known);
		if (rows[i].text != unknown)
			assert_lacks(capture.printed, unknown);
		if (rows[i].text != NULL)
			assert_has(capture.printed, rows[i].text);
		capture_free(&capture);
	}
	authority = AUTHORITY_COUNT;
	struct capture capture = signer_with(SIGNER_UNTRUSTED, NULL);
	assert_null(json_object_get(json_array_get(request.signers, 0), "authority"));
	assert_lacks(capture.printed, "J-LIS");
	capture_free(&capture);
}

/* How to find the fingerprint depends on the key. */
static void test_authority_key(void **state)
{
	struct capture capture;

	(void)state;
	authority = AUTHORITY_UNKNOWN;
	request.key = JPKI_KEY_SIGN;
	capture = signer_with(SIGNER_GOOD, NULL);
	assert_has(capture.printed, "\"jpki cert show sign-ca\"");
	capture_free(&capture);
	request.key = JPKI_KEY_AUTH;
	capture = signer_with(SIGNER_GOOD, NULL);
	assert_has(capture.printed, "\"jpki cert show auth-ca\"");
	capture_free(&capture);
}

/* The end; the caller frees it. */
static struct capture report_of(enum signature_fault fault, int result)
{
	struct capture capture;
	int got;

	capture_begin(&capture);
	got = verify_report(&request, fault, result);
	capture_end(&capture);
	assert_int_equal(got, result);
	return capture;
}

static void test_verdict(void **state)
{
	struct capture capture = report_of(SIGNATURE_GOOD, APP_OK);
	json_t *object;

	(void)state;
	assert_has(capture.printed, "revo");
	capture_free(&capture);
	/* There is nothing to say of a revoked signer of nothing. */
	capture = report_of(SIGNATURE_BROKEN, APP_NOT_VALID);
	assert_string_equal(capture.printed, "");
	capture_free(&capture);
	/* But nothing is called valid without it. */
	capture = report_of(SIGNATURE_GOOD, APP_EXPIRED);
	assert_has(capture.printed, "Revocation was not checked");
	capture_free(&capture);
	request.common.json = true;
	capture = report_of(SIGNATURE_GOOD, APP_EXPIRED);
	object = capture_json(&capture);
	assert_true(json_is_false(json_object_get(object, "good")));
	assert_member(object, "signature", "good");
	assert_member(object, "revocation", "not-checked");
	json_decref(object);
	capture_free(&capture);
	capture = report_of(SIGNATURE_GOOD, APP_OK);
	object = capture_json(&capture);
	assert_true(json_is_true(json_object_get(object, "good")));
	json_decref(object);
	capture_free(&capture);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_signature_told),   HERE(test_signer_is_hidden), HERE(test_signer_expired),
		HERE(test_signer_untrusted), HERE(test_verdict),          HERE(test_authority),
		HERE(test_authority_key),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
