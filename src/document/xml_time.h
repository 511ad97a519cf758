/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_time: finds the time that a signature in XML says it was made at. */
#ifndef JPKI_DOCUMENT_XML_TIME_H
#define JPKI_DOCUMENT_XML_TIME_H

#include <stdbool.h>

#include "document/xml_signed.h"

/*
 * Return the time as it stands in a signature that xml_signed_read has read, which the caller frees
 * with xmlFree; NULL if there is none. It is the SigningTime of XAdES (ETSI EN 319 132-1 §5.2.1),
 * or the time in the signature's Id, as e-Gov's form has it. *is_signed: the signature refers to
 * it.
 */
char *xml_time_of(const struct xml_signed *found, bool *is_signed);

#endif
