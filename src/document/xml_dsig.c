/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_dsig: finds what XML Signature speaks of in a document: its own elements, and Ids. */
#include "document/xml_dsig.h"

#include <string.h>

static bool is_text(const xmlChar *text, const char *wanted)
{
	return text != NULL && strcmp((const char *)text, wanted) == 0;
}

bool xml_is_plain(const xmlNode *node, const char *name)
{
	return node != NULL && node->type == XML_ELEMENT_NODE && node->ns == NULL &&
	       is_text(node->name, name);
}

bool xml_is_dsig(const xmlNode *node, const char *name)
{
	return node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
	       is_text(node->ns->href, XML_DSIG) && is_text(node->name, name);
}

bool xml_has_instruction(const xmlDoc *tree)
{
	for (const xmlNode *one = tree->children; one != NULL; one = one->next) {
		if (one->type == XML_PI_NODE)
			return true;
	}
	return false;
}

static xmlNode *element_from(xmlNode *node)
{
	while (node != NULL && node->type != XML_ELEMENT_NODE)
		node = node->next;
	return node;
}

xmlNode *xml_first_child(const xmlNode *parent)
{
	return element_from(parent->children);
}

xmlNode *xml_next_sibling(const xmlNode *node)
{
	return element_from(node->next);
}

xmlNode *xml_next_behind(const xmlNode *top, const xmlNode *last)
{
	xmlNode *next = NULL;

	while (next == NULL && last != top) {
		next = xml_next_sibling(last);
		last = last->parent;
	}
	return next;
}

xmlNode *xml_next_element(xmlNode *top, xmlNode *last)
{
	xmlNode *next;

	if (last == NULL)
		return top;
	next = xml_first_child(last);
	return next != NULL ? next : xml_next_behind(top, last);
}

size_t xml_count_plain(const xmlNode *parent, const char *name, xmlNode **first)
{
	size_t count = 0;

	*first = NULL;
	for (xmlNode *node = xml_first_child(parent); node != NULL; node = xml_next_sibling(node)) {
		if (!xml_is_plain(node, name))
			continue;
		if (count++ == 0)
			*first = node;
	}
	return count;
}

bool xml_is_id(const xmlAttr *attribute)
{
	if (attribute->ns != NULL)
		return is_text(attribute->ns->href, (const char *)XML_XML_NAMESPACE) &&
		       is_text(attribute->name, "id");
	return is_text(attribute->name, "Id") || is_text(attribute->name, "ID") ||
	       is_text(attribute->name, "id");
}

static bool has_value(const xmlAttr *attribute, const char *value)
{
	xmlChar *text;
	bool same;

	/* Without entities, the value of an attribute is one text. */
	if (attribute->children != NULL && attribute->children->next == NULL &&
	    attribute->children->type == XML_TEXT_NODE)
		return is_text(attribute->children->content, value);
	text = xmlNodeListGetString(attribute->doc, attribute->children, 1);
	same = is_text(text, value);
	xmlFree(text);
	return same;
}

bool xml_has_id(const xmlNode *element, const char *id)
{
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		if (xml_is_id(one) && has_value(one, id))
			return true;
	}
	return false;
}

bool xml_is_properties(const xmlNode *node)
{
	return xml_is_dsig(node, "SignatureProperties") ||
	       (node != NULL && node->type == XML_ELEMENT_NODE && node->ns != NULL &&
		strncmp((const char *)node->ns->href, XML_XADES, strlen(XML_XADES)) == 0 &&
		is_text(node->name, "QualifyingProperties"));
}

size_t xml_count_id(xmlDoc *tree, const char *id, xmlNode **found)
{
	xmlNode *top = xmlDocGetRootElement(tree);
	size_t count = 0;

	*found = NULL;
	for (xmlNode *node = xml_next_element(top, NULL); node != NULL;
	     node = xml_next_element(top, node)) {
		if (!xml_has_id(node, id))
			continue;
		count++;
		*found = node;
	}
	return count;
}

char *xml_text_of(const xmlNode *element)
{
	xmlChar *content;
	char *text, *end;
	size_t begin;

	if (xml_first_child(element) != NULL)
		return NULL;
	content = xmlNodeGetContent(element);
	text = (char *)content;
	if (text == NULL)
		return NULL;
	end = text + strlen(text);
	while (end > text && strchr(" \t\r\n", end[-1]) != NULL)
		end--;
	*end = '\0';
	begin = strspn(text, " \t\r\n");
	memmove(text, text + begin, strlen(text + begin) + 1);
	return text;
}

bool xml_is_text(const xmlNode *node)
{
	return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) &&
	       xmlIsBlankNode(node) == 0;
}

bool xml_has_text(const xmlNode *first)
{
	for (const xmlNode *one = first; one != NULL; one = one->next) {
		if (xml_is_text(one))
			return true;
	}
	return false;
}

/* True for a script or a style of HTML or SVG. */
static bool is_script(const xmlNode *element)
{
	return element->ns != NULL &&
	       (is_text(element->ns->href, XML_XHTML) || is_text(element->ns->href, XML_SVG)) &&
	       (is_text(element->name, "script") || is_text(element->name, "style"));
}

/* What stands between two elements or instructions, which are signed. */
struct run {
	size_t texts, sections, blank_sections;
	bool comment;
};

/* True if sections of CDATA divide a text. One may have all of it, with blanks around. */
static bool is_divided(const struct run *run)
{
	return run->sections > 0 && (run->texts > 1 || (run->texts > 0 && run->blank_sections > 0));
}

static void take_node(struct run *run, const xmlNode *node)
{
	bool section = node->type == XML_CDATA_SECTION_NODE;
	bool text = xml_is_text(node);

	run->comment |= node->type == XML_COMMENT_NODE;
	run->texts += text ? 1 : 0;
	run->sections += section ? 1 : 0;
	run->blank_sections += section && !text ? 1 : 0;
}

/* Find out whether sections divide a text of an element, and whether a comment stands before one.
 */
static void find_cuts(const xmlNode *element, bool *divided, bool *commented)
{
	struct run run = {0};

	*divided = false;
	*commented = false;
	for (const xmlNode *one = element->children; one != NULL; one = one->next) {
		if (one->type == XML_ELEMENT_NODE || one->type == XML_PI_NODE)
			run = (struct run){0};
		take_node(&run, one);
		*divided |= is_divided(&run);
		*commented |= run.comment && xml_is_text(one);
	}
}

const xmlNode *xml_with_cut_text(xmlNode *top)
{
	for (xmlNode *node = xml_next_element(top, NULL); node != NULL;
	     node = xml_next_element(top, node)) {
		bool divided, commented;

		find_cuts(node, &divided, &commented);
		if (commented || (divided && xml_first_child(node) == NULL && !is_script(node)))
			return node;
	}
	return NULL;
}

bool xml_has_divided_text(xmlNode *top)
{
	bool divided = false, commented;

	for (xmlNode *node = xml_next_element(top, NULL); node != NULL && !divided;
	     node = xml_next_element(top, node))
		find_cuts(node, &divided, &commented);
	return divided;
}

char *xml_attribute(const xmlNode *element, const char *name)
{
	return (char *)xmlGetNoNsProp(element, (const xmlChar *)name);
}
