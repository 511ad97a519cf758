/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_words: says what is to be known of how a PDF is shown. */
#ifndef JPKI_APP_SIGNATURE_PDF_WORDS_H
#define JPKI_APP_SIGNATURE_PDF_WORDS_H

#include <jansson.h>

/* Return what can change what is seen of a PDF, by pdf_verdict.shown: a sentence, which the caller
 * frees. NULL without memory. */
char *pdf_words_shown(unsigned int shown);

/* Return the same for scripts: an array of names. NULL without memory. */
json_t *pdf_words_shown_json(unsigned int shown);

#endif
