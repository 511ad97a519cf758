/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_shown: finds by which other files programs show an XML document. */
#include "document/xml_shown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "document/xml_dsig.h"
#include "document/xml_names.h"

#define BLANKS " \t\r\n"

#define XHTML    XML_XHTML
#define SVG      XML_SVG
#define XSLT     "http://www.w3.org/1999/XSL/Transform"
#define XINCLUDE "http://www.w3.org/2001/XInclude"

/* The attributes, in any namespace or none, by which an element has something shown or run that is
 * elsewhere. What one only leads to, such as an a of HTML, is none. */
static const struct {
	const char *space, *element, *attribute; /* element: NULL: any */
} links[] = {
	{XHTML, NULL, "src"},         {XHTML, NULL, "srcset"},       {XHTML, NULL, "poster"},
	{XHTML, NULL, "background"},  {XHTML, NULL, "imagesrcset"},  {XHTML, "link", "href"},
	{XHTML, "base", "href"},      {XHTML, "object", "data"},     {XHTML, "applet", "code"},
	{XHTML, "applet", "archive"}, {XHTML, "applet", "codebase"}, {XSLT, "import", "href"},
	{XSLT, "include", "href"},    {XINCLUDE, "include", "href"},
};

/* Return the value of href, which the caller frees; NULL if there is not exactly one. */
static char *link_of(const char *content)
{
	const char *place = strstr(content, "href");
	const char *end;

	if (place == NULL || strstr(place + 1, "href") != NULL)
		return NULL;
	place += strlen("href");
	place += strspn(place, BLANKS);
	if (*place != '=')
		return NULL;
	place += 1 + strspn(place + 1, BLANKS);
	if (*place != '"' && *place != '\'')
		return NULL;
	end = strchr(place + 1, *place);
	return end == NULL ? NULL : strndup(place + 1, (size_t)(end - place - 1));
}

static bool is(const xmlChar *name, const char *wanted)
{
	return name != NULL && strcmp((const char *)name, wanted) == 0;
}

/* True for an attribute that is in the list; of SVG, each element shows what it refers to but a. */
static bool is_link(const xmlAttr *attribute)
{
	const xmlNode *element = attribute->parent;

	if (is(element->ns->href, SVG))
		return is(attribute->name, "href") && !is(element->name, "a");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
		if (is(element->ns->href, links[i].space) &&
		    (links[i].element == NULL || is(element->name, links[i].element)) &&
		    is(attribute->name, links[i].attribute))
			return true;
	}
	return false;
}

/* True if a link leads out of the document. */
static bool leads_out(const char *link)
{
	link += strspn(link, BLANKS);
	return *link != '\0' && *link != '#' && strncasecmp(link, "data:", strlen("data:")) != 0;
}

/* True if a text has a url() that leads out of the document. */
static bool has_url(const char *text)
{
	while ((text = strcasestr(text, "url(")) != NULL) {
		text += strlen("url(");
		text += strspn(text, BLANKS "\"'");
		if (leads_out(text))
			return true;
	}
	return false;
}

/* True if a style has others, or pictures, from elsewhere, or if that cannot be told: a backslash
 * writes any character (CSS Syntax 3 §4.3.7). */
static bool has_import(const char *style)
{
	return strchr(style, '\\') != NULL || strcasestr(style, "@import") != NULL ||
	       strcasestr(style, "image-set(") != NULL || has_url(style);
}

/* True for an attribute that changes another one: to what cannot be told. */
static bool is_changed_link(const xmlAttr *attribute, const char *value)
{
	return is(attribute->parent->ns->href, SVG) && is(attribute->name, "attributeName") &&
	       strstr(value, "href") != NULL;
}

/* True for a meta of HTML that has another document shown. */
static bool is_refresh(const xmlNode *meta)
{
	char *kind = xml_attribute(meta, "http-equiv");
	bool refresh = kind != NULL && strcasecmp(kind, "refresh") == 0;

	xmlFree(kind);
	return refresh;
}

/* True for an attribute by which something from elsewhere is shown or run. */
static bool shows(const xmlAttr *attribute, const char *value)
{
	const xmlNode *element = attribute->parent;
	const xmlChar *space = element->ns->href;

	if (is_link(attribute))
		return leads_out(value);
	if (is(space, XSLT))
		return strstr(value, "document(") != NULL;
	if (!is(space, XHTML) && !is(space, SVG))
		return false;
	if (is(attribute->name, "style"))
		return has_import(value);
	if (is(space, XHTML))
		return is(element->name, "meta") && is(attribute->name, "content") &&
		       is_refresh(element);
	return has_url(value) || strchr(value, '\\') != NULL || is_changed_link(attribute, value);
}

/* Add what an element of HTML, SVG, XSLT or XInclude links to. */
static void add_links(const xmlNode *element, json_t *names)
{
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		char *value = (char *)xmlNodeListGetString(element->doc, one->children, 1);

		if (value != NULL && shows(one, value))
			xml_names_add(names, value);
		xmlFree(value);
	}
	if ((is(element->ns->href, XHTML) || is(element->ns->href, SVG)) &&
	    is(element->name, "style")) {
		/* With the texts of its elements. */
		char *style = (char *)xmlNodeGetContent(element);

		if (style != NULL && has_import(style))
			xml_names_add(names, style);
		xmlFree(style);
	}
}

/* Add the style sheet of an instruction. */
static void add_sheet(const xmlNode *instruction, json_t *names)
{
	const char *content =
		instruction->content == NULL ? "" : (const char *)instruction->content;
	char *link = link_of(content);

	if (link == NULL || link[0] != '#')
		xml_names_add(names, link != NULL ? link : content);
	free(link);
}

json_t *xml_shown_by(const xmlDoc *tree)
{
	xmlNode *root = xmlDocGetRootElement(tree);
	json_t *names = json_object();
	json_t *list;

	for (const xmlNode *one = tree->children; one != NULL; one = one->next) {
		if (one->type == XML_PI_NODE && is(one->name, "xml-stylesheet"))
			add_sheet(one, names);
	}
	for (xmlNode *node = root; node != NULL; node = xml_next_element(root, node)) {
		if (node->ns != NULL)
			add_links(node, names);
	}
	list = xml_names_list(names);
	json_decref(names);
	return list;
}

bool xml_has_base(const xmlDoc *tree)
{
	xmlNode *root = xmlDocGetRootElement(tree);

	for (xmlNode *node = root; node != NULL; node = xml_next_element(root, node)) {
		if (xmlHasNsProp(node, (const xmlChar *)"base", XML_XML_NAMESPACE) != NULL ||
		    (node->ns != NULL && is(node->ns->href, XHTML) && is(node->name, "base")))
			return true;
	}
	return false;
}
