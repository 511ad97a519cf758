/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A card with one file, as the card layer reads it. */
#ifndef FUZZ_CARD_FILE_H
#define FUZZ_CARD_FILE_H

#include "base/buffer.h"
#include "fuzz.h"

/*
 * Reads the DER structure at the beginning of a file of size bytes, of which one answer gives no
 * more than piece. What comes of it is checked against the file; it is empty when it was refused.
 */
void card_file_read(const uint8_t *data, size_t size, size_t piece, struct jpki_buffer *content);

#endif
