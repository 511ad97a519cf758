/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_claims: compares what a signature in XML says of its key with its certificate. */
#ifndef JPKI_DOCUMENT_XML_CLAIMS_H
#define JPKI_DOCUMENT_XML_CLAIMS_H

#include <jansson.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* True for a key whose verification takes no more time than those that are in use: anybody can make
 * a certificate with another one. */
bool xml_is_quick_key(const X509 *certificate);

/*
 * Return the name of the first thing that a signature says of its key and that is not so, such as
 * KeyValue or X509SubjectName; NULL if there is none. found is what xml_key has read, or what a
 * parser that may have been led astray says of it; the text is found's. A name may be that of an
 * issuer of the certificate, if that is among the others.
 */
const char *xml_claims_fault(const json_t *found, X509 *certificate, STACK_OF(X509) * others);

#endif
