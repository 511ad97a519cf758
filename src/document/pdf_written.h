/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_written: tells whether the objects that an update of a PDF has are those that readers find.
 */
#ifndef JPKI_DOCUMENT_PDF_WRITTEN_H
#define JPKI_DOCUMENT_PDF_WRITTEN_H

#include "document/pdf_objects.h"

/*
 * Return whether a version of a file, which ends at end, has each object that is written after from
 * exactly as it is written last. Readers that repair a file look for what is written, and take what
 * is last, whatever the cross-reference sections say (ISO 32000-1 annex C.2 and §7.5.4 leave that
 * to them). False without memory, too.
 */
bool pdf_written_is_read(struct pdf_file *version, const uint8_t *bytes, size_t from, size_t end);

#endif
