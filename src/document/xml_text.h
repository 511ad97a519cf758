/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_text: has the bytes of an XML document as UTF-8, and gives them back in its own encoding. */
#ifndef JPKI_DOCUMENT_XML_TEXT_H
#define JPKI_DOCUMENT_XML_TEXT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "document/xml_fault.h"

/* More than any filing: the authorities' own limits are below 100 MB. */
#define XML_BYTES_MAX (64u * 1024 * 1024)

struct xml_encoding;

struct xml_text {
	struct jpki_buffer utf8; /* without a byte order mark */
	const struct xml_encoding *encoding;
	bool marked; /* it began with a byte order mark */
};

/*
 * Take the bytes of a document (XML 1.0 §4.3.3): a byte order mark, or else the declaration, says
 * what they are, and both must agree. After XML_OK the caller frees *text with xml_text_free.
 * XML_ENCODING, XML_CHARACTERS, XML_TOO_LARGE, XML_MEMORY.
 */
enum xml_fault xml_text_decode(const uint8_t *data, size_t length, struct xml_text *text,
			       struct xml_trouble *trouble);

/*
 * Append the text in its own encoding, with its mark if it had one. A character that the encoding
 * lacks: XML_CHARACTERS; XML_MEMORY.
 */
enum xml_fault xml_text_encode(const struct xml_text *text, struct jpki_buffer *out,
			       struct xml_trouble *trouble);

/* Return the name of the text's encoding. Static. */
const char *xml_text_encoding(const struct xml_text *text);

/*
 * Return the characters of the text that other programs read otherwise from the same bytes, which
 * the caller frees: in the encodings of Japan, for instance, what is a yen sign to one is a
 * backslash to another. Each once, and those that cannot be seen as U+ and their number. NULL if
 * there are none, and without memory.
 */
char *xml_text_disputed(const struct xml_text *text);

void xml_text_free(struct xml_text *text);

#endif
