/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_shown: finds by which other files programs show an XML document. */
#ifndef JPKI_DOCUMENT_XML_SHOWN_H
#define JPKI_DOCUMENT_XML_SHOWN_H

#include <jansson.h>
#include <libxml/tree.h>
#include <stdbool.h>

/*
 * Return a list of the files by which programs show a document, each once and as it says where they
 * are: style sheets (Associating Style Sheets with XML documents 1.0 §3), what those that are
 * inside of it import, what XInclude includes, and what HTML and SVG show or run. Not what is
 * inside of the document. If that cannot be told for sure, the whole of the instruction, of the
 * attribute or of the style is in the list. The caller owns it; NULL without memory.
 */
json_t *xml_shown_by(const xmlDoc *tree);

/* True if a document says that links in it are to another place than its own (XML Base §3, HTML).
 */
bool xml_has_base(const xmlDoc *tree);

#endif
