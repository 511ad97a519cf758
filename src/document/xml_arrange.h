/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_arrange: finds out in a document where a signature goes, and what it will be over. */
#ifndef JPKI_DOCUMENT_XML_ARRANGE_H
#define JPKI_DOCUMENT_XML_ARRANGE_H

#include <jansson.h>
#include <stdbool.h>

#include "document/xml_form.h"
#include "document/xml_guarded.h"

/* At most so many signatures within a minute. */
#define XML_ID_COUNT 60
#define XML_ID_SIZE  40

struct xml_arrangement {
	enum xml_profile profile;
	bool individual;
	char ids[XML_ID_COUNT][XML_ID_SIZE]; /* for the signature, in this order */
};

/*
 * Arrange a signature; argument is a struct xml_arrangement. The object has: offset, replace,
 * before and after (see struct xml_prepared), id (which of the Ids), uri and digest of the first
 * Reference, files (the names for the others), whole (the hash of the document, comments included).
 */
xml_look xml_arrange;

/* What there should be. */
struct xml_arranged {
	const char *id;    /* the Id of the new signature */
	const char *whole; /* the hash of the document before */
	bool wrapped;      /* the signature's parent is new, too */
};

/*
 * Look at the document with its new signature, whose value is still missing; argument is a struct
 * xml_arranged. The object has info: SignedInfo in canonical form, base64; and place: how many
 * signatures stand before it. XML_CHANGED if the document without the signature is not what it was.
 */
xml_look xml_arranged_info;

#endif
