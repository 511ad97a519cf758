/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_canonical: hashes parts of an XML document in their canonical form (C14N). */
#ifndef JPKI_DOCUMENT_XML_CANONICAL_H
#define JPKI_DOCUMENT_XML_CANONICAL_H

#include <libxml/c14n.h>
#include <libxml/tree.h>
#include <openssl/evp.h>
#include <stdbool.h>

#include "base/buffer.h"

/* Which nodes are meant, and in which canonical form. */
struct xml_part {
	const xmlNode *apex;    /* an element with all that is in it; NULL: the whole document */
	const xmlNode *without; /* an element to leave out; NULL: none */
	xmlC14NMode mode;       /* C14N 1.0, exclusive, or 1.1 */
	xmlChar **prefixes;     /* for the exclusive one: treated as in C14N 1.0; NULL: none */
	bool comments;
};

/* Feed the canonical form to a hash. False if C14N is not defined for it, or without memory. */
bool xml_canonical_hash(xmlDoc *tree, const struct xml_part *part, EVP_MD_CTX *hash);

/* Append the canonical form to a buffer. False as above. */
bool xml_canonical_text(xmlDoc *tree, const struct xml_part *part, struct jpki_buffer *text);

#endif
