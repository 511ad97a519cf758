/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_dsig: finds what XML Signature speaks of in a document: its own elements, and Ids. */
#ifndef JPKI_DOCUMENT_XML_DSIG_H
#define JPKI_DOCUMENT_XML_DSIG_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#define XML_DSIG      "http://www.w3.org/2000/09/xmldsig#"
#define XML_DSIG_MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define XML_DSIG_11   "http://www.w3.org/2009/xmldsig11#"
#define XML_ENC       "http://www.w3.org/2001/04/xmlenc#"
/* Its versions begin with this. */
#define XML_XADES "http://uri.etsi.org/01903/"
/* Whose attributes say where a schema is. */
#define XML_SCHEMA_INSTANCE "http://www.w3.org/2001/XMLSchema-instance"

#define XML_XHTML "http://www.w3.org/1999/xhtml"
#define XML_SVG   "http://www.w3.org/2000/svg"

#define XML_C14N             "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define XML_C14N_11          "http://www.w3.org/2006/12/xml-c14n11"
#define XML_C14N_EXCLUSIVE   "http://www.w3.org/2001/10/xml-exc-c14n#"
#define XML_ENVELOPED_METHOD XML_DSIG "enveloped-signature"
#define XML_RSA_SHA256       XML_DSIG_MORE "rsa-sha256"
#define XML_SHA256           XML_ENC "sha256"

/* True for an element of this local name in no namespace, or in that of XML Signature. */
bool xml_is_plain(const xmlNode *node, const char *name);
bool xml_is_dsig(const xmlNode *node, const char *name);

/* True if a document has an instruction outside of its root, such as a style sheet, which decides
 * what is shown. */
bool xml_has_instruction(const xmlDoc *tree);

/* Return the next element in the order of the document that is inside the top; the top itself
 * comes first, for NULL. NULL: there are no more. */
xmlNode *xml_next_element(xmlNode *top, xmlNode *last);

/* The same without what is inside of the last one. */
xmlNode *xml_next_behind(const xmlNode *top, const xmlNode *last);

/* Return the first element among the children, or among the siblings that follow; NULL: none. */
xmlNode *xml_first_child(const xmlNode *parent);
xmlNode *xml_next_sibling(const xmlNode *node);

/* Return how many children have this name in no namespace, and the first one. */
size_t xml_count_plain(const xmlNode *parent, const char *name, xmlNode **first);

/* True for an attribute that is an Id by its name, see below. */
bool xml_is_id(const xmlAttr *attribute);

/* True if an element has this Id. */
bool xml_has_id(const xmlNode *element, const char *id);

/* True for the properties of a signature that stand in its own Object: those of XML Signature
 * (§5.2), and those of XAdES. */
bool xml_is_properties(const xmlNode *node);

/*
 * Return how many elements of the document have this Id, and the last of them. Attributes are Ids
 * by their names alone, Id, ID, id and xml:id, because what a schema says of them is in no
 * document. So both of two elements count, whichever name their attributes have.
 */
size_t xml_count_id(xmlDoc *tree, const char *id, xmlNode **found);

/*
 * Return the text of an element without white space at both ends, which the caller frees with
 * xmlFree; NULL if elements are in it, or without memory.
 */
char *xml_text_of(const xmlNode *element);

/* True for a text with anything but white space; and if there is one among these siblings. */
bool xml_is_text(const xmlNode *node);
bool xml_has_text(const xmlNode *first);

/*
 * Return the first element inside the top, or the top itself, that has a comment before a text or
 * in the middle of it, or whose value is made of several pieces by sections of CDATA; NULL if there
 * is none. Comments are not signed here, and a section is signed as if it were plain text
 * (Canonical XML 1.0 §2.1), so anybody can put one there; and some readers take the first piece for
 * all of the text. A section that has all of it cuts nothing. Sections may divide a text that
 * stands beside elements, of which readers take all nodes, and a script or a style of HTML or SVG,
 * which begins one behind "//" for older programs.
 */
const xmlNode *xml_with_cut_text(xmlNode *top);

/* True if sections divide any text. */
bool xml_has_divided_text(xmlNode *top);

/* Return the value of an attribute in no namespace, which the caller frees with xmlFree; NULL if
 * there is none. */
char *xml_attribute(const xmlNode *element, const char *name);

#endif
