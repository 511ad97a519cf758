/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_pdf: takes the CMS of a signature out of a PDF. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_PDF_H
#define JPKI_APP_SIGNATURE_SIGNATURE_PDF_H

#include <openssl/cms.h>
#include <stdint.h>

#include "document/pdf_judge.h"

/* Why what is in the gap of a signature is none. */
enum signature_pdf_fault {
	SIGNATURE_PDF_GOOD,
	SIGNATURE_PDF_UNREADABLE, /* it is no CMS signature, or cut; also without memory */
	SIGNATURE_PDF_FOLLOWED,   /* something else than zeros fills the rest of the gap */
	SIGNATURE_PDF_ATTACHED,   /* it has a content of its own, which is not the PDF */
	SIGNATURE_PDF_NO_SIGNER,
};

/*
 * Return the CMS between the two places of the file, which the caller frees; NULL with *fault if
 * there is none to verify. found has a gap of hexadecimal digits within the bytes.
 */
CMS_ContentInfo *signature_pdf_read(const uint8_t *bytes, const struct pdf_found *found,
				    enum signature_pdf_fault *fault);

#endif
