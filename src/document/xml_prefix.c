/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_prefix: finds the prefixes of namespaces that a signature leaves open. */
#include "document/xml_prefix.h"

#include <libxml/dict.h>
#include <libxml/hash.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_dsig.h"
#include "document/xml_names.h"

#define BLANKS " \t\r\n"
/* In no name of ASCII (Namespaces in XML 1.0 §3); other characters count as letters here. */
#define SEPARATORS BLANKS "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}~"
/* In a name, but not at its beginning. */
#define NOT_FIRST "-.0123456789"

/* What a prefix stands for at some place. */
struct binding {
	const xmlNs *scope;    /* in the document; NULL: nothing */
	const xmlNs *rendered; /* in the canonical form */
};

struct saved {
	struct binding *binding, value;
};

/* A walk through one part that is signed in the exclusive form. */
struct walk {
	const struct xml_part *part;
	const void *mark;
	xmlDict *words;         /* all names of the document, and so all prefixes */
	xmlHashTable *bindings; /* by prefix; "": without one */
	struct saved *saved;    /* what to put back when an element ends */
	size_t saved_count, room;
	json_t *names;
	bool failed; /* for lack of memory */
};

static const xmlNode *apex_of(const struct xml_signed *found, const struct xml_part *part)
{
	return part->apex != NULL ? part->apex : xmlDocGetRootElement(found->signature->doc);
}

/* What a declaration is marked with: another signature marks it with another one. */
static void *mark_of(const struct xml_signed *found)
{
	return found->info->parent;
}

/* True if the signature says to treat a prefix as in C14N 1.0. */
static bool is_listed(const struct xml_part *part, const xmlChar *prefix)
{
	const xmlChar *name = prefix == NULL ? (const xmlChar *)"#default" : prefix;

	for (xmlChar **one = part->prefixes; one != NULL && *one != NULL; one++) {
		if (xmlStrEqual(*one, name))
			return true;
	}
	return false;
}

static void tell(const struct walk *walk, const xmlChar *prefix)
{
	char *name = NULL;

	if (is_listed(walk->part, prefix))
		return;
	if (prefix == NULL)
		xml_names_add(walk->names, "xmlns");
	else if (asprintf(&name, "xmlns:%s", (const char *)prefix) >= 0)
		xml_names_add(walk->names, name);
	free(name);
}

/* --- declarations that nothing uses ---------------------------------------------------------- */

/* Mark what the canonical form has of an element and of all that is in it: what their names use,
 * or all that they declare. */
static void mark_names(const struct xml_part *part, const xmlNode *element, void *mark)
{
	if (element == part->without)
		return;
	if (element->ns != NULL)
		element->ns->_private = mark;
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		if (one->ns != NULL)
			one->ns->_private = mark;
	}
	if (part->mode != XML_C14N_EXCLUSIVE_1_0) {
		for (xmlNs *one = element->nsDef; one != NULL; one = one->next)
			one->_private = mark;
	}
	for (const xmlNode *one = xml_first_child(element); one != NULL;
	     one = xml_next_sibling(one))
		mark_names(part, one, mark);
}

static void mark_part(const struct xml_signed *found, const struct xml_part *part)
{
	const xmlNode *apex = apex_of(found, part);
	xmlNs **list = part->mode == XML_C14N_EXCLUSIVE_1_0 ? NULL : xmlGetNsList(apex->doc, apex);

	for (xmlNs **one = list; one != NULL && *one != NULL; one++)
		(*one)->_private = mark_of(found);
	xmlFree(list);
	mark_names(part, apex, mark_of(found));
}

static void tell_unused(const struct walk *walk, const xmlNs *space)
{
	if (space->_private != walk->mark && space->href != NULL && space->href[0] != '\0')
		tell(walk, space->prefix);
}

/* --- values that use a prefix ---------------------------------------------------------------- */

/* Return the binding of a prefix, which is made if it is missing; NULL without memory. */
static struct binding *binding_of(struct walk *walk, const xmlChar *prefix)
{
	const xmlChar *name = prefix == NULL ? (const xmlChar *)"" : prefix;
	struct binding *binding = xmlHashLookup(walk->bindings, name);

	if (binding == NULL) {
		binding = calloc(1, sizeof(*binding));
		if (binding != NULL && xmlHashAddEntry(walk->bindings, name, binding) != 0) {
			free(binding);
			binding = NULL;
		}
	}
	walk->failed |= binding == NULL;
	return binding;
}

static void set(struct walk *walk, const xmlChar *prefix, const xmlNs *space, bool rendered)
{
	struct binding *binding = binding_of(walk, prefix);

	if (walk->saved_count == walk->room && binding != NULL) {
		size_t room = walk->room * 2 + 64;
		struct saved *more = realloc(walk->saved, room * sizeof(*more));

		walk->failed |= more == NULL;
		if (more == NULL)
			return;
		walk->saved = more;
		walk->room = room;
	}
	if (binding == NULL)
		return;
	walk->saved[walk->saved_count++] = (struct saved){binding, *binding};
	if (rendered)
		binding->rendered = space;
	else
		binding->scope = space;
}

/* Take what an element declares, and what the canonical form has of it. */
static void enter(struct walk *walk, const xmlNode *element)
{
	for (const xmlNs *one = element->nsDef; one != NULL; one = one->next)
		set(walk, one->prefix, one, false);
	set(walk, element->ns == NULL ? NULL : element->ns->prefix, element->ns, true);
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		if (one->ns != NULL)
			set(walk, one->ns->prefix, one->ns, true);
	}
}

static void leave(struct walk *walk, size_t saved_count)
{
	while (walk->saved_count > saved_count) {
		const struct saved *last = &walk->saved[--walk->saved_count];

		*last->binding = last->value;
	}
}

static const xmlChar *uri_of(const xmlNs *space)
{
	return space == NULL || space->href == NULL ? (const xmlChar *)"" : space->href;
}

/* Tell a prefix, unless the canonical form says what it stands for here. */
static void tell_used(const struct walk *walk, const xmlChar *prefix)
{
	const struct binding *binding =
		xmlHashLookup(walk->bindings, prefix == NULL ? (const xmlChar *)"" : prefix);

	if (binding != NULL && !xmlStrEqual(uri_of(binding->scope), uri_of(binding->rendered)))
		tell(walk, prefix);
}

/* Tell the prefixes among the words of a value. */
static void judge_value(const struct walk *walk, const char *value)
{
	while (*(value += strspn(value, SEPARATORS)) != '\0') {
		size_t length = strcspn(value, SEPARATORS);
		size_t odd = strspn(value, NOT_FIRST);
		const xmlChar *word =
			odd >= length ? NULL
				      : xmlDictExists(walk->words, (const xmlChar *)value + odd,
						      (int)(length - odd));

		if (word != NULL)
			tell_used(walk, word);
		value += length;
	}
}

/* True if a value is one word, and so could be a name without a prefix. */
static bool is_word(const char *value)
{
	size_t length;

	value += strspn(value, BLANKS);
	length = strcspn(value, SEPARATORS);
	return length > 0 && strchr(NOT_FIRST, *value) == NULL &&
	       value[length + strspn(value + length, BLANKS)] == '\0';
}

static bool has_content(const xmlNode *node)
{
	return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) &&
	       node->content != NULL;
}

/* True for what stands between two pieces of one text: others join them. */
static bool is_of_text(const xmlNode *node)
{
	return node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE ||
	       node->type == XML_COMMENT_NODE;
}

/* Return the text that begins with this piece, which the caller frees, and where it ends; NULL
 * without memory. */
static char *joined(const xmlNode *first, const xmlNode **end)
{
	size_t length = 0;
	const xmlNode *one;
	char *text, *place;

	for (one = first; one != NULL && is_of_text(one); one = one->next)
		length += has_content(one) ? strlen((const char *)one->content) : 0;
	*end = one;
	text = malloc(length + 1);
	place = text;
	for (one = first; one != *end && text != NULL; one = one->next)
		place = has_content(one) ? stpcpy(place, (const char *)one->content) : place;
	if (text != NULL)
		*place = '\0';
	return text;
}

/* Judge the texts among these siblings. lone: one word may be a name without a prefix. */
static void judge_texts(struct walk *walk, const xmlNode *first, bool lone)
{
	while (first != NULL && !walk->failed) {
		char *text;

		if (!has_content(first)) {
			first = first->next;
			continue;
		}
		text = joined(first, &first);
		walk->failed |= text == NULL;
		if (text != NULL)
			judge_value(walk, text);
		if (text != NULL && lone && is_word(text))
			tell_used(walk, NULL);
		free(text);
	}
}

static void judge_values(struct walk *walk, const xmlNode *element)
{
	judge_texts(walk, element->children, true);
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next)
		judge_texts(walk, one->children, !xml_is_id(one));
}

/* Judge an element and all that is in it. There are at most so many in each other (xml_read). */
static void walk_through(struct walk *walk, const xmlNode *element)
{
	size_t saved_count = walk->saved_count;

	if (element == walk->part->without)
		return;
	enter(walk, element);
	for (const xmlNs *one = element->nsDef; one != NULL; one = one->next)
		tell_unused(walk, one);
	judge_values(walk, element);
	for (const xmlNode *one = xml_first_child(element); one != NULL && !walk->failed;
	     one = xml_next_sibling(one))
		walk_through(walk, one);
	leave(walk, saved_count);
}

/* --- all ------------------------------------------------------------------------------------- */

static void free_binding(void *binding, const xmlChar *name)
{
	(void)name;
	free(binding);
}

/* Judge one part in the exclusive form. False without memory. */
static bool judge_part(const struct xml_signed *found, const struct xml_part *part, json_t *names)
{
	const xmlNode *apex = apex_of(found, part);
	struct walk walk = {.part = part,
			    .mark = mark_of(found),
			    .words = apex->doc->dict,
			    .bindings = xmlHashCreate(16),
			    .names = names};
	xmlNs **list = xmlGetNsList(apex->doc, apex);

	walk.failed = walk.words == NULL || walk.bindings == NULL;
	/* What is declared above the part, too. */
	for (xmlNs **one = list; one != NULL && *one != NULL && !walk.failed; one++) {
		set(&walk, (*one)->prefix, *one, false);
		tell_unused(&walk, *one);
	}
	if (!walk.failed)
		walk_through(&walk, apex);
	xmlFree(list);
	xmlHashFree(walk.bindings, free_binding);
	free(walk.saved);
	return !walk.failed;
}

/* True if another Reference has all of a part in a form that has all namespaces. */
static bool is_covered(const struct xml_part *part, const struct xml_reference *references,
		       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct xml_part *other = &references[i].part;
		const xmlNode *one = part->apex;

		if (references[i].file != NULL || other->mode == XML_C14N_EXCLUSIVE_1_0)
			continue;
		while (one != NULL && one != other->apex && one != other->without)
			one = one->parent;
		if (one == NULL ? other->apex == NULL : one == other->apex)
			return true;
	}
	return false;
}

bool xml_prefixes_left_open(const struct xml_signed *found, const struct xml_reference *references,
			    size_t count, json_t *names)
{
	bool done = true;

	for (size_t i = 0; i < count; i++) {
		if (references[i].file == NULL)
			mark_part(found, &references[i].part);
	}
	for (size_t i = 0; i < count && done; i++) {
		const struct xml_part *part = &references[i].part;

		if (references[i].file == NULL && part->mode == XML_C14N_EXCLUSIVE_1_0 &&
		    !is_covered(part, references, count))
			done = judge_part(found, part, names);
	}
	return done;
}
