/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kind: tells by its first bytes what kind of document a file is. */
#ifndef JPKI_DOCUMENT_KIND_H
#define JPKI_DOCUMENT_KIND_H

#include <stddef.h>
#include <stdint.h>

enum document_kind {
	DOCUMENT_OTHER,
	DOCUMENT_PDF,       /* begins as ISO 32000-1 §7.5.2 has it */
	DOCUMENT_PDF_LATER, /* has something before that, and readers show it nevertheless */
	DOCUMENT_XML,       /* begins with markup, in any encoding of XML 1.0 appendix F */
};

/* Return the kind of a document that begins with these bytes; DOCUMENT_KIND_BYTES are enough. A PDF
 * that is the content of a CMS signature, or inside of an archive, is none. */
enum document_kind document_kind_of(const uint8_t *bytes, size_t length);

#define DOCUMENT_KIND_BYTES 1024

#endif
