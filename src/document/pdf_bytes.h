/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_bytes: finds what is written in a PDF, also where no object of the newest version has it. */
#ifndef JPKI_DOCUMENT_PDF_BYTES_H
#define JPKI_DOCUMENT_PDF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Return where the next name of this text ends, at or after a place, whatever its characters are
 * written as (§7.3.5); 0 if there is none. name is without the "/".
 */
size_t pdf_bytes_after_name(const uint8_t *bytes, size_t length, size_t place, const char *name);

/*
 * Return whether an object begins at or after *place, which becomes the place after its beginning
 * (§7.3.10); those in object streams are not found.
 */
bool pdf_bytes_next_object(const uint8_t *bytes, size_t length, size_t *place, uint32_t *number,
			   uint32_t *generation);

/*
 * Return whether a signature is written at or after *place, which becomes a place after it: a
 * ByteRange that leaves out exactly a hexadecimal string of this file, which is not empty. *gap:
 * where that begins. Text that only looks like one, and a signed PDF inside of this one, name other
 * places.
 */
bool pdf_bytes_next_signature(const uint8_t *bytes, size_t length, size_t *place, size_t *gap);

/* Return whether the name Contents stands before this place, with nothing but blanks between. */
bool pdf_bytes_follows_contents(const uint8_t *bytes, size_t place);

#endif
