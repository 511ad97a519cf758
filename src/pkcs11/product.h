/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * product: says which of a card's keys have slots, the only difference between the three modules.
 * jpki-pkcs11.so has both keys. jpki-pkcs11-auth.so is for programs that must never ask for the
 * signing password, above all browsers; jpki-pkcs11-sign.so is for signing tools that support only
 * one token.
 */
#ifndef JPKI_PKCS11_PRODUCT_H
#define JPKI_PKCS11_PRODUCT_H

#include "card/generation.h"

struct jpki_product {
	enum jpki_key first_key; /* the key of a reader's first slot */
	unsigned int slots;      /* of a reader, one for each key from first_key on */
	const char *description; /* for C_GetInfo, at most 32 bytes */
};

extern const struct jpki_product jpki_product;

#endif
