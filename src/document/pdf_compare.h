/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_compare: tells whether a newer version of a PDF has nothing more than signatures. */
#ifndef JPKI_DOCUMENT_PDF_COMPARE_H
#define JPKI_DOCUMENT_PDF_COMPARE_H

#include <stdbool.h>

#include "document/pdf_objects.h"

/*
 * Return whether all that the older version shows and has is the same in the newer one, but for
 * signature fields that nobody sees and for fields that were there to be signed. False without
 * memory, too. *shown: one of the latter can be seen, and shows what its signer has put there.
 * Those that the newest version has signed of the older one's fields cover no more than a quarter
 * of a page together; newest may be newer.
 */
bool pdf_only_signed(struct pdf_file *older, struct pdf_file *newer, struct pdf_file *newest,
		     bool *shown);

#endif
