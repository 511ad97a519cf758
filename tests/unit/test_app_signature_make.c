/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_make: what is made is what OpenSSL itself takes for a signature. */

/* First: cms.h declares functions of both only then. */
#include <openssl/pem.h>

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/cms.h>
#include <openssl/err.h>

#include "app/signature/signature_check.h"
#include "app/signature/signature_make.h"
#include "signer.h"

#define TEXT "what is signed\n"
/* When: 2026-01-02 03:04:05 UTC. */
#define WHEN 1767323045

static X509 *own, *authority;

static int set_up(void **state)
{
	(void)state;
	own = signer_for_signing(SIGNER_KEY_OWN);
	authority = signer_authority();
	return 0;
}

static int tear_down(void **state)
{
	X509_free(own);
	X509_free(authority);
	return signer_forget(state);
}

static struct signature_plan plan_of(enum signature_form form, bool pem, X509 *issuer)
{
	return (struct signature_plan){.form = form,
				       .pem = pem,
				       .when = WHEN,
				       .key = signer_key(SIGNER_KEY_OWN),
				       .certificate = own,
				       .issuer = issuer};
}

/* The signature over a text, in a new BIO. */
static BIO *make(const struct signature_plan *plan, const void *bytes, size_t length)
{
	BIO *content = signer_bio(bytes, length);
	BIO *out = BIO_new(BIO_s_mem());

	assert_true(signature_make(plan, content, out));
	assert_int_equal(BIO_eof(content), 1);
	BIO_free(content);
	return out;
}

/* Whether OpenSSL says that it is a signature of ours over these bytes. */
static void assert_verifies(CMS_ContentInfo *cms, bool attached, const char *bytes, size_t length)
{
	X509_STORE *store = X509_STORE_new();
	BIO *content = attached ? NULL : signer_bio(bytes, length);
	BIO *out = BIO_new(BIO_s_mem());
	char *data;

	X509_STORE_add_cert(store, authority);
	assert_int_equal(CMS_verify(cms, NULL, store, content, out, CMS_BINARY | CMS_CADES), 1);
	assert_int_equal(BIO_get_mem_data(out, &data), length);
	assert_memory_equal(data, bytes, length);
	BIO_free(content);
	BIO_free(out);
	X509_STORE_free(store);
}

static CMS_ContentInfo *read_cms(BIO *bio, bool pem)
{
	char *data;
	CMS_ContentInfo *cms;

	assert_true(BIO_get_mem_data(bio, &data) > 100);
	assert_int_equal(strncmp(data, "-----BEGIN CMS-----\n", 20) == 0, pem);
	cms = pem ? PEM_read_bio_CMS(bio, NULL, NULL, NULL) : d2i_CMS_bio(bio, NULL);
	assert_non_null(cms);
	/* Nothing stands behind it. */
	assert_int_equal(BIO_get_mem_data(bio, &data), 0);
	return cms;
}

static size_t certificate_count(CMS_ContentInfo *cms)
{
	STACK_OF(X509) *certificates = CMS_get1_certs(cms);
	size_t count = (size_t)sk_X509_num(certificates);

	sk_X509_pop_free(certificates, X509_free);
	return count;
}

/* CAdES-BES with SHA-256: the signature says to which certificate it belongs, and when it was made.
 */
static void assert_form(CMS_ContentInfo *cms)
{
	time_t claimed = 0;
	CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	X509_ALGOR *hash = NULL;
	const ASN1_OBJECT *object;

	assert_int_equal(sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)), 1);
	CMS_SignerInfo_get0_algs(signer, NULL, NULL, &hash, NULL);
	X509_ALGOR_get0(&object, NULL, NULL, hash);
	assert_int_equal(OBJ_obj2nid(object), NID_sha256);
	assert_true(CMS_signed_get_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2, -1) >=
		    0);
	assert_int_equal(CMS_signed_get_attr_by_NID(signer, NID_SMIMECapabilities, -1), -1);
	assert_true(signature_claimed_time(signer, &claimed));
	assert_int_equal(claimed, WHEN);
}

static void check_cms(bool attached, bool pem, const char *bytes, size_t length)
{
	enum signature_form form = attached ? SIGNATURE_ATTACHED : SIGNATURE_DETACHED;

	for (int with_issuer = 0; with_issuer < 2; with_issuer++) {
		struct signature_plan plan = plan_of(form, pem, with_issuer ? authority : NULL);
		BIO *out = make(&plan, bytes, length);
		CMS_ContentInfo *cms = read_cms(out, pem);

		assert_int_equal(CMS_is_detached(cms), !attached);
		assert_int_equal(certificate_count(cms), 1 + with_issuer);
		assert_form(cms);
		assert_verifies(cms, attached, bytes, length);
		CMS_ContentInfo_free(cms);
		BIO_free(out);
	}
}

static void test_cms(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		check_cms(i & 1, i & 2, TEXT, strlen(TEXT));
		check_cms(i & 1, i & 2, "", 0);
		/* no line end is made another, and no byte is the end */
		check_cms(i & 1, i & 2, "a\r\nb\nc\0d", 8);
	}
}

/* More than is read in one piece. */
static void test_large(void **state)
{
	size_t length = 3 * 65536 + 1;
	char *bytes = malloc(length);

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)(i * 7 >> 3);
	for (int i = 0; i < 4; i++)
		check_cms(i & 1, i & 2, bytes, length);
	free(bytes);
}

static void test_raw(void **state)
{
	struct signature_plan plan = plan_of(SIGNATURE_RAW, false, NULL);
	size_t length = 65536 + 5;
	char *bytes = calloc(1, length);
	BIO *out;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	char *signature;

	(void)state;
	assert_non_null(bytes);
	out = make(&plan, bytes, length);
	assert_int_equal(BIO_get_mem_data(out, &signature), 256);
	assert_int_equal(
		EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, X509_get0_pubkey(own)), 1);
	assert_int_equal(EVP_DigestVerify(context, (unsigned char *)signature, 256,
					  (unsigned char *)bytes, length),
			 1);
	EVP_MD_CTX_free(context);
	BIO_free(out);
	free(bytes);
}

/* A failing read is not the end of the file, and a full disk is not success. */
static void test_failures(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct signature_plan plan = plan_of((enum signature_form)(i / 2), i & 1, NULL);
		BIO *directory = BIO_new_fd(open("/", O_RDONLY | O_CLOEXEC), BIO_CLOSE);
		BIO *full = BIO_new_fd(open("/dev/full", O_WRONLY | O_CLOEXEC), BIO_CLOSE);
		BIO *content = signer_text(TEXT);
		BIO *out = BIO_new(BIO_s_mem());

		assert_false(signature_make(&plan, directory, out));
		assert_false(signature_make(&plan, content, full));
		BIO_free(directory);
		BIO_free(full);
		BIO_free(content);
		BIO_free(out);
	}
	ERR_clear_error();
}

/* A key that is not the certificate's makes no signature in CMS. */
static void test_other_key(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct signature_plan plan =
			plan_of(i == 0 ? SIGNATURE_DETACHED : SIGNATURE_ATTACHED, false, NULL);
		BIO *content = signer_text(TEXT);
		BIO *out = BIO_new(BIO_s_mem());

		plan.key = signer_key(SIGNER_KEY_OTHER);
		assert_false(signature_make(&plan, content, out));
		BIO_free(content);
		BIO_free(out);
	}
	ERR_clear_error();
}

/* A key that is asked to sign and cannot, like one whose card was taken away, makes none. */
static void test_failing_key(void **state)
{
	unsigned char *der = NULL;
	int length = i2d_PUBKEY(signer_key(SIGNER_KEY_OWN), &der);
	const unsigned char *at = der;
	/* The public half alone fits the certificate. */
	EVP_PKEY *half = d2i_PUBKEY(NULL, &at, length);

	(void)state;
	assert_non_null(half);
	for (int i = 0; i < 6; i++) {
		struct signature_plan plan = plan_of((enum signature_form)(i / 2), i & 1, NULL);
		BIO *content = signer_text(TEXT);
		BIO *out = BIO_new(BIO_s_mem());

		plan.key = half;
		assert_false(signature_make(&plan, content, out));
		BIO_free(content);
		BIO_free(out);
	}
	EVP_PKEY_free(half);
	OPENSSL_free(der);
	ERR_clear_error();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cms),       cmocka_unit_test(test_large),
		cmocka_unit_test(test_raw),       cmocka_unit_test(test_failures),
		cmocka_unit_test(test_other_key), cmocka_unit_test(test_failing_key),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
