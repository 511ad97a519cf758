/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_name: compares the name of a certificate's holder or issuer with what a text says of it. */
#include "document/xml_name.h"

#include <ctype.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r\n"
/* More than the name of a person or of an authority has: each value is compared with each. */
#define VALUES_MAX   64
#define TEXT_MAX     4096 /* bytes */
#define KIND_MAX     64
#define KIND_LETTERS "0123456789.-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* One value of a name. */
struct value {
	int kind;   /* OpenSSL's number (NID) of it; in a text NID_undef: any */
	char *text; /* in UTF-8, folded; NULL: it is no text, or was taken */
};

/* The words that programs write for a kind: RFC 4514 §3, X.520 and Windows. */
static const struct {
	const char *word;
	int kind;
} kinds[] = {
	{"CN", NID_commonName},
	{"L", NID_localityName},
	{"ST", NID_stateOrProvinceName},
	{"S", NID_stateOrProvinceName},
	{"O", NID_organizationName},
	{"OU", NID_organizationalUnitName},
	{"C", NID_countryName},
	{"STREET", NID_streetAddress},
	{"DC", NID_domainComponent},
	{"UID", NID_userId},
	{"E", NID_pkcs9_emailAddress},
	{"EMAILADDRESS", NID_pkcs9_emailAddress},
	{"SERIALNUMBER", NID_serialNumber},
	{"T", NID_title},
	{"TITLE", NID_title},
	{"GIVENNAME", NID_givenName},
	{"SURNAME", NID_surname},
};

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
	bool is_text = length >= 0 && memchr(utf8, '\0', (size_t)length) == NULL;
	char *text = is_text ? strndup((const char *)utf8, (size_t)length) : NULL;

	if (text != NULL)
		fold(text);
	OPENSSL_free(utf8);
	return text;
}

/* Read the values of a name, whose texts the caller frees. Return how many there are. */
static size_t values_of(const X509_NAME *name, struct value values[VALUES_MAX])
{
	size_t count = (size_t)X509_NAME_entry_count(name);

	for (size_t i = 0; i < count; i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, (int)i);

		values[i].kind = OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry));
		values[i].text = text_of(X509_NAME_ENTRY_get_data(entry));
	}
	return count;
}

/* Take a value out of the list, once. */
static bool take(struct value *values, size_t count, int kind, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i].text != NULL && (kind == NID_undef || kind == values[i].kind) &&
		    strcmp(values[i].text, text) == 0) {
			free(values[i].text);
			values[i].text = NULL;
			return true;
		}
	}
	return false;
}

/* --- the text -------------------------------------------------------------------------------- */

/* Return what a word stands for, which may be a dotted number; NID_undef: nobody knows. */
static int kind_of(const char *word, size_t length)
{
	char number[KIND_MAX] = "";

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].word) == length &&
		    strncasecmp(word, kinds[i].word, length) == 0)
			return kinds[i].kind;
	}
	if (length > strlen("OID.") && strncasecmp(word, "OID.", strlen("OID.")) == 0) {
		word += strlen("OID.");
		length -= strlen("OID.");
	}
	if (length == 0 || length >= sizeof(number) || strspn(word, "0123456789.") < length)
		return NID_undef;
	memcpy(number, word, length);
	return OBJ_txt2nid(number);
}

/* Return what is behind a value's kind and the equals sign; NULL if there is none here. */
static const char *skip_kind(const char *place)
{
	size_t word = strspn(place, KIND_LETTERS);

	if (word == 0)
		return NULL;
	place += word + strspn(place + word, BLANKS);
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

/* Read one value, folded, into the room of the caller's, and what it is one of. Return what is
 * behind it; NULL if there is none here. */
static const char *next_value(const char *place, const char *separators, struct value *value,
			      size_t room)
{
	size_t word = strspn(place, KIND_LETTERS);
	char *to = value->text;
	bool hexadecimal;

	value->kind = kind_of(place, word);
	place = skip_kind(place);
	if (place == NULL)
		return NULL;
	place += strspn(place, BLANKS);
	hexadecimal = *place == '#';
	if (hexadecimal)
		place++;
	if (*place == '"') {
		/* A quote that belongs to the value is escaped; Windows writes it twice. */
		for (place++; (*place != '"' || place[1] == '"') && *place != '\0';) {
			if (*place == '"')
				place++;
			place = take_character(place, &to);
		}
		place += *place == '"' ? 1 : 0;
		place += strspn(place, BLANKS);
		if (!ends_value(place, separators))
			return NULL;
	}
	while (!ends_value(place, separators))
		place = take_character(place, &to);
	*to = '\0';
	/* A zero would end the value for us, and for others not. */
	if (strlen(value->text) < (size_t)(to - value->text))
		return NULL;
	fold(value->text);
	return !hexadecimal || decode(value->text, room) ? place : NULL;
}

bool xml_name_is(const char *text, const X509_NAME *name)
{
	const char *place = text + strspn(text, BLANKS);
	const char *separators = *place == '/' ? "/" : ",;+";
	/* A value is never longer than what is written for it. */
	size_t room = strlen(text) + 1, count = 0;
	struct value values[VALUES_MAX];
	struct value value = {NID_undef, room > TEXT_MAX ? NULL : malloc(room)};
	bool same = value.text != NULL && X509_NAME_entry_count(name) <= VALUES_MAX;

	if (same)
		count = values_of(name, values);
	while (same && *(place += strspn(place, BLANKS ",;+/")) != '\0') {
		place = next_value(place, separators, &value, room);
		same = place != NULL && take(values, count, value.kind, value.text);
	}
	for (size_t i = 0; i < count; i++) {
		same = same && values[i].text == NULL;
		free(values[i].text);
	}
	free(value.text);
	ERR_clear_error();
	return same;
}
