/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_unsigned: finds what a signature in XML has in its own element and does not cover. */
#include "document/xml_unsigned.h"

#include <string.h>

#include "document/xml_dsig.h"
#include "document/xml_names.h"

static bool refuse(json_t **answer, const char *kind, const xmlChar *name)
{
	json_decref(*answer);
	*answer = json_pack("{s:s, s:s}", "refused", (const char *)name, "kind", kind);
	return false;
}

static bool is_one_of(const xmlChar *name, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp((const char *)name, list[i]) == 0)
			return true;
	}
	return false;
}

static bool begins(const xmlNs *space, const char *uri)
{
	return space != NULL && strncmp((const char *)space->href, uri, strlen(uri)) == 0;
}

/* True for an attribute that says where a schema is, or what of it an element is. */
static bool is_of_schemas(const xmlAttr *attribute)
{
	static const char *const known[] = {"schemaLocation", "noNamespaceSchemaLocation", "type",
					    "nil"};

	return begins(attribute->ns, XML_SCHEMA_INSTANCE) &&
	       is_one_of(attribute->name, known, sizeof(known) / sizeof(known[0]));
}

/* True for an attribute that the schemas of signatures have at such an element, or an Id. */
static bool is_known(const xmlAttr *attribute)
{
	static const struct {
		const char *element, *attribute;
	} known[] = {
		{"SignatureProperty", "Target"}, {"Object", "MimeType"},
		{"Object", "Encoding"},          {"X509Digest", "Algorithm"},
		{"DigestMethod", "Algorithm"},   {"CanonicalizationMethod", "Algorithm"},
		{"Transform", "Algorithm"},
	};
	const xmlNode *element = attribute->parent;

	if (attribute->ns != NULL)
		return is_of_schemas(attribute);
	if (begins(element->ns, XML_XADES) || strcmp((const char *)attribute->name, "Id") == 0)
		return true;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp((const char *)element->name, known[i].element) == 0 &&
		    strcmp((const char *)attribute->name, known[i].attribute) == 0)
			return true;
	}
	return false;
}

/* Refuse what no signer puts into an element of a signature. */
static bool judge_element(const xmlNode *element, json_t **answer)
{
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		if (!is_known(one))
			return refuse(answer, "attribute", one->name);
	}
	for (const xmlNode *one = element->children; one != NULL; one = one->next) {
		if (one->type == XML_PI_NODE)
			return refuse(answer, "instruction", one->name);
	}
	return xml_first_child(element) == NULL || !xml_has_text(element->children) ||
	       refuse(answer, "element", element->name);
}

/* Return the name by which an element without others is told; NULL if it need not be. */
static const char *told_name(const xmlNode *element, const xmlNode *signature)
{
	static const char *const told[] = {"KeyName", "X509CRL", "X509Digest"};

	if (is_one_of(element->name, told, sizeof(told) / sizeof(told[0])))
		return (const char *)element->name;
	while (element->parent != signature)
		element = element->parent;
	return xml_is_dsig(element, "Object") ? "Object" : NULL;
}

/* True for an Object that says how others are to read what is in it, which may be signed. */
static bool is_described(const xmlNode *element)
{
	return xml_is_dsig(element, "Object") &&
	       (xmlHasNsProp(element, (const xmlChar *)"MimeType", NULL) != NULL ||
		xmlHasNsProp(element, (const xmlChar *)"Encoding", NULL) != NULL);
}

/* Return the element behind this one that is not signed; NULL: there is none. What is in another
 * signature is judged with that one. */
static xmlNode *next_unsigned(const struct xml_signed *found, xmlNode *last)
{
	xmlNode *next =
		last == NULL || xml_is_dsig(last, "Signature")
			? xml_next_behind(found->signature, last == NULL ? found->info : last)
			: xml_next_element(found->info->parent, last);

	while (next != NULL && xml_is_referred_to(found->info, next))
		next = xml_next_behind(found->signature, next);
	return next;
}

bool xml_unsigned_read(const struct xml_signed *found, json_t *names, json_t **answer)
{
	bool done = judge_element(found->signature, answer);

	for (xmlNode *node = next_unsigned(found, NULL); node != NULL && done;
	     node = next_unsigned(found, node)) {
		bool another = xml_is_dsig(node, "Signature");
		const char *name = another || is_described(node) || xml_first_child(node) == NULL
					   ? told_name(node, found->signature)
					   : NULL;

		done = another || judge_element(node, answer);
		if (name != NULL)
			xml_names_add(names, name);
	}
	return done;
}
