/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the three modules differ in: which of a card's keys have slots. jpki-pkcs11.so has both;
 * jpki-pkcs11-auth.so is for programs that must never ask for the signing password, browsers
 * above all; jpki-pkcs11-sign.so is for signing tools that cope with one token only.
 */
#ifndef JPKI_PKCS11_PRODUCT_H
#define JPKI_PKCS11_PRODUCT_H

#include "card/generation.h"

struct jpki_product {
	enum jpki_key first_key; /* of the first slot of a reader */
	unsigned int slots;      /* of a reader: for so many keys, in their order */
	const char *description; /* what C_GetInfo says, at most 32 bytes */
};

extern const struct jpki_product jpki_product;

#endif
