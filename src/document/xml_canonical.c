/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_canonical: hashes parts of an XML document in their canonical form (C14N). */
#include "document/xml_canonical.h"

#include <libxml/xmlIO.h>

#include "document/xml_text.h"

static int write_to_hash(void *hash, const char *data, int length)
{
	return EVP_DigestUpdate(hash, data, (size_t)length) == 1 ? length : -1;
}

static int write_to_buffer(void *buffer, const char *data, int length)
{
	return jpki_buffer_append(buffer, data, (size_t)length, XML_BYTES_MAX) == JPKI_OK ? length
											  : -1;
}

/* For libxml2: whether a node belongs to the part. A namespace is no node of the tree, so its
 * element is given with it. */
static int is_visible(void *argument, xmlNode *node, xmlNode *parent)
{
	const struct xml_part *part = argument;
	bool inside = part->apex == NULL;

	for (const xmlNode *one = node->type == XML_NAMESPACE_DECL ? parent : node; one != NULL;
	     one = one->parent) {
		if (one == part->without)
			return 0;
		inside = inside || one == part->apex;
	}
	return inside ? 1 : 0;
}

static bool feed(xmlDoc *tree, const struct xml_part *part, xmlOutputWriteCallback write,
		 void *argument)
{
	struct xml_part copy = *part;
	xmlOutputBuffer *out = xmlOutputBufferCreateIO(write, NULL, argument, NULL);
	int result;

	if (out == NULL)
		return false;
	result = xmlC14NExecute(tree, is_visible, &copy, (int)part->mode, part->prefixes,
				part->comments ? 1 : 0, out);
	return xmlOutputBufferClose(out) >= 0 && result >= 0;
}

bool xml_canonical_hash(xmlDoc *tree, const struct xml_part *part, EVP_MD_CTX *hash)
{
	return feed(tree, part, write_to_hash, hash);
}

bool xml_canonical_text(xmlDoc *tree, const struct xml_part *part, struct jpki_buffer *text)
{
	return feed(tree, part, write_to_buffer, text);
}
