/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* der: decodes the tag and the length of a DER element. */
#include "base/der.h"

/* More length bytes would mean an element of over 16 MiB, and no card holds that. */
#define LENGTH_BYTES_MAX 3

enum jpki_error jpki_der_total_length(const uint8_t *data, size_t available, uint8_t tag,
				      size_t *total)
{
	size_t count;
	size_t length = 0;

	*total = 0;
	if (available < 2 || data[0] != tag)
		return JPKI_E_BAD_DER;
	if (data[1] < 0x80) {
		*total = 2 + (size_t)data[1];
		return JPKI_OK;
	}
	count = data[1] & 0x7fU;
	if (count == 0 || count > LENGTH_BYTES_MAX || available < 2 + count)
		return JPKI_E_BAD_DER;
	for (size_t i = 0; i < count; i++)
		length = length << 8 | data[2 + i];
	if (data[2] == 0 || length < 0x80)
		return JPKI_E_BAD_DER;
	*total = 2 + count + length;
	return JPKI_OK;
}
