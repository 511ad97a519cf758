/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* product: says which of a card's keys have slots in this module. */
#include "pkcs11/product.h"

/* The makefile defines which product this is; by default it is the one with both keys. */
#if defined(JPKI_PRODUCT_AUTH)
const struct jpki_product jpki_product = {JPKI_KEY_AUTH, 1, "My Number card (JPKI auth)"};
#elif defined(JPKI_PRODUCT_SIGN)
const struct jpki_product jpki_product = {JPKI_KEY_SIGN, 1, "My Number card (JPKI sign)"};
#else
const struct jpki_product jpki_product = {JPKI_KEY_AUTH, 2, "My Number card (JPKI)"};
#endif
