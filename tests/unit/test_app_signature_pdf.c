/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* test_app_signature_pdf: a gap has one detached signature and zeros, or it is said what is wrong.
 */
#include "unit.h"

#include <string.h>

#include <openssl/err.h>

#include "app/signature/signature_pdf.h"
#include "signer.h"

#define TEXT "what is signed\n"

/* The bytes of a signature, which the caller frees. */
static unsigned char *sign(unsigned int flags, bool signer, int *length)
{
	BIO *content = signer_text(TEXT);
	CMS_ContentInfo *cms = CMS_sign(NULL, NULL, NULL, NULL, flags | CMS_PARTIAL | CMS_BINARY);
	unsigned char *der = NULL;

	assert_non_null(cms);
	if (signer) {
		assert_non_null(CMS_add1_signer(cms, signer_own(), signer_key(SIGNER_KEY_OWN),
						EVP_sha256(), flags));
		assert_int_equal(CMS_final(cms, content, NULL, flags | CMS_BINARY), 1);
	}
	*length = i2d_CMS_ContentInfo(cms, &der);
	assert_true(*length > 0);
	BIO_free(content);
	CMS_ContentInfo_free(cms);
	return der;
}

/* Read these bytes, and then some more, from a gap with digits of either case. */
static void assert_read(const unsigned char *der, int length, const char *more,
			enum signature_pdf_fault wanted)
{
	struct pdf_found found = {.gap = 3};
	enum signature_pdf_fault fault;
	CMS_ContentInfo *cms;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	fputs("...<", out);
	for (int i = 0; i < length; i++)
		fprintf(out, i % 2 == 0 ? "%02x" : "%02X", der[i]);
	fprintf(out, "%s>", more);
	assert_int_equal(fclose(out), 0);
	found.gap_end = size;
	cms = signature_pdf_read((const uint8_t *)text, &found, &fault);
	assert_int_equal(fault, wanted);
	assert_int_equal(cms != NULL, wanted == SIGNATURE_PDF_GOOD);
	assert_int_equal(ERR_peek_error(), 0);
	CMS_ContentInfo_free(cms);
	free(text);
}

static void test_detached(void **state)
{
	int length;
	unsigned char *der = sign(CMS_DETACHED, true, &length);

	(void)state;
	assert_read(der, length, "", SIGNATURE_PDF_GOOD);
	assert_read(der, length, "000000", SIGNATURE_PDF_GOOD);
	assert_read(der, length, "000001", SIGNATURE_PDF_FOLLOWED);
	assert_read(der, length, "000100", SIGNATURE_PDF_FOLLOWED);
	assert_read(der, length - 1, "", SIGNATURE_PDF_UNREADABLE);
	assert_read(der + 1, length - 1, "", SIGNATURE_PDF_UNREADABLE);
	OPENSSL_free(der);
}

static void test_others(void **state)
{
	int length;
	unsigned char *der = sign(0, true, &length);

	(void)state;
	assert_read(der, length, "00", SIGNATURE_PDF_ATTACHED);
	OPENSSL_free(der);
	der = sign(CMS_DETACHED, false, &length);
	assert_read(der, length, "00", SIGNATURE_PDF_NO_SIGNER);
	OPENSSL_free(der);
	assert_read(NULL, 0, "", SIGNATURE_PDF_UNREADABLE);
	assert_read(NULL, 0, "0000", SIGNATURE_PDF_UNREADABLE);
	/* CMS, but data. */
	assert_read(NULL, 0, "301206092a864886f70d010701a00504036f6e65", SIGNATURE_PDF_UNREADABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_detached),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests(tests, NULL, signer_forget);
}
