/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_judge: tells what each signature of a PDF covers. */
#ifndef JPKI_DOCUMENT_PDF_JUDGE_H
#define JPKI_DOCUMENT_PDF_JUDGE_H

#include <stddef.h>
#include <stdint.h>

#include "document/pdf_verdict.h"

/*
 * Judge all signatures of a PDF, but not their CMS. The parser runs in a process of its own: see
 * guard. With a fault nothing is known of signatures. The bytes stay as they are.
 */
void pdf_judge(struct pdf_verdict *verdict, uint8_t *bytes, size_t length);

/* The same in this process, without bounds. Meanwhile some bytes are others. */
void pdf_judge_here(struct pdf_verdict *verdict, uint8_t *bytes, size_t length);

#endif
