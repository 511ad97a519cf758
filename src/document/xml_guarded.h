/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_guarded: looks at an XML document in a process with bounds, and has the answer as JSON. */
#ifndef JPKI_DOCUMENT_XML_GUARDED_H
#define JPKI_DOCUMENT_XML_GUARDED_H

#include <jansson.h>

#include "document/xml_fault.h"
#include "document/xml_read.h"

/*
 * Looks at a document, and returns an object, which the caller frees. NULL with the fault. It runs
 * where no file can be opened, and must not depend on anything that the parent learns later.
 */
typedef json_t *xml_look(const struct xml_document *document, const void *argument,
			 struct xml_trouble *trouble);

/*
 * Read the text in a process with bounds, look at it there, and return the object, which the caller
 * frees. NULL with the fault: what does not come to its end in those bounds is XML_TOO_LARGE.
 */
json_t *xml_guarded(const struct jpki_bytes *text, xml_look *look, const void *argument,
		    struct xml_trouble *trouble);

/* The same in this process, and as the text of the answer, for the other process and for tests. */
void xml_answer(FILE *out, const struct jpki_bytes *text, xml_look *look, const void *argument);

#endif
