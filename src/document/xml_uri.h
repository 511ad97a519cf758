/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_uri: names Ids and files in the URIs of References (RFC 3986 §2.1), and opens such files. */
#ifndef JPKI_DOCUMENT_XML_URI_H
#define JPKI_DOCUMENT_XML_URI_H

#include <openssl/evp.h>

#include "document/xml_fault.h"

/* Return the text after a prefix, with everything but letters, digits and "-._~" as %XX. The
 * caller frees it; NULL without memory. */
char *xml_uri_of(const char *prefix, const char *text);

/* Return the text of a URI or a part of it, with each %XX as the byte. The caller frees it; NULL
 * without memory, and for a % without its digits and for %00. */
char *xml_uri_decode(const char *uri);

/* The same for the name of a file, without "./" at its beginning (RFC 3986 §5.2.4). */
char *xml_uri_file(const char *uri);

/*
 * Hash a file of this name in a folder, an open directory, byte for byte. The name must be that of
 * a regular file in the folder itself: anything with a slash or a backslash, ".", "..", and a
 * symbolic link are XML_LEADS_OUT. XML_FILE_ODD if it is none
 * that can be read twice, XML_FILE_MISSING if it cannot be read; XML_MEMORY.
 */
enum xml_fault xml_hash_file(int folder, const char *name, EVP_MD_CTX *hash,
			     struct xml_trouble *trouble);

/* Open the directory that a file is in. -1 with errno. */
int xml_open_folder(const char *path);

#endif
