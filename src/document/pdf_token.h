/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_token: reads the text of a PDF token by token, and finds what it refers to. */
#ifndef JPKI_DOCUMENT_PDF_TOKEN_H
#define JPKI_DOCUMENT_PDF_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Call visit with the number of each reference in the value that begins at a place, until it
 * returns false; what it refers to is not looked at. Return whether it never did. False, too, if
 * the value has no end, or a reference that readers may take in different ways.
 */
bool pdf_token_each_reference(const uint8_t *bytes, size_t length, size_t place,
			      bool (*visit)(uint64_t number, void *argument), void *argument);

/*
 * Return whether the dictionary that begins at a place makes no other object than this one the
 * catalogue of its file: by an entry Root, or, if it is an object itself, as one. number is that of
 * the object, and 0 for a trailer. True, too, if no dictionary begins there.
 */
bool pdf_token_has_root(const uint8_t *bytes, size_t length, size_t place, uint32_t number,
			uint32_t root);

#endif
