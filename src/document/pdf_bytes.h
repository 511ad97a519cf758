/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_bytes: finds what is written in a PDF, also where no object of the newest version has it. */
#ifndef JPKI_DOCUMENT_PDF_BYTES_H
#define JPKI_DOCUMENT_PDF_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Return whether this is a blank, or what stands for one (ISO 32000-1 §7.2.2); and the place after
 * those that begin here. */
bool pdf_bytes_is_blank(uint8_t byte);
size_t pdf_bytes_skip_blanks(const uint8_t *bytes, size_t length, size_t place);

/*
 * Return the length without the blanks at the end, up to so many as no program writes: some storage
 * fills files up. Readers look for the end of a PDF in its last kilobyte only.
 */
size_t pdf_bytes_without_blanks(const uint8_t *bytes, size_t length);

/* Return the place after blanks and comments, which are the same to readers (§7.2.4). */
size_t pdf_bytes_skip_comments(const uint8_t *bytes, size_t length, size_t place);

/* Read a number. Return where it ends; 0 if there is none, or one of more than 18 digits. */
size_t pdf_bytes_number(const uint8_t *bytes, size_t length, size_t place, uint64_t *number);

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

/* Return whether what stands before this place is a number and a generation, as before "obj";
 * *begin: where they begin. */
bool pdf_bytes_number_before(const uint8_t *bytes, size_t place, size_t *begin, uint32_t *number,
			     uint32_t *generation);

/* What a range leaves out, from "<" to after ">", and where what it covers ends. */
struct pdf_gap {
	size_t begin, end, covered;
};

/*
 * Return whether a signature is written at or after *place, which becomes a place after it: a range
 * that leaves out exactly a hexadecimal string of this file, which is not empty. The range may be
 * an object of its own, so its name is not looked for. Text that only looks like one, and a signed
 * PDF inside of this one, name other places.
 */
bool pdf_bytes_next_signature(const uint8_t *bytes, size_t length, size_t *place,
			      struct pdf_gap *gap);

/* Return whether the name Contents stands before this place, with nothing but blanks between. */
bool pdf_bytes_follows_contents(const uint8_t *bytes, size_t place);

#endif
