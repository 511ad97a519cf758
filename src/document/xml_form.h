/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_form: lists the forms of XML signatures that are made. */
#ifndef JPKI_DOCUMENT_XML_FORM_H
#define JPKI_DOCUMENT_XML_FORM_H

/* All are XML Signature 1.0 with C14N 1.0, and RSA with SHA-256. */
enum xml_profile {
	XML_ENVELOPED, /* over the whole document, at its end */
	XML_E_GOV,     /* over the description of a filing for e-Gov, and over its files */
	XML_E_TAX,     /* over the procedure in a document for e-Tax, by NTA's schema */
};

#endif
