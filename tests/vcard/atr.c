/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The answer to reset (ISO/IEC 7816-3, 8): which protocols it offers, and whether it is one. */
#include "internal.h"

#include <string.h>

struct atr {
	size_t len; /* as its own bytes say */
	bool t1;    /* offers T=1 */
	bool check; /* ends with a check byte */
};

/* Counts what the bytes announce; they are read no further than len. */
static struct atr parse(const uint8_t *bytes, size_t len)
{
	struct atr atr = {.len = 2};
	uint8_t td = bytes[1];

	for (bool more = true; more;) {
		for (unsigned bit = 0x10; bit <= 0x40; bit <<= 1)
			atr.len += (td & bit) != 0 ? 1 : 0; /* TA, TB, TC */
		more = (td & 0x80) != 0;
		if (more) {
			td = atr.len < len ? bytes[atr.len] : 0;
			atr.len++;
			atr.t1 = atr.t1 || (td & 0x0F) == 1;
			atr.check = atr.check || (td & 0x0F) != 0;
		}
	}
	atr.len += (bytes[1] & 0x0FU) + (atr.check ? 1 : 0);
	return atr;
}

bool vcard_atr_is_valid(const uint8_t *bytes, size_t len)
{
	struct atr atr;
	uint8_t sum = 0;

	if (len < 2 || len > VCARD_ATR_MAX || (bytes[0] != 0x3B && bytes[0] != 0x3F))
		return false;
	atr = parse(bytes, len);
	for (size_t i = 1; i < len; i++)
		sum ^= bytes[i];
	return atr.len == len && (!atr.check || sum == 0);
}

bool vcard_atr_is_t0(const uint8_t *bytes, size_t len)
{
	return !parse(bytes, len).t1;
}

bool vcard_set_atr(struct vcard_options *options, const char *text)
{
	uint8_t atr[VCARD_ATR_MAX];
	size_t len = 0;
	bool ok = true;

	if (strcmp(text, "contact") == 0) {
		options->interface = VCARD_CONTACT;
	} else if (strcmp(text, "contactless") == 0) {
		options->interface = VCARD_CONTACTLESS;
	} else if (vcard_parse_hex(text, atr, sizeof(atr), &len) && vcard_atr_is_valid(atr, len)) {
		memcpy(options->atr, atr, len);
		options->atr_len = len;
	} else {
		ok = false;
	}
	return ok;
}
