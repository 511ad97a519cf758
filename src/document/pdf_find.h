/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_find: finds the signatures of a PDF: those of its form, those in no field, and removed ones.
 */
#ifndef JPKI_DOCUMENT_PDF_FIND_H
#define JPKI_DOCUMENT_PDF_FIND_H

#include "document/pdf_verdict.h"
#include "document/pdf_written.h"

/* One judgement in work. */
struct judging {
	struct pdf_verdict *verdict;
	struct pdf_file *file;
	uint8_t *bytes; /* see pdf_written_is_read */
	size_t length;
	struct pdf_parts parts; /* of the version that is looked at */
	size_t fields;
	uint32_t wanted; /* the number of a signature, to know whether its field locks all */
	bool locked;
	/* Of each signature: itself, if it is in the form; and where its ByteRange has the gap. */
	pdf_value values[PDF_SIGNATURES_MAX];
	long long gaps[PDF_SIGNATURES_MAX];
};

/* Return where the ByteRange of a signature has the gap; -1 if it is odd. */
long long pdf_find_gap(struct pdf_file *file, pdf_value signature);

/*
 * Add what is found to the verdict: signatures of the form (PDF_COVERS_ALL); then those that are in
 * no field (PDF_LOOSE or PDF_RIGHTS); then those that only an older version has (PDF_REMOVED), with
 * their places. The fault of the verdict says if that was not possible.
 */
void pdf_find_in_form(struct judging *judging);
void pdf_find_loose(struct judging *judging);
void pdf_find_removed(struct judging *judging);

/* Return whether a version of the file has this signature give rights to Adobe Reader (§12.8.2.3).
 */
bool pdf_find_has_rights(struct pdf_file *version, long long gap);

#endif
