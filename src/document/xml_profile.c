/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_profile: knows what each kind of XML signature covers, and where in the document it stands.
 */
#include "document/xml_profile.h"

#include <stdlib.h>
#include <string.h>

#include "document/xml_dsig.h"
#include "document/xml_names.h"
#include "document/xml_signed.h"

#define APPLICATION_FILE "申請書ファイル名称"
#define ATTACHMENT_FILE  "添付書類ファイル名称"

/* --- any document ---------------------------------------------------------------------------- */

static enum xml_fault plan_enveloped(const struct xml_document *document, bool individual,
				     struct xml_plan *plan, struct xml_trouble *trouble)
{
	xmlNode *root = xmlDocGetRootElement(document->tree);

	(void)individual;
	/* A signature over the whole document is over the older signature, too, but not the other
	 * way round: the older one would not hold any longer. */
	for (xmlNode *node = xml_next_element(root, NULL); node != NULL;
	     node = xml_next_element(root, node)) {
		if (xml_is_dsig(node, "Signature"))
			return xml_fail(trouble, XML_SIGNED, "%s", "");
	}
	plan->place = root;
	return XML_OK;
}

/* --- by an Id -------------------------------------------------------------------------------- */

/* Plan to sign this element by this Id, which the plan owns then. */
static enum xml_fault plan_by_id(const struct xml_document *document, xmlNode *apex, char *id,
				 struct xml_plan *plan, struct xml_trouble *trouble)
{
	xmlNode *found;

	plan->id = id;
	plan->apex = apex;
	if (xml_count_id(document->tree, id, &found) != 1)
		return xml_fail(trouble, XML_ID_TWICE, "%s", id);
	return XML_OK;
}

/* --- e-Gov ----------------------------------------------------------------------------------- */

bool xml_egov_is_individual(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash == NULL ? path : slash + 1;

	return strncmp(name, "kousei", strlen("kousei")) == 0 &&
	       strspn(name + strlen("kousei"), "0123456789") == 17;
}

/* Append the texts of all elements of this name. */
static enum xml_fault append_names(xmlNode *structure, const char *name, json_t *files,
				   struct xml_trouble *trouble)
{
	for (xmlNode *node = structure; node != NULL; node = xml_next_element(structure, node)) {
		char *text = xml_is_plain(node, name) ? xml_text_of(node) : NULL;
		int failed;

		if (text == NULL && !xml_is_plain(node, name))
			continue;
		if (text == NULL || text[0] == '\0') {
			xmlFree(text);
			return xml_fail(trouble, XML_NO_FILE, "%s", name);
		}
		failed = json_array_append_new(files, json_string(text));
		xmlFree(text);
		if (failed != 0)
			return xml_fail(trouble, XML_MEMORY, "%s", "");
	}
	return XML_OK;
}

enum xml_fault xml_egov_files(xmlNode *structure, bool individual, json_t *files,
			      struct xml_trouble *trouble)
{
	enum xml_fault fault = append_names(structure, APPLICATION_FILE, files, trouble);

	/* The individual form is of an application or of an attachment. */
	if (fault == XML_OK && individual && json_array_size(files) == 0)
		fault = append_names(structure, ATTACHMENT_FILE, files, trouble);
	if (fault == XML_OK &&
	    (json_array_size(files) == 0 || (individual && json_array_size(files) != 1)))
		fault = xml_fail(trouble, XML_NO_FILE, "%s", APPLICATION_FILE);
	return fault;
}

/* True if an element has nothing but signatures, and comments. */
static bool has_only_signatures(const xmlNode *element)
{
	if (element->properties != NULL)
		return false;
	for (const xmlNode *one = element->children; one != NULL; one = one->next) {
		if (one->type == XML_PI_NODE || xml_is_text(one) ||
		    (one->type == XML_ELEMENT_NODE && !xml_is_dsig(one, "Signature")))
			return false;
	}
	return true;
}

bool xml_egov_stands_alone(const xmlNode *root)
{
	if (xml_has_text(root->children))
		return false;
	for (const xmlNode *one = xml_first_child(root); one != NULL; one = xml_next_sibling(one)) {
		if (xml_is_plain(one, XML_EGOV_SIGNATURES) && !has_only_signatures(one))
			return false;
	}
	return true;
}

bool xml_covers_file(const json_t *files, const char *name)
{
	return json_object_get(files, name) != NULL;
}

/* Append the attachments that a filing names and that are not signed with it. */
static void append_attachments(xmlNode *root, const json_t *files, json_t *names)
{
	for (xmlNode *node = root; node != NULL; node = xml_next_element(root, node)) {
		char *text = xml_is_plain(node, ATTACHMENT_FILE) ? xml_text_of(node) : NULL;

		if (text != NULL && !xml_covers_file(files, text))
			xml_names_add(names, text);
		xmlFree(text);
	}
}

void xml_egov_beside(xmlNode *root, const xmlNode *info, const json_t *files, json_t *names)
{
	append_attachments(root, files, names);
	for (const xmlAttr *one = root->properties; one != NULL; one = one->next) {
		if (one->ns == NULL ||
		    strcmp((const char *)one->ns->href, XML_SCHEMA_INSTANCE) != 0)
			xml_names_add(names, (const char *)one->name);
	}
	for (const xmlNode *one = root->children; one != NULL; one = one->next) {
		if (one->type == XML_PI_NODE ||
		    (one->type == XML_ELEMENT_NODE && !xml_is_plain(one, XML_EGOV_STRUCTURE) &&
		     !xml_is_plain(one, XML_EGOV_SIGNATURES) && !xml_is_dsig(one, "Signature") &&
		     !xml_is_referred_to(info, one)))
			xml_names_add(names, (const char *)one->name);
	}
}

static enum xml_fault plan_e_gov(const struct xml_document *document, bool individual,
				 struct xml_plan *plan, struct xml_trouble *trouble)
{
	xmlNode *root = xmlDocGetRootElement(document->tree);
	xmlNode *structure, *signatures;
	enum xml_fault fault;
	char *id;

	if (!xml_is_plain(root, XML_EGOV_ROOT))
		return xml_fail(trouble, XML_OTHER_FORM, "%s", XML_EGOV_ROOT);
	if (xml_count_plain(root, XML_EGOV_STRUCTURE, &structure) != 1)
		return xml_fail(trouble, XML_OTHER_FORM, "%s", XML_EGOV_STRUCTURE);
	if (!xml_egov_stands_alone(root))
		return xml_fail(trouble, XML_BESIDE, "%s",
				xml_has_text(root->children) ? XML_EGOV_ROOT : XML_EGOV_SIGNATURES);
	id = xml_attribute(structure, "ID");
	if (id == NULL || strcmp(id, XML_EGOV_STRUCTURE) != 0) {
		xmlFree(id);
		return xml_fail(trouble, XML_OTHER_FORM, "ID=\"%s\"", XML_EGOV_STRUCTURE);
	}
	fault = plan_by_id(document, structure, id, plan, trouble);
	if (fault == XML_OK)
		fault = xml_egov_files(structure, individual, plan->files, trouble);
	if (fault != XML_OK)
		return fault;
	switch (xml_count_plain(root, XML_EGOV_SIGNATURES, &signatures)) {
	case 0:
		plan->place = structure;
		plan->behind = true;
		plan->wrapped = true;
		return XML_OK;
	case 1:
		plan->place = signatures;
		return XML_OK;
	default:
		return xml_fail(trouble, XML_OTHER_FORM, "%s", XML_EGOV_SIGNATURES);
	}
}

/* --- e-Tax ----------------------------------------------------------------------------------- */

xmlNode *xml_etax_procedure(const xmlNode *root)
{
	xmlNode *procedure;

	if (root == NULL || strcmp((const char *)root->name, "DATA") != 0)
		return NULL;
	procedure = xml_first_child(root);
	return xml_is_dsig(procedure, "Signature") ? NULL : procedure;
}

/* True if an element has attributes that could be content: not its Id, and where its schema is. */
static bool has_content(const xmlNode *element)
{
	for (const xmlAttr *one = element->properties; one != NULL; one = one->next) {
		if (one->ns != NULL ? strcmp((const char *)one->ns->href, XML_SCHEMA_INSTANCE) != 0
				    : strcmp((const char *)one->name, "id") != 0)
			return true;
	}
	return false;
}

bool xml_etax_stands_alone(const xmlNode *procedure)
{
	if (xml_has_instruction(procedure->doc) || has_content(procedure->parent))
		return false;
	for (const xmlNode *one = procedure->parent->children; one != NULL; one = one->next) {
		if (one == procedure || xml_is_dsig(one, "Signature") ||
		    one->type == XML_COMMENT_NODE)
			continue;
		if (one->type == XML_ELEMENT_NODE || xmlIsBlankNode(one) == 0)
			return false;
	}
	return true;
}

static enum xml_fault plan_e_tax(const struct xml_document *document, bool individual,
				 struct xml_plan *plan, struct xml_trouble *trouble)
{
	xmlNode *root = xmlDocGetRootElement(document->tree);
	xmlNode *procedure = xml_etax_procedure(root);
	char *id = procedure == NULL ? NULL : xml_attribute(procedure, "id");

	(void)individual;
	if (procedure == NULL)
		return xml_fail(trouble, XML_OTHER_FORM, "%s", "DATA");
	if (id == NULL || id[0] == '\0') {
		xmlFree(id);
		return xml_fail(trouble, XML_OTHER_FORM, "%s", "id");
	}
	if (!xml_etax_stands_alone(procedure)) {
		xmlFree(id);
		return xml_fail(trouble, XML_BESIDE, "%s", (const char *)procedure->name);
	}
	plan->place = root;
	return plan_by_id(document, procedure, id, plan, trouble);
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct xml_profile_row rows[] = {
	[XML_ENVELOPED] = {"", "Signature-", XML_TRANSFORM_ENVELOPED, plan_enveloped},
	[XML_E_GOV] = {"", "", XML_TRANSFORM_C14N, plan_e_gov},
	/* The Id is of the type ID, which does not begin with a digit (XMLDSIG050.xsd). */
	[XML_E_TAX] = {"dsig:", "Signature-", XML_TRANSFORM_C14N, plan_e_tax},
};

const struct xml_profile_row *xml_profile_row(enum xml_profile profile)
{
	return &rows[profile];
}

enum xml_transforms xml_profile_transforms(enum xml_profile profile, bool individual)
{
	return individual ? XML_TRANSFORM_NONE : rows[profile].transforms;
}

void xml_plan_free(struct xml_plan *plan)
{
	xmlFree(plan->id);
	json_decref(plan->files);
	*plan = (struct xml_plan){0};
}
