/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_shown: finds by which other files programs show an XML document. */
#ifndef JPKI_DOCUMENT_XML_SHOWN_H
#define JPKI_DOCUMENT_XML_SHOWN_H

#include <jansson.h>
#include <libxml/tree.h>

/*
 * Return a list of where the style sheets of a document are (Associating Style Sheets with XML
 * documents 1.0 §3), as it says: not of those that are inside of it. If that cannot be told for
 * sure, the whole of the instruction is in the list. The caller owns it; NULL without memory.
 */
json_t *xml_shown_by(const xmlDoc *tree);

#endif
