/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What must be known of a DER element before it is whole: how long it will be. */
#ifndef JPKI_BASE_DER_H
#define JPKI_BASE_DER_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The tag of a certificate: a constructed SEQUENCE (X.690 §8.9). */
#define JPKI_DER_SEQUENCE 0x30

/*
 * Reads the tag and the length (X.690 §8.1.2, §8.1.3, §10.1: definite, in the fewest bytes) of
 * the element that begins at data, of which at least available bytes are there.
 * On JPKI_OK *total is the length in bytes of the whole element, header included; the element
 * itself need not be there. JPKI_E_BAD_DER: another tag than the one wanted, a form that DER
 * does not allow, a length of more than three bytes, or a header longer than available.
 */
enum jpki_error jpki_der_total_length(const uint8_t *data, size_t available, uint8_t tag,
				      size_t *total);

#endif
