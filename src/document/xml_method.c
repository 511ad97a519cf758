/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_method: lists the algorithms that a signature in XML may use; everything else is refused. */
#include "document/xml_method.h"

#include <stddef.h>
#include <string.h>

#include "document/xml_dsig.h"

static const struct xml_method signatures[] = {
	{XML_RSA_SHA256, "SHA256", false},
	{XML_DSIG_MORE "rsa-sha384", "SHA384", false},
	{XML_DSIG_MORE "rsa-sha512", "SHA512", false},
	{XML_DSIG "rsa-sha1", "SHA1", true},
};

static const struct xml_method digests[] = {
	{XML_SHA256, "SHA256", false},
	{XML_DSIG_MORE "sha384", "SHA384", false},
	{XML_ENC "sha512", "SHA512", false},
	{XML_DSIG "sha1", "SHA1", true},
};

static const struct {
	const char *uri;
	xmlC14NMode mode;
} canonicals[] = {
	{XML_C14N, XML_C14N_1_0},
	{XML_C14N_11, XML_C14N_1_1},
	{XML_C14N_EXCLUSIVE, XML_C14N_EXCLUSIVE_1_0},
};

static const struct xml_method *find(const struct xml_method *rows, size_t count, const char *uri)
{
	for (size_t i = 0; uri != NULL && i < count; i++) {
		if (strcmp(rows[i].uri, uri) == 0)
			return &rows[i];
	}
	return NULL;
}

const struct xml_method *xml_signature_method(const char *uri)
{
	return find(signatures, sizeof(signatures) / sizeof(signatures[0]), uri);
}

const struct xml_method *xml_digest_method(const char *uri)
{
	return find(digests, sizeof(digests) / sizeof(digests[0]), uri);
}

bool xml_canonical_method(const char *uri, xmlC14NMode *mode)
{
	for (size_t i = 0; uri != NULL && i < sizeof(canonicals) / sizeof(canonicals[0]); i++) {
		if (strcmp(canonicals[i].uri, uri) == 0) {
			*mode = canonicals[i].mode;
			return true;
		}
	}
	return false;
}
