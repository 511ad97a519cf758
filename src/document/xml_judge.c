/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_judge: reads the signatures in an XML document, and compares what they are over. */
#include "document/xml_judge.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "document/xml_base64.h"
#include "document/xml_canonical.h"
#include "document/xml_dsig.h"
#include "document/xml_key.h"
#include "document/xml_names.h"
#include "document/xml_prefix.h"
#include "document/xml_profile.h"
#include "document/xml_shown.h"
#include "document/xml_signed.h"
#include "document/xml_time.h"
#include "document/xml_unsigned.h"
#include "document/xml_uri.h"

/* More than any filing has. */
#define SIGNATURES_MAX 100

/* What is found of one signature. */
struct judging {
	const struct xml_document *document;
	struct xml_signed found;
	struct xml_reference *references;
	size_t count;
	json_t *covered, *files;
	json_t *digests;                        /* of the files: by name, and by hash */
	json_t *said;                           /* see xml_key */
	json_t *inner;                          /* see xml_unsigned */
	bool weak, whole, structure, procedure; /* see cover */
	bool contained;                         /* it covers what is in its own element */
	bool confirms;                          /* it covers the value of another signature */
	const char *differs;
};

/* --- what is covered ------------------------------------------------------------------------- */

/* Return the one description of a filing that stands where e-Gov reads it; NULL if there is none.
 */
static xmlNode *egov_structure(const xmlNode *root)
{
	xmlNode *structure;

	return xml_is_plain(root, XML_EGOV_ROOT) &&
			       xml_count_plain(root, XML_EGOV_STRUCTURE, &structure) == 1
		       ? structure
		       : NULL;
}

/* True if a document has comments, which no signature is over. */
static bool has_comment(const xmlDoc *tree)
{
	xmlNode *root = xmlDocGetRootElement(tree);
	const xmlNode *one;

	for (one = tree->children; one != NULL; one = one->next) {
		if (one->type == XML_COMMENT_NODE)
			return true;
	}
	for (xmlNode *node = xml_next_element(root, NULL); node != NULL;
	     node = xml_next_element(root, node)) {
		for (one = node->children; one != NULL; one = one->next) {
			if (one->type == XML_COMMENT_NODE)
				return true;
		}
	}
	return false;
}

/* True if a Reference covers the whole document. One that is but a signature has nothing else. */
static bool is_whole(const xmlDoc *tree, const xmlNode *root, const xmlNode *apex)
{
	return !xml_is_dsig(root, "Signature") &&
	       (apex == NULL || (apex == root && !xml_has_instruction(tree)));
}

/* Return the Object of the signature that has this element, or is it; NULL if it is no content:
 * what has properties of the signature is none. */
static const xmlNode *object_of(const struct judging *judging, const xmlNode *element)
{
	while (element != NULL && element->parent != judging->found.signature) {
		if (xml_is_properties(element) || xml_is_dsig(element, "SignatureProperty"))
			return NULL;
		element = element->parent;
	}
	return xml_is_dsig(element, "Object") && !xml_is_properties(xml_first_child(element))
		       ? element
		       : NULL;
}

/* Note what is in the signature itself: an Object by what it has. */
static void cover_contained(struct judging *judging, const xmlNode *apex)
{
	const xmlNode *one = xml_is_dsig(apex, "Object") ? xml_first_child(apex) : NULL;

	judging->contained = true;
	if (one == NULL)
		json_array_append_new(judging->covered, json_string((const char *)apex->name));
	for (; one != NULL; one = xml_next_sibling(one))
		json_array_append_new(judging->covered, json_string((const char *)one->name));
}

/* Note what a Reference covers. Other elements inside of a signature are no content. */
static void cover(struct judging *judging, const xmlNode *apex)
{
	const xmlNode *root = xmlDocGetRootElement(judging->document->tree);

	judging->whole |= is_whole(judging->document->tree, root, apex);
	if (apex == NULL)
		return;
	judging->structure |= apex == egov_structure(root);
	judging->procedure |= apex == xml_etax_procedure(root);
	/* XAdES (ETSI EN 319 132-1 §5.2.7.2). */
	judging->confirms |= xml_is_dsig(apex, "SignatureValue") &&
			     apex->parent != judging->found.signature &&
			     xml_is_dsig(apex->parent, "Signature");
	if (object_of(judging, apex) != NULL)
		cover_contained(judging, apex);
	for (const xmlNode *one = apex; one != NULL; one = one->parent) {
		if (xml_is_dsig(one, "Signature"))
			return;
	}
	json_array_append_new(judging->covered, json_string((const char *)apex->name));
}

/* True if a link is to one of the files that are signed. */
static bool covers_link(const json_t *digests, const char *link)
{
	char *name = link == NULL ? NULL : xml_uri_file(link);
	bool found = name != NULL && xml_covers_file(digests, name);

	free(name);
	return found;
}

/* Return a digest as base64 without white space, which the caller frees; NULL if it is none. */
static char *digest_of(const struct xml_reference *read)
{
	size_t length = 0;
	uint8_t *bytes = xml_base64_decode(read->digest, &length);
	char *text = bytes == NULL ? NULL : xml_base64(bytes, length);

	free(bytes);
	return text;
}

/* Note a file, once for each kind of digest: a thousand References to one are not to have it read a
 * thousand times. It cannot have two digests. */
static void cover_file(struct judging *judging, const struct xml_reference *read)
{
	const char *hash = read->method->hash;
	char *digest = digest_of(read);
	json_t *text = json_string(digest == NULL ? "" : digest);
	json_t *known = json_object_get(judging->digests, read->file);

	if (known == NULL) {
		json_object_set_new(judging->digests, read->file, json_object());
		known = json_object_get(judging->digests, read->file);
	}
	if (json_object_get(known, hash) == NULL) {
		json_object_set(known, hash, text);
		json_array_append_new(judging->files,
				      json_pack("{s:s, s:s, s:O}", "name", read->file, "hash", hash,
						"digest", text));
	} else if (json_equal(json_object_get(known, hash), text) != 1) {
		judging->differs = read->file;
	}
	json_decref(text);
	free(digest);
}

/* True if all files that a filing names for signing are among those signed. */
static bool covers_filing(const struct judging *judging)
{
	xmlNode *structure = egov_structure(xmlDocGetRootElement(judging->document->tree));
	struct xml_trouble trouble;
	json_t *names = json_array();
	bool all = structure != NULL;

	if (all && xml_egov_files(structure, false, names, &trouble) != XML_OK) {
		json_array_clear(names);
		all = xml_egov_files(structure, true, names, &trouble) == XML_OK;
	}
	for (size_t i = 0; all && i < json_array_size(names); i++)
		all = xml_covers_file(judging->digests,
				      json_string_value(json_array_get(names, i)));
	json_decref(names);
	return all;
}

/* True if all is covered that the document's form has signed. */
static bool is_complete(const struct judging *judging)
{
	const xmlNode *root = xmlDocGetRootElement(judging->document->tree);

	return (judging->structure && covers_filing(judging) && xml_egov_stands_alone(root)) ||
	       (judging->procedure && xml_etax_stands_alone(xml_etax_procedure(root)));
}

/* True if the document is nothing but the signature, and that is over files or over what it has
 * itself. */
static bool is_alone(const struct judging *judging)
{
	return xmlDocGetRootElement(judging->document->tree) == judging->found.signature &&
	       (judging->contained || json_array_size(judging->files) > 0);
}

/* --- the references -------------------------------------------------------------------------- */

/* Return whether a part of the document has the digest that the signature says. */
static bool is_same(xmlDoc *tree, const struct xml_reference *reference)
{
	const EVP_MD *type = EVP_get_digestbyname(reference->method->hash);
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	size_t wanted_length = 0;
	uint8_t *wanted = xml_base64_decode(reference->digest, &wanted_length);
	bool same = hash != NULL && wanted != NULL && EVP_DigestInit_ex(hash, type, NULL) == 1 &&
		    xml_canonical_hash(tree, &reference->part, hash) &&
		    EVP_DigestFinal_ex(hash, value, &length) == 1 && length == wanted_length &&
		    memcmp(value, wanted, length) == 0;

	EVP_MD_CTX_free(hash);
	free(wanted);
	return same;
}

static void judge_reference(struct judging *judging, const struct xml_reference *read)
{
	const xmlNode *apex = read->part.apex;

	judging->weak |= read->method->weak;
	if (read->file != NULL) {
		cover_file(judging, read);
		return;
	}
	if (!is_same(judging->document->tree, read) && judging->differs == NULL)
		judging->differs = apex == NULL ? "" : (const char *)apex->name;
	cover(judging, apex);
}

/* Read all References, which stand behind the two methods, and judge them. */
static bool judge_references(struct judging *judging, json_t **answer)
{
	const xmlNode *first =
		xml_next_sibling(xml_next_sibling(xml_first_child(judging->found.info)));
	size_t count = 0;

	for (const xmlNode *one = first; one != NULL; one = xml_next_sibling(one))
		count++;
	judging->references = calloc(count, sizeof(*judging->references));
	if (judging->references == NULL)
		return false;
	for (const xmlNode *one = first; one != NULL; one = xml_next_sibling(one)) {
		struct xml_reference *read = &judging->references[judging->count++];

		if (!xml_reference_read(&judging->found, one, read, answer))
			return false;
		judge_reference(judging, read);
	}
	return true;
}

/* --- all of a signature ---------------------------------------------------------------------- */

/* Return SignedInfo in its canonical form as base64, which the caller frees. */
static char *info_of(const struct judging *judging)
{
	struct jpki_buffer text = {0};
	char *base64 = NULL;

	if (xml_canonical_text(judging->document->tree, &judging->found.canonical, &text))
		base64 = xml_base64(text.data, text.length);
	jpki_buffer_free(&text);
	return base64;
}

/* Return the files by which the document is shown and that are not signed. */
static json_t *sheets_of(const struct judging *judging)
{
	json_t *sheets = xml_shown_by(judging->document->tree);
	/* A file beside the document is none that is named from another place. */
	bool elsewhere = xml_has_base(judging->document->tree);

	for (size_t i = elsewhere ? 0 : json_array_size(sheets); i-- > 0;) {
		const char *name = json_string_value(json_array_get(sheets, i));

		if (covers_link(judging->digests, name))
			json_array_remove(sheets, i);
	}
	return sheets;
}

/* Return what is beside what the form of e-Gov has signed. */
static json_t *beside_of(const struct judging *judging)
{
	xmlNode *root = xmlDocGetRootElement(judging->document->tree);
	json_t *names = json_object();
	json_t *list;

	if (judging->structure && !judging->whole)
		xml_egov_beside(root, judging->found.info, judging->digests, names);
	list = xml_names_list(names);
	json_decref(names);
	return list;
}

/* Return the declarations that the signature leaves open. NULL without memory. */
static json_t *prefixes_of(const struct judging *judging)
{
	json_t *names = json_object();
	json_t *list = NULL;

	if (xml_prefixes_left_open(&judging->found, judging->references, judging->count, names))
		list = xml_names_list(names);
	json_decref(names);
	return list;
}

/* Return the name of the element, in a list, that has nothing but this signature, which was left
 * out of what is signed: so it could have been moved there, and be taken for a value. Signatures
 * stand in the root, and where a form has a place for them. */
static json_t *place_of(const struct judging *judging)
{
	const xmlNode *around = judging->found.signature->parent;
	json_t *list = json_array();
	bool left_out = false;
	/* With a text in it, it was refused. */
	bool alone = around->type == XML_ELEMENT_NODE && around->parent->type == XML_ELEMENT_NODE;

	for (size_t i = 0; i < judging->count; i++)
		left_out |= judging->references[i].part.without != NULL;
	for (const xmlNode *one = xml_first_child(around); one != NULL; one = xml_next_sibling(one))
		alone = alone && xml_is_dsig(one, "Signature");
	if (left_out && alone)
		json_array_append_new(list, json_string((const char *)around->name));
	return list;
}

/* Return what is told of the document because of a signature. NULL without memory. */
static json_t *beside_signed(const struct judging *judging)
{
	xmlDoc *tree = judging->document->tree;

	return json_pack("{s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o}", "comments", has_comment(tree),
			 "divided", xml_has_divided_text(xmlDocGetRootElement(tree)),
			 "instructions", !judging->whole && xml_has_instruction(tree), "sheets",
			 sheets_of(judging), "unsigned", xml_names_list(judging->inner), "beside",
			 beside_of(judging), "prefixes", prefixes_of(judging), "place",
			 place_of(judging));
}

/* Return what is told of what a signature covers. NULL without memory. */
static json_t *covered_of(const struct judging *judging)
{
	return json_pack("{s:O, s:O, s:b, s:b, s:b, s:b, s:b, s:O}", "said", judging->said, "files",
			 judging->files, "weak", judging->weak || judging->found.method->weak,
			 "whole", judging->whole, "complete", is_complete(judging), "alone",
			 is_alone(judging), "confirms", judging->confirms, "covered",
			 judging->covered);
}

/* Return all that is found of a signature. */
static json_t *answer_of(const struct judging *judging)
{
	char *info = info_of(judging);
	char *value = xml_text_of(judging->found.value);
	bool is_signed = false;
	char *time = xml_time_of(&judging->found, &is_signed);
	json_t *answer = NULL;

	if (info != NULL && value != NULL)
		answer = json_pack("{s:s, s:s, s:s, s:s*, s:s*, s:b}", "info", info, "hash",
				   judging->found.method->hash, "value", value, "differs",
				   judging->differs, "time", time, "time-signed", is_signed);
	if (answer != NULL && (json_object_update_new(answer, covered_of(judging)) != 0 ||
			       json_object_update_new(answer, beside_signed(judging)) != 0)) {
		json_decref(answer);
		answer = NULL;
	}
	free(info);
	xmlFree(time);
	xmlFree(value);
	return answer != NULL ? answer : json_pack("{s:s}", "refused", "SignatureValue");
}

static json_t *judge_signature(const struct xml_document *document, const xmlNode *signature)
{
	struct judging judging = {.document = document,
				  .covered = json_array(),
				  .files = json_array(),
				  .digests = json_object(),
				  .said = json_object(),
				  .inner = json_object()};
	json_t *answer = NULL;
	bool done = xml_signed_read(signature, &judging.found, &answer) &&
		    xml_key_read(judging.found.key, judging.said, &answer) &&
		    xml_unsigned_read(&judging.found, judging.inner, &answer);

	if (done && judge_references(&judging, &answer))
		answer = answer_of(&judging);
	for (size_t i = 0; i < judging.count; i++)
		xml_reference_free(&judging.references[i]);
	free(judging.references);
	xml_signed_free(&judging.found);
	json_decref(judging.covered);
	json_decref(judging.files);
	json_decref(judging.digests);
	json_decref(judging.said);
	json_decref(judging.inner);
	return answer;
}

json_t *xml_judge(const struct xml_document *document, const void *argument,
		  struct xml_trouble *trouble)
{
	xmlNode *root = xmlDocGetRootElement(document->tree);
	json_t *signatures = json_array();

	(void)argument;
	for (xmlNode *node = xml_next_element(root, NULL); node != NULL;
	     node = xml_next_element(root, node)) {
		if (!xml_is_dsig(node, "Signature"))
			continue;
		if (json_array_size(signatures) == SIGNATURES_MAX ||
		    json_array_append_new(signatures, judge_signature(document, node)) != 0) {
			json_decref(signatures);
			xml_fail(trouble, XML_TOO_LARGE, "%s", "");
			return NULL;
		}
	}
	return json_pack("{s:o}", "signatures", signatures);
}
