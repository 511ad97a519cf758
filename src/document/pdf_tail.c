/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_tail: finds the newest cross-reference section of a PDF, by what its last lines say. */
#include "document/pdf_tail.h"

#include <ctype.h>
#include <string.h>

/* Where the last startxref must be: readers look for it in the last 1024 bytes. */
#define TAIL_BYTES 1054

static const char keyword[] = "startxref";

static size_t skip_blanks(const uint8_t *bytes, size_t length, size_t place)
{
	while (place < length && (isspace(bytes[place]) || bytes[place] == 0))
		place++;
	return place;
}

/* Read a number. Return where it ends; 0 if there is none of a size that a file can have. */
static size_t read_number(const uint8_t *bytes, size_t length, size_t place, uint64_t *number)
{
	size_t begin = place;

	*number = 0;
	while (place < length && isdigit(bytes[place])) {
		*number = *number * 10 + (uint64_t)(bytes[place++] - '0');
		if (*number > length)
			return 0;
	}
	return place > begin ? place : 0;
}

bool pdf_tail_find(const uint8_t *bytes, size_t length, uint64_t *place, bool *stream)
{
	size_t first = length > TAIL_BYTES ? length - TAIL_BYTES : 0;
	size_t at = length;
	uint64_t ignored;

	do {
		if (at <= first)
			return false;
		at--;
	} while (length - at < strlen(keyword) ||
		 memcmp(bytes + at, keyword, strlen(keyword)) != 0);
	at = skip_blanks(bytes, length, at + strlen(keyword));
	if (read_number(bytes, length, at, place) == 0)
		return false;
	at = skip_blanks(bytes, length, (size_t)*place);
	*stream = length - at < 4 || memcmp(bytes + at, "xref", 4) != 0;
	return !*stream || read_number(bytes, length, at, &ignored) != 0;
}
