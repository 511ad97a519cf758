/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * jpki-pkcs11: names what the modules tell about a PIN and what PKCS#11 has no attribute for.
 *
 * Each token has one hardware feature object (PKCS#11 3.0 §4.3) with CKA_HW_FEATURE_TYPE
 * CKH_JPKI_PIN. It needs no login, and only a search with CKA_CLASS = CKO_HW_FEATURE finds it.
 * The tries cost what C_GetTokenInfo's flags cost: no exchange, unless they have become unknown
 * since the card was last asked. Whether there is a key is asked once.
 */
#ifndef JPKI_PKCS11_H
#define JPKI_PKCS11_H

#include <p11-kit/pkcs11.h>

/* A value in the vendor's range with "JPK" before the number, so that other vendors are unlikely to
 * use it. */
#define JPKI_VENDOR_DEFINED(number) (0x80000000UL | 0x4A504B00UL | (number))

#define CKH_JPKI_PIN JPKI_VENDOR_DEFINED(0x01UL)

/* CK_ULONG: how many tries of the PIN are left; CK_UNAVAILABLE_INFORMATION if that is not known. */
#define CKA_JPKI_TRIES_LEFT JPKI_VENDOR_DEFINED(0x01UL)
/* CK_BBOOL: whether the card holds the token's key and certificate, which are visible only after a
 * login. */
#define CKA_JPKI_HAS_KEY JPKI_VENDOR_DEFINED(0x02UL)

#endif
