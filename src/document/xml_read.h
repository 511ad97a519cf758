/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml_read: reads an XML document so that nothing but its own bytes is read, in bounded memory and
 * time.
 */
#ifndef JPKI_DOCUMENT_XML_READ_H
#define JPKI_DOCUMENT_XML_READ_H

#include <libxml/tree.h>
#include <stddef.h>

#include "base/buffer.h"
#include "document/xml_fault.h"

struct xml_document {
	struct jpki_bytes text; /* the caller's */
	xmlDoc *tree;
	size_t cost; /* about what one canonicalisation takes, in elements */
};

/*
 * Read a document from its text in UTF-8. A document type declaration ends it (XML_DOCTYPE): so
 * there are no entities but the five of XML itself, no default attributes, and nothing outside is
 * read. XInclude is not followed. A version of XML but 1.0, in which other characters end lines and
 * for which no C14N is defined: XML_VERSION. Text that is not well-formed, or uses prefixes that
 * stand for nothing: XML_MALFORMED; deeper than 256 elements, or with more attributes and
 * namespaces than people write: XML_TOO_LARGE. After XML_OK the caller ends *document with
 * xml_close.
 */
enum xml_fault xml_read(const struct jpki_bytes *text, struct xml_document *document,
			struct xml_trouble *trouble);

/* Return the offset in the text just behind the end of an element. */
size_t xml_end_of(const xmlNode *element);

void xml_close(struct xml_document *document);

#endif
