/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_pdf: takes the CMS of a signature out of a PDF. */
#include "app/signature/signature_pdf.h"

#include <openssl/err.h>
#include <stdlib.h>

static uint8_t digit_of(uint8_t digit)
{
	return (uint8_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
}

/* Return the bytes of a gap, which the caller frees; NULL without memory. */
static uint8_t *bytes_of(const uint8_t *hex, size_t length)
{
	uint8_t *der = malloc(length + 1);

	if (der == NULL)
		return NULL;
	for (size_t i = 0; i < length; i++)
		der[i] = (uint8_t)(digit_of(hex[2 * i]) << 4 | digit_of(hex[2 * i + 1]));
	return der;
}

/* Return what is wrong with CMS of which this is left. */
static enum signature_pdf_fault fault_of(CMS_ContentInfo *cms, const uint8_t *rest,
					 const uint8_t *end)
{
	if (cms == NULL || OBJ_obj2nid(CMS_get0_type(cms)) != NID_pkcs7_signed)
		return SIGNATURE_PDF_UNREADABLE;
	while (rest < end && *rest == 0)
		rest++;
	if (rest != end)
		return SIGNATURE_PDF_FOLLOWED;
	if (CMS_is_detached(cms) != 1)
		return SIGNATURE_PDF_ATTACHED;
	return sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) < 1 ? SIGNATURE_PDF_NO_SIGNER
								    : SIGNATURE_PDF_GOOD;
}

CMS_ContentInfo *signature_pdf_read(const uint8_t *bytes, const struct pdf_found *found,
				    enum signature_pdf_fault *fault)
{
	size_t length = (found->gap_end - found->gap - 2) / 2;
	uint8_t *der = bytes_of(bytes + found->gap + 1, length);
	const unsigned char *next = der;
	CMS_ContentInfo *cms = NULL;

	*fault = SIGNATURE_PDF_UNREADABLE;
	if (der != NULL) {
		cms = d2i_CMS_ContentInfo(NULL, &next, (long)length);
		*fault = fault_of(cms, next, der + length);
	}
	if (*fault != SIGNATURE_PDF_GOOD) {
		CMS_ContentInfo_free(cms);
		cms = NULL;
	}
	ERR_clear_error();
	free(der);
	return cms;
}
