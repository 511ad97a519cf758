/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_signed: reads what one signature in XML says: its methods, its value, what it refers to. */
#ifndef JPKI_DOCUMENT_XML_SIGNED_H
#define JPKI_DOCUMENT_XML_SIGNED_H

#include <jansson.h>
#include <libxml/tree.h>
#include <stdbool.h>

#include "document/xml_canonical.h"
#include "document/xml_method.h"

/* A signature that is read. The elements are the tree's. */
struct xml_signed {
	const xmlNode *signature, *info, *value, *key; /* key: NULL if there is none */
	const struct xml_method *method;
	struct xml_part canonical; /* of info */
};

/* One thing that a signature is over. */
struct xml_reference {
	char *file;           /* a name beside the document; NULL: a part of the document */
	struct xml_part part; /* otherwise */
	const struct xml_method *method;
	char *digest; /* base64 */
};

/*
 * Read a Signature (XML Signature 1.0 §4), and a Reference of it (§4.3.3). On false *answer is what
 * is to be told instead, an object with one member: see xml_judge. Prefixes of the exclusive
 * canonical form are on the heap: the caller ends both with their free functions in every case.
 */
bool xml_signed_read(const xmlNode *signature, struct xml_signed *found, json_t **answer);
bool xml_reference_read(const struct xml_signed *found, const xmlNode *reference,
			struct xml_reference *read, json_t **answer);

/* True if a Reference of SignedInfo has an Id of this element, as its URI alone. */
bool xml_is_referred_to(const xmlNode *info, const xmlNode *element);

void xml_signed_free(struct xml_signed *found);
void xml_reference_free(struct xml_reference *read);

#endif
