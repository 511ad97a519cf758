/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_field: tells what a field with a signature may be and show. */
#ifndef JPKI_DOCUMENT_PDF_FIELD_H
#define JPKI_DOCUMENT_PDF_FIELD_H

#include <stdbool.h>

#include "document/pdf_objects.h"

/* Return whether nothing of a field can be seen, because it has no size. */
bool pdf_field_is_unseen(struct pdf_file *file, pdf_value field);

/* Return whether a field is for a signature, and not a note, of which readers show a picture of
 * their own whatever its size is. */
bool pdf_field_is_signature(struct pdf_file *file, pdf_value field);

/* Return whether a field is for a signature, and has one, and nothing that acts. */
bool pdf_field_is_plain(struct pdf_file *file, pdf_value field);

/*
 * Return whether a field of the form, one of fields, has a name, and no other one has the same:
 * viewers take fields of one name for one field, with one value (ISO 32000-1 §12.7.3.2).
 */
bool pdf_field_has_own_name(struct pdf_file *file, pdf_value fields, size_t place);

/* Return whether an appearance is one picture, whatever is done with the mouse, that its box keeps
 * to the field (§12.5.5); none is one, too. */
bool pdf_field_has_one_look(struct pdf_file *file, pdf_value appearance);

/* Return how large a field is, and the part of a page that is shown (what CropBox leaves of
 * MediaBox), in squares of its unit; no number if that is not known. */
double pdf_field_area(struct pdf_file *file, pdf_value field);
double pdf_page_area(struct pdf_file *file, pdf_value page);

#endif
