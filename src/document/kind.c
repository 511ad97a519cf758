/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* kind: tells PDF and XML from all other files by how they begin. */
#include "document/kind.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char pdf_begins[] = "%PDF-";

enum {
	TAG_INTEGER = 0x02,
	TAG_OCTETS = 0x04,
	TAG_OID = 0x06,
	TAG_OCTETS_IN_PIECES = 0x24,
	TAG_SEQUENCE = 0x30,
	TAG_SET = 0x31,
	TAG_EXPLICIT_0 = 0xA0,
};

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

/* Return whether this begins as CMS, whose length takes more than one byte. */
static bool is_der(const uint8_t *bytes, size_t length)
{
	return length >= 2 && bytes[0] == TAG_SEQUENCE && bytes[1] >= 0x80;
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

/* An element of BER: where its content begins, and where it ends, if it says so. Signatures are
 * written without lengths, too, which base/der.h refuses, because nothing of a card is. */
struct element {
	uint8_t tag;
	uint64_t content, end;
};

static bool read_element(const uint8_t *bytes, size_t length, uint64_t place,
			 struct element *element)
{
	size_t count;
	uint64_t size = 0;

	if (length < 2 || place > length - 2)
		return false;
	element->tag = bytes[place];
	element->content = place + 2;
	count = bytes[place + 1];
	if (count < 0x80) {
		element->end = element->content + count;
		return true;
	}
	count -= 0x80;
	if (count > 4 || count > length - element->content)
		return false;
	for (size_t i = 0; i < count; i++)
		size = size << 8 | bytes[element->content++];
	element->end = count == 0 ? UINT64_MAX : element->content + size;
	return true;
}

/* Return whether a PDF begins in the content of CMS, which is signed (RFC 5652 §5.1 and §5.2), and
 * in one piece. */
static bool is_in_content(const uint8_t *bytes, size_t length, uint64_t place)
{
	static const struct {
		uint8_t tag;
		bool inside;
	} way[] = {
		{TAG_SEQUENCE, true}, {TAG_OID, false},     {TAG_EXPLICIT_0, true},
		{TAG_SEQUENCE, true}, {TAG_INTEGER, false}, {TAG_SET, false},
		{TAG_SEQUENCE, true}, {TAG_OID, false},     {TAG_EXPLICIT_0, true},
	};
	struct element one;
	uint64_t at = 0;
	bool pieces;

	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++) {
		if (!read_element(bytes, length, at, &one) || one.tag != way[i].tag)
			return false;
		at = way[i].inside ? one.content : one.end;
	}
	if (!read_element(bytes, length, at, &one))
		return false;
	pieces = one.tag == TAG_OCTETS_IN_PIECES;
	if (pieces)
		at = one.content;
	do {
		if (!read_element(bytes, length, at, &one) || one.tag != TAG_OCTETS)
			return false;
		at = one.end;
	} while (pieces && one.end <= place);
	return one.content <= place && place + strlen(pdf_begins) < one.end;
}

/* Return whether a PDF begins in CMS where it is not signed. */
static bool is_beside_content(const uint8_t *bytes, size_t length)
{
	const uint8_t *found = next_pdf(bytes, bytes + length);

	while (found != NULL && is_in_content(bytes, length, (uint64_t)(found - bytes)))
		found = next_pdf(found + 1, bytes + length);
	return found != NULL;
}

enum document_kind document_kind_of(const uint8_t *bytes, size_t length)
{
	bool later;

	if (length >= strlen(pdf_begins) && memcmp(bytes, pdf_begins, strlen(pdf_begins)) == 0)
		return DOCUMENT_PDF;
	if (length > DOCUMENT_KIND_BYTES)
		length = DOCUMENT_KIND_BYTES;
	later = next_pdf(bytes, bytes + length) != NULL;
	/* Readers show a PDF behind a comment of XML, too. */
	if (is_xml(bytes, length))
		return later ? DOCUMENT_PDF_LATER : DOCUMENT_XML;
	if (is_der(bytes, length))
		later = is_beside_content(bytes, length);
	else if (is_archive(bytes, length))
		later = false;
	return later ? DOCUMENT_PDF_LATER : DOCUMENT_OTHER;
}
