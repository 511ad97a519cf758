/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_objects: reads the objects of a PDF with libqpdf, and repairs nothing. */
#ifndef JPKI_DOCUMENT_PDF_OBJECTS_H
#define JPKI_DOCUMENT_PDF_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Why a PDF can't be read, or is not signed. */
enum pdf_fault {
	PDF_GOOD,
	PDF_NOT,       /* it is no PDF, or has something before that */
	PDF_DAMAGED,   /* it can't be read without repair, or its parts are not as ISO 32000 says */
	PDF_ENCRYPTED, /* it is encrypted, with or without a password */
	PDF_FINAL,     /* its author's signature allows no further change (DocMDP or Lock, P 1) */
	PDF_NO_PAGE,
	PDF_HIDDEN, /* the form or notes are only in a part for newer readers, and can't be read */
	PDF_TOO_MANY, /* there are more signatures than are judged */
	PDF_UNABLE,   /* there is not enough memory, or it took too long */
};

enum pdf_kind {
	PDF_NULL, /* also what a reference to nothing has */
	PDF_BOOL,
	PDF_INTEGER,
	PDF_REAL,
	PDF_STRING,
	PDF_NAME,
	PDF_ARRAY,
	PDF_DICTIONARY,
	PDF_STREAM,
};

struct pdf_file;

/* A value in a file, or a reference to one, which is followed wherever a value is asked for. */
typedef unsigned int pdf_value;

/*
 * Read a PDF, whose bytes must stay. NULL with *fault on a fault. The caller ends it with
 * pdf_close.
 */
struct pdf_file *pdf_open(const uint8_t *bytes, size_t length, enum pdf_fault *fault);

/*
 * The same as readers have it that know no cross-reference streams: without the objects that a
 * hybrid file hides from them (ISO 32000-1 §7.5.8.4). NULL if they can't read the file.
 */
struct pdf_file *pdf_open_shown(const uint8_t *bytes, size_t length, enum pdf_fault *fault);

/*
 * Read an older version of a file, or another one of it, as pdf_open. NULL on any fault. If memory
 * is lacking now or for as long as it is open, the whole file says so: pdf_is_lacking.
 */
struct pdf_file *pdf_open_version(struct pdf_file *whole, const uint8_t *bytes, size_t length);

void pdf_close(struct pdf_file *file);

/* Return whether anything that was read up to now was not as it should be. */
bool pdf_is_damaged(struct pdf_file *file);

/*
 * Return whether memory was lacking for what was asked of a file, or of a version of it that is
 * closed: then nothing that was found says anything about the file. pdf_lack says that it was.
 */
bool pdf_is_lacking(struct pdf_file *file);
void pdf_lack(struct pdf_file *file);

/* Return whether other programs may find other objects in a file than these: its cross-reference
 * sections are not in the form of the standard, but can be read. */
bool pdf_is_odd(struct pdf_file *file);

/*
 * Return how much in its cross-reference sections is not in the form of the standard, and yet is
 * found by readers, unless they repair the file: sections that begin later than is said, after
 * blanks, and entries of tables with other blanks. That alone is not odd.
 */
size_t pdf_loose_sections(struct pdf_file *file);

/* Return the first number that no object has, and no reference names. Looks at all objects. */
uint32_t pdf_free_number(struct pdf_file *file);

pdf_value pdf_trailer(struct pdf_file *file);

/* Return the value of an object; null if there is none. */
pdf_value pdf_by_number(struct pdf_file *file, uint32_t number, uint32_t generation);

/* Return whether an object is missing, or can be read: whether nothing is wrong with what a
 * cross-reference section names for it. Forgets what was found to be wrong with the file. */
bool pdf_can_read(struct pdf_file *file, uint32_t number, uint32_t generation);

enum pdf_kind pdf_kind_of(struct pdf_file *file, pdf_value value);
bool pdf_is_reference(struct pdf_file *file, pdf_value value);
uint32_t pdf_number(struct pdf_file *file, pdf_value reference);
uint32_t pdf_generation(struct pdf_file *file, pdf_value reference);

/* Return an entry of a dictionary or of a stream's; null for anything else. key begins with "/". */
pdf_value pdf_key(struct pdf_file *file, pdf_value dictionary, const char *key);

/* Call visit for each key of a dictionary, or of a stream's, until it returns false. Return whether
 * it never did. */
bool pdf_each_key(struct pdf_file *file, pdf_value dictionary,
		  bool (*visit)(const char *key, void *argument), void *argument);

/* Return whether an object, or a stream's dictionary, may have this name somewhere in it, what it
 * refers to aside. */
bool pdf_mentions(struct pdf_file *file, pdf_value object, const char *name);

/* Return how many items an array has, and one of them; 0 and null for anything else. */
size_t pdf_count(struct pdf_file *file, pdf_value array);
pdf_value pdf_item(struct pdf_file *file, pdf_value array, size_t place);

/* Return an integer; otherwise what is to be taken for it. */
long long pdf_integer(struct pdf_file *file, pdf_value value, long long otherwise);

/* The same of a number of either kind. */
double pdf_real(struct pdf_file *file, pdf_value value, double otherwise);

/* Return whether a value is this name, which begins with "/". */
bool pdf_is_name(struct pdf_file *file, pdf_value value, const char *name);

/* Return the bytes of a string; NULL for anything else. Valid until the next call. */
const char *pdf_string(struct pdf_file *file, pdf_value value, size_t *length);

/* Return a text string in UTF-8, empty for anything else. Valid until the next call. */
const char *pdf_text(struct pdf_file *file, pdf_value value);

/* Return the bytes of a stream as they are in the file, which the caller frees; NULL if it cannot
 * be read. */
uint8_t *pdf_stream_bytes(struct pdf_file *file, pdf_value stream, size_t *length);

/* The same without its filters, as far as libqpdf knows them. */
uint8_t *pdf_stream_decoded(struct pdf_file *file, pdf_value stream, size_t *length);

/* Write a value as a PDF has it: a reference as a reference; then what it refers to; and a name,
 * which begins with "/" (ISO 32000-1 §7.3.5). */
void pdf_put(struct pdf_file *file, pdf_value value, FILE *out);
void pdf_put_resolved(struct pdf_file *file, pdf_value value, FILE *out);
void pdf_put_name(const char *name, FILE *out);

/* Return what pdf_put_resolved writes, which the caller frees; NULL without memory. */
char *pdf_resolved_text(struct pdf_file *file, pdf_value value);

/* Return a value once more, which stays when this one is given back. */
pdf_value pdf_keep(struct pdf_file *file, pdf_value value);

/* Give back a value that is not needed any more; or else it goes with the file. */
void pdf_release(struct pdf_file *file, pdf_value value);

#endif
