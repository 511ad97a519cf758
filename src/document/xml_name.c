/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_name: compares the name of a certificate's holder or issuer with what a text says of it. */
#include "document/xml_name.h"

#include <ctype.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

/* --- the certificate's values ---------------------------------------------------------------- */

/* Fold letters of ASCII and blanks: every run of blanks is one, and at the ends there is none. */
static void fold(char *text)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		bool blank = strchr(BLANKS, *from) != NULL;

		if (!blank)
			*to++ = (char)tolower((unsigned char)*from);
		else if (to > text && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to > text && to[-1] == ' ')
		to--;
	*to = '\0';
}

/* Return a value in UTF-8, folded, which the caller frees; NULL if it is no text. */
static char *text_of(const ASN1_STRING *value)
{
	unsigned char *utf8 = NULL;
	int length = ASN1_STRING_to_UTF8(&utf8, value);
	char *text = length < 0 ? NULL : strndup((const char *)utf8, (size_t)length);

	if (text != NULL)
		fold(text);
	OPENSSL_free(utf8);
	return text;
}

/* Return the values of a name, NULL where one was taken, which the caller frees. */
static char **values_of(const X509_NAME *name, size_t *count)
{
	int entries = X509_NAME_entry_count(name);
	char **values = calloc((size_t)entries + 1, sizeof(*values));

	*count = 0;
	for (int i = 0; i < entries && values != NULL; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);

		values[(*count)++] = text_of(X509_NAME_ENTRY_get_data(entry));
	}
	return values;
}

/* Take a value out of the list, once. */
static bool take(char **values, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i] != NULL && strcmp(values[i], text) == 0) {
			free(values[i]);
			values[i] = NULL;
			return true;
		}
	}
	return false;
}

/* --- the text -------------------------------------------------------------------------------- */

/* Return what is behind a value's kind and the equals sign; NULL if there is none here. */
static const char *skip_kind(const char *place)
{
	const char *begin = place;

	while (isalnum((unsigned char)*place) || *place == '.' || *place == '-')
		place++;
	if (place == begin)
		return NULL;
	place += strspn(place, BLANKS);
	return *place == '=' ? place + 1 : NULL;
}

/* True if this ends a value: the next one begins behind it, or nothing does. Some programs write
 * commas of a value as they are. */
static bool ends_value(const char *place, const char *separators)
{
	if (*place == '\0')
		return true;
	if (strchr(separators, *place) == NULL)
		return false;
	place += 1 + strspn(place + 1, BLANKS);
	return *place == '\0' || skip_kind(place) != NULL;
}

/* Append a character of a value, which may be escaped. Return what is behind it. */
static const char *take_character(const char *place, char **to)
{
	if (place[0] == '\\' && isxdigit((unsigned char)place[1]) &&
	    isxdigit((unsigned char)place[2])) {
		const char digits[3] = {place[1], place[2], '\0'};

		*(*to)++ = (char)strtoul(digits, NULL, 16);
		return place + 3;
	}
	if (place[0] == '\\' && place[1] != '\0')
		place++;
	*(*to)++ = *place;
	return place + 1;
}

/* Replace the hexadecimal form of a value by what it stands for. False if it is no text. */
static bool decode(char *value, size_t room)
{
	long length = 0;
	unsigned char *der = OPENSSL_hexstr2buf(value, &length);
	const unsigned char *place = der;
	ASN1_TYPE *any = der == NULL ? NULL : d2i_ASN1_TYPE(NULL, &place, length);
	bool is_string = any != NULL && any->type != V_ASN1_NULL && any->type != V_ASN1_BOOLEAN &&
			 any->type != V_ASN1_OBJECT;
	char *text = is_string ? text_of(any->value.asn1_string) : NULL;
	bool done = text != NULL && strlen(text) < room;

	if (done)
		strcpy(value, text);
	free(text);
	ASN1_TYPE_free(any);
	OPENSSL_free(der);
	ERR_clear_error();
	return done;
}

/* Read one value, folded. Return what is behind it; NULL if there is none here. */
static const char *next_value(const char *place, const char *separators, char *value, size_t room)
{
	char *to = value;
	bool hexadecimal;

	place = skip_kind(place);
	if (place == NULL)
		return NULL;
	place += strspn(place, BLANKS);
	hexadecimal = *place == '#';
	if (hexadecimal)
		place++;
	if (*place == '"') {
		for (place++; *place != '"' && *place != '\0';)
			place = take_character(place, &to);
		place += *place == '"' ? 1 : 0;
		place += strspn(place, BLANKS);
		if (!ends_value(place, separators))
			return NULL;
	}
	while (!ends_value(place, separators))
		place = take_character(place, &to);
	*to = '\0';
	fold(value);
	return !hexadecimal || decode(value, room) ? place : NULL;
}

bool xml_name_is(const char *text, const X509_NAME *name)
{
	const char *place = text + strspn(text, BLANKS);
	const char *separators = *place == '/' ? "/" : ",;+";
	/* A value is never longer than what is written for it. */
	size_t room = strlen(text) + 1, count;
	char *value = malloc(room);
	char **values = values_of(name, &count);
	bool same = value != NULL && values != NULL;

	while (same && *(place += strspn(place, BLANKS ",;+/")) != '\0') {
		place = next_value(place, separators, value, room);
		same = place != NULL && take(values, count, value);
	}
	for (size_t i = 0; values != NULL && i < count; i++) {
		same = same && values[i] == NULL;
		free(values[i]);
	}
	free(values);
	free(value);
	ERR_clear_error();
	return same;
}
