/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_words: says in words, line by line, what is in a certificate of the card. */
#ifndef JPKI_APP_CERTIFICATE_CERT_WORDS_H
#define JPKI_APP_CERTIFICATE_CERT_WORDS_H

#include <stdbool.h>

#include "app/certificate/cert_facts.h"
#include "app/ui/line.h"

enum cert_line_kind {
	CERT_LINE_FIELD,    /* a label and its text */
	CERT_LINE_HIDDEN,   /* a label; the text is the part that need not be hidden, or "" */
	CERT_LINE_NOTE,     /* no label; a remark on the line before */
	CERT_LINE_SENTENCE, /* no label */
};

struct cert_line {
	enum cert_line_kind kind;
	enum ui_tone tone;
	const char *label; /* static; NULL: none */
	const char *text;
};

/* Hear one line, which lasts as long as the call. */
typedef void cert_told(const struct cert_line *line, void *argument);

/*
 * Tell all lines in their order, in UTF-8 or, what is translated, in the locale's encoding. The
 * holder's personal data are hidden unless they are wanted; for that the facts must have been made
 * with them, too.
 */
void cert_words_tell(const struct cert_facts *facts, bool with_personal, cert_told *told,
		     void *argument);

/* Return what a certificate is called. Static. */
const char *cert_words_title(const struct cert_choice *choice);

/* Return what to consider before its file is given away; NULL: nothing. Static. */
const char *cert_words_export(const struct cert_choice *choice);

#endif
