/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* holder: decodes the holder's attributes from a certificate's subjectAltName. */
#include "app/certificate/holder.h"

#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "app/certificate/date.h"

/* Longer than any name or address in a certificate. */
#define TEXT_MAX 4096
/* The largest code point; OpenSSL also accepts larger numbers. */
#define UNICODE_MAX 0x10ffffUL

/* The otherNames in the subjectAltName of the signing certificate. */
#define OID_NAME          "1.2.392.200149.8.5.5.1"
#define OID_NAME_MARKS    "1.2.392.200149.8.5.5.2"
#define OID_SEX           "1.2.392.200149.8.5.5.3"
#define OID_BIRTH         "1.2.392.200149.8.5.5.4"
#define OID_ADDRESS       "1.2.392.200149.8.5.5.5"
#define OID_ADDRESS_MARKS "1.2.392.200149.8.5.5.6"

/*
 * Return a copy of a string in the certificate, or NULL. Rejects a text with control characters,
 * because they could move the cursor of a terminal or end a line early, and a text that is not
 * UTF-8, because a terminal might find control characters in it.
 */
static char *copy_text(const ASN1_TYPE *value)
{
	const ASN1_STRING *string;
	const unsigned char *data;
	unsigned long character = 0;
	int length;
	int size;

	if (value == NULL || value->type != V_ASN1_UTF8STRING)
		return NULL;
	string = value->value.utf8string;
	data = ASN1_STRING_get0_data(string);
	length = ASN1_STRING_length(string);
	if (length <= 0 || length > TEXT_MAX)
		return NULL;
	for (int at = 0; at < length; at += size) {
		size = UTF8_getc(data + at, length - at, &character);
		if (size <= 0 || character < 0x20 || (character >= 0x7f && character < 0xa0) ||
		    character > UNICODE_MAX)
			return NULL;
	}
	return strndup((const char *)data, (size_t)length);
}

/* Return where an attribute belongs; NULL if it is not one of the holder's. */
static char **place_of(struct holder *holder, const ASN1_OBJECT *type)
{
	struct {
		const char *oid;
		char **place;
	} places[] = {
		{OID_NAME, &holder->name.text},
		{OID_NAME_MARKS, &holder->name.marks},
		{OID_SEX, &holder->sex},
		{OID_BIRTH, &holder->birth},
		{OID_ADDRESS, &holder->address.text},
		{OID_ADDRESS_MARKS, &holder->address.marks},
	};
	char oid[64];

	if (OBJ_obj2txt(oid, sizeof(oid), type, 1) <= 0)
		return NULL;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (strcmp(oid, places[i].oid) == 0)
			return places[i].place;
	}
	return NULL;
}

bool holder_decode(const X509 *certificate, struct holder *holder)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
	bool any = false;

	memset(holder, 0, sizeof(*holder));
	for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
		const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
		char **place;

		if (name->type != GEN_OTHERNAME)
			continue;
		place = place_of(holder, name->d.otherName->type_id);
		if (place == NULL || *place != NULL)
			continue;
		*place = copy_text(name->d.otherName->value);
		any = any || *place != NULL;
	}
	GENERAL_NAMES_free(names);
	return any;
}

static void wipe(char **text)
{
	if (*text != NULL)
		explicit_bzero(*text, strlen(*text));
	free(*text);
	*text = NULL;
}

void holder_free(struct holder *holder)
{
	wipe(&holder->name.text);
	wipe(&holder->name.marks);
	wipe(&holder->address.text);
	wipe(&holder->address.marks);
	wipe(&holder->birth);
	wipe(&holder->sex);
}

/* Return the number that count digits form; -1 if they are not all digits. */
static int number_of(const char *digits, size_t count)
{
	int number = 0;

	for (size_t i = 0; i < count; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -1;
		number = number * 10 + (digits[i] - '0');
	}
	return number;
}

bool holder_birth(const struct holder *holder, int *year, int *month, int *day)
{
	char text[DATE_TEXT_SIZE];
	const char *code = holder->birth;

	/* The leading digit names the era; it is not needed, because the year is that of the common
	 * era. */
	if (code == NULL || strlen(code) != 9 || number_of(code, 1) < 0)
		return false;
	*year = number_of(code + 1, 4);
	*month = number_of(code + 5, 2);
	*day = number_of(code + 7, 2);
	return date_in_words(*year, *month, *day, text);
}

const char *holder_sex(const struct holder *holder)
{
	static const struct {
		const char *code;
		const char *name;
	} sexes[] = {{"1", "male"}, {"2", "female"}, {"9", "not-applicable"}};

	for (size_t i = 0; holder->sex != NULL && i < sizeof(sexes) / sizeof(sexes[0]); i++) {
		if (strcmp(holder->sex, sexes[i].code) == 0)
			return sexes[i].name;
	}
	return NULL;
}

size_t holder_next_substitute(const struct holder_text *text, size_t last)
{
	size_t length = text->marks == NULL ? 0 : strlen(text->marks);

	for (size_t i = last; i < length; i++) {
		if (text->marks[i] > '0' && text->marks[i] <= '9')
			return i + 1;
	}
	return 0;
}
