/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kind: tells PDF and XML from all other files by how they begin. */
#include "document/kind.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char pdf_begins[] = "%PDF-";

/* How XML may begin before its first character, and how wide its characters are then. */
static const struct mark {
	const char *bytes;
	size_t length, width, low; /* low: which of its bytes has an ASCII character */
} marks[] = {
	{"\xef\xbb\xbf", 3, 1, 0},
	{"\xff\xfe", 2, 2, 0},
	{"\xfe\xff", 2, 2, 1},
};

static const struct mark no_mark = {"", 0, 1, 0};
static const struct mark wide_little = {"", 0, 2, 0};
static const struct mark wide_big = {"", 0, 2, 1};

static const struct mark *mark_of(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		if (length >= marks[i].length &&
		    memcmp(bytes, marks[i].bytes, marks[i].length) == 0)
			return &marks[i];
	}
	if (length >= 2 && bytes[0] == '<' && bytes[1] == 0)
		return &wide_little;
	if (length >= 2 && bytes[0] == 0 && bytes[1] == '<')
		return &wide_big;
	return &no_mark;
}

/* Return the next character; 0 at the end, and for one that is not ASCII. */
static unsigned char next(const struct mark *mark, const uint8_t **bytes, const uint8_t *end)
{
	unsigned char found;

	if ((size_t)(end - *bytes) < mark->width)
		return 0;
	found = (*bytes)[mark->low];
	if (mark->width == 2 && (*bytes)[1 - mark->low] != 0)
		found = 0;
	*bytes += mark->width;
	return found;
}

static bool is_xml(const uint8_t *bytes, size_t length)
{
	const struct mark *mark = mark_of(bytes, length);
	const uint8_t *end = bytes + length;
	unsigned char found;

	bytes += mark->length;
	do
		found = next(mark, &bytes, end);
	while (found == ' ' || found == '\t' || found == '\r' || found == '\n');
	if (found != '<')
		return false;
	/* A name that is not ASCII follows, too: 構成管理情報. */
	if ((size_t)(end - bytes) >= mark->width &&
	    (mark->width == 1 ? *bytes >= 0x80 : bytes[1 - mark->low] != 0))
		return true;
	found = next(mark, &bytes, end);
	return isalpha(found) || found == '_' || found == ':' || found == '?' || found == '!';
}

/* Return whether this begins as an archive that may have a PDF inside: zip, and the first header of
 * tar. */
static bool is_archive(const uint8_t *bytes, size_t length)
{
	return (length >= 4 && memcmp(bytes, "PK\3\4", 4) == 0) ||
	       (length >= 262 && memcmp(bytes + 257, "ustar", 5) == 0);
}

static bool is_der(const uint8_t *bytes, size_t length)
{
	return length >= 2 && bytes[0] == 0x30 && bytes[1] >= 0x80;
}

/* Return the next place among the first bytes where a PDF begins, with its version; NULL if there
 * is none. */
static const uint8_t *next_pdf(const uint8_t *bytes, const uint8_t *end)
{
	const size_t begins = strlen(pdf_begins);

	while ((bytes = memmem(bytes, (size_t)(end - bytes), pdf_begins, begins)) != NULL) {
		bytes += begins;
		if (bytes < end && isdigit(*bytes))
			return bytes - begins;
	}
	return NULL;
}

/* Return whether the beginning of a PDF with its version is among the first bytes. */
static bool begins_later(const uint8_t *bytes, size_t length)
{
	if (length > DOCUMENT_KIND_BYTES)
		length = DOCUMENT_KIND_BYTES;
	return next_pdf(bytes, bytes + length) != NULL;
}

enum document_kind document_kind_of(const uint8_t *bytes, size_t length)
{
	bool later = begins_later(bytes, length);

	if (length >= strlen(pdf_begins) && memcmp(bytes, pdf_begins, strlen(pdf_begins)) == 0)
		return DOCUMENT_PDF;
	/* Readers show a PDF behind a comment of XML, too. */
	if (is_xml(bytes, length))
		return later ? DOCUMENT_PDF_LATER : DOCUMENT_XML;
	if (is_der(bytes, length) || is_archive(bytes, length))
		return DOCUMENT_OTHER;
	return later ? DOCUMENT_PDF_LATER : DOCUMENT_OTHER;
}
