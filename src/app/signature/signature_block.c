/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_block: signs a block as it is, and carries bytes as base64, with OpenSSL. */
#include "app/signature/signature_block.h"

#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

bool signature_of_block(EVP_PKEY *key, const uint8_t *block, size_t block_length,
			uint8_t **signature, size_t *length)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(key, NULL);
	bool done;

	*length = (size_t)EVP_PKEY_get_size(key);
	*signature = malloc(*length);
	done = context != NULL && *signature != NULL && EVP_PKEY_sign_init(context) == 1 &&
	       EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
	       EVP_PKEY_sign(context, *signature, length, block, block_length) == 1;
	EVP_PKEY_CTX_free(context);
	if (!done) {
		free(*signature);
		*signature = NULL;
	}
	return done;
}

uint8_t *signature_certificate_der(const X509 *certificate, size_t *length)
{
	int size = i2d_X509(certificate, NULL);
	uint8_t *der = size > 0 ? malloc((size_t)size) : NULL;
	unsigned char *next = der;

	if (der != NULL)
		*length = (size_t)i2d_X509(certificate, &next);
	return der;
}

char *signature_base64(const uint8_t *data, size_t length)
{
	char *text = malloc((length + 2) / 3 * 4 + 1);

	if (text != NULL)
		EVP_EncodeBlock((unsigned char *)text, data, (int)length);
	return text;
}

size_t signature_base64_decode(const char *text, uint8_t *data, size_t room)
{
	size_t length = strlen(text);
	uint8_t *bytes;
	char *again = NULL;
	int size;

	if (length == 0 || length % 4 != 0 || length > (room + 2) / 3 * 4)
		return 0;
	bytes = malloc(length / 4 * 3);
	size = bytes == NULL ? -1
			     : EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)length);
	if (size > 0)
		size -= (text[length - 1] == '=') + (text[length - 2] == '=');
	/* OpenSSL's decoder takes other forms, too. */
	if (size > 0 && (size_t)size <= room)
		again = signature_base64(bytes, (size_t)size);
	if (again == NULL || strcmp(again, text) != 0)
		size = 0;
	if (size > 0)
		memcpy(data, bytes, (size_t)size);
	free(again);
	free(bytes);
	return (size_t)size;
}
