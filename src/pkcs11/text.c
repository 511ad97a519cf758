/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text: fills the text fields of PKCS#11, which the standard pads with blanks. */
#include "pkcs11/text.h"

#include <string.h>

void jpki_fill_text(CK_UTF8CHAR *field, size_t size, const char *text)
{
	size_t length = strlen(text);

	if (length > size) {
		length = size;
		/* Do not cut inside a UTF-8 character: its later bytes begin with 10. */
		while (length > 0 && ((unsigned char)text[length] & 0xc0U) == 0x80U)
			length--;
	}
	memset(field, ' ', size);
	memcpy(field, text, length);
}
