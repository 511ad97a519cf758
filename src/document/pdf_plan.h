/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_plan: judges a PDF, and finds which of its objects a signature changes. */
#ifndef JPKI_DOCUMENT_PDF_PLAN_H
#define JPKI_DOCUMENT_PDF_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "document/pdf_objects.h"

/* An object that the update writes again. Its text is between two places of pdf_plan.text. */
struct pdf_object {
	uint32_t number;
	uint32_t generation;
	size_t start, end;
};

/* The catalogue or the form, its list of fields, the page; and the form if it is new. */
#define PDF_CHANGED_MAX 4
#define PDF_FIELD_SIZE  32

/* What the update of a signed PDF has beside the signature. */
struct pdf_plan {
	enum pdf_fault fault;
	bool stream;     /* the newest cross-reference section is a stream, not a table */
	uint64_t newest; /* where that section is */
	uint32_t field;  /* the number of the new field, which is its widget, too */
	uint32_t next;   /* the first number that is free after it and after the changed objects */
	uint32_t page;   /* the page of the widget */
	uint32_t page_generation;
	char name[PDF_FIELD_SIZE]; /* of the field; no other has it */
	bool has_id;               /* the trailer ends with the first half of /ID */
	struct pdf_object changed[PDF_CHANGED_MAX];
	size_t changed_count;
	struct pdf_object trailer; /* the entries that are kept */
	char *text;
	size_t length;
};

/*
 * Plan the signature of a PDF. The parser runs in a process of its own: see guard. On a fault there
 * is nothing else in plan. The caller ends it with pdf_plan_free.
 */
void pdf_plan_make(struct pdf_plan *plan, const uint8_t *bytes, size_t length);

void pdf_plan_free(struct pdf_plan *plan);

/* The same in this process, without bounds and without text: writes the text to out. */
void pdf_plan_find(struct pdf_plan *plan, const uint8_t *bytes, size_t length, FILE *out);

#endif
