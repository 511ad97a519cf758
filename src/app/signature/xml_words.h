/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_words: says why an XML document cannot be signed or verified. */
#ifndef JPKI_APP_SIGNATURE_XML_WORDS_H
#define JPKI_APP_SIGNATURE_XML_WORDS_H

#include "document/xml_fault.h"

/* Return what went wrong in words, which the caller frees; NULL without memory. */
char *xml_words(const struct xml_trouble *trouble);

#endif
