/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_block: signs a block as it is, and carries bytes as base64. */
#ifndef JPKI_APP_SIGNATURE_BLOCK_H
#define JPKI_APP_SIGNATURE_BLOCK_H

#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Sign a block by PKCS #1 v1.5 without hashing it. The caller frees *signature; false on failure.
 */
bool signature_of_block(EVP_PKEY *key, const uint8_t *block, size_t block_length,
			uint8_t **signature, size_t *length);

/* Return a certificate's DER, which the caller frees; NULL without memory. */
uint8_t *signature_certificate_der(const X509 *certificate, size_t *length);

/* Return base64 with its padding, which the caller frees; NULL without memory. */
char *signature_base64(const uint8_t *data, size_t length);

/* Decode canonical base64 into at most room bytes. Return how many; 0 for anything else. */
size_t signature_base64_decode(const char *text, uint8_t *data, size_t room);

#endif
