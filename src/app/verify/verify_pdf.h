/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_pdf: verifies the signatures in a PDF, and says what each of them covers. */
#ifndef JPKI_APP_VERIFY_VERIFY_PDF_H
#define JPKI_APP_VERIFY_VERIFY_PDF_H

#include "app/signature/signature_pdf.h"
#include "app/verify/verify_report.h"
#include "document/bytes.h"
#include "document/pdf_judge.h"

/* A PDF that was read and has signatures. */
struct verify_pdf {
	struct document_bytes bytes;
	struct pdf_verdict verdict;
	struct verify_pdf_signature {
		CMS_ContentInfo *cms; /* NULL: there is none in its place, because of gap */
		enum signature_pdf_fault gap;
		enum signature_fault fault;
	} signatures[PDF_SIGNATURES_MAX]; /* as they were found */
};

/* Return whether what is to be verified is a PDF, by its content. */
bool verify_is_pdf(const struct verify_request *request);

/*
 * Read the PDF, and find its signatures. Return APP_OK, or the exit code after saying why there is
 * nothing to verify. In both cases the caller ends it with verify_pdf_close.
 */
int verify_pdf_open(const struct verify_request *request, struct verify_pdf *pdf);

/* True if a signature is not valid, whoever made it. */
bool verify_pdf_is_invalid(const struct verify_pdf *pdf);

/* True if what is trusted is enough to judge who made them. */
bool verify_pdf_has_authority(const struct verify_request *request, const struct verify_pdf *pdf);

/* Verify all signatures, and report them. Return the exit code. */
int verify_pdf_check(struct verify_request *request, const struct verify_pdf *pdf);

void verify_pdf_close(struct verify_pdf *pdf);

#endif
