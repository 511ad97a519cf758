/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * file_name: tells whether the registries take a document of this name.
 *
 * 登記・供託オンライン申請システム takes the characters of JIS X 0208 but blanks and some signs,
 * and no half-width kana. 電子公証 takes 31 half-width characters, of which a kanji counts as two.
 */
#include "document/file_name.h"

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define WIDTH_MAX 31

/* Of ASCII; and of JIS X 0208 in EUC-JP: the blank, ―～∥－¢£¬ . */
static const char signs[] = " \"#&'()=^~\\|`:;*+,<>/?$%@[]";
static const char *const wide_signs[] = {"\xa1\xa1", "\xa1\xbd", "\xa1\xc1", "\xa1\xc2",
					 "\xa1\xdd", "\xa1\xf1", "\xa1\xf2", "\xa2\xcc"};

/* Return the width of one character in EUC-JP; 0 if it is refused. */
static size_t width_of(const char *character, size_t length)
{
	unsigned char first = (unsigned char)character[0];

	if (length == 1)
		return first > ' ' && first < 0x7f && strchr(signs, first) == NULL ? 1 : 0;
	/* Half-width kana begin with 8E, and JIS X 0212 has three bytes. */
	if (length != 2 || first < 0xa1)
		return 0;
	for (size_t i = 0; i < sizeof(wide_signs) / sizeof(wide_signs[0]); i++) {
		if (memcmp(character, wide_signs[i], 2) == 0)
			return 0;
	}
	return 2;
}

/* Return how many bytes the character at this place of UTF-8 has. */
static size_t bytes_of(const char *text)
{
	size_t count = 1;

	while (((unsigned char)text[count] & 0xc0) == 0x80)
		count++;
	return count;
}

/* Return the width of the next character, and go on after it; 0 if it is refused. */
static size_t next_width(iconv_t euc, const char **name)
{
	char in[8], out[8];
	char *from = in, *to = out;
	size_t left = bytes_of(*name), room = sizeof(out);

	if (left > sizeof(in))
		return 0;
	memcpy(in, *name, left);
	*name += left;
	if (iconv(euc, &from, &left, &to, &room) != 0)
		return 0;
	return width_of(out, sizeof(out) - room);
}

enum file_name_fault file_name_judge(const char *name)
{
	iconv_t euc = iconv_open("EUC-JP", "UTF-8");
	size_t total = 0, width = 1;

	/* A system without this encoding can't judge. */
	if (euc == (iconv_t)-1)
		return FILE_NAME_GOOD;
	while (*name != '\0' && width != 0) {
		width = next_width(euc, &name);
		total += width;
	}
	iconv_close(euc);
	if (width == 0)
		return FILE_NAME_REFUSED;
	return total > WIDTH_MAX ? FILE_NAME_LONG : FILE_NAME_GOOD;
}
