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

/* Return whether this is a blank, or what stands for one (§7.2.2). */
static bool is_blank(uint8_t byte)
{
	return byte == 0 || strchr(" \t\r\n\f", byte) != NULL;
}

static size_t skip_blanks(const uint8_t *bytes, size_t length, size_t place)
{
	while (place < length && is_blank(bytes[place]))
		place++;
	return place;
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

	while (place > 0 && is_blank(bytes[place - 1]))
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

	while (end > 0 && is_blank(bytes[end - 1]))
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

bool pdf_bytes_next_object(const uint8_t *bytes, size_t length, size_t *place, uint32_t *number,
			   uint32_t *generation)
{
	static const char keyword[] = "obj";
	const uint8_t *found;

	while (*place < length && (found = memmem(bytes + *place, length - *place, keyword,
						  strlen(keyword))) != NULL) {
		size_t begin = (size_t)(found - bytes);

		*place = begin + strlen(keyword);
		if (read_backwards(bytes, &begin, GENERATION_MAX, generation) &&
		    read_backwards(bytes, &begin, NUMBER_MAX, number))
			return true;
	}
	return false;
}

/* --- signatures ------------------------------------------------------------------------------ */

/* Read a number of at most the file's length, and move *place behind it. */
static bool read_number(const uint8_t *bytes, size_t length, size_t *place, size_t *number)
{
	size_t begin = skip_blanks(bytes, length, *place), end = begin;

	*number = 0;
	for (; end < length && isdigit(bytes[end]) && *number <= length; end++)
		*number = *number * 10 + (size_t)(bytes[end] - '0');
	*place = end;
	return end > begin && *number <= length;
}

/* Read the four numbers of a ByteRange after its name. */
static bool read_range(const uint8_t *bytes, size_t length, size_t place, size_t range[4])
{
	place = skip_blanks(bytes, length, place);
	if (place == length || bytes[place++] != '[')
		return false;
	for (size_t i = 0; i < 4; i++) {
		if (!read_number(bytes, length, &place, &range[i]))
			return false;
	}
	place = skip_blanks(bytes, length, place);
	return place < length && bytes[place] == ']';
}

/* Return whether a hexadecimal string other than zeros is all that stands here. */
static bool is_full_gap(const uint8_t *bytes, size_t gap, size_t end)
{
	bool full = false;

	if (gap + 2 > end || bytes[gap] != '<' || bytes[end - 1] != '>' ||
	    !pdf_bytes_follows_contents(bytes, gap))
		return false;
	for (size_t i = gap + 1; i < end - 1; i++) {
		if (!isxdigit(bytes[i]) && !is_blank(bytes[i]))
			return false;
		full |= isxdigit(bytes[i]) && bytes[i] != '0';
	}
	return full;
}

bool pdf_bytes_next_signature(const uint8_t *bytes, size_t length, size_t *place, size_t *gap)
{
	size_t range[4];

	while ((*place = pdf_bytes_after_name(bytes, length, *place, "ByteRange")) != 0) {
		if (!read_range(bytes, length, *place, range) || range[0] != 0 ||
		    range[2] > length || !is_full_gap(bytes, range[1], range[2]))
			continue;
		*gap = range[1];
		return true;
	}
	return false;
}
