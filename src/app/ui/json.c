/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* json: prints JSON, and converts texts and file names of any encoding to it. */
#include "app/ui/json.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "app/ui/text.h"

/* Replaces a byte that is no character. */
#define REPLACEMENT L'\xfffd'
/* The longest character in UTF-8. */
#define CHARACTER_MAX 4

static bool is_printed;
static bool has_failed; /* a value could not be made or written */

static bool print(json_t *value, size_t flags)
{
	char *text = value != NULL ? json_dumps(value, flags) : NULL;
	char *visible = text != NULL ? text_visible_json(text) : NULL;
	bool ok = visible != NULL && puts(visible) != EOF && fflush(stdout) == 0;

	is_printed = is_printed || value != NULL;
	has_failed = has_failed || !ok;
	free(visible);
	free(text);
	json_decref(value);
	return ok;
}

bool ui_json_is_printed(void)
{
	return is_printed;
}

bool ui_json_has_failed(void)
{
	return has_failed;
}

bool ui_json(json_t *value)
{
	return print(value, JSON_INDENT(2));
}

bool ui_json_line(json_t *value)
{
	return print(value, JSON_COMPACT);
}

/* Encode one character as UTF-8. Return its length. */
static size_t encode(wchar_t character, char bytes[CHARACTER_MAX])
{
	uint32_t code = (uint32_t)character;

	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* Convert a text that is not UTF-8 from the locale's encoding. */
static json_t *text_of_locale(const char *text)
{
	size_t left = strlen(text);
	char *utf8 = malloc(left * CHARACTER_MAX + 1);
	size_t length = 0;
	mbstate_t state;
	json_t *value;

	if (utf8 == NULL)
		return NULL;
	memset(&state, 0, sizeof(state));
	while (left > 0) {
		wchar_t character = REPLACEMENT;
		size_t count = mbrtowc(&character, text, left, &state);

		if (count == 0 || count > left) {
			memset(&state, 0, sizeof(state));
			character = REPLACEMENT;
			count = 1;
		}
		length += encode(character, utf8 + length);
		text += count;
		left -= count;
	}
	value = json_stringn(utf8, length);
	free(utf8);
	return value;
}

json_t *ui_json_text(const char *text)
{
	json_t *value = json_string(text);

	return value == NULL && text != NULL ? text_of_locale(text) : value;
}

/*
 * Escape all but the unreserved characters and the slash. The caller frees the text; NULL without
 * memory.
 */
static char *percent_encode(const char *file)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				    "-._~/";
	char *text = malloc(strlen(file) * 3 + 1);
	size_t length = 0;

	for (size_t i = 0; text != NULL && file[i] != '\0'; i++) {
		if (strchr(plain, file[i]) != NULL)
			text[length++] = file[i];
		else
			length += (size_t)sprintf(text + length, "%%%02X",
						  (unsigned int)(unsigned char)file[i]);
	}
	if (text != NULL)
		text[length] = '\0';
	return text;
}

void ui_json_set_file(json_t *object, const char *key, const char *file)
{
	json_t *exact = json_string(file);
	char *name = NULL;
	char *encoded;

	if (file == NULL)
		return;
	if (exact != NULL) {
		json_object_set_new(object, key, exact);
		return;
	}
	json_object_set_new(object, key, text_of_locale(file));
	encoded = percent_encode(file);
	if (encoded != NULL && asprintf(&name, "%s_encoded", key) >= 0) {
		json_object_set_new(object, name, json_string(encoded));
		free(name);
	}
	free(encoded);
}
