/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_time: looks for a time in the properties of XAdES, and in the Id of a signature. */
#include "document/xml_time.h"

#include <string.h>

#include "document/xml_dsig.h"

/* "YYYYMMDDhhmmss" */
#define ID_DIGITS 14

static bool is_xades(const xmlNode *node, const char *name)
{
	return node->ns != NULL &&
	       strncmp((const char *)node->ns->href, XML_XADES, strlen(XML_XADES)) == 0 &&
	       strcmp((const char *)node->name, name) == 0;
}

/* True if the signature is over the properties that this element is one of. */
static bool is_signed_property(const struct xml_signed *found, const xmlNode *element)
{
	while (element != found->signature && !is_xades(element, "SignedProperties"))
		element = element->parent;
	return element != found->signature && xml_is_referred_to(found->info, element);
}

/* Return the first SigningTime that is signed; NULL if there is none. */
static const xmlNode *signing_time(const struct xml_signed *found)
{
	xmlNode *top = found->info->parent;

	for (xmlNode *node = xml_next_element(top, NULL); node != NULL;
	     node = xml_next_element(top, node)) {
		if (is_xades(node, "SigningTime") && is_signed_property(found, node))
			return node;
	}
	return NULL;
}

char *xml_time_of(const struct xml_signed *found, bool *is_signed)
{
	const xmlNode *element = signing_time(found);
	char *id, *time;
	size_t length;

	*is_signed = element != NULL;
	if (element != NULL)
		return xml_text_of(element);
	id = xml_attribute(found->signature, "Id");
	length = id == NULL ? 0 : strlen(id);
	if (length < ID_DIGITS || strspn(id + length - ID_DIGITS, "0123456789") != ID_DIGITS) {
		xmlFree(id);
		return NULL;
	}
	time = (char *)xmlStrdup((const xmlChar *)id + length - ID_DIGITS);
	xmlFree(id);
	return time;
}
