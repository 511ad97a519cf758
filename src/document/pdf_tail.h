/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_tail: finds the newest cross-reference section of a PDF, and tells whether all readers do. */
#ifndef JPKI_DOCUMENT_PDF_TAIL_H
#define JPKI_DOCUMENT_PDF_TAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Return in *place where the newest cross-reference section begins, and in *stream whether it is a
 * stream (ISO 32000-1 §7.5.8) or a table (§7.5.4). False if the end of the file names none, or so
 * that readers may find another one.
 */
bool pdf_tail_find(const uint8_t *bytes, size_t length, uint64_t *place, bool *stream);

/*
 * Return whether a PDF ends so that no reader can find another section, or other objects in its
 * table: what is not in the form of the standard, readers take in different ways, or repair.
 */
bool pdf_tail_is_plain(const uint8_t *bytes, size_t length);

#endif
