/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attributes: takes the four attributes of a card's holder out of the text application's file. */
#ifndef JPKI_CARD_ATTRIBUTES_H
#define JPKI_CARD_ATTRIBUTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A name or an address longer than this is not believed. */
#define JPKI_ATTRIBUTE_MAX 1024
/* YYYYMMDD */
#define JPKI_BIRTHDAY_LENGTH 8

/* One text of the holder: UTF-8 without control characters, not empty, not terminated. */
struct jpki_attribute {
	uint8_t text[JPKI_ATTRIBUTE_MAX];
	size_t length;
};

/* The four attributes, as the card has them. They are personal: whoever holds them wipes them. */
struct jpki_attributes {
	struct jpki_attribute name;
	struct jpki_attribute address;
	char birthday[JPKI_BIRTHDAY_LENGTH]; /* digits; whether they are a day is not checked */
	char sex;                            /* one digit */
};

/*
 * Read the header of the object with the tag FF20, of which at least available bytes are at data.
 * On JPKI_OK *total is the length of the whole object, header included; the object itself need not
 * be there. JPKI_E_BAD_DER: it is no such object, or the header is longer than available.
 */
enum jpki_error jpki_attributes_total_length(const uint8_t *data, size_t available, size_t *total);

/*
 * Take apart an object of exactly length bytes, FF20{DF21 offsets, DF22 name, DF23 address, DF24
 * birth date, DF25 sex}, in any order; other members with such tags are skipped, and the offsets
 * are not used. JPKI_E_BAD_DER: it has another form, one of the four is missing, comes twice or is
 * not what its type allows; *attributes is then all zero.
 */
enum jpki_error jpki_attributes_parse(const uint8_t *data, size_t length,
				      struct jpki_attributes *attributes);

#endif
