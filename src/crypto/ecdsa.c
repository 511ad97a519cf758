/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ecdsa: converts ECDSA signatures between their two forms, plain and DER. */
#include "crypto/ecdsa.h"

#include <string.h>

#include "base/buffer.h"
#include "base/der.h"

/* X.690 §8.3. */
#define DER_INTEGER 0x02
/* A length of this value or more takes a byte of its own (X.690 §8.1.3). */
#define LONG_FORM     0x80
#define ONE_BYTE_MORE 0x81

static void write_integer(struct jpki_writer *out, const uint8_t *number, size_t size)
{
	bool needs_zero;

	while (size > 1 && number[0] == 0) {
		number++;
		size--;
	}
	/* The first bit is the sign. */
	needs_zero = (number[0] & 0x80U) != 0;
	jpki_writer_byte(out, DER_INTEGER);
	jpki_writer_byte(out, (uint8_t)(size + (needs_zero ? 1 : 0)));
	if (needs_zero)
		jpki_writer_byte(out, 0);
	jpki_writer_bytes(out, number, size);
}

size_t jpki_ecdsa_to_der(const uint8_t *plain, size_t size, uint8_t *der)
{
	uint8_t numbers[JPKI_ECDSA_DER_MAX];
	struct jpki_writer content = jpki_writer_over(numbers, sizeof(numbers));
	struct jpki_writer whole = jpki_writer_over(der, JPKI_ECDSA_DER_MAX);

	write_integer(&content, plain, size);
	write_integer(&content, plain + size, size);
	jpki_writer_byte(&whole, JPKI_DER_SEQUENCE);
	if (content.length >= LONG_FORM)
		jpki_writer_byte(&whole, ONE_BYTE_MORE);
	jpki_writer_byte(&whole, (uint8_t)content.length);
	jpki_writer_bytes(&whole, numbers, content.length);
	return whole.length;
}

/* Read the INTEGER at the start of der into size bytes; *total is its length as DER. */
static enum jpki_error read_integer(const uint8_t *der, size_t der_length, size_t size,
				    uint8_t *number, size_t *total)
{
	size_t length;

	/* A number that fits has a length of at most one byte. */
	if (jpki_der_total_length(der, der_length, DER_INTEGER, total) != JPKI_OK ||
	    *total > der_length || *total < 3 || der[1] >= LONG_FORM)
		return JPKI_E_BAD_SIGNATURE;
	length = *total - 2;
	der += 2;
	if ((der[0] & 0x80U) != 0)
		return JPKI_E_BAD_SIGNATURE;
	if (der[0] == 0 && length > 1) {
		/* DER allows a leading zero only to keep a number from being negative. */
		if ((der[1] & 0x80U) == 0)
			return JPKI_E_BAD_SIGNATURE;
		der++;
		length--;
	}
	if (length > size)
		return JPKI_E_BAD_SIGNATURE;
	memset(number, 0, size - length);
	memcpy(number + size - length, der, length);
	return JPKI_OK;
}

enum jpki_error jpki_ecdsa_from_der(const uint8_t *der, size_t der_length, size_t size,
				    uint8_t *plain)
{
	size_t total = 0;
	size_t at;
	enum jpki_error error;

	if (jpki_der_total_length(der, der_length, JPKI_DER_SEQUENCE, &total) != JPKI_OK ||
	    total != der_length)
		return JPKI_E_BAD_SIGNATURE;
	/* The number follows the tag and one or two bytes of length. */
	at = der[1] < LONG_FORM ? 2 : 2 + (der[1] & 0x7fU);
	error = read_integer(der + at, der_length - at, size, plain, &total);
	if (error != JPKI_OK)
		return error;
	at += total;
	error = read_integer(der + at, der_length - at, size, plain + size, &total);
	if (error == JPKI_OK && at + total != der_length)
		error = JPKI_E_BAD_SIGNATURE;
	return error;
}
