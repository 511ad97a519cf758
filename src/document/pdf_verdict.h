/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_verdict: has what is known of the signatures of a PDF. */
#ifndef JPKI_DOCUMENT_PDF_VERDICT_H
#define JPKI_DOCUMENT_PDF_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "document/pdf_objects.h"

/* What a signature covers, or why it proves nothing. */
enum pdf_cover {
	PDF_COVERS_ALL,     /* the whole file */
	PDF_COVERS_VERSION, /* an older version; since then only signatures were added */
	PDF_COVERS_SHOWN,   /* the same, and a later signature shows something in its field */
	PDF_APPENDED,       /* something follows that no signature covers */
	PDF_AMBIGUOUS,      /* the next one signs what programs may read in different ways */
	PDF_PUT_OVER,       /* something was put over a page afterwards */
	PDF_REFILLED,       /* the form, or what is in its fields, was changed afterwards */
	PDF_REPLACED,       /* what it covers was changed, or added to, in another way */
	PDF_BROKE_FINAL,    /* it allows no change (DocMDP, P 1), and something was added */
	PDF_ODD_RANGE,      /* ByteRange is not everything but Contents */
	PDF_EMPTY,          /* Contents is empty, or cut */
	PDF_OTHER_KIND,     /* its SubFilter is of a kind that is not verified here */
	PDF_RIGHTS,         /* it gives Adobe Reader rights (UR3), and is of no signer */
	PDF_LOOSE,          /* it is in no field of the form */
	PDF_REMOVED,        /* an older version has it, and no object of the file is it any more */
};

/* Room for the time that a signature says, as a PDF has it (ISO 32000-1 §7.9.4). */
#define PDF_TIME_SIZE 32

/* A signature. The CMS is between two places of the file, in hexadecimal. */
struct pdf_found {
	enum pdf_cover cover;
	uint32_t number, generation; /* of the object that it is, or is a part of; 0 if removed */
	/* From "<" to after ">"; 0 if the range is odd, for other kinds, and for rights. */
	size_t gap, gap_end;
	size_t end;               /* where what it covers ends */
	char time[PDF_TIME_SIZE]; /* that it says; "" if it says none */
};

#define PDF_SIGNATURES_MAX 64

/* Return whether all that such a signature does not cover are further signatures. */
static inline bool pdf_covers(enum pdf_cover cover)
{
	return cover <= PDF_COVERS_SHOWN;
}

/* By what a PDF can be shown differently although none of its bytes changes. */
enum pdf_shown {
	PDF_SHOWN_BY_SCRIPT = 1, /* JavaScript, which may be asked when it is opened */
	PDF_SHOWN_BY_XFA = 2,    /* a form that takes the place of the pages */
	PDF_SHOWN_BY_FILE = 4,   /* streams whose content is in another file */
};

struct pdf_verdict {
	enum pdf_fault fault;
	unsigned int shown; /* enum pdf_shown, of the whole file */
	size_t count;
	struct pdf_found found[PDF_SIGNATURES_MAX]; /* in the order in which they were made */
};

#endif
