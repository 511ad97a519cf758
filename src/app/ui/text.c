/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text: replaces the characters of a text that would do more than be displayed. */
#include "app/ui/text.h"

#include <langinfo.h>
#include <limits.h>
#include <openssl/asn1.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* The longest form of a character that UTF8_getc knows. */
#define UTF8_BYTES_MAX 6
/* The longest replacement of one byte, or of one character of several bytes: "\xff", "\u202e". */
#define BYTE_SHOWN_MAX 6

/*
 * True for a character that does more than be displayed: control characters (C0, DEL and C1), line
 * ends, and those that change the direction of text (UAX #9).
 */
static bool is_control(uint32_t character)
{
	return character < 0x20 || (character >= 0x7f && character < 0xa0) || character == 0x061c ||
	       character == 0x200e || character == 0x200f ||
	       (character >= 0x2028 && character <= 0x202e) ||
	       (character >= 0x2066 && character <= 0x2069);
}

/*
 * Decode the first character of a text that is not empty. Return its length in bytes; 0 if the text
 * does not begin with a character.
 */
typedef size_t decoder(const char *text, uint32_t *character);

static size_t decode_utf8(const char *text, uint32_t *character)
{
	unsigned long value = 0;
	int length =
		UTF8_getc((const unsigned char *)text, (int)strnlen(text, UTF8_BYTES_MAX), &value);

	*character = (uint32_t)value;
	return length > 0 && value <= 0x10ffff ? (size_t)length : 0;
}

static size_t decode_locale(const char *text, uint32_t *character)
{
	wchar_t wide = L'\0';
	mbstate_t state;
	size_t left = strnlen(text, MB_LEN_MAX);
	size_t length;

	memset(&state, 0, sizeof(state));
	length = mbrtowc(&wide, text, left, &state);
	*character = (uint32_t)wide;
	return length > left ? 0 : length;
}

/* In an ASCII locale, bytes beyond ASCII are taken for UTF-8, as in our own texts. */
static decoder *decoder_of_locale(void)
{
	const char *codeset = nl_langinfo(CODESET);

	return strcmp(codeset, "UTF-8") == 0 || strcmp(codeset, "ANSI_X3.4-1968") == 0
		       ? decode_utf8
		       : decode_locale;
}

char *text_visible(const char *text)
{
	decoder *decode = decoder_of_locale();
	char *visible = malloc(strlen(text) * BYTE_SHOWN_MAX + 1);
	char *end = visible;

	for (size_t length; visible != NULL && *text != '\0'; text += length) {
		uint32_t character = 0;

		length = decode(text, &character);
		if (length > 0 && !is_control(character)) {
			memcpy(end, text, length);
			end += length;
		} else if (length > 0 && character > 0xff) {
			end += sprintf(end, "\\u%04x", (unsigned int)character);
		} else {
			/* A control character of C1 is two bytes in UTF-8. */
			end += sprintf(end, "\\x%02x",
				       length > 0 ? (unsigned int)character
						  : (unsigned int)(unsigned char)*text);
			length = length > 0 ? length : 1;
		}
	}
	if (visible != NULL)
		*end = '\0';
	return visible;
}

char *text_visible_json(const char *json)
{
	char *visible = malloc(strlen(json) * BYTE_SHOWN_MAX + 1);
	char *end = visible;

	for (size_t length; visible != NULL && *json != '\0'; json += length) {
		uint32_t character = 0;

		length = decode_utf8(json, &character);
		if (length > 0 && character != '\n' && is_control(character)) {
			end += sprintf(end, "\\u%04x", (unsigned int)character);
		} else {
			length = length > 0 ? length : 1;
			memcpy(end, json, length);
			end += length;
		}
	}
	if (visible != NULL)
		*end = '\0';
	return visible;
}

char *text_for_shell(const char *word)
{
	char *text = NULL;
	size_t size;
	FILE *out;

	if (word[0] != '\0' && strpbrk(word, " \t\n'\"\\$`*?[]#~&;|<>(){}!") == NULL)
		return strdup(word);
	out = open_memstream(&text, &size);
	if (out == NULL)
		return NULL;
	fputc('\'', out);
	for (; *word != '\0'; word++)
		fputs(*word == '\'' ? "'\\''" : (const char[]){*word, '\0'}, out);
	fputc('\'', out);
	fclose(out);
	return text;
}

char *text_file_for_shell(const char *path)
{
	char *plain = NULL;
	char *text;

	if (path[0] != '-')
		return text_for_shell(path);
	if (asprintf(&plain, "./%s", path) < 0)
		return NULL;
	text = text_for_shell(plain);
	free(plain);
	return text;
}

const char *text_file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL && slash[1] != '\0' ? slash + 1 : path;
}
