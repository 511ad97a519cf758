/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_verify_file: what is no signature is told from a bad one, with what it is instead. */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/signature_make.h"
#include "app/verify/verify_file.h"
#include "capture.h"
#include "place.h"
#include "signer.h"

static struct verify_request request;

static int set_up(void **state)
{
	request = (struct verify_request){.key = JPKI_KEY_SIGN, .common.json = true};
	return place_set_up(state);
}

static int tear_down(void **state)
{
	X509_free(request.given);
	return place_tear_down(state);
}

/* Opens a signature, and asserts how jpki ends, and by which situation; NULL: by none. */
static void assert_opened(const char *signature, int code, const char *situation,
			  const char *message)
{
	struct capture capture;
	CMS_ContentInfo *cms;
	BIO *bio;
	json_t *object;
	int got;

	request.signature = signature;
	capture_begin(&capture);
	got = verify_open_signature(&request, &bio, &cms);
	capture_end(&capture);
	BIO_free(bio);
	assert_int_equal(got, code);
	assert_int_equal(cms != NULL, code == APP_OK && !request.raw);
	CMS_ContentInfo_free(cms);
	if (code == APP_OK)
		assert_string_equal(capture.printed, "");
	if (situation != NULL) {
		object = capture_json(&capture);
		assert_member(object, "situation", situation);
		json_decref(object);
	}
	assert_has(capture.said, message);
	capture_free(&capture);
}

/* Writes a signature of "text". */
static void write_signature(const char *name, enum signature_form form)
{
	X509 *certificate = signer_for_signing(SIGNER_KEY_OWN);
	struct signature_plan plan = {
		.form = form, .key = signer_key(SIGNER_KEY_OWN), .certificate = certificate};
	BIO *content = signer_text("text");
	BIO *out = BIO_new_file(place_path(name), "wb");

	assert_true(signature_make(&plan, content, out));
	BIO_free(out);
	BIO_free(content);
	X509_free(certificate);
}

static void test_signature_opened(void **state)
{
	(void)state;
	write_signature("a.txt.p7s", SIGNATURE_DETACHED);
	assert_opened("a.txt.p7s", APP_OK, NULL, "");
	/* A bare one has the length of the key. */
	request.given = signer_for_signing(SIGNER_KEY_OWN);
	request.certificate = "own.crt";
	request.raw = true;
	write_signature("a.txt.sig", SIGNATURE_RAW);
	assert_opened("a.txt.sig", APP_OK, NULL, "");
	assert_opened("a.txt.p7s", APP_USAGE, "not-a-signature", "another length");
}

static void test_no_signature(void **state)
{
	CMS_ContentInfo *nobody = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL);
	BIO *out = BIO_new_file(place_path("nobody.p7s"), "wb");

	(void)state;
	/* Certificates alone have this form, too. */
	assert_int_equal(i2d_CMS_bio(out, nobody), 1);
	BIO_free(out);
	CMS_ContentInfo_free(nobody);
	assert_opened("nobody.p7s", APP_USAGE, "not-a-signature", "damaged or of another kind");
	place_write("a.txt", "text");
	place_write("empty", "");
	place_write("bad.p7s", "text");
	place_directory("directory");
	assert_opened("a.txt", APP_USAGE, "not-a-signature", "Example: jpki verify a.txt.p7s");
	assert_opened("empty", APP_USAGE, "empty-file", "is empty");
	assert_opened("bad.p7s", APP_USAGE, "not-a-signature", "damaged or of another kind");
	assert_opened("directory", APP_USAGE, "directory", "is a directory");
	/* That there is none is a failure, and no mistake in the command. */
	assert_opened("none.p7s", APP_FAILED, NULL, "There is no such file.");
	assert_opened("a.txt.p7s", APP_FAILED, NULL, "no signature of \"a.txt\" here");
	errno = 0;
	assert_null(verify_open("directory"));
	assert_int_equal(errno, EISDIR);
}

/* The two files are the wrong way round, or the signature is a bare one. */
static void test_signature_elsewhere(void **state)
{
	(void)state;
	place_write("a.txt", "text");
	write_signature("a.txt.p7s", SIGNATURE_DETACHED);
	write_signature("a.txt.sig", SIGNATURE_RAW);
	request.file = "a.txt.p7s";
	assert_opened("a.txt", APP_USAGE, "swapped-files", "jpki verify a.txt.p7s a.txt");
	request.key = JPKI_KEY_AUTH;
	assert_opened("a.txt", APP_USAGE, "swapped-files",
		      "jpki verify --key=auth a.txt.p7s a.txt");
	request.key = JPKI_KEY_SIGN;
	request.file = "a.txt";
	assert_opened("a.txt.sig", APP_USAGE, "not-a-signature",
		      "jpki verify --raw --certificate=FILE a.txt.sig a.txt");
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		HERE(test_signature_opened),
		HERE(test_no_signature),
		HERE(test_signature_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
