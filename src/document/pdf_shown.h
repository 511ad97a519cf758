/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_shown: finds by what a PDF can be shown differently although none of its bytes changes. */
#ifndef JPKI_DOCUMENT_PDF_SHOWN_H
#define JPKI_DOCUMENT_PDF_SHOWN_H

#include "document/pdf_objects.h"
#include "document/pdf_verdict.h"

/* Return of what kinds an object has something, itself or in what is a part of it: bits of
 * enum pdf_shown. */
unsigned int pdf_shown_by(struct pdf_file *file, pdf_value object);

#endif
