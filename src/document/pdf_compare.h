/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_compare: tells what a newer version of a PDF has beside signatures. */
#ifndef JPKI_DOCUMENT_PDF_COMPARE_H
#define JPKI_DOCUMENT_PDF_COMPARE_H

#include <stdbool.h>

#include "document/pdf_objects.h"

/* What a newer version has beside what an older one has. */
enum pdf_change {
	PDF_ONLY_SIGNED, /* signatures in fields that nobody sees */
	PDF_ONLY_SHOWN,  /* signatures, and one of them shows what its signer has put there */
	PDF_PUT_ON_PAGE, /* something is put over a page: a note, or too large a signature */
	PDF_FORM_OTHER,  /* the form is another one, or what is in its fields */
	PDF_OTHER,       /* something else */
};

/*
 * Return what the newer version has that the older one does not show or have: PDF_ONLY_SIGNED, if
 * that is signature fields that nobody sees and fields that were there to be signed. PDF_OTHER
 * without memory, too. Of several changes it is the first that is found. Those that the newest
 * version has signed of the older one's fields cover no more than a quarter of a page together, or
 * it is PDF_PUT_ON_PAGE; newest may be newer.
 */
enum pdf_change pdf_compare(struct pdf_file *older, struct pdf_file *newer,
			    struct pdf_file *newest);

#endif
