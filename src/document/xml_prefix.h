/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_prefix: finds the prefixes of namespaces that a signature leaves open. */
#ifndef JPKI_DOCUMENT_XML_PREFIX_H
#define JPKI_DOCUMENT_XML_PREFIX_H

#include <jansson.h>
#include <stdbool.h>

#include "document/xml_signed.h"

/*
 * The exclusive canonical form has a namespace only where the name of an element or an attribute
 * uses its prefix (Exclusive XML Canonicalization 1.0 §3). What a prefix in a value stands for,
 * such as that of a unit or of a type, can so be changed after signing. Add to the names (see
 * xml_names) "xmlns:" with each prefix that stands for something in a part that is signed, and
 *
 * - whose declaration no name of a signed part uses, or
 * - that a value seems to use where the canonical form does not say what it stands for;
 *
 * and "xmlns" for what stands without a prefix. Left out is what the signature says to treat as in
 * C14N 1.0 (PrefixList), and what another Reference covers by that form. The references are all
 * that the signature has. False without memory.
 */
bool xml_prefixes_left_open(const struct xml_signed *found, const struct xml_reference *references,
			    size_t count, json_t *names);

#endif
