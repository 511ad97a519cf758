/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_key: reads what a signature in XML says of its key: the certificates, and what is beside. */
#ifndef JPKI_DOCUMENT_XML_KEY_H
#define JPKI_DOCUMENT_XML_KEY_H

#include <jansson.h>
#include <libxml/tree.h>
#include <stdbool.h>

/*
 * Read a KeyInfo (XML Signature 1.0 §4.4); NULL says nothing. The object gets three lists:
 * certificates, of base64; keys, of objects with modulus and exponent, base64; and names, of
 * objects with element, text and, of X509IssuerSerial, serial: whose certificate it is. Only
 * certificates are believed, so a key alone is refused, as is what is in no such list and is
 * not known. On false *answer is what is to be told instead, an object with the member refused.
 */
bool xml_key_read(const xmlNode *key, json_t *said, json_t **answer);

#endif
