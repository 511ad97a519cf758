/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_update: writes the end of a signed PDF, with a gap for the signature. */
#ifndef JPKI_DOCUMENT_PDF_UPDATE_H
#define JPKI_DOCUMENT_PDF_UPDATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "document/pdf_plan.h"

/* What a signature says of itself beside its CMS. */
struct pdf_signature {
	const char *name; /* the signer's, in UTF-8 */
	time_t when;
	size_t room; /* how many bytes the CMS may have */
};

/* What follows the file. The signature is over everything but the gap, which begins with "<" and
 * ends with ">". */
struct pdf_update {
	char *bytes;
	size_t length;
	size_t gap, gap_end;
};

/* No signer's name has more characters. */
#define PDF_NAME_MAX 127

/* Return whether a signer's name can be written: whether it is UTF-8, can be seen, and is one line.
 */
bool pdf_update_takes(const char *name);

/*
 * Write the update of a file of so many bytes (ISO 32000-1 §7.5.6), by a plan without a fault. The
 * caller ends it with pdf_update_free. False without memory, and if the name is not UTF-8.
 */
bool pdf_update_make(struct pdf_update *update, const struct pdf_plan *plan, size_t file,
		     const struct pdf_signature *signature);

/* Put the CMS into the gap. False if it is too long. */
bool pdf_update_fill(struct pdf_update *update, const uint8_t *cms, size_t length);

void pdf_update_free(struct pdf_update *update);

#endif
