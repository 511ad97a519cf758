/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_method: lists the algorithms that a signature in XML may use; everything else is refused. */
#ifndef JPKI_DOCUMENT_XML_METHOD_H
#define JPKI_DOCUMENT_XML_METHOD_H

#include <libxml/c14n.h>
#include <stdbool.h>

struct xml_method {
	const char *uri;
	const char *hash; /* OpenSSL's name */
	bool weak;        /* it can be forged today, and is read to say so */
};

/* Return the row of an algorithm for signatures (all: RSA with PKCS #1 v1.5), or for digests; NULL
 * if it is none of them, or the URI is NULL. Static. */
const struct xml_method *xml_signature_method(const char *uri);
const struct xml_method *xml_digest_method(const char *uri);

/* True for a canonical form, none of which keeps comments; sets it. */
bool xml_canonical_method(const char *uri, xmlC14NMode *mode);

#endif
