/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text: fills the text fields of PKCS#11, which the standard pads with blanks. */
#ifndef JPKI_PKCS11_TEXT_H
#define JPKI_PKCS11_TEXT_H

#include <stddef.h>

#include "pkcs11v3.h"

/*
 * Fill a field of the standard's info structures: the text, then blanks, no zero byte. Text that
 * is too long is cut before the character that does not fit.
 */
void jpki_fill_text(CK_UTF8CHAR *field, size_t size, const char *text);

#endif
