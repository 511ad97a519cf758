/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_covered: verifies a signature in a PDF over what it covers. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_COVERED_H
#define JPKI_APP_SIGNATURE_SIGNATURE_COVERED_H

#include <openssl/cms.h>
#include <stdint.h>

#include "app/signature/signature_check.h"
#include "document/pdf_verdict.h"

/*
 * Verify this CMS, which signature_pdf_read has taken out of the bytes, over what the signature
 * covers: all before its gap, and all behind that up to its end, which is within the bytes.
 */
enum signature_fault signature_covered_check(const uint8_t *bytes, const struct pdf_found *found,
					     CMS_ContentInfo *cms);

#endif
