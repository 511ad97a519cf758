/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_verify: judges the signatures in an XML document, and tells what they cover. */
#ifndef JPKI_DOCUMENT_XML_VERIFY_H
#define JPKI_DOCUMENT_XML_VERIFY_H

#include <jansson.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

#include "document/xml_fault.h"
#include "document/xml_text.h"

/* Room for a time with fractions of a second and a zone. */
#define XML_TIME_SIZE 48

/* What is wrong with one signature, the worst first. */
enum xml_verdict {
	XML_REFUSED,        /* it uses what is not read here; the name says what */
	XML_NO_TARGET,      /* what it refers to is not there; the name says what */
	XML_TARGETS,        /* several elements have the Id that it refers to */
	XML_NO_FILE_BESIDE, /* a file that it refers to cannot be read */
	XML_FILE_OUTSIDE,   /* a file that it refers to is not in the document's folder */
	XML_NO_CERTIFICATE, /* it has none */
	XML_CONTRADICTS,    /* it says of its key what is not so; the name says where */
	XML_BROKEN,         /* the signature does not fit any of its certificates */
	XML_OTHER_CONTENT,  /* what the name says is not what was signed */
	XML_WEAK,           /* it holds, but by SHA-1, which can be forged */
	XML_PART,           /* it holds, and covers less than the document */
	XML_HOLDS,
};

/* What the name of XML_REFUSED is the name of. */
enum xml_kind {
	XML_KIND_ELEMENT,
	XML_KIND_ATTRIBUTE,
	XML_KIND_INSTRUCTION,
	XML_KIND_METHOD,
	XML_KIND_REFERENCE,
	XML_KIND_COUNT,
};

struct xml_signature {
	enum xml_verdict verdict;
	enum xml_kind kind;
	char name[XML_DETAIL_SIZE]; /* see above; out of the document, so not to be trusted */
	X509 *certificate;          /* the one that the signature fits; NULL: none */
	STACK_OF(X509) * others;    /* all that it has */
	bool whole;                 /* it covers the whole document */
	bool alone;    /* the document is but the signature, and it covers files or what is in it */
	bool confirms; /* it covers the value of another signature of the document */
	char **covered; /* if not: the elements that it covers */
	size_t covered_count;
	char **files; /* the files beside the document that it covers */
	size_t files_count;
	char **inner; /* what its own element has that it does not cover, such as KeyName */
	size_t inner_count;
	char **beside; /* e-Gov: what its form has beside what is signed */
	size_t beside_count;
	char **sheets; /* by which other files the document is shown that it does not cover */
	size_t sheets_count;
	char **prefixes; /* which declarations of namespaces it leaves open, "xmlns:p" or "xmlns" */
	size_t prefixes_count;
	char **place; /* the element, if there is one, that has nothing but the signature */
	size_t place_count;
	bool comments;            /* the document has comments, which no signature covers */
	bool divided;             /* sections of CDATA divide a text that is no value */
	bool instructions;        /* it has such as a style sheet, which this one does not cover */
	char time[XML_TIME_SIZE]; /* that it says, as it stands there; "": none */
	bool time_signed;         /* the signature covers it, too; or else anybody can change it */
};

struct xml_report {
	struct xml_signature *signatures; /* in the order of the document */
	size_t count;
	const char *encoding; /* the document's; static; NULL: not known */
	char *disputed;       /* the characters that it has in other programs' eyes; NULL: none */
};

/*
 * Judge all signatures in a document: whether each holds, and what it covers. extra, which may be
 * NULL, is a certificate that they may lack. Files are looked for in the document's folder. Whose
 * the certificates are is not judged. Without a signature the report has none. After XML_OK the
 * caller ends it with xml_report_free.
 *
 * No signature in a document covers its own element: all there can be changed but SignedInfo, what
 * that refers to by an Id, and the value. inner tells what is there. A certificate is judged by
 * others, and what the signature says of its key is compared with it.
 *
 * XML_HOLDS is said of a signature over the whole document, or over all that the form of e-Gov or
 * of e-Tax has signed; of one that is alone, and of one that confirms another, which is judged for
 * itself. So what was added to a document, or moved inside of it, is never taken for
 * signed.
 */
enum xml_fault xml_verify(const char *path, X509 *extra, struct xml_report *report,
			  struct xml_trouble *trouble);

/* The same of a document of this path whose text is known. */
enum xml_fault xml_verify_text(const struct xml_text *text, const char *path, X509 *extra,
			       struct xml_report *report, struct xml_trouble *trouble);

/* The same with what xml_judge has found in the document; it is believed in nothing. */
enum xml_fault xml_verify_answer(const json_t *answer, const char *path, X509 *extra,
				 struct xml_report *report, struct xml_trouble *trouble);

void xml_report_free(struct xml_report *report);

#endif
