/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_base64: writes and reads bytes as XML has them (XML Schema 2 §3.2.16). */
#ifndef JPKI_DOCUMENT_XML_BASE64_H
#define JPKI_DOCUMENT_XML_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* Return base64 in one line, which the caller frees; NULL without memory. */
char *xml_base64(const uint8_t *data, size_t length);

/* Return the bytes of base64, in which white space may stand anywhere; the caller frees them. NULL
 * for anything else, for nothing, and without memory. */
uint8_t *xml_base64_decode(const char *text, size_t *length);

#endif
