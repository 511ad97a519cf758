/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* der: tells how long a DER element is before all of it has been read. */
#ifndef JPKI_BASE_DER_H
#define JPKI_BASE_DER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The tag of a certificate: a constructed SEQUENCE (X.690 §8.9). */
#define JPKI_DER_SEQUENCE 0x30

/*
 * Read the tag and the length (X.690 §8.1.2, §8.1.3, §10.1: definite, in the fewest bytes) of the
 * element at data, of which at least available bytes are there. On JPKI_OK *total is the length in
 * bytes of the whole element, header included; the element itself need not be there.
 * JPKI_E_BAD_DER: the tag is not the one wanted, DER does not allow the form, the length takes more
 * than three bytes, or the header is longer than available.
 */
enum jpki_error jpki_der_total_length(const uint8_t *data, size_t available, uint8_t tag,
				      size_t *total);

#endif
