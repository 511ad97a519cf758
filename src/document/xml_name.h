/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_name: compares the name of a certificate's holder or issuer with what a text says of it. */
#ifndef JPKI_DOCUMENT_XML_NAME_H
#define JPKI_DOCUMENT_XML_NAME_H

#include <openssl/x509.h>
#include <stdbool.h>

/*
 * True if a text is this name in the form of RFC 4514, or in one of the others that programs write:
 * in either order, with slashes instead of commas, with words for the kinds of values that nobody
 * else knows: those stand for any. The values are compared, of ASCII without regard to case, and
 * all must be there once. False for a name of more than 64 values or 4095 bytes, and without
 * memory.
 */
bool xml_name_is(const char *text, const X509_NAME *name);

#endif
