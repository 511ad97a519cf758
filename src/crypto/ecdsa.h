/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* ecdsa: converts ECDSA signatures between their two forms, plain and DER. */
#ifndef JPKI_CRYPTO_ECDSA_H
#define JPKI_CRYPTO_ECDSA_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The longest r or s in bytes: the order of P-521. */
#define JPKI_ECDSA_NUMBER_MAX 66
/* The longest signature as DER: a SEQUENCE with two INTEGERs, each with a leading zero. */
#define JPKI_ECDSA_DER_MAX (3 + 2 * (2 + 1 + JPKI_ECDSA_NUMBER_MAX))

/*
 * Write the plain signature r || s as DER (ECDSA-Sig-Value, RFC 3279 §2.2.3) to der, which has room
 * for JPKI_ECDSA_DER_MAX bytes. Each number has size bytes, at most JPKI_ECDSA_NUMBER_MAX. Return
 * the length.
 */
size_t jpki_ecdsa_to_der(const uint8_t *plain, size_t size, uint8_t *der);

/*
 * Write the DER signature, which must be all of the der_length bytes at der, to plain as r || s,
 * with size bytes for each number (PKCS#11 2.40 mechanisms §2.3.1). JPKI_E_BAD_SIGNATURE: the bytes
 * are not a signature, or a number does not fit; plain may have been written to.
 */
enum jpki_error jpki_ecdsa_from_der(const uint8_t *der, size_t der_length, size_t size,
				    uint8_t *plain);

#endif
