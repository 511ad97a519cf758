/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_bytes: finds what is written in a PDF, also where no object of the newest version has it.
 *
 * An update leaves everything that was there in the file, and may say that it counts no more. What
 * has to be found nevertheless is never packed: a signature leaves its Contents out of the file's
 * bytes (ISO 32000-1 §12.8.1), and an object stream has objects of generation 0 alone (§7.5.7).
 */
#include "document/pdf_bytes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* No object has a greater number or generation (§7.5.4, annex C). */
#define NUMBER_MAX     8388607
#define GENERATION_MAX 65535

/* What is longer fits into no number here, and into no file. */
#define DIGITS_MAX 18

/* More blanks are not taken for filling. */
#define BLANKS_MAX (64UL << 10)

/* A range of bytes is no longer than this, with blanks and comments. */
#define RANGE_MAX 1024

bool pdf_bytes_is_blank(uint8_t byte)
{
	return byte == 0 || strchr(" \t\r\n\f", byte) != NULL;
}

size_t pdf_bytes_skip_blanks(const uint8_t *bytes, size_t length, size_t place)
{
	while (place < length && pdf_bytes_is_blank(bytes[place]))
		place++;
	return place;
}

size_t pdf_bytes_without_blanks(const uint8_t *bytes, size_t length)
{
	size_t least = length > BLANKS_MAX ? length - BLANKS_MAX : 0;

	while (length > least && pdf_bytes_is_blank(bytes[length - 1]))
		length--;
	return length;
}

size_t pdf_bytes_skip_comments(const uint8_t *bytes, size_t length, size_t place)
{
	place = pdf_bytes_skip_blanks(bytes, length, place);
	while (place < length && bytes[place] == '%') {
		while (place < length && bytes[place] != '\r' && bytes[place] != '\n')
			place++;
		place = pdf_bytes_skip_blanks(bytes, length, place);
	}
	return place;
}

size_t pdf_bytes_number(const uint8_t *bytes, size_t length, size_t place, uint64_t *number)
{
	size_t begin = place;

	*number = 0;
	for (; place < length && isdigit(bytes[place]); place++) {
		if (place - begin == DIGITS_MAX)
			return 0;
		*number = *number * 10 + (uint64_t)(bytes[place] - '0');
	}
	return place > begin ? place : 0;
}

/* --- names ----------------------------------------------------------------------------------- */

/* Return where a name that begins here ends; 0 if it is another one. */
static size_t name_end(const uint8_t *bytes, size_t length, size_t place, const char *name)
{
	for (; *name != '\0' && place < length; name++) {
		char hex[3] = "";
		int byte = bytes[place++];

		if (byte == '#' && length - place >= 2) {
			memcpy(hex, bytes + place, 2);
			byte = (int)strtol(hex, NULL, 16);
			place += 2;
		}
		if (byte != *name)
			return 0;
	}
	return *name == '\0' ? place : 0;
}

size_t pdf_bytes_after_name(const uint8_t *bytes, size_t length, size_t place, const char *name)
{
	const uint8_t *found;
	size_t end = 0;

	while (end == 0 && place < length &&
	       (found = memchr(bytes + place, '/', length - place)) != NULL) {
		place = (size_t)(found - bytes) + 1;
		end = name_end(bytes, length, place, name);
	}
	return end;
}

bool pdf_bytes_follows_contents(const uint8_t *bytes, size_t place)
{
	static const char name[] = "/Contents";

	while (place > 0 && pdf_bytes_is_blank(bytes[place - 1]))
		place--;
	return place >= strlen(name) &&
	       memcmp(bytes + place - strlen(name), name, strlen(name)) == 0;
}

/* --- objects --------------------------------------------------------------------------------- */

/* Read the number that ends before *place, with blanks after it; *place becomes its beginning. */
static bool read_backwards(const uint8_t *bytes, size_t *place, uint32_t limit, uint32_t *number)
{
	size_t end = *place, begin;
	uint64_t value = 0;

	while (end > 0 && pdf_bytes_is_blank(bytes[end - 1]))
		end--;
	for (begin = end; begin > 0 && isdigit(bytes[begin - 1]); begin--)
		;
	if (end == *place || begin == end)
		return false;
	for (size_t i = begin; i < end && value <= limit; i++)
		value = value * 10 + (uint64_t)(bytes[i] - '0');
	*place = begin;
	*number = (uint32_t)value;
	return value <= limit;
}

bool pdf_bytes_number_before(const uint8_t *bytes, size_t place, size_t *begin, uint32_t *number,
			     uint32_t *generation)
{
	*begin = place;
	return read_backwards(bytes, begin, GENERATION_MAX, generation) &&
	       read_backwards(bytes, begin, NUMBER_MAX, number);
}

bool pdf_bytes_next_object(const uint8_t *bytes, size_t length, size_t *place, uint32_t *number,
			   uint32_t *generation)
{
	static const char keyword[] = "obj";
	const uint8_t *found;

	while (*place < length && (found = memmem(bytes + *place, length - *place, keyword,
						  strlen(keyword))) != NULL) {
		size_t begin = (size_t)(found - bytes), ignored;

		*place = begin + strlen(keyword);
		if (pdf_bytes_number_before(bytes, begin, &ignored, number, generation))
			return true;
	}
	return false;
}

/* --- signatures ------------------------------------------------------------------------------ */

/* Read the numbers of a range after its bracket, of which at least four are there. */
static bool read_range(const uint8_t *bytes, size_t length, size_t place, uint64_t range[4])
{
	if (length - place > RANGE_MAX)
		length = place + RANGE_MAX;
	for (size_t i = 0; i < 4; i++) {
		place = pdf_bytes_skip_comments(bytes, length, place);
		place += place < length && bytes[place] == '+' ? 1 : 0;
		place = pdf_bytes_number(bytes, length, place, &range[i]);
		if (place == 0)
			return false;
	}
	return true;
}

/* Return whether a hexadecimal string other than zeros is all that stands here. What is written
 * before it does not matter: readers know more ways to write its name than one. */
static bool is_full_gap(const uint8_t *bytes, size_t gap, size_t end)
{
	bool full = false;

	if (gap + 2 > end || bytes[gap] != '<' || bytes[end - 1] != '>')
		return false;
	for (size_t i = gap + 1; i < end - 1; i++) {
		if (!isxdigit(bytes[i]) && !pdf_bytes_is_blank(bytes[i]))
			return false;
		full |= isxdigit(bytes[i]) && bytes[i] != '0';
	}
	return full;
}

bool pdf_bytes_next_signature(const uint8_t *bytes, size_t length, size_t *place,
			      struct pdf_gap *gap)
{
	const uint8_t *found;
	uint64_t range[4];

	while (*place < length && (found = memchr(bytes + *place, '[', length - *place)) != NULL) {
		*place = (size_t)(found - bytes) + 1;
		if (!read_range(bytes, length, *place, range) || range[0] != 0 ||
		    range[1] > range[2] || range[2] > length || range[3] > length - range[2] ||
		    !is_full_gap(bytes, (size_t)range[1], (size_t)range[2]))
			continue;
		*gap = (struct pdf_gap){(size_t)range[1], (size_t)range[2],
					(size_t)(range[2] + range[3])};
		return true;
	}
	return false;
}
