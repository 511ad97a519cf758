/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_words: says what is wrong with an XML document, or to be known of it. */
#ifndef JPKI_APP_SIGNATURE_XML_WORDS_H
#define JPKI_APP_SIGNATURE_XML_WORDS_H

#include <stddef.h>

#include "document/xml_fault.h"
#include "document/xml_verify.h"

/* Return what went wrong in words, which the caller frees; NULL without memory. */
char *xml_words(const struct xml_trouble *trouble);

/* Return words with this text in the place of their "%s", if they have one. As above. */
char *xml_words_with(const char *words, const char *text);

/* Return names in quotes: fifty at most and how many more there are, each of 300 bytes at most,
 * which is more than a name of a file can have. As above. */
char *xml_words_list(char *const *names, size_t count);

/* Return which characters programs read differently. As above; NULL if there are none, too. */
char *xml_words_disputed(const struct xml_report *report);

#endif
