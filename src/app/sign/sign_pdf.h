/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_pdf: puts a signature into a copy of a PDF. */
#ifndef JPKI_APP_SIGN_SIGN_PDF_H
#define JPKI_APP_SIGN_SIGN_PDF_H

#include <openssl/bio.h>
#include <stdbool.h>

#include "app/sign/sign_warnings.h"
#include "app/signature/signature_make.h"

/* A PDF that was judged, and can be signed. */
struct sign_pdf;

/*
 * Judge a PDF, and the signer's name if it is not NULL, before the password is asked for. Return
 * it, and note what a signer should know of the signatures that it has; or NULL, and in *reason why
 * it can't be signed, in words. The caller ends it with sign_pdf_free. *reason is static until the
 * next call.
 */
struct sign_pdf *sign_pdf_plan(const char *path, const char *name, bool by_window,
			       struct sign_warnings *warnings, const char **reason);

/*
 * Write the signed copy of the PDF, which must be as it was judged. name is the signer's, or NULL
 * for that of the certificate. On false *reason says why in words, unless it is NULL: see
 * signature_make.
 */
bool sign_pdf_make(const struct sign_pdf *pdf, const char *path, const char *name,
		   const struct signature_plan *plan, BIO *out, const char **reason);

void sign_pdf_free(struct sign_pdf *pdf);

/*
 * Return what the registries and notaries may have against a file's name, in words; NULL: nothing.
 * Static.
 */
const char *sign_pdf_name_fault(const char *path);

#endif
