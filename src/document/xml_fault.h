/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_fault: says why an XML document cannot be read, signed or judged. */
#ifndef JPKI_DOCUMENT_XML_FAULT_H
#define JPKI_DOCUMENT_XML_FAULT_H

enum xml_fault {
	XML_OK,
	XML_MEMORY, /* no memory, or a library failed where only memory can lack */

	/* reading */
	XML_UNREADABLE,  /* a file cannot be read; detail is the system's reason */
	XML_TOO_LARGE,   /* more bytes, depth, attributes or namespaces than are read here */
	XML_ENCODING,    /* of an encoding that is not read here, which is the detail, if known */
	XML_CHARACTERS,  /* it has bytes that its encoding does not allow, or allows twice */
	XML_MALFORMED,   /* not well-formed; detail is the number of the line */
	XML_DOCTYPE,     /* it has a document type declaration */
	XML_VERSION,     /* of another version than 1.0, which is the detail */
	XML_UNCANONICAL, /* C14N is not defined for it: for instance, relative namespace names */

	/* signing */
	XML_SIGNED,     /* it is signed already, and a further signature would break that one */
	XML_OTHER_FORM, /* not of the form that the profile is for; detail: what is missing */
	XML_BESIDE,     /* something stands beside what is signed, or where signatures go; detail:
			   the name of that */
	XML_ID_TWICE,   /* what should be signed by its Id shares it with others; detail: the Id */
	XML_CUT_TEXT, /* a comment is in the middle of a text, or before it; detail: its element */
	XML_NO_FILE,  /* it names no file to sign, or none that can stand alone */
	XML_NAMES_ITSELF, /* it names itself, and a signature cannot be over what has it; detail:
			     the name */
	XML_LEADS_OUT,    /* the file that it names is not in its own folder; detail: the name */
	XML_FILE_MISSING, /* the file that it names cannot be read; detail: name and reason */
	XML_FILE_ODD,     /* what it names is a pipe or a device; detail: the name */
	XML_CHANGED,      /* the rest would not be the same afterwards: a fault of this program's */
};

/* Room for a name of at most 255 bytes and a reason. */
#define XML_DETAIL_SIZE 512

/* What went wrong, and a word on it, such as a name out of the document: not to be trusted, and
 * "" if there is none. All zeros: nothing. */
struct xml_trouble {
	enum xml_fault fault;
	char detail[XML_DETAIL_SIZE];
};

/* Note a fault with its detail, which is cut where there is no room for it, never inside a
 * character. Return the fault. */
enum xml_fault xml_fail(struct xml_trouble *trouble, enum xml_fault fault, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
