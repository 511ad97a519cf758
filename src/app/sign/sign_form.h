/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_form: tells as what a file is signed, and what the signature is called. */
#ifndef JPKI_APP_SIGN_SIGN_FORM_H
#define JPKI_APP_SIGN_SIGN_FORM_H

#include <stdbool.h>

#include "document/kind.h"

/* What a signature is made as. */
enum sign_form {
	SIGN_BY_CONTENT, /* what the file's kind asks for */
	SIGN_CMS,        /* a file beside it, or around it */
	SIGN_PDF,        /* a signed copy */
	SIGN_XML,        /* a signed copy, by the request's profile */
};

/*
 * Return as what a file is signed if that is to be by its content. A PDF that begins later, and
 * what has the name of a PDF, is meant to be signed as one, and it is said that it cannot be.
 */
enum sign_form sign_form_of(const char *file, enum document_kind kind);

/* Return why what is no PDF is not signed as one, in words; asked is the form of the request.
 * Static. */
const char *sign_form_no_pdf(enum sign_form asked, bool by_window);

/* Return the name of a signature if none was given, which the caller frees; NULL without memory.
 * suffix is for CMS. */
char *sign_form_output(enum sign_form form, const char *file, const char *suffix);

#endif
