/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_signed: reads what one signature in XML says: its methods, its value, what it refers to. */
#include "document/xml_signed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_dsig.h"
#include "document/xml_uri.h"

/* More than anybody declares. */
#define PREFIXES_MAX 64

static bool tell(json_t **answer, const char *what, const char *name)
{
	json_decref(*answer);
	*answer = json_pack("{s:s}", what, name != NULL ? name : "");
	return false;
}

static bool refuse(json_t **answer, const char *name)
{
	return tell(answer, "refused", name);
}

static bool refuse_element(json_t **answer, const xmlNode *element)
{
	return refuse(answer, element == NULL ? NULL : (const char *)element->name);
}

/* Refuse what is called by a URI: of the kind "method", or "reference". */
static bool refuse_uri(json_t **answer, const char *kind, const char *uri)
{
	refuse(answer, uri);
	json_object_set_new(*answer, "kind", json_string(kind));
	return false;
}

/* Refuse an algorithm by its name, which this frees. */
static bool refuse_method(json_t **answer, char *uri)
{
	refuse_uri(answer, "method", uri);
	xmlFree(uri);
	return false;
}

/* --- canonical forms ------------------------------------------------------------------------- */

static void free_prefixes(struct xml_part *part)
{
	if (part->prefixes != NULL)
		free(part->prefixes[0]);
	free(part->prefixes);
	part->prefixes = NULL;
}

/* Take the prefixes of the exclusive form, a list in an attribute. */
static bool take_prefixes(const xmlNode *element, struct xml_part *part)
{
	char *list = xml_attribute(element, "PrefixList");
	char *text = strdup(list == NULL ? "" : list);
	xmlChar **prefixes = calloc(PREFIXES_MAX + 2, sizeof(*prefixes));
	size_t count = 0;
	char *rest = NULL;

	xmlFree(list);
	free_prefixes(part);
	if (text == NULL || prefixes == NULL) {
		free(text);
		free(prefixes);
		return false;
	}
	/* The first one is where the memory of all begins. */
	prefixes[count++] = (xmlChar *)text;
	for (char *one = strtok_r(text, " \t\r\n", &rest); one != NULL && count <= PREFIXES_MAX;
	     one = strtok_r(NULL, " \t\r\n", &rest)) {
		if (one == text)
			count = 0;
		prefixes[count++] = (xmlChar *)one;
	}
	part->prefixes = prefixes;
	return count <= PREFIXES_MAX;
}

/* Take a method's canonical form and its parameter. */
static bool take_canonical(const xmlNode *method, struct xml_part *part, json_t **answer)
{
	char *uri = xml_attribute(method, "Algorithm");
	const xmlNode *child = xml_first_child(method);

	if (!xml_canonical_method(uri, &part->mode))
		return refuse_method(answer, uri);
	xmlFree(uri);
	if (child == NULL)
		return true;
	if (part->mode != XML_C14N_EXCLUSIVE_1_0 || child->ns == NULL ||
	    strcmp((const char *)child->ns->href, XML_C14N_EXCLUSIVE) != 0 ||
	    strcmp((const char *)child->name, "InclusiveNamespaces") != 0 ||
	    xml_next_sibling(child) != NULL || !take_prefixes(child, part))
		return refuse_element(answer, child);
	return true;
}

/* --- the signature --------------------------------------------------------------------------- */

bool xml_is_referred_to(const xmlNode *info, const xmlNode *element)
{
	const xmlAttr *attribute = element->properties;
	bool found = false;

	while (attribute != NULL && !xml_is_id(attribute))
		attribute = attribute->next;
	if (attribute == NULL)
		return false;
	for (const xmlNode *one = xml_first_child(info); one != NULL && !found;
	     one = xml_next_sibling(one)) {
		char *uri = xml_is_dsig(one, "Reference") ? xml_attribute(one, "URI") : NULL;
		char *id = uri == NULL || uri[0] != '#' ? NULL : xml_uri_decode(uri + 1);

		found = id != NULL && xml_has_id(element, id);
		xmlFree(uri);
		free(id);
	}
	return found;
}

/* True for an element of a vocabulary of signatures. */
static bool is_of_signatures(const xmlNode *node)
{
	const char *uri = node->ns == NULL ? "" : (const char *)node->ns->href;

	return strcmp(uri, XML_DSIG) == 0 || strcmp(uri, XML_DSIG_11) == 0 ||
	       strncmp(uri, XML_XADES, strlen(XML_XADES)) == 0;
}

/* True if a part has an element that is in no vocabulary of signatures, and so could be taken for
 * content wherever it stands. What is signed may have any, and a signature in it is judged itself.
 */
static bool has_foreign(const xmlNode *info, xmlNode *part)
{
	xmlNode *node = part;

	while (node != NULL) {
		bool passed = xml_is_dsig(node, "Signature") || xml_is_referred_to(info, node);

		if (!passed && !is_of_signatures(node))
			return true;
		node = passed ? xml_next_behind(part, node) : xml_next_element(part, node);
	}
	return false;
}

/*
 * True if a signature, which is not signed itself, was put into a value or before it. Some readers
 * take what is before the first element for the value, and others add the texts of the signature to
 * it. Only in the root is it put behind a text, where that is all of the document.
 */
static bool is_in_value(const xmlNode *signature)
{
	const xmlNode *around = signature->parent;

	return xml_has_text(signature->next) ||
	       (around->parent != NULL && around->parent->type == XML_ELEMENT_NODE &&
		xml_has_text(around->children));
}

/* True for an Object that may stand in a signature without being signed: each of its elements is
 * signed, or has properties of the signature. */
static bool is_known_object(const xmlNode *info, const xmlNode *object)
{
	bool known = !xml_has_text(object->children);

	for (xmlNode *one = xml_first_child(object); one != NULL && known;
	     one = xml_next_sibling(one))
		known = xml_is_referred_to(info, one) ||
			(xml_is_properties(one) && !has_foreign(info, one));
	return known;
}

/* Find the parts of a signature. What is in none of them could be taken for signed content. */
static bool take_parts(struct xml_signed *found, json_t **answer)
{
	xmlNode *child;

	found->info = xml_first_child(found->signature);
	if (!xml_is_dsig(found->info, "SignedInfo"))
		return refuse_element(answer, found->signature);
	found->value = xml_next_sibling(found->info);
	if (!xml_is_dsig(found->value, "SignatureValue"))
		return refuse_element(answer, found->signature);
	if (is_in_value(found->signature))
		return refuse_element(answer, found->signature->parent);
	if (xml_has_text(found->signature->children))
		return refuse_element(answer, found->signature);
	child = xml_next_sibling(found->value);
	if (xml_is_dsig(child, "KeyInfo")) {
		found->key = child;
		child = xml_next_sibling(child);
	}
	for (; child != NULL; child = xml_next_sibling(child)) {
		if (!xml_is_dsig(child, "Object") || (!is_known_object(found->info, child) &&
						      !xml_is_referred_to(found->info, child)))
			return refuse_element(answer, child);
	}
	return true;
}

bool xml_signed_read(const xmlNode *signature, struct xml_signed *found, json_t **answer)
{
	const xmlNode *canonical, *method;
	char *uri;

	*found = (struct xml_signed){.signature = signature};
	if (!take_parts(found, answer))
		return false;
	found->canonical.apex = found->info;
	canonical = xml_first_child(found->info);
	method = canonical == NULL ? NULL : xml_next_sibling(canonical);
	if (!xml_is_dsig(canonical, "CanonicalizationMethod") ||
	    !xml_is_dsig(method, "SignatureMethod") || xml_next_sibling(method) == NULL)
		return refuse_element(answer, found->info);
	if (!take_canonical(canonical, &found->canonical, answer))
		return false;
	uri = xml_attribute(method, "Algorithm");
	found->method = xml_signature_method(uri);
	if (found->method == NULL || xml_first_child(method) != NULL)
		return refuse_method(answer, uri);
	xmlFree(uri);
	return true;
}

void xml_signed_free(struct xml_signed *found)
{
	free_prefixes(&found->canonical);
}

/* --- references ------------------------------------------------------------------------------ */

/* True if a URI begins with a scheme (RFC 3986 §3.1), or has a query or a fragment. */
static bool is_elsewhere(const char *uri)
{
	const char *end = uri;

	while (isalnum((unsigned char)*end) || *end == '+' || *end == '-' || *end == '.')
		end++;
	return *end == ':' || strpbrk(uri, "?#") != NULL;
}

/* True for an element that is inside of a signature, or is one. */
static bool is_in_signature(const xmlNode *element)
{
	while (element != NULL && !xml_is_dsig(element, "Signature"))
		element = element->parent;
	return element != NULL;
}

/* True if what is signed is a list of other References, which would prove nothing of those. */
static bool has_manifest(xmlNode *target)
{
	for (xmlNode *node = xml_next_element(target, NULL); node != NULL;
	     node = xml_next_element(target, node)) {
		if (xml_is_dsig(node, "Manifest"))
			return true;
	}
	return false;
}

/* Refuse what is signed if a comment or a section of CDATA cuts a text of it. */
static bool take_whole_texts(xmlNode *target, json_t **answer)
{
	const xmlNode *cut = xml_with_cut_text(target);

	return cut == NULL || refuse_element(answer, cut);
}

/* Find the element of an Id. */
static bool find_target(const struct xml_signed *found, const char *id, struct xml_reference *read,
			json_t **answer)
{
	xmlNode *target;
	size_t count = xml_count_id(found->signature->doc, id, &target);

	if (count == 0)
		return tell(answer, "no-target", id);
	if (count > 1)
		return tell(answer, "targets", id);
	if (is_in_signature(target) && has_manifest(target))
		return refuse(answer, "Manifest");
	read->part.apex = target;
	return take_whole_texts(target, answer);
}

/* Find what a URI refers to. */
static bool take_uri(const struct xml_signed *found, const char *uri, struct xml_reference *read,
		     json_t **answer)
{
	char *text;
	bool done;

	if (uri == NULL)
		return refuse(answer, "Reference");
	if (uri[0] == '\0')
		return take_whole_texts(xmlDocGetRootElement(found->signature->doc), answer);
	if (uri[0] != '#' && is_elsewhere(uri))
		return refuse_uri(answer, "reference", uri);
	text = uri[0] == '#' ? xml_uri_decode(uri + 1) : xml_uri_file(uri);
	if (text == NULL || text[0] == '\0' || xmlCheckUTF8((const xmlChar *)text) == 0 ||
	    (uri[0] == '#' && strncmp(text, "xpointer(", strlen("xpointer(")) == 0)) {
		free(text);
		return refuse_uri(answer, "reference", uri);
	}
	if (uri[0] != '#') {
		read->file = text;
		return true;
	}
	done = find_target(found, text, read, answer);
	free(text);
	return done;
}

/* True if an element is a part of the signature, or all of it. */
static bool is_part_of(const xmlNode *element, const xmlNode *signature)
{
	while (element != NULL && element != signature)
		element = element->parent;
	return element != NULL;
}

/* Take the Transforms: the signature itself is left out, and then a canonical form. */
static bool take_transforms(const struct xml_signed *found, const xmlNode *transforms,
			    struct xml_reference *read, json_t **answer)
{
	bool canonical = false;

	for (const xmlNode *one = xml_first_child(transforms); one != NULL;
	     one = xml_next_sibling(one)) {
		char *uri = xml_attribute(one, "Algorithm");

		/* After the canonical form there are bytes, no nodes; a file is bytes at once. */
		if (!xml_is_dsig(one, "Transform") || read->file != NULL || canonical)
			return refuse_method(answer, uri);
		if (uri != NULL && strcmp(uri, XML_ENVELOPED_METHOD) == 0 &&
		    xml_first_child(one) == NULL) {
			/* Nothing would be left, and yet a part of the signature seem signed. */
			if (is_part_of(read->part.apex, found->signature))
				return refuse_method(answer, uri);
			read->part.without = found->signature;
			xmlFree(uri);
			continue;
		}
		xmlFree(uri);
		canonical = true;
		if (!take_canonical(one, &read->part, answer))
			return false;
	}
	return true;
}

bool xml_reference_read(const struct xml_signed *found, const xmlNode *reference,
			struct xml_reference *read, json_t **answer)
{
	const xmlNode *child = xml_first_child(reference);
	char *uri = xml_attribute(reference, "URI");
	bool done;

	*read = (struct xml_reference){0};
	if (!xml_is_dsig(reference, "Reference")) {
		xmlFree(uri);
		return refuse_element(answer, reference);
	}
	done = take_uri(found, uri, read, answer);
	xmlFree(uri);
	if (done && xml_is_dsig(child, "Transforms")) {
		done = take_transforms(found, child, read, answer);
		child = xml_next_sibling(child);
	}
	if (!done)
		return false;
	if (!xml_is_dsig(child, "DigestMethod") || xml_next_sibling(child) == NULL)
		return refuse_element(answer, reference);
	uri = xml_attribute(child, "Algorithm");
	read->method = xml_digest_method(uri);
	if (read->method == NULL)
		return refuse_method(answer, uri);
	xmlFree(uri);
	child = xml_next_sibling(child);
	read->digest = xml_is_dsig(child, "DigestValue") ? xml_text_of(child) : NULL;
	return read->digest != NULL && xml_next_sibling(child) == NULL
		       ? true
		       : refuse_element(answer, reference);
}

void xml_reference_free(struct xml_reference *read)
{
	free(read->file);
	free_prefixes(&read->part);
	xmlFree(read->digest);
	*read = (struct xml_reference){0};
}
