/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_tail: finds the newest cross-reference section of a PDF, and tells whether all readers do. */
#include "document/pdf_tail.h"

#include <ctype.h>
#include <string.h>

#include "document/pdf_bytes.h"

/* Where the last startxref must be: readers look for it in the last 1024 bytes. */
#define TAIL_BYTES 1054

/* Where all readers look for it. */
#define PLAIN_BYTES 1024

/* How long an entry of a table is. */
#define ENTRY_BYTES 20

static const char keyword[] = "startxref";

/* Read a number. Return where it ends; 0 if there is none that can be a place of the file. */
static size_t read_place(const uint8_t *bytes, size_t length, size_t place, uint64_t *number)
{
	size_t end = pdf_bytes_number(bytes, length, place, number);

	return *number <= length ? end : 0;
}

/* Return whether a text stands at a place, which is at most the length. */
static bool has_text(const uint8_t *bytes, size_t length, size_t place, const char *text)
{
	return length - place >= strlen(text) && memcmp(bytes + place, text, strlen(text)) == 0;
}

/* Find the last startxref among the last bytes. */
static bool find_keyword(const uint8_t *bytes, size_t length, size_t bound, size_t *place)
{
	size_t first = length > bound ? length - bound : 0;

	*place = length;
	do {
		if (*place <= first)
			return false;
		--*place;
	} while (!has_text(bytes, length, *place, keyword));
	return true;
}

/*
 * Read the last startxref and its number. Where they are no words of their own, readers disagree
 * about which one is the last. Return where the number ends; 0 if it is not so.
 */
static size_t read_end(const uint8_t *bytes, size_t length, size_t bound, size_t *begin,
		       uint64_t *section)
{
	size_t at, end;

	if (!find_keyword(bytes, length, bound, begin))
		return 0;
	at = *begin + strlen(keyword);
	end = read_place(bytes, length, pdf_bytes_skip_blanks(bytes, length, at), section);
	if (end == 0 || isdigit(bytes[at]) || (end < length && !pdf_bytes_is_blank(bytes[end])))
		return 0;
	return end;
}

bool pdf_tail_find(const uint8_t *bytes, size_t length, uint64_t *place, bool *stream)
{
	size_t at;
	uint64_t ignored;

	length = pdf_bytes_without_blanks(bytes, length);
	if (read_end(bytes, length, TAIL_BYTES, &at, place) == 0)
		return false;
	at = pdf_bytes_skip_blanks(bytes, length, (size_t)*place);
	*stream = !has_text(bytes, length, at, "xref");
	return !*stream || read_place(bytes, length, at, &ignored) != 0;
}

/* --- what all readers take for the same ------------------------------------------------------ */

/* Move *place behind the end of a line, which may have one blank before it. */
static bool pass_line_end(const uint8_t *bytes, size_t length, size_t *place)
{
	size_t at = *place;

	at += has_text(bytes, length, at, " ") ? 1 : 0;
	if (has_text(bytes, length, at, "\r\n"))
		at += 2;
	else if (has_text(bytes, length, at, "\n") || has_text(bytes, length, at, "\r"))
		at += 1;
	else
		return false;
	*place = at;
	return true;
}

/* Return whether an entry of a table has exactly the form that it must have (§7.5.4). */
static bool is_entry(const uint8_t *entry)
{
	static const char form[] = "dddddddddd ddddd ";

	for (size_t i = 0; form[i] != '\0'; i++) {
		if (form[i] == 'd' ? !isdigit(entry[i]) : entry[i] != ' ')
			return false;
	}
	return (entry[17] == 'n' || entry[17] == 'f') &&
	       (memcmp(entry + 18, " \n", 2) == 0 || memcmp(entry + 18, " \r", 2) == 0 ||
		memcmp(entry + 18, "\r\n", 2) == 0);
}

/* Move *place behind a part of a table, of objects whose numbers follow each other. */
static bool pass_part(const uint8_t *bytes, size_t length, size_t *place)
{
	uint64_t first, count;
	size_t at = read_place(bytes, length, *place, &first);

	if (at == 0 || !has_text(bytes, length, at, " "))
		return false;
	at = read_place(bytes, length, at + 1, &count);
	if (at == 0 || !pass_line_end(bytes, length, &at) || count > (length - at) / ENTRY_BYTES)
		return false;
	/* Where it is said of the first one that it is free, some readers count from 0. */
	if (first == 1 && count > 0 && bytes[at + 17] == 'f')
		return false;
	for (uint64_t i = 0; i < count; i++, at += ENTRY_BYTES) {
		if (!is_entry(bytes + at))
			return false;
	}
	*place = at;
	return true;
}

/* Return whether a section is a stream, or a table that is as it must be. */
static bool is_plain_section(const uint8_t *bytes, size_t length, size_t place)
{
	if (place >= length || isdigit(bytes[place]))
		return place < length;
	if (!has_text(bytes, length, place, "xref"))
		return false;
	place += strlen("xref");
	if (!pass_line_end(bytes, length, &place))
		return false;
	while (!has_text(bytes, length, place, "trailer")) {
		if (!pass_part(bytes, length, &place))
			return false;
	}
	return true;
}

bool pdf_tail_is_plain(const uint8_t *bytes, size_t length)
{
	uint64_t section;
	size_t begin, end = read_end(bytes, length, PLAIN_BYTES, &begin, &section);
	size_t at = pdf_bytes_skip_blanks(bytes, length, end);

	return end > 0 && begin > 0 &&
	       (pdf_bytes_is_blank(bytes[begin - 1]) || bytes[begin - 1] == '>') &&
	       has_text(bytes, length, at, "%%EOF") &&
	       pdf_bytes_skip_blanks(bytes, length, at + strlen("%%EOF")) == length &&
	       is_plain_section(bytes, length, (size_t)section);
}
