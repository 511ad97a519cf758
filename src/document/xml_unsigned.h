/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_unsigned: finds what a signature in XML has in its own element and does not cover. */
#ifndef JPKI_DOCUMENT_XML_UNSIGNED_H
#define JPKI_DOCUMENT_XML_UNSIGNED_H

#include <jansson.h>
#include <stdbool.h>

#include "document/xml_signed.h"

/*
 * Find what is in a signature's element, but neither in SignedInfo nor in what that refers to by an
 * Id. Anybody can put something there. What honest signers put there is added to the names (see
 * xml_names): KeyName, X509CRL, X509Digest, Object. Left out is what is compared with the
 * certificate (see xml_key). What nobody has a reason to put there is refused: instructions,
 * attributes, and texts beside elements. On false *answer is what is to be told instead, an object
 * with the member refused, which has its name.
 */
bool xml_unsigned_read(const struct xml_signed *found, json_t *names, json_t **answer);

#endif
