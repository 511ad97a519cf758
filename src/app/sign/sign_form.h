/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_form: tells as what a file is signed, and what the signature is called. */
#ifndef JPKI_APP_SIGN_SIGN_FORM_H
#define JPKI_APP_SIGN_SIGN_FORM_H

#include "app/sign/sign_files.h"
#include "document/kind.h"

/*
 * Return as what a file is signed. The options for CMS mean that. A PDF that begins later, and what
 * has the name of a PDF, is meant to be signed as one, and it is said that it cannot be.
 */
enum sign_form sign_form_of(const struct sign_request *request, const char *file,
			    enum document_kind kind);

/* Return why what is no PDF is not signed as one, in words. Static. */
const char *sign_form_no_pdf(const struct sign_request *request);

/* Return whether a signature has all of its file in it: in a signed copy, or in CMS around it. */
bool sign_form_encloses(const struct sign_request *request, const struct sign_job *job);

/* Return the name of a job's signature, which the caller frees; NULL without memory. */
char *sign_form_output(const struct sign_request *request, const struct sign_job *job);

#endif
