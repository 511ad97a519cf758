/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml_verify: judges the signatures in an XML document, and tells what they cover.
 *
 * The document is read in a process with bounds (xml_judge). The signatures' values are verified
 * here, and the files beside the document are hashed here.
 */
#include "document/xml_verify.h"

#include <errno.h>
#include <jansson.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/bytes.h"
#include "document/xml_base64.h"
#include "document/xml_claims.h"
#include "document/xml_judge.h"
#include "document/xml_text.h"
#include "document/xml_uri.h"

static void set(struct xml_signature *signature, enum xml_verdict verdict, const char *name)
{
	struct xml_trouble trouble;

	signature->verdict = verdict;
	/* Cuts a name that is too long between two characters. */
	xml_fail(&trouble, XML_OK, "%s", name == NULL ? "" : name);
	memcpy(signature->name, trouble.detail, sizeof(signature->name));
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_true(const json_t *object, const char *key)
{
	return json_is_true(json_object_get(object, key));
}

/* --- the certificates ------------------------------------------------------------------------ */

static bool push(STACK_OF(X509) * stack, X509 *certificate)
{
	if (sk_X509_push(stack, certificate) > 0)
		return true;
	X509_free(certificate);
	return false;
}

/* Return a certificate, which the caller frees; NULL if it is none, or has more behind it. */
static X509 *certificate_of(const char *text)
{
	size_t length = 0;
	uint8_t *der = text == NULL ? NULL : xml_base64_decode(text, &length);
	const unsigned char *place = der;
	X509 *certificate = der == NULL ? NULL : d2i_X509(NULL, &place, (long)length);

	if (certificate != NULL && place != der + length) {
		X509_free(certificate);
		certificate = NULL;
	}
	free(der);
	return certificate;
}

/* Return the certificates of a signature, without what is none. NULL without memory. */
static STACK_OF(X509) * certificates_of(const json_t *list, X509 *extra)
{
	STACK_OF(X509) *stack = sk_X509_new_null();
	bool done = stack != NULL;

	for (size_t i = 0; done && i < json_array_size(list); i++) {
		X509 *certificate = certificate_of(json_string_value(json_array_get(list, i)));

		if (certificate != NULL)
			done = push(stack, certificate);
	}
	if (done && extra != NULL) {
		X509_up_ref(extra);
		done = push(stack, extra);
	}
	ERR_clear_error();
	if (done)
		return stack;
	sk_X509_pop_free(stack, X509_free);
	return NULL;
}

struct signed_info {
	uint8_t *info, *value;
	size_t info_length, value_length;
	const EVP_MD *hash;
};

/* True if a certificate's RSA key made the signature. */
static bool fits(const struct signed_info *what, X509 *certificate)
{
	EVP_PKEY *key = X509_get0_pubkey(certificate);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool done = context != NULL && key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
		    xml_is_quick_key(certificate) &&
		    EVP_DigestVerifyInit(context, NULL, what->hash, NULL, key) > 0 &&
		    EVP_DigestVerify(context, what->value, what->value_length, what->info,
				     what->info_length) == 1;

	EVP_MD_CTX_free(context);
	return done;
}

/* Find the first certificate that the signature fits, whatever their order is. */
static X509 *find_signer(const json_t *found, STACK_OF(X509) * certificates)
{
	struct signed_info what = {.hash = EVP_get_digestbyname(text_of(found, "hash"))};
	X509 *signer = NULL;

	what.info = xml_base64_decode(text_of(found, "info"), &what.info_length);
	what.value = xml_base64_decode(text_of(found, "value"), &what.value_length);
	for (int i = 0; what.hash != NULL && what.info != NULL && what.value != NULL &&
			signer == NULL && i < sk_X509_num(certificates);
	     i++) {
		X509 *one = sk_X509_value(certificates, i);

		if (fits(&what, one) && X509_up_ref(one) == 1)
			signer = one;
	}
	free(what.info);
	free(what.value);
	ERR_clear_error();
	return signer;
}

/* --- the files ------------------------------------------------------------------------------- */

static void judge_digest(struct xml_signature *signature, EVP_MD_CTX *hash, const json_t *file)
{
	unsigned char value[EVP_MAX_MD_SIZE];
	unsigned int length = 0;
	size_t wanted_length = 0;
	uint8_t *wanted = xml_base64_decode(text_of(file, "digest"), &wanted_length);

	if (wanted == NULL || EVP_DigestFinal_ex(hash, value, &length) != 1 ||
	    length != wanted_length || memcmp(value, wanted, length) != 0)
		set(signature, XML_OTHER_CONTENT, text_of(file, "name"));
	free(wanted);
}

/* Compare a file beside the document. The verdict stays if it is what was signed. */
static void judge_file(struct xml_signature *signature, const json_t *file, int folder)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	const EVP_MD *type = EVP_get_digestbyname(text_of(file, "hash"));
	struct xml_trouble trouble = {0};

	if (hash == NULL || type == NULL || EVP_DigestInit_ex(hash, type, NULL) != 1)
		set(signature, XML_NO_FILE_BESIDE, text_of(file, "name"));
	else if (xml_hash_file(folder, text_of(file, "name"), hash, &trouble) == XML_OK)
		judge_digest(signature, hash, file);
	else
		set(signature,
		    trouble.fault == XML_LEADS_OUT ? XML_FILE_OUTSIDE : XML_NO_FILE_BESIDE,
		    trouble.detail);
	EVP_MD_CTX_free(hash);
}

/* --- one signature --------------------------------------------------------------------------- */

/* True if the answer, which a parser gave that may have been led astray, has all its texts. */
static bool is_usable(const json_t *found)
{
	static const char *const texts[] = {"info", "hash", "value"};
	const json_t *files = json_object_get(found, "files");

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (text_of(found, texts[i]) == NULL)
			return false;
	}
	for (size_t i = 0; i < json_array_size(files); i++) {
		const json_t *file = json_array_get(files, i);

		if (text_of(file, "name") == NULL || text_of(file, "hash") == NULL ||
		    text_of(file, "digest") == NULL)
			return false;
	}
	return true;
}

static char **copy_names(const json_t *list, const char *key, size_t *count)
{
	char **names = calloc(json_array_size(list) + 1, sizeof(*names));

	*count = 0;
	for (size_t i = 0; names != NULL && i < json_array_size(list); i++) {
		const json_t *entry = json_array_get(list, i);
		const char *name = key != NULL ? text_of(entry, key) : json_string_value(entry);

		names[*count] = strdup(name == NULL ? "" : name);
		if (names[*count] != NULL)
			++*count;
	}
	return names;
}

static void judge_content(struct xml_signature *signature, const json_t *found, int folder)
{
	const json_t *files = json_object_get(found, "files");
	const char *differs = text_of(found, "differs");

	if (differs != NULL) {
		set(signature, XML_OTHER_CONTENT, differs);
		return;
	}
	for (size_t i = 0; i < json_array_size(files) && signature->verdict == XML_HOLDS; i++)
		judge_file(signature, json_array_get(files, i), folder);
	if (signature->verdict == XML_HOLDS && is_true(found, "weak"))
		signature->verdict = XML_WEAK;
	else if (signature->verdict == XML_HOLDS && !signature->whole &&
		 !is_true(found, "complete") && !signature->alone && !signature->confirms)
		signature->verdict = XML_PART;
}

/* Take what is told of a signature beside its verdict. False without memory. */
static bool take_facts(struct xml_signature *signature, const json_t *found)
{
	const char *time = text_of(found, "time");

	signature->whole = is_true(found, "whole");
	signature->alone = is_true(found, "alone");
	signature->confirms = is_true(found, "confirms");
	signature->comments = is_true(found, "comments");
	signature->divided = is_true(found, "divided");
	signature->instructions = is_true(found, "instructions");
	signature->time_signed = is_true(found, "time-signed");
	if (time != NULL && strlen(time) < XML_TIME_SIZE)
		memcpy(signature->time, time, strlen(time) + 1);
	signature->covered =
		copy_names(json_object_get(found, "covered"), NULL, &signature->covered_count);
	signature->files =
		copy_names(json_object_get(found, "files"), "name", &signature->files_count);
	signature->inner =
		copy_names(json_object_get(found, "unsigned"), NULL, &signature->inner_count);
	signature->beside =
		copy_names(json_object_get(found, "beside"), NULL, &signature->beside_count);
	signature->sheets =
		copy_names(json_object_get(found, "sheets"), NULL, &signature->sheets_count);
	signature->prefixes =
		copy_names(json_object_get(found, "prefixes"), NULL, &signature->prefixes_count);
	signature->place =
		copy_names(json_object_get(found, "place"), NULL, &signature->place_count);
	return signature->covered != NULL && signature->place != NULL && signature->files != NULL &&
	       signature->inner != NULL && signature->beside != NULL && signature->sheets != NULL &&
	       signature->prefixes != NULL;
}

/* Judge whose a signature is, and what it is over. Return false without memory. */
static bool judge_signer(struct xml_signature *signature, const json_t *found, int folder,
			 X509 *extra)
{
	const json_t *said = json_object_get(found, "said");
	const json_t *list = json_object_get(said, "certificates");
	const char *fault = NULL;
	size_t count;

	signature->others = certificates_of(list, extra);
	if (signature->others == NULL)
		return false;
	count = (size_t)sk_X509_num(signature->others);
	if (count != json_array_size(list) + (extra == NULL ? 0 : 1)) {
		set(signature, XML_REFUSED, "X509Certificate");
		return true;
	}
	signature->certificate = find_signer(found, signature->others);
	if (signature->certificate != NULL)
		fault = xml_claims_fault(said, signature->certificate, signature->others);
	if (count == 0)
		set(signature, XML_NO_CERTIFICATE, NULL);
	else if (signature->certificate == NULL)
		set(signature, XML_BROKEN, NULL);
	else if (fault != NULL)
		set(signature, XML_CONTRADICTS, fault);
	else
		judge_content(signature, found, folder);
	return true;
}

/* Return what it is that was refused. */
static enum xml_kind kind_of(const json_t *found)
{
	static const char *const kinds[XML_KIND_COUNT] = {
		[XML_KIND_ELEMENT] = "element",         [XML_KIND_ATTRIBUTE] = "attribute",
		[XML_KIND_INSTRUCTION] = "instruction", [XML_KIND_METHOD] = "method",
		[XML_KIND_REFERENCE] = "reference",
	};
	const char *kind = text_of(found, "kind");

	for (size_t i = 0; kind != NULL && i < XML_KIND_COUNT; i++) {
		if (strcmp(kinds[i], kind) == 0)
			return (enum xml_kind)i;
	}
	return XML_KIND_ELEMENT;
}

/* Judge a signature by what was found of it. Return false without memory. */
static bool judge(struct xml_signature *signature, const json_t *found, int folder, X509 *extra)
{
	static const struct {
		const char *key;
		enum xml_verdict verdict;
	} ends[] = {
		{"refused", XML_REFUSED}, {"no-target", XML_NO_TARGET}, {"targets", XML_TARGETS}};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (text_of(found, ends[i].key) != NULL) {
			set(signature, ends[i].verdict, text_of(found, ends[i].key));
			signature->kind = kind_of(found);
			return true;
		}
	}
	set(signature, XML_REFUSED, "Signature");
	if (!is_usable(found))
		return true;
	set(signature, XML_HOLDS, NULL);
	return take_facts(signature, found) && judge_signer(signature, found, folder, extra);
}

/* --- the document ---------------------------------------------------------------------------- */

static enum xml_fault load(const char *path, struct xml_text *text, struct xml_trouble *trouble)
{
	struct document_bytes bytes;
	enum xml_fault fault;

	if (document_bytes_read(&bytes, path))
		fault = xml_text_decode(bytes.data, bytes.length, text, trouble);
	else
		fault = errno == EFBIG ? xml_fail(trouble, XML_TOO_LARGE, "%s", "")
				       : xml_fail(trouble, XML_UNREADABLE, "%s", strerror(errno));
	document_bytes_free(&bytes);
	return fault;
}

enum xml_fault xml_verify_answer(const json_t *answer, const char *path, X509 *extra,
				 struct xml_report *report, struct xml_trouble *trouble)
{
	const json_t *list = json_object_get(answer, "signatures");
	int folder = xml_open_folder(path);
	enum xml_fault fault = XML_OK;

	*report = (struct xml_report){0};
	if (folder < 0)
		return xml_fail(trouble, XML_UNREADABLE, "%s", strerror(errno));
	report->signatures = calloc(json_array_size(list) + 1, sizeof(*report->signatures));
	if (report->signatures == NULL)
		fault = xml_fail(trouble, XML_MEMORY, "%s", "");
	while (fault == XML_OK && report->count < json_array_size(list)) {
		size_t i = report->count++;

		if (!judge(&report->signatures[i], json_array_get(list, i), folder, extra))
			fault = xml_fail(trouble, XML_MEMORY, "%s", "");
	}
	close(folder);
	if (fault != XML_OK)
		xml_report_free(report);
	return fault;
}

enum xml_fault xml_verify_text(const struct xml_text *text, const char *path, X509 *extra,
			       struct xml_report *report, struct xml_trouble *trouble)
{
	const struct jpki_bytes bytes = {text->utf8.data, text->utf8.length};
	json_t *answer = xml_guarded(&bytes, xml_judge, NULL, trouble);
	enum xml_fault fault = answer == NULL
				       ? trouble->fault
				       : xml_verify_answer(answer, path, extra, report, trouble);

	if (fault == XML_OK) {
		report->encoding = xml_text_encoding(text);
		report->disputed = xml_text_disputed(text);
	}
	json_decref(answer);
	return fault;
}

enum xml_fault xml_verify(const char *path, X509 *extra, struct xml_report *report,
			  struct xml_trouble *trouble)
{
	struct xml_text text = {0};
	enum xml_fault fault;

	*report = (struct xml_report){0};
	*trouble = (struct xml_trouble){0};
	fault = load(path, &text, trouble);
	if (fault == XML_OK)
		fault = xml_verify_text(&text, path, extra, report, trouble);
	xml_text_free(&text);
	return fault;
}

static void free_names(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

void xml_report_free(struct xml_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		struct xml_signature *one = &report->signatures[i];

		X509_free(one->certificate);
		sk_X509_pop_free(one->others, X509_free);
		free_names(one->covered, one->covered_count);
		free_names(one->files, one->files_count);
		free_names(one->inner, one->inner_count);
		free_names(one->beside, one->beside_count);
		free_names(one->sheets, one->sheets_count);
		free_names(one->prefixes, one->prefixes_count);
		free_names(one->place, one->place_count);
	}
	free(report->signatures);
	free(report->disputed);
	*report = (struct xml_report){0};
}
