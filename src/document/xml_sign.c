/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml_sign: signs an XML document in the form that its reader wants, and changes nothing else.
 *
 * The signature is put into the document's own text, of which all else stays as it is; the document
 * is then read once more, to see that. Only SignedInfo is signed (XML Signature 1.0 §3.1.2), and it
 * contains neither the value nor the certificate, so all is known of it before there is a key.
 */
#include "document/xml_sign.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "document/bytes.h"
#include "document/xml_arrange.h"
#include "document/xml_base64.h"
#include "document/xml_dsig.h"
#include "document/xml_profile.h"
#include "document/xml_uri.h"

#define DIGEST_BYTES 32

/* One preparation under way. */
struct preparation {
	struct xml_prepared *prepared;
	struct xml_trouble *trouble;
	enum xml_profile profile;
	json_t *answer; /* of xml_arrange */
	int folder;     /* that the document is in */
};

static enum xml_fault no_memory(struct xml_trouble *trouble)
{
	return xml_fail(trouble, XML_MEMORY, "%s", "");
}

/* --- the document ---------------------------------------------------------------------------- */

/* The encoding must give back the same bytes, or else they would be changed. */
static enum xml_fault check_encoding(const struct xml_text *text,
				     const struct document_bytes *bytes,
				     struct xml_trouble *trouble)
{
	struct jpki_buffer again = {0};
	enum xml_fault fault = xml_text_encode(text, &again, trouble);

	if (fault == XML_OK &&
	    (again.length != bytes->length ||
	     (bytes->length > 0 && memcmp(again.data, bytes->data, bytes->length) != 0)))
		fault = xml_fail(trouble, XML_CHARACTERS, "%s", "");
	jpki_buffer_free(&again);
	return fault;
}

/* Append the hash of a document to digests. */
static bool hash_document(const struct document_bytes *bytes, struct jpki_buffer *digests)
{
	unsigned char value[DIGEST_BYTES];

	return EVP_Q_digest(NULL, "SHA256", NULL, bytes->data, bytes->length, value, NULL) == 1 &&
	       jpki_buffer_append(digests, value, sizeof(value), SIZE_MAX) == JPKI_OK;
}

/* Append the hash of a file beside the document to digests. */
static enum xml_fault hash_file(int folder, const char *name, struct jpki_buffer *digests,
				struct xml_trouble *trouble)
{
	EVP_MD_CTX *hash = EVP_MD_CTX_new();
	unsigned char value[DIGEST_BYTES];
	enum xml_fault fault;

	if (hash == NULL || EVP_DigestInit_ex(hash, EVP_sha256(), NULL) != 1)
		fault = no_memory(trouble);
	else
		fault = xml_hash_file(folder, name, hash, trouble);
	if (fault == XML_OK &&
	    (EVP_DigestFinal_ex(hash, value, NULL) != 1 ||
	     jpki_buffer_append(digests, value, sizeof(value), SIZE_MAX) != JPKI_OK))
		fault = no_memory(trouble);
	EVP_MD_CTX_free(hash);
	return fault;
}

static enum xml_fault load(const char *path, struct xml_prepared *prepared,
			   struct xml_trouble *trouble)
{
	struct xml_text *text = &prepared->text;
	struct document_bytes bytes;
	enum xml_fault fault = XML_OK;

	if (!document_bytes_read(&bytes, path))
		fault = errno == EFBIG ? xml_fail(trouble, XML_TOO_LARGE, "%s", "")
				       : xml_fail(trouble, XML_UNREADABLE, "%s", strerror(errno));
	if (fault == XML_OK)
		fault = xml_text_decode(bytes.data, bytes.length, text, trouble);
	if (fault == XML_OK)
		fault = check_encoding(text, &bytes, trouble);
	if (fault == XML_OK && !hash_document(&bytes, &prepared->digests))
		fault = no_memory(trouble);
	document_bytes_free(&bytes);
	return fault;
}

/* --- the signature's text -------------------------------------------------------------------- */

static void put_reference(FILE *out, const char *prefix, const char *uri,
			  enum xml_transforms transforms, const char *digest)
{
	fprintf(out, "<%sReference URI=\"%s\">", prefix, uri);
	if (transforms != XML_TRANSFORM_NONE) {
		fprintf(out, "<%sTransforms>", prefix);
		if (transforms == XML_TRANSFORM_ENVELOPED)
			fprintf(out, "<%sTransform Algorithm=\"%s\"/>", prefix,
				XML_ENVELOPED_METHOD);
		fprintf(out, "<%sTransform Algorithm=\"%s\"/></%sTransforms>", prefix, XML_C14N,
			prefix);
	}
	fprintf(out,
		"<%sDigestMethod Algorithm=\"%s\"/><%sDigestValue>%s</%sDigestValue>"
		"</%sReference>",
		prefix, XML_SHA256, prefix, digest, prefix, prefix);
}

/* True if the last of the files is the document itself, or a copy of it. */
static bool is_document(const struct jpki_buffer *digests)
{
	const uint8_t *last = digests->data + digests->length - DIGEST_BYTES;

	return memcmp(last, digests->data, DIGEST_BYTES) == 0;
}

/* The Reference to a file beside the document: over its bytes, without Transforms. */
static enum xml_fault put_file(FILE *out, const struct preparation *work, const char *name)
{
	struct jpki_buffer *digests = &work->prepared->digests;
	char *uri = xml_uri_of("", name);
	char *digest = NULL;
	enum xml_fault fault = hash_file(work->folder, name, digests, work->trouble);

	/* The signed copy takes the place of the document, which may have another name now: that of
	 * a link to it, or of a copy. */
	if (fault == XML_OK && is_document(digests))
		fault = xml_fail(work->trouble, XML_NAMES_ITSELF, "%s", name);
	if (fault == XML_OK)
		digest = xml_base64(digests->data + digests->length - DIGEST_BYTES, DIGEST_BYTES);
	if (digest != NULL && uri != NULL)
		put_reference(out, work->prepared->prefix, uri, XML_TRANSFORM_NONE, digest);
	else if (fault == XML_OK)
		fault = no_memory(work->trouble);
	free(uri);
	free(digest);
	return fault;
}

static enum xml_fault put_head(FILE *out, const struct preparation *work)
{
	const char *prefix = work->prepared->prefix;
	const char *id = json_string_value(json_object_get(work->answer, "id"));
	const char *uri = json_string_value(json_object_get(work->answer, "uri"));
	const char *digest = json_string_value(json_object_get(work->answer, "digest"));
	const json_t *files = json_object_get(work->answer, "files");
	enum xml_fault fault = XML_OK;

	if (id == NULL || uri == NULL || digest == NULL)
		return xml_fail(work->trouble, XML_CHANGED, "%s", "");
	fprintf(out, "<%sSignature xmlns%s%.*s=\"%s\" Id=\"%s\"><%sSignedInfo>", prefix,
		prefix[0] == '\0' ? "" : ":", prefix[0] == '\0' ? 0 : (int)strlen(prefix) - 1,
		prefix, XML_DSIG, id, prefix);
	fprintf(out,
		"<%sCanonicalizationMethod Algorithm=\"%s\"/><%sSignatureMethod "
		"Algorithm=\"%s\"/>",
		prefix, XML_C14N, prefix, XML_RSA_SHA256);
	put_reference(out, prefix, uri,
		      xml_profile_transforms(work->profile, work->prepared->individual), digest);
	for (size_t i = 0; i < json_array_size(files) && fault == XML_OK; i++) {
		const char *name = json_string_value(json_array_get(files, i));

		fault = put_file(out, work, name == NULL ? "" : name);
	}
	fprintf(out, "</%sSignedInfo><%sSignatureValue>", prefix, prefix);
	return fault;
}

/* Put what follows the value; without a certificate also no KeyInfo. */
static void put_tail(FILE *out, const struct xml_prepared *prepared, const char *certificate)
{
	const char *prefix = prepared->prefix;

	fprintf(out, "</%sSignatureValue>", prefix);
	if (certificate != NULL)
		fprintf(out,
			"<%sKeyInfo><%sX509Data><%sX509Certificate>%s</%sX509Certificate>"
			"</%sX509Data></%sKeyInfo>",
			prefix, prefix, prefix, certificate, prefix, prefix, prefix);
	fprintf(out, "</%sSignature>", prefix);
}

/* Return the whole text in UTF-8 with the signature in it, which the caller frees; NULL without
 * memory. */
static char *whole_text(const struct xml_prepared *prepared, const char *value,
			const char *certificate, size_t *length)
{
	const struct jpki_buffer *text = &prepared->text.utf8;
	size_t behind = prepared->offset + prepared->replace;
	char *whole = NULL;
	FILE *out = open_memstream(&whole, length);
	bool done;

	if (out == NULL)
		return NULL;
	fwrite(text->data, 1, prepared->offset, out);
	fprintf(out, "%s%s%s", prepared->before, prepared->head, value);
	put_tail(out, prepared, certificate);
	fputs(prepared->after, out);
	fwrite(text->data + behind, 1, text->length - behind, out);
	done = ferror(out) == 0;
	if (fclose(out) == 0 && done)
		return whole;
	free(whole);
	return NULL;
}

/* --- the preparation ------------------------------------------------------------------------- */

/* Write the Ids that the signature may have: the local time, and the seconds after it. */
static void list_ids(const struct xml_profile_row *row, time_t now,
		     struct xml_arrangement *arrangement)
{
	for (size_t i = 0; i < XML_ID_COUNT; i++) {
		time_t when = now + (time_t)i;
		char digits[sizeof("YYYYMMDDhhmmss") * 2] = "";
		struct tm tm;

		if (localtime_r(&when, &tm) != NULL)
			strftime(digits, sizeof(digits), "%Y%m%d%H%M%S", &tm);
		snprintf(arrangement->ids[i], XML_ID_SIZE, "%s%s", row->id_begin, digits);
	}
}

/* Take the place of the signature from the answer, which a parser gave that may have been led
 * astray. */
static enum xml_fault take_place(struct preparation *work)
{
	struct xml_prepared *prepared = work->prepared;
	json_int_t offset = -1, replace = -1;
	const char *before, *after;

	if (json_unpack(work->answer, "{s:I, s:I, s:s, s:s}", "offset", &offset, "replace",
			&replace, "before", &before, "after", &after) != 0 ||
	    offset < 0 || replace < 0 || replace > 2 ||
	    (size_t)offset + (size_t)replace > prepared->text.utf8.length)
		return xml_fail(work->trouble, XML_CHANGED, "%s", "");
	prepared->offset = (size_t)offset;
	prepared->replace = (size_t)replace;
	prepared->before = strdup(before);
	prepared->after = strdup(after);
	prepared->files = json_incref(json_object_get(work->answer, "files"));
	return prepared->before != NULL && prepared->after != NULL ? XML_OK
								   : no_memory(work->trouble);
}

static enum xml_fault make_head(struct preparation *work)
{
	size_t length;
	FILE *out = open_memstream(&work->prepared->head, &length);
	enum xml_fault fault;

	if (out == NULL)
		return no_memory(work->trouble);
	fault = put_head(out, work);
	if (fclose(out) != 0 && fault == XML_OK)
		fault = no_memory(work->trouble);
	return fault;
}

/* Have the document read with its signature, and keep what is to be signed. */
static enum xml_fault make_info(struct preparation *work)
{
	struct xml_prepared *prepared = work->prepared;
	struct xml_arranged arranged = {
		.id = json_string_value(json_object_get(work->answer, "id")),
		.whole = json_string_value(json_object_get(work->answer, "whole")),
		.wrapped = prepared->before[0] == '<'};
	struct jpki_bytes bytes;
	const char *info;
	size_t length;
	char *text = whole_text(prepared, "", NULL, &length);
	json_t *answer;

	if (text == NULL)
		return no_memory(work->trouble);
	bytes = (struct jpki_bytes){(const uint8_t *)text, length};
	answer = xml_guarded(&bytes, xml_arranged_info, &arranged, work->trouble);
	free(text);
	if (answer == NULL)
		return work->trouble->fault;
	info = json_string_value(json_object_get(answer, "info"));
	prepared->place = (size_t)json_integer_value(json_object_get(answer, "place"));
	if (info != NULL)
		prepared->info = xml_base64_decode(info, &prepared->info_length);
	json_decref(answer);
	return prepared->info != NULL ? XML_OK : xml_fail(work->trouble, XML_CHANGED, "%s", "");
}

enum xml_fault xml_prepare(const char *path, enum xml_profile profile, time_t now,
			   struct xml_prepared *prepared, struct xml_trouble *trouble)
{
	const struct xml_profile_row *row = xml_profile_row(profile);
	struct preparation work = {.prepared = prepared, .trouble = trouble, .profile = profile};
	struct xml_arrangement arrangement = {.profile = profile};
	struct jpki_bytes bytes;
	enum xml_fault fault;

	*prepared = (struct xml_prepared){.prefix = row->prefix};
	*trouble = (struct xml_trouble){0};
	fault = load(path, prepared, trouble);
	if (fault != XML_OK)
		return fault;
	prepared->individual = profile == XML_E_GOV && xml_egov_is_individual(path);
	arrangement.individual = prepared->individual;
	list_ids(row, now, &arrangement);
	bytes = (struct jpki_bytes){prepared->text.utf8.data, prepared->text.utf8.length};
	work.answer = xml_guarded(&bytes, xml_arrange, &arrangement, trouble);
	if (work.answer == NULL)
		return trouble->fault;
	work.folder = xml_open_folder(path);
	fault = work.folder < 0 ? xml_fail(trouble, XML_UNREADABLE, "%s", strerror(errno))
				: take_place(&work);
	if (fault == XML_OK)
		fault = make_head(&work);
	if (fault == XML_OK)
		fault = make_info(&work);
	if (work.folder >= 0)
		close(work.folder);
	json_decref(work.answer);
	return fault;
}

enum xml_fault xml_foresee(const struct xml_prepared *prepared, const char *path,
			   struct xml_report *report, const struct xml_signature **own,
			   struct xml_trouble *trouble)
{
	struct xml_text text = {.encoding = prepared->text.encoding};
	size_t length;
	char *whole = whole_text(prepared, "", NULL, &length);
	enum xml_fault fault;

	*report = (struct xml_report){0};
	*trouble = (struct xml_trouble){0};
	if (whole == NULL)
		return no_memory(trouble);
	text.utf8 = (struct jpki_buffer){.data = (uint8_t *)whole, .length = length};
	fault = xml_verify_text(&text, path, NULL, report, trouble);
	free(whole);
	if (fault == XML_OK && prepared->place >= report->count) {
		xml_report_free(report);
		fault = xml_fail(trouble, XML_CHANGED, "%s", "");
	}
	if (fault == XML_OK)
		*own = &report->signatures[prepared->place];
	return fault;
}

bool xml_is_unchanged(const struct xml_prepared *prepared, const char *path)
{
	struct document_bytes bytes = {0};
	struct jpki_buffer digests = {0};
	struct xml_trouble trouble;
	int folder = xml_open_folder(path);
	bool same =
		folder >= 0 && document_bytes_read(&bytes, path) && hash_document(&bytes, &digests);

	for (size_t i = 0; i < json_array_size(prepared->files) && same; i++) {
		const char *name = json_string_value(json_array_get(prepared->files, i));

		same = name != NULL && hash_file(folder, name, &digests, &trouble) == XML_OK;
	}
	same = same && digests.length == prepared->digests.length &&
	       memcmp(digests.data, prepared->digests.data, digests.length) == 0;
	document_bytes_free(&bytes);
	jpki_buffer_free(&digests);
	if (folder >= 0)
		close(folder);
	return same;
}

void xml_prepared_free(struct xml_prepared *prepared)
{
	xml_text_free(&prepared->text);
	free(prepared->before);
	free(prepared->after);
	free(prepared->head);
	free(prepared->info);
	jpki_buffer_free(&prepared->digests);
	json_decref(prepared->files);
	*prepared = (struct xml_prepared){0};
}

/* --- the signature --------------------------------------------------------------------------- */

/* Return the signature's value as base64, which the caller frees; NULL if there is none. */
static char *value_of(const struct xml_prepared *prepared, EVP_PKEY *key)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	unsigned char *value = NULL;
	char *text = NULL;
	size_t length = (size_t)EVP_PKEY_get_size(key);

	if (context != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA &&
	    (value = malloc(length)) != NULL &&
	    EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) > 0 &&
	    EVP_DigestSign(context, value, &length, prepared->info, prepared->info_length) > 0)
		text = xml_base64(value, length);
	EVP_MD_CTX_free(context);
	free(value);
	return text;
}

/* Return the certificate as base64, which the caller frees; NULL without memory. */
static char *text_of_certificate(X509 *certificate)
{
	unsigned char *der = NULL;
	int length = i2d_X509(certificate, &der);
	char *text = length > 0 ? xml_base64(der, (size_t)length) : NULL;

	OPENSSL_free(der);
	return text;
}

static bool write_all(BIO *out, const struct jpki_buffer *bytes)
{
	size_t written = 0;

	return BIO_write_ex(out, bytes->data, bytes->length, &written) == 1 &&
	       written == bytes->length;
}

bool xml_sign(const struct xml_prepared *prepared, EVP_PKEY *key, X509 *certificate, BIO *out)
{
	char *value = value_of(prepared, key);
	char *certificate_text = value == NULL ? NULL : text_of_certificate(certificate);
	struct xml_text text = {.encoding = prepared->text.encoding,
				.marked = prepared->text.marked};
	struct jpki_buffer bytes = {0};
	struct xml_trouble trouble;
	char *whole = NULL;
	size_t length = 0;
	bool done;

	if (certificate_text != NULL)
		whole = whole_text(prepared, value, certificate_text, &length);
	done = whole != NULL &&
	       jpki_buffer_append(&text.utf8, whole, length, SIZE_MAX) == JPKI_OK &&
	       xml_text_encode(&text, &bytes, &trouble) == XML_OK && write_all(out, &bytes);
	jpki_buffer_free(&bytes);
	xml_text_free(&text);
	free(whole);
	free(certificate_text);
	free(value);
	return done;
}
