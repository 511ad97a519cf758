/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_base64: writes and reads bytes as XML has them (XML Schema 2 §3.2.16). */
#include "document/xml_base64.h"

#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

char *xml_base64(const uint8_t *data, size_t length)
{
	char *text = length > INT_MAX / 2 ? NULL : malloc((length + 2) / 3 * 4 + 1);

	if (text != NULL)
		EVP_EncodeBlock((unsigned char *)text, data, (int)length);
	return text;
}

/* Copy the text without its white space, and count the padding at its end. */
static size_t squeeze(const char *text, char *out, size_t *padding)
{
	size_t length = 0;

	*padding = 0;
	for (; *text != '\0'; text++) {
		if (strchr(" \t\r\n", *text) == NULL)
			out[length++] = *text;
	}
	while (*padding < length && *padding < 2 && out[length - 1 - *padding] == '=')
		(*padding)++;
	return length;
}

uint8_t *xml_base64_decode(const char *text, size_t *length)
{
	size_t room = strlen(text) + 1;
	char *dense = malloc(room);
	uint8_t *data = malloc(room);
	size_t padding, count;
	int decoded = -1;

	if (dense != NULL && data != NULL) {
		count = squeeze(text, dense, &padding);
		/* OpenSSL takes an "=" anywhere for a zero. */
		if (count > 0 && count < INT_MAX && memchr(dense, '=', count - padding) == NULL)
			decoded = EVP_DecodeBlock(data, (const unsigned char *)dense, (int)count);
		if (decoded > 0)
			*length = (size_t)decoded - padding;
	}
	free(dense);
	if (decoded > 0)
		return data;
	free(data);
	return NULL;
}
