/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki-pkcs11: names what the modules tell of a PIN and PKCS#11 has no attribute for.
 *
 * Each token has one hardware feature object (PKCS#11 3.0 §4.3), CKA_HW_FEATURE_TYPE being
 * CKH_JPKI_PIN. It needs no login, and only a search with CKA_CLASS = CKO_HW_FEATURE finds it. Its
 * attributes are read as C_GetTokenInfo's flags are: without an exchange, unless the tries became
 * unknown since the card was last asked.
 */
#ifndef JPKI_PKCS11_H
#define JPKI_PKCS11_H

#include <p11-kit/pkcs11.h>

/* In the vendor's range, and "JPK" before the number, so that others hardly have the same. */
#define JPKI_VENDOR_DEFINED(number) (0x80000000UL | 0x4A504B00UL | (number))

#define CKH_JPKI_PIN JPKI_VENDOR_DEFINED(0x01UL)

/* CK_ULONG: how many tries of the PIN are left; CK_UNAVAILABLE_INFORMATION if it is not known. */
#define CKA_JPKI_TRIES_LEFT JPKI_VENDOR_DEFINED(0x01UL)
/* CK_BBOOL: whether the card holds the token's key and certificate, seen only after a login. */
#define CKA_JPKI_HAS_KEY JPKI_VENDOR_DEFINED(0x02UL)

#endif
