/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* attributes: takes the four attributes of a card's holder out of the text application's file. */
#include "card/attributes.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

/* Each tag has two bytes (ISO 7816-4 §5.2.2.1). */
#define TAG_BYTES    2
#define TAG_ALL      0xff20
#define TAG_MEMBERS  0xdf00 /* the first byte of every member's tag */
#define TAG_NAME     0xdf22
#define TAG_ADDRESS  0xdf23
#define TAG_BIRTHDAY 0xdf24
#define TAG_SEX      0xdf25
/* More length bytes would mean more than 64 KiB. */
#define LENGTH_BYTES_MAX 2

struct header {
	unsigned int tag;
	size_t bytes; /* of the header itself */
	size_t length;
};

/*
 * Read a tag and a length. Unlike DER, the rules of cards allow a length in more bytes than it
 * needs (ISO 7816-4 §5.2.2.2). False if the header ends behind available.
 */
static bool read_header(const uint8_t *data, size_t available, struct header *header)
{
	size_t count;

	if (available < TAG_BYTES + 1)
		return false;
	header->tag = (unsigned int)data[0] << 8 | data[1];
	header->bytes = TAG_BYTES + 1;
	header->length = data[TAG_BYTES];
	if (header->length < 0x80)
		return true;
	count = header->length & 0x7fU;
	if (count == 0 || count > LENGTH_BYTES_MAX || available < header->bytes + count)
		return false;
	header->length = 0;
	for (size_t i = 0; i < count; i++)
		header->length = header->length << 8 | data[header->bytes + i];
	header->bytes += count;
	return true;
}

enum jpki_error jpki_attributes_total_length(const uint8_t *data, size_t available, size_t *total)
{
	struct header header;

	*total = 0;
	if (!read_header(data, available, &header) || header.tag != TAG_ALL)
		return JPKI_E_BAD_DER;
	*total = header.bytes + header.length;
	return JPKI_OK;
}

/* Return the length of the character of UTF-8 (RFC 3629 §4) at the start of the text; 0 if there is
 * none, or a control character. */
static size_t character_length(const uint8_t *text, size_t length)
{
	/* The least character that needs so many bytes. */
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t character = text[0];
	size_t bytes;

	if (text[0] < 0x80)
		return text[0] >= 0x20 && text[0] != 0x7f ? 1 : 0;
	if (text[0] >= 0xc2 && text[0] < 0xe0)
		bytes = 2;
	else if (text[0] >= 0xe0 && text[0] < 0xf0)
		bytes = 3;
	else if (text[0] >= 0xf0 && text[0] < 0xf5)
		bytes = 4;
	else
		return 0;
	if (bytes > length)
		return 0;
	character &= 0x7fU >> bytes;
	for (size_t i = 1; i < bytes; i++) {
		if ((text[i] & 0xc0U) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3fU);
	}
	if (character < least[bytes] || character > 0x10ffff ||
	    (character >= 0xd800 && character < 0xe000) || (character >= 0x80 && character < 0xa0))
		return 0;
	return bytes;
}

/* Take a text; false if there was one already. */
static bool take_text(struct jpki_attribute *attribute, const uint8_t *value, size_t length)
{
	size_t step;

	if (attribute->length != 0 || length == 0 || length > sizeof(attribute->text))
		return false;
	for (size_t at = 0; at < length; at += step) {
		step = character_length(value + at, length - at);
		if (step == 0)
			return false;
	}
	memcpy(attribute->text, value, length);
	attribute->length = length;
	return true;
}

/* Take exactly wanted digits; false if there were some already. */
static bool take_digits(char *digits, size_t wanted, const uint8_t *value, size_t length)
{
	if (digits[0] != '\0' || length != wanted)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit(value[i]))
			return false;
	}
	memcpy(digits, value, length);
	return true;
}

static bool take_member(struct jpki_attributes *attributes, const struct header *header,
			const uint8_t *value)
{
	switch (header->tag) {
	case TAG_NAME:
		return take_text(&attributes->name, value, header->length);
	case TAG_ADDRESS:
		return take_text(&attributes->address, value, header->length);
	case TAG_BIRTHDAY:
		return take_digits(attributes->birthday, sizeof(attributes->birthday), value,
				   header->length);
	case TAG_SEX:
		return take_digits(&attributes->sex, 1, value, header->length);
	default:
		return (header->tag & 0xff00U) == TAG_MEMBERS;
	}
}

/* Take all members; false if one of them is wrong, or reaches over the end. */
static bool take_members(struct jpki_attributes *attributes, const uint8_t *data, size_t length)
{
	struct header header;

	while (length > 0) {
		if (!read_header(data, length, &header) || header.length > length - header.bytes ||
		    !take_member(attributes, &header, data + header.bytes))
			return false;
		data += header.bytes + header.length;
		length -= header.bytes + header.length;
	}
	return true;
}

enum jpki_error jpki_attributes_parse(const uint8_t *data, size_t length,
				      struct jpki_attributes *attributes)
{
	struct header header;
	bool complete = false;

	explicit_bzero(attributes, sizeof(*attributes));
	if (read_header(data, length, &header) && header.tag == TAG_ALL &&
	    header.length == length - header.bytes)
		complete = take_members(attributes, data + header.bytes, header.length) &&
			   attributes->name.length != 0 && attributes->address.length != 0 &&
			   attributes->birthday[0] != '\0' && attributes->sex != '\0';
	if (!complete)
		explicit_bzero(attributes, sizeof(*attributes));
	return complete ? JPKI_OK : JPKI_E_BAD_DER;
}
