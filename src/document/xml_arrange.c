/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_arrange: finds out in a document where a signature goes, and what it will be over. */
#include "document/xml_arrange.h"

#include <stdlib.h>
#include <string.h>

#include "document/xml_base64.h"
#include "document/xml_canonical.h"
#include "document/xml_dsig.h"
#include "document/xml_profile.h"
#include "document/xml_uri.h"

/* Return the SHA-256 of a part as base64, which the caller frees; NULL if C14N is not defined for
 * it, or without memory. */
static char *digest_of(xmlDoc *tree, const struct xml_part *part)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	char *text = NULL;

	if (hash != NULL && EVP_DigestInit_ex(hash, EVP_sha256(), NULL) == 1 &&
	    xml_canonical_hash(tree, part, hash) && EVP_DigestFinal_ex(hash, value, &length) == 1)
		text = xml_base64(value, length);
	EVP_MD_CTX_free(hash);
	return text;
}

/* The same for the whole document but one element, with its comments. */
static char *whole_of(xmlDoc *tree, const xmlNode *without)
{
	return digest_of(tree, &(struct xml_part){.without = without, .comments = true});
}

/* Return the first of the Ids that the document does not have; NULL if it has all. */
static const char *free_id(xmlDoc *tree, const struct xml_arrangement *arrangement)
{
	xmlNode *found;

	for (size_t i = 0; i < XML_ID_COUNT; i++) {
		if (xml_count_id(tree, arrangement->ids[i], &found) == 0)
			return arrangement->ids[i];
	}
	return NULL;
}

/* Return an element's end tag, which the caller frees; NULL without memory. */
static char *end_tag(const xmlNode *element)
{
	const char *prefix = element->ns == NULL ? NULL : (const char *)element->ns->prefix;
	char *text;

	return asprintf(&text, "</%s%s%s>", prefix == NULL ? "" : prefix, prefix == NULL ? "" : ":",
			(const char *)element->name) < 0
		       ? NULL
		       : text;
}

/* Add to the answer where the signature goes, and what stands around it there. */
static bool put_place(json_t *answer, const struct xml_plan *plan, const struct jpki_bytes *text)
{
	size_t end = xml_end_of(plan->place);
	bool empty = end >= 2 && text->data[end - 2] == '/';
	const char *before = plan->wrapped ? "<" XML_EGOV_SIGNATURES ">" : "";
	char *after = plan->wrapped ? strdup("</" XML_EGOV_SIGNATURES ">") : strdup("");
	size_t replace = 0;
	bool done;

	if (!plan->behind && empty) {
		/* An element that is written <a/> needs an end tag now. */
		free(after);
		after = end_tag(plan->place);
		before = ">";
		replace = 2;
		end -= replace;
	} else if (!plan->behind) {
		while (end > 0 && text->data[end - 1] != '<')
			end--;
		end = end > 0 ? end - 1 : 0;
	}
	done = after != NULL &&
	       json_object_update_new(answer,
				      json_pack("{s:I, s:I, s:s, s:s}", "offset", (json_int_t)end,
						"replace", (json_int_t)replace, "before", before,
						"after", after)) == 0;
	free(after);
	return done;
}

/* Find out whether what is to be signed can be told from what others make of it. */
static enum xml_fault check_texts(xmlDoc *tree, const struct xml_plan *plan,
				  struct xml_trouble *trouble)
{
	const xmlNode *cut =
		xml_with_cut_text(plan->apex == NULL ? xmlDocGetRootElement(tree) : plan->apex);

	return cut == NULL ? XML_OK
			   : xml_fail(trouble, XML_CUT_TEXT, "%s", (const char *)cut->name);
}

/* Add to the answer what the signature is over. */
static enum xml_fault put_references(json_t *answer, const struct xml_document *document,
				     const struct xml_plan *plan, struct xml_trouble *trouble)
{
	char *uri = plan->id == NULL ? strdup("") : xml_uri_of("#", plan->id);
	char *digest = digest_of(document->tree, &(struct xml_part){.apex = plan->apex});
	char *whole = whole_of(document->tree, NULL);
	enum xml_fault fault = XML_OK;

	if (digest == NULL || whole == NULL)
		fault = xml_fail(trouble, XML_UNCANONICAL, "%s", "");
	else if (uri == NULL ||
		 json_object_update_new(answer,
					json_pack("{s:s, s:s, s:s, s:O}", "uri", uri, "digest",
						  digest, "whole", whole, "files", plan->files)))
		fault = xml_fail(trouble, XML_MEMORY, "%s", "");
	free(uri);
	free(digest);
	free(whole);
	return fault;
}

json_t *xml_arrange(const struct xml_document *document, const void *argument,
		    struct xml_trouble *trouble)
{
	const struct xml_arrangement *arrangement = argument;
	const struct xml_profile_row *row = xml_profile_row(arrangement->profile);
	struct xml_plan plan = {.files = json_array()};
	const char *id = free_id(document->tree, arrangement);
	json_t *answer = json_pack("{s:s*}", "id", id);
	enum xml_fault fault = row->plan(document, arrangement->individual, &plan, trouble);

	if (fault == XML_OK && id == NULL)
		fault = xml_fail(trouble, XML_ID_TWICE, "%s", arrangement->ids[0]);
	if (fault == XML_OK)
		fault = check_texts(document->tree, &plan, trouble);
	if (fault == XML_OK)
		fault = put_references(answer, document, &plan, trouble);
	if (fault == XML_OK && !put_place(answer, &plan, &document->text))
		fault = xml_fail(trouble, XML_MEMORY, "%s", "");
	xml_plan_free(&plan);
	if (fault == XML_OK)
		return answer;
	json_decref(answer);
	return NULL;
}

/* Return the SignedInfo of the signature in canonical form, as base64, which the caller frees. */
static char *info_of(xmlDoc *tree, const xmlNode *signature)
{
	const xmlNode *info = xml_first_child(signature);
	struct jpki_buffer text = {0};
	char *base64 = NULL;

	if (xml_is_dsig(info, "SignedInfo") &&
	    xml_canonical_text(tree, &(struct xml_part){.apex = info}, &text))
		base64 = xml_base64(text.data, text.length);
	jpki_buffer_free(&text);
	return base64;
}

/* Return how many signatures stand before this one. */
static size_t count_before(xmlDoc *tree, const xmlNode *signature)
{
	xmlNode *root = xmlDocGetRootElement(tree);
	size_t count = 0;

	for (xmlNode *node = root; node != NULL && node != signature;
	     node = xml_next_element(root, node))
		count += xml_is_dsig(node, "Signature") ? 1 : 0;
	return count;
}

json_t *xml_arranged_info(const struct xml_document *document, const void *argument,
			  struct xml_trouble *trouble)
{
	const struct xml_arranged *arranged = argument;
	json_t *answer = NULL;
	xmlNode *signature;
	char *whole = NULL, *info = NULL;

	if (xml_count_id(document->tree, arranged->id, &signature) == 1 &&
	    xml_is_dsig(signature, "Signature")) {
		whole = whole_of(document->tree, arranged->wrapped ? signature->parent : signature);
		info = info_of(document->tree, signature);
	}
	if (whole == NULL || info == NULL || strcmp(whole, arranged->whole) != 0)
		xml_fail(trouble, XML_CHANGED, "%s", "");
	else
		answer = json_pack("{s:s, s:I}", "info", info, "place",
				   (json_int_t)count_before(document->tree, signature));
	free(whole);
	free(info);
	return answer;
}
