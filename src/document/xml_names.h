/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_names: collects what there is to name in a document, each name once. */
#ifndef JPKI_DOCUMENT_XML_NAMES_H
#define JPKI_DOCUMENT_XML_NAMES_H

#include <jansson.h>

/*
 * Names are an object of jansson's, made with json_object, whose keys they are: so that thousands
 * in a document are no more work than they have to be. All are kept: whoever fills a list with
 * names of no importance must not keep others out of it.
 */
void xml_names_add(json_t *names, const char *name);

/* Return them as an array in the order in which they came, which the caller owns. */
json_t *xml_names_list(json_t *names);

#endif
