/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_check: only a signature that fits is called good, and what is wrong is told.
 */

/* First: cms.h declares functions of both only then. */
#include <openssl/pem.h>

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>

#include "app/signature/signature_check.h"
#include "signer.h"

#define TEXT  "what is signed\n"
#define OTHER "what is signes\n"

static X509 *own, *other;

static int set_up(void **state)
{
	(void)state;
	own = signer_for_signing(SIGNER_KEY_OWN);
	other = signer_for_signing(SIGNER_KEY_OTHER);
	return 0;
}

static int tear_down(void **state)
{
	X509_free(own);
	X509_free(other);
	return signer_forget(state);
}

/* As it comes from a file; OpenSSL's own structure knows the signer even without a certificate. */
static CMS_ContentInfo *read_again(CMS_ContentInfo *cms)
{
	unsigned char *der = NULL;
	int length = i2d_CMS_ContentInfo(cms, &der);
	const unsigned char *at = der;
	CMS_ContentInfo *again = d2i_CMS_ContentInfo(NULL, &at, length);

	assert_non_null(again);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return again;
}

/* A signature by OpenSSL over bytes, beside them unless the flags say otherwise. */
static CMS_ContentInfo *sign(const void *bytes, size_t length, const EVP_MD *hash,
			     unsigned int flags, int type)
{
	BIO *content = signer_bio(bytes, length);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL | CMS_BINARY);

	assert_non_null(cms);
	if (type != NID_undef)
		assert_int_equal(CMS_set1_eContentType(cms, OBJ_nid2obj(type)), 1);
	assert_non_null(CMS_add1_signer(cms, own, signer_key(SIGNER_KEY_OWN), hash, flags));
	assert_int_equal(CMS_final(cms, content, NULL, flags | CMS_BINARY), 1);
	BIO_free(content);
	return read_again(cms);
}

static CMS_ContentInfo *sign_text(unsigned int flags)
{
	return sign(TEXT, strlen(TEXT), EVP_sha256(), flags, NID_undef);
}

/* The check, with content beside the signature (NULL: none); lets go of the signature. */
static void assert_fault(CMS_ContentInfo *cms, X509 *extra, const char *text,
			 enum signature_fault wanted)
{
	BIO *content = text != NULL ? signer_text(text) : NULL;

	assert_non_null(cms);
	assert_int_equal(signature_check(cms, extra, content, NULL), wanted);
	assert_int_equal(ERR_peek_error(), 0);
	BIO_free(content);
	CMS_ContentInfo_free(cms);
}

static void test_detached(void **state)
{
	(void)state;
	assert_fault(sign_text(CMS_DETACHED), NULL, TEXT, SIGNATURE_GOOD);
	assert_fault(sign_text(CMS_DETACHED), NULL, OTHER, SIGNATURE_OTHER_CONTENT);
	assert_fault(sign_text(CMS_DETACHED), NULL, "", SIGNATURE_OTHER_CONTENT);
	assert_fault(sign_text(CMS_DETACHED), NULL, TEXT "x", SIGNATURE_OTHER_CONTENT);
	for (int i = 0; i < 2; i++) {
		const EVP_MD *hash = i == 0 ? EVP_sha384() : EVP_sha512();

		assert_fault(sign(TEXT, strlen(TEXT), hash, CMS_DETACHED, NID_undef), NULL, TEXT,
			     SIGNATURE_GOOD);
	}
}

static void test_attached(void **state)
{
	CMS_ContentInfo *cms = sign_text(0);
	BIO *out = BIO_new(BIO_s_mem());
	char *data;

	(void)state;
	assert_int_equal(signature_check(cms, NULL, NULL, out), SIGNATURE_GOOD);
	assert_int_equal(BIO_get_mem_data(out, &data), strlen(TEXT));
	assert_memory_equal(data, TEXT, strlen(TEXT));
	BIO_free(out);
	CMS_ContentInfo_free(cms);
}

/* A file that can't be read is not one that was changed. */
static void test_unreadable_content(void **state)
{
	BIO *directory = BIO_new_file("/", "rb");
	CMS_ContentInfo *cms = sign_text(CMS_DETACHED);

	(void)state;
	assert_non_null(directory);
	assert_int_equal(signature_check(cms, NULL, directory, NULL), SIGNATURE_UNREADABLE);
	CMS_ContentInfo_free(cms);
	BIO_free(directory);
	ERR_clear_error();
}

/* The same bytes with one changed, read again; from is counted from the end. */
static CMS_ContentInfo *tampered(CMS_ContentInfo *cms, long from, const char *find)
{
	unsigned char *der = NULL;
	int length = i2d_CMS_ContentInfo(cms, &der);
	const unsigned char *at;
	unsigned char *place;
	CMS_ContentInfo *changed;

	assert_true(length > 0);
	place = find != NULL ? memmem(der, (size_t)length, find, strlen(find))
			     : der + length - from;
	assert_non_null(place);
	*place ^= 1;
	at = der;
	changed = d2i_CMS_ContentInfo(NULL, &at, length);
	OPENSSL_free(der);
	CMS_ContentInfo_free(cms);
	return changed;
}

static void test_tampered(void **state)
{
	(void)state;
	assert_fault(tampered(sign_text(CMS_DETACHED), 1, NULL), NULL, TEXT, SIGNATURE_BROKEN);
	assert_fault(tampered(sign_text(0), 1, NULL), NULL, NULL, SIGNATURE_BROKEN);
	assert_fault(tampered(sign_text(0), 0, TEXT), NULL, NULL, SIGNATURE_OTHER_CONTENT);
}

static void test_certificates(void **state)
{
	(void)state;
	assert_fault(sign_text(CMS_DETACHED | CMS_NOCERTS), NULL, TEXT, SIGNATURE_NO_CERTIFICATE);
	assert_fault(sign_text(CMS_DETACHED | CMS_NOCERTS), own, TEXT, SIGNATURE_GOOD);
	assert_fault(sign_text(CMS_DETACHED | CMS_NOCERTS), other, TEXT, SIGNATURE_NO_CERTIFICATE);
	/* What is in it comes first. */
	assert_fault(sign_text(CMS_DETACHED), other, TEXT, SIGNATURE_GOOD);
}

static void test_weak(void **state)
{
	(void)state;
	assert_fault(sign(TEXT, strlen(TEXT), EVP_sha1(), CMS_DETACHED, NID_undef), NULL, TEXT,
		     SIGNATURE_WEAK);
	assert_fault(sign(TEXT, strlen(TEXT), EVP_sha224(), CMS_DETACHED, NID_undef), NULL, TEXT,
		     SIGNATURE_WEAK);
}

static void test_no_signer(void **state)
{
	(void)state;
	assert_fault(CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL), NULL, NULL, SIGNATURE_NONE);
}

/* The signed attributes of a signature, as they are hashed: a SET. Returns its length. */
static size_t attributes_of(CMS_ContentInfo *cms, unsigned char *bytes, size_t size)
{
	CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0);
	unsigned char *end = bytes + 4;
	size_t length;

	for (int i = 0; i < CMS_signed_get_attr_count(signer); i++)
		assert_true(i2d_X509_ATTRIBUTE(CMS_signed_get_attr(signer, i), &end) > 0);
	length = (size_t)(end - bytes);
	assert_true(length <= size && length - 4 < 0x10000);
	bytes[0] = 0x31;
	bytes[1] = 0x82;
	bytes[2] = (unsigned char)((length - 4) >> 8);
	bytes[3] = (unsigned char)(length - 4);
	return length;
}

/* A signature without attributes is over the text itself, unless that could be an honest one's
 * attributes: then nobody has signed it as a text. */
static void test_without_attributes(void **state)
{
	CMS_ContentInfo *honest = sign_text(CMS_DETACHED);
	unsigned char bytes[4096];
	size_t length = attributes_of(honest, bytes, sizeof(bytes));
	unsigned int flags = CMS_DETACHED | CMS_NOATTR;
	CMS_ContentInfo *cms = sign(bytes, length, EVP_sha256(), flags, NID_undef);
	BIO *content = signer_bio(bytes, length);

	(void)state;
	CMS_ContentInfo_free(honest);
	assert_int_equal(signature_check(cms, NULL, content, NULL), SIGNATURE_AMBIGUOUS);
	BIO_free(content);
	CMS_ContentInfo_free(cms);
	assert_fault(sign(bytes, length, EVP_sha256(), CMS_NOATTR, NID_undef), NULL, NULL,
		     SIGNATURE_AMBIGUOUS);
	/* With attributes of its own it is a text like others. */
	assert_fault(sign(bytes, length, EVP_sha256(), 0, NID_undef), NULL, NULL, SIGNATURE_GOOD);
	assert_fault(sign_text(flags), NULL, TEXT, SIGNATURE_GOOD);
	assert_fault(sign_text(flags), NULL, OTHER, SIGNATURE_BROKEN);
	assert_fault(sign(TEXT, strlen(TEXT), EVP_sha256(), flags, NID_id_smime_ct_TSTInfo), NULL,
		     TEXT, SIGNATURE_AMBIGUOUS);
}

static void test_read(void **state)
{
	CMS_ContentInfo *cms = sign_text(CMS_DETACHED);
	BIO *plain = signer_text(TEXT);
	CMS_ContentInfo *data = CMS_data_create(plain, CMS_BINARY);

	(void)state;
	for (int i = 0; i < 4; i++) {
		BIO *bio = BIO_new(BIO_s_mem());
		BIO *again;
		char *bytes;
		long length;
		CMS_ContentInfo *got;

		assert_int_equal(i & 1 ? PEM_write_bio_CMS(bio, i < 2 ? cms : data)
				       : i2d_CMS_bio(bio, i < 2 ? cms : data),
				 1);
		length = BIO_get_mem_data(bio, &bytes);
		again = signer_bio(bytes, (size_t)length);
		got = signature_read(again);
		/* Only what is signed. */
		if (i < 2)
			assert_non_null(got);
		else
			assert_null(got);
		CMS_ContentInfo_free(got);
		BIO_free(again);
		BIO_free(bio);
	}
	assert_null(signature_read(plain));
	CMS_ContentInfo_free(data);
	CMS_ContentInfo_free(cms);
	BIO_free(plain);
	ERR_clear_error();
}

/* --- bare signatures ---------------------------------------------------------------------------
 */

static void assert_raw(const unsigned char *signature, size_t length, X509 *certificate,
		       const char *text, enum signature_fault wanted)
{
	BIO *signed_by = signer_bio(signature, length);
	BIO *content = text != NULL ? signer_text(text)
				    : BIO_new_fd(open("/", O_RDONLY | O_CLOEXEC), BIO_CLOSE);

	assert_int_equal(signature_check_raw(signed_by, certificate, content), wanted);
	BIO_free(signed_by);
	BIO_free(content);
	ERR_clear_error();
}

static void test_raw(void **state)
{
	unsigned char signature[2049] = {0};
	size_t length = sizeof(signature);
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	(void)state;
	assert_int_equal(
		EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, signer_key(SIGNER_KEY_OWN)),
		1);
	assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)TEXT,
					strlen(TEXT)),
			 1);
	EVP_MD_CTX_free(context);
	assert_raw(signature, length, own, TEXT, SIGNATURE_GOOD);
	assert_raw(signature, length, own, OTHER, SIGNATURE_BROKEN);
	assert_raw(signature, length, other, TEXT, SIGNATURE_BROKEN);
	assert_raw(signature, length - 1, own, TEXT, SIGNATURE_BROKEN);
	assert_raw(signature, 0, own, TEXT, SIGNATURE_NONE);
	assert_raw(signature, 2049, own, TEXT, SIGNATURE_NONE);
	assert_raw(signature, 2048, own, TEXT, SIGNATURE_BROKEN);
	assert_raw(signature, length, own, NULL, SIGNATURE_UNREADABLE);
	signature[5] ^= 1;
	assert_raw(signature, length, own, TEXT, SIGNATURE_BROKEN);
}

/* A bare signature says nothing of its scheme, so only the card's kind of key is taken. */
static void test_raw_of_other_kind(void **state)
{
	unsigned char signature[256];
	size_t length = sizeof(signature), der_length = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	uint8_t *der = unit_issue(key, &der_length);
	const unsigned char *at = der;
	X509 *certificate = d2i_X509(NULL, &at, (long)der_length);

	(void)state;
	assert_non_null(certificate);
	assert_int_equal(EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key), 1);
	assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)TEXT,
					strlen(TEXT)),
			 1);
	assert_raw(signature, length, certificate, TEXT, SIGNATURE_BROKEN);
	EVP_MD_CTX_free(context);
	X509_free(certificate);
	OPENSSL_free(der);
	EVP_PKEY_free(key);
}

/* --- the time that is claimed ------------------------------------------------------------------
 */

static void test_time(void **state)
{
	time_t before = time(NULL), after, claimed;
	CMS_ContentInfo *cms;

	(void)state;
	cms = sign_text(0);
	after = time(NULL);
	assert_true(signature_claimed_time(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0),
					   &claimed));
	assert_between(claimed, before, after);
	CMS_ContentInfo_free(cms);
	cms = sign_text(CMS_NOATTR);
	assert_false(signature_claimed_time(sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms), 0),
					    &claimed));
	CMS_ContentInfo_free(cms);
}

/* Whatever comes first among the attributes; and what is no time. */
static void test_other_times(void **state)
{
	static const struct {
		int type;
		const char *value;
		time_t wanted; /* 0: it is none */
	} rows[] = {
		{V_ASN1_UTCTIME, "260102030405Z", 1767323045},
		{V_ASN1_GENERALIZEDTIME, "20510102030405Z", 2556241445},
		{V_ASN1_UTCTIME, "261302030405Z", 0},
		{V_ASN1_OCTET_STRING, "260102030405Z", 0},
	};

	(void)state;
	/* Wherever the reader is. */
	setenv("TZ", "JST-9", 1);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, CMS_PARTIAL);
		CMS_SignerInfo *signer = CMS_add1_signer(cms, own, signer_key(SIGNER_KEY_OWN), NULL,
							 CMS_NOATTR | CMS_PARTIAL);
		time_t claimed = 0;

		assert_int_equal(CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime,
							     rows[i].type, rows[i].value,
							     (int)strlen(rows[i].value)),
				 1);
		assert_int_equal(signature_claimed_time(signer, &claimed), rows[i].wanted != 0);
		assert_int_equal(claimed, rows[i].wanted);
		CMS_ContentInfo_free(cms);
	}
	ERR_clear_error();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detached),    cmocka_unit_test(test_attached),
		cmocka_unit_test(test_tampered),    cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_weak),        cmocka_unit_test(test_no_signer),
		cmocka_unit_test(test_read),        cmocka_unit_test(test_without_attributes),
		cmocka_unit_test(test_other_times), cmocka_unit_test(test_unreadable_content),
		cmocka_unit_test(test_raw),         cmocka_unit_test(test_raw_of_other_kind),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
