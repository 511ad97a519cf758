/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_written: tells whether the objects that an update of a PDF has are those that readers find.
 */
#ifndef JPKI_DOCUMENT_PDF_WRITTEN_H
#define JPKI_DOCUMENT_PDF_WRITTEN_H

#include "document/pdf_objects.h"

/* The parts of a version that one program each has written: where they end. */
struct pdf_parts {
	size_t base;  /* what is older than the oldest signature */
	size_t first; /* that signature, if it is in question who has made it; base otherwise */
	size_t from;  /* what is not in question; the next signature follows */
	size_t end;
};

/*
 * Return whether a version of a file has each object exactly as it is written last. Readers that
 * repair a file look for what is written, and take what is last, whatever the cross-reference
 * sections say (ISO 32000-1 annex C.2 and §7.5.4 leave that to them); and something that is written
 * after from may be what makes them repair it. Objects that are written before that and were
 * deleted there do not matter, unless something refers to them. Text in streams counts as well:
 * some of those readers (poppler, PDFBox, pdf.js) do not know where streams are. False without
 * memory, which the version says (pdf_is_lacking). Meanwhile some bytes are others; no file that
 * was opened from them is read then.
 */
bool pdf_written_is_read(struct pdf_file *version, uint8_t *bytes, const struct pdf_parts *parts);

/*
 * Return whether all cross-reference sections that a version has after from, where an older one
 * ends, are so that no reader can find other objects in them, and lead to the newest of that one.
 */
bool pdf_written_ends_plainly(struct pdf_file *version, const uint8_t *bytes, size_t from,
			      size_t end);

#endif
