/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml_read: reads an XML document so that nothing but its own bytes is read, in bounded memory and
 * time.
 */
#include "document/xml_read.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* libxml2's own limit, without XML_PARSE_HUGE. */
#define DEPTH_MAX 256
/* libxml2 compares each attribute of an element with each other one. */
#define ATTRIBUTES_MAX 4096
/* What a canonicalisation may cost, in visits of namespaces: about a second. */
#define COST_MAX (64u * 1024 * 1024)

/* NONET: nothing is fetched. Entities are never replaced, and no DTD is loaded, by default. */
#define OPTIONS                                                                                    \
	(XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_IGNORE_ENC |        \
	 XML_PARSE_BIG_LINES)

/* What is known while a document is read. */
struct reading {
	enum xml_fault fault;
	size_t cost;
	size_t depth;
	size_t namespaces[DEPTH_MAX + 2]; /* in scope at this depth */
};

static void stop(xmlParserCtxt *context, enum xml_fault fault)
{
	struct reading *reading = context->_private;

	reading->fault = fault;
	xmlStopParser(context);
}

/* The beginning of a document type declaration, before anything in it is looked at. */
static void on_doctype(void *argument, const xmlChar *name, const xmlChar *external,
		       const xmlChar *system)
{
	(void)name;
	(void)external;
	(void)system;
	stop(argument, XML_DOCTYPE);
}

static void on_start(void *argument, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
		     int namespace_count, const xmlChar **namespaces, int attribute_count,
		     int default_count, const xmlChar **attributes)
{
	xmlParserCtxt *context = argument;
	struct reading *reading = context->_private;
	size_t scope = reading->namespaces[reading->depth] + (size_t)namespace_count;

	if (reading->depth >= DEPTH_MAX) {
		stop(context, XML_TOO_LARGE);
		return;
	}
	reading->namespaces[++reading->depth] = scope;
	/* For each element, each namespace is looked for among all others. */
	reading->cost += 1 + scope * scope;
	if (scope > ATTRIBUTES_MAX || reading->cost > COST_MAX) {
		stop(context, XML_TOO_LARGE);
		return;
	}
	xmlSAX2StartElementNs(argument, name, prefix, uri, namespace_count, namespaces,
			      attribute_count, default_count, attributes);
}

/* How far the file has been read. libxml2 2.14 deprecates the one call that counts bytes of the
 * file, and not those of the text that it becomes. */
static intptr_t bytes_read(xmlParserCtxt *context)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	return xmlByteConsumed(context);
#pragma GCC diagnostic pop
}

/* Note where the element ends: libxml2 has read its end, and nothing after it. */
static void on_end(void *argument, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
	xmlParserCtxt *context = argument;
	struct reading *reading = context->_private;

	intptr_t end = bytes_read(context);

	if (context->node != NULL)
		context->node->_private = (void *)end;
	if (reading->depth > 0)
		reading->depth--;
	xmlSAX2EndElementNs(argument, name, prefix, uri);
}

/* Keep two sections of CDATA apart that stand side by side: libxml2 makes one of them, and other
 * readers take the first one for all of the text. */
static void on_section(void *argument, const xmlChar *text, int length)
{
	xmlParserCtxt *context = argument;
	xmlNode *section = xmlNewCDataBlock(context->myDoc, text, length);

	if (section == NULL || xmlAddChild(context->node, section) == NULL) {
		xmlFreeNode(section);
		stop(context, XML_MEMORY);
	}
}

size_t xml_end_of(const xmlNode *element)
{
	return (size_t)element->_private;
}

/*
 * True if a tag may have more attributes than are read here. Each has a quote after an equals sign;
 * counted before libxml2 sees the tag, because it would compare them all first.
 */
static bool has_crowded_tag(const struct jpki_bytes *text)
{
	bool after_equals = false;
	size_t count = 0;

	for (size_t i = 0; i < text->length && count <= ATTRIBUTES_MAX; i++) {
		uint8_t byte = text->data[i];

		if (byte == '<')
			count = 0;
		else if (after_equals && (byte == '"' || byte == '\''))
			count++;
		if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n')
			after_equals = byte == '=';
	}
	return count > ATTRIBUTES_MAX;
}

static enum xml_fault fault_of(xmlParserCtxt *context, const struct reading *reading,
			       struct xml_trouble *trouble)
{
	const xmlError *error = xmlCtxtGetLastError(context);

	if (reading->fault != XML_OK)
		return xml_fail(trouble, reading->fault, "%s", "");
	if (error != NULL && error->code == XML_ERR_NO_MEMORY)
		return xml_fail(trouble, XML_MEMORY, "%s", "");
	if (error != NULL && error->code == XML_ERR_INTERNAL_ERROR)
		return xml_fail(trouble, XML_TOO_LARGE, "%s", "");
	return xml_fail(trouble, XML_MALFORMED, "%d", error != NULL ? error->line : 0);
}

static enum xml_fault parse(const struct jpki_bytes *text, struct xml_document *document,
			    struct xml_trouble *trouble)
{
	xmlParserCtxt *context = xmlNewParserCtxt();
	struct reading reading = {0};
	enum xml_fault fault = XML_OK;

	if (context == NULL)
		return xml_fail(trouble, XML_MEMORY, "%s", "");
	context->_private = &reading;
	context->sax->internalSubset = on_doctype;
	context->sax->externalSubset = NULL;
	context->sax->resolveEntity = NULL;
	context->sax->startElementNs = on_start;
	context->sax->endElementNs = on_end;
	context->sax->cdataBlock = on_section;
	document->tree = xmlCtxtReadMemory(context, (const char *)text->data, (int)text->length,
					   NULL, NULL, OPTIONS);
	document->cost = reading.cost;
	if (document->tree == NULL || reading.fault != XML_OK || context->wellFormed == 0 ||
	    context->nsWellFormed == 0)
		fault = fault_of(context, &reading, trouble);
	else if (!xmlStrEqual(document->tree->version, (const xmlChar *)"1.0"))
		fault = xml_fail(trouble, XML_VERSION, "%s", (const char *)document->tree->version);
	xmlFreeParserCtxt(context);
	return fault;
}

/* True if libxml2 would guess by the first bytes that the text is in another encoding than UTF-8.
 * No document begins so, or has a zero. */
static bool invites_guesses(const struct jpki_bytes *text)
{
	return memchr("< \t\r\n", text->data[0], strlen("< \t\r\n")) == NULL ||
	       memchr(text->data, 0, text->length) != NULL;
}

enum xml_fault xml_read(const struct jpki_bytes *text, struct xml_document *document,
			struct xml_trouble *trouble)
{
	enum xml_fault fault;

	*document = (struct xml_document){.text = *text};
	if (text->length == 0 || invites_guesses(text))
		return xml_fail(trouble, XML_MALFORMED, "%d", 1);
	if (text->length > INT_MAX || has_crowded_tag(text))
		return xml_fail(trouble, XML_TOO_LARGE, "%s", "");
	fault = parse(text, document, trouble);
	if (fault != XML_OK)
		xml_close(document);
	return fault;
}

void xml_close(struct xml_document *document)
{
	xmlFreeDoc(document->tree);
	*document = (struct xml_document){0};
}
