/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* rsa_key: makes an RSA key that OpenSSL signs with by a function of the caller's. */
#ifndef JPKI_APP_CARD_RSA_KEY_H
#define JPKI_APP_CARD_RSA_KEY_H

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Sign a block, a copy that PKCS #11 may have, and which is to be padded by PKCS #1 v1.5. *length
 * is the room in signature before, in bytes, and the signature's length after. False: there is
 * none.
 */
typedef bool rsa_key_sign(void *argument, unsigned char *block, size_t block_length,
			  unsigned char *signature, size_t *length);

/*
 * Return a key with these public numbers, which stay the caller's; the caller frees it with
 * EVP_PKEY_free. NULL if one of them is NULL, or without memory. argument, which is given to sign,
 * must last as long.
 */
EVP_PKEY *rsa_key_new(const BIGNUM *modulus, const BIGNUM *exponent, rsa_key_sign *sign,
		      void *argument);

#endif
