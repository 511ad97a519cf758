/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_words: puts into words, for all programs alike, what a card report found. */
#ifndef JPKI_APP_CARD_CARD_WORDS_H
#define JPKI_APP_CARD_CARD_WORDS_H

#include <stddef.h>

#include "app/card/card_report.h"
#include "app/ui/line.h"

/* Room for the words about a certificate or about the tries of a PIN. */
#define CARD_WORDS_SIZE 256
/* As many pieces of advice as a report can have. */
#define CARD_WORDS_ADVICE_MAX (CARD_REPORT_ADVICE_MAX + JPKI_KEY_COUNT)

/* What the holder should know or do, with its tone. */
struct card_advice {
	enum ui_tone tone;
	char *text;
};

/* Return what a key with its certificate is for, and what its PIN is called. Static. */
const char *card_words_key(enum jpki_key key);
const char *card_words_pin(enum jpki_key key);

/*
 * Write when the certificate of a half that exists expires, or why that is not known. Return the
 * tone.
 */
enum ui_tone card_words_certificate(const struct card_report *report, enum jpki_key key,
				    char text[CARD_WORDS_SIZE]);

/*
 * Return until when a certificate is valid at the latest, if its own date needs a PIN: the signing
 * certificate never outlives the authentication certificate, whose date can be read. NULL: that is
 * not known either, or it does not matter.
 */
const struct date_validity *card_words_latest_end(const struct card_report *report,
						  enum jpki_key key);

/* Write how many tries the PIN of a half that exists has left. Return the tone. */
enum ui_tone card_words_tries(const struct card_report_half *half, char text[CARD_WORDS_SIZE]);

/*
 * Put the report's advice into words, most urgent first. Return how many pieces there are; the
 * caller frees their texts, which are NULL without memory.
 */
size_t card_words_advice(const struct card_report *report,
			 struct card_advice advice[CARD_WORDS_ADVICE_MAX]);

#endif
