/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_xml: reports the signatures in an XML document: who made them, and what they cover. */
#include "app/verify/verify_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/xml_words.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/verify/verify_signers.h"
#include "document/bytes.h"
#include "document/kind.h"

struct wording {
	const char *name; /* for scripts */
	const char *text; /* with %s for the name of what is wrong in some */
};

static const struct wording wordings[] = {
	[XML_REFUSED] = {"not-accepted",
			 N_("INVALID: the signature uses something that is not accepted, because "
			    "it could hide what is signed: %s")},
	[XML_NO_TARGET] = {"content-missing",
			   N_("INVALID: what was signed is not in the document: %s")},
	[XML_TARGETS] = {"ambiguous",
			 N_("INVALID: several elements have the Id of what was signed, so nobody "
			    "can tell which one it was: %s")},
	[XML_NO_FILE_BESIDE] = {"content-missing",
				N_("INVALID: a file that was signed with the document cannot be "
				   "read beside it. %s")},
	[XML_FILE_OUTSIDE] = {"not-accepted",
			      N_("INVALID: the signature names a file that is not in the "
				 "document's directory: %s")},
	[XML_NO_CERTIFICATE] =
		{"no-certificate",
		 N_("INVALID: a signer's certificate is missing. Specify it with --certificate.")},
	[XML_CONTRADICTS] = {"not-accepted",
			     N_("INVALID: beside the certificate, the signature says something "
				"else about its key, so other programs may name somebody else: "
				"%s")},
	[XML_BROKEN] = {"broken", N_("INVALID: the signature does not match.")},
	[XML_OTHER_CONTENT] = {"content-differs", N_("INVALID: this is not what was signed: %s")},
	[XML_WEAK] = {"weak-hash", N_("INVALID: the signature matches, but it uses SHA-1. Such "
				      "signatures can be forged, so it proves nothing today.")},
	[XML_PART] = {"good", N_("INVALID for the document: the signature is valid, but covers "
				 "only a part. What is outside of that part may have been "
				 "changed or added by anybody.")},
	[XML_HOLDS] = {"good", N_("The signature is valid: what it covers was not changed after "
				  "it was signed.")},
};

/* --- reading --------------------------------------------------------------------------------- */

/* Return whether a name is in a document, in ASCII or in either UTF-16. */
static bool has_name(const struct document_bytes *bytes, const char *name)
{
	/* Both have a zero between two characters. */
	char wide[64] = "";
	size_t length = strlen(name);

	for (size_t i = 0; i < length; i++)
		wide[2 * i] = name[i];
	return memmem(bytes->data, bytes->length, name, length) != NULL ||
	       memmem(bytes->data, bytes->length, wide, 2 * length - 1) != NULL;
}

/* True if a file begins as XML does; *signature: and has what looks like a signature. */
static bool is_xml(const char *path, bool *signature)
{
	struct document_bytes bytes;
	bool found = document_bytes_read(&bytes, path) &&
		     document_kind_of(bytes.data, bytes.length) == DOCUMENT_XML;

	*signature = found && has_name(&bytes, "SignatureValue");
	document_bytes_free(&bytes);
	return found;
}

/* Say why a document cannot be judged. */
static int refuse(const struct verify_request *request, const struct xml_trouble *trouble)
{
	char *words = xml_words(trouble);
	int result = ui_fail(request->common.json, APP_NOT_VALID,
			     verify_called(request, request->signature),
			     words != NULL ? words : _("There is not enough memory."));

	free(words);
	return result;
}

bool verify_xml_read(const struct verify_request *request, struct xml_report *report, int *result)
{
	struct xml_trouble trouble;
	enum xml_fault fault;
	bool signature;

	*report = (struct xml_report){0};
	if (request->raw || request->file != NULL || !is_xml(request->signature, &signature))
		return false;
	ui_busy(_("Verifying the signature..."));
	fault = xml_verify(request->signature, request->given, report, &trouble);
	ui_busy_end();
	if (fault != XML_OK && signature) {
		*result = refuse(request, &trouble);
		return true;
	}
	if (fault != XML_OK || report->count == 0) {
		xml_report_free(report);
		return false;
	}
	*result = request->output == NULL
			  ? APP_OK
			  : ui_fail(request->common.json, APP_USAGE, NULL,
				    _("The content of an XML document is the document itself; "
				      "--output is for CMS."));
	return true;
}

bool verify_xml_has_signer(const struct xml_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (report->signatures[i].certificate != NULL)
			return true;
	}
	return false;
}

bool verify_xml_is_invalid(const struct xml_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		if (report->signatures[i].verdict != XML_HOLDS)
			return true;
	}
	return false;
}

bool verify_xml_has_authority(const struct verify_request *request, const struct xml_report *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct xml_signature *signature = &report->signatures[i];

		if (signature->certificate != NULL &&
		    !verify_has_authority(request, signature->certificate, signature->others))
			return false;
	}
	return true;
}

/* --- one signature --------------------------------------------------------------------------- */

/* What names are told for. */
enum names {
	NAMES_PARTS,
	NAMES_CONTAINED,
	NAMES_FILES,
	NAMES_INNER,
	NAMES_BESIDE,
	NAMES_SHEETS,
	NAMES_PREFIXES,
	NAMES_PLACE,
};

static const char *const of_names[] = {
	[NAMES_PARTS] = N_("It covers this part of the document: %s"),
	[NAMES_CONTAINED] = N_("It covers what the signature contains: %s"),
	[NAMES_FILES] = N_("It covers these files: %s"),
	[NAMES_INNER] = N_("In the signature's own part there is something that is not signed, "
			   "which anybody may have added or changed: %s"),
	[NAMES_BESIDE] = N_("The form of e-Gov has more that is not signed, which anybody may "
			    "have added or changed: %s"),
	[NAMES_SHEETS] = N_("Other programs show the document by way of another file, which is "
			    "not part of the signature and decides what is seen: %s"),
	[NAMES_PREFIXES] = N_("The document has declarations that can decide what a value means, "
			      "such as its unit. They are not signed; anybody may have added or "
			      "changed them: %s"),
	[NAMES_PLACE] = N_("The signature is the only thing in this element, so some programs may "
			   "take it for a value. Anybody may have moved it there: %s"),
};

/* Say some names, if there are any. */
static void tell_names(enum names what, char *const *names, size_t count)
{
	char *list = count == 0 ? NULL : xml_words_list(names, count);
	char *text = list == NULL ? NULL : xml_words_with(_(of_names[what]), list);

	if (text != NULL)
		ui_line(stdout, UI_PLAIN, "%s", text);
	free(list);
	free(text);
}

/* What is refused, with its name. */
static const char *const of_kind[] = {
	[XML_KIND_ELEMENT] = N_("the element \"%s\""),
	[XML_KIND_ATTRIBUTE] = N_("the attribute \"%s\""),
	[XML_KIND_INSTRUCTION] = N_("the instruction \"%s\""),
	[XML_KIND_METHOD] = N_("the method %s"),
	[XML_KIND_REFERENCE] = N_("the reference %s"),
};

/* Return what is wrong with a signature, with the name of what it is. The caller frees it. */
static char *text_of(const struct verify_request *request, const struct xml_signature *signature)
{
	const char *words = request->by_window && signature->verdict == XML_NO_CERTIFICATE
				    ? _("INVALID: a signer's certificate is missing.")
				    : _(wordings[signature->verdict].text);
	const char *name = signature->name[0] == '\0' ? _("the document") : signature->name;
	char *kind = signature->verdict == XML_REFUSED && signature->name[0] != '\0'
			     ? xml_words_with(_(of_kind[signature->kind]), name)
			     : NULL;
	char *text = xml_words_with(words, kind != NULL ? kind : name);

	free(kind);
	return text;
}

/* Say what a signature covers, and what there is beside. */
static void tell_covered(const struct xml_signature *signature)
{
	if (!signature->whole)
		tell_names(signature->alone ? NAMES_CONTAINED : NAMES_PARTS, signature->covered,
			   signature->covered_count);
	if (signature->confirms && signature->verdict == XML_HOLDS)
		ui_line(stdout, UI_PLAIN, "%s",
			_("It confirms another signature in the document. What is in the document "
			  "is signed by that one only."));
	tell_names(NAMES_FILES, signature->files, signature->files_count);
	tell_names(NAMES_BESIDE, signature->beside, signature->beside_count);
	tell_names(NAMES_INNER, signature->inner, signature->inner_count);
	if (signature->comments)
		ui_line(stdout, UI_PLAIN, "%s",
			_("The document has comments. They are not signed; anybody may have added "
			  "or changed them."));
	if (signature->divided)
		ui_line(stdout, UI_PLAIN, "%s",
			_("A text in the document is divided by CDATA sections, so some programs "
			  "may read only a part of it. Anybody may have divided it."));
	if (signature->instructions)
		ui_line(stdout, UI_PLAIN, "%s",
			_("The document names a style sheet or has another instruction that is not "
			  "signed. It can change what other programs show; anybody may have added "
			  "or changed it."));
	tell_names(NAMES_SHEETS, signature->sheets, signature->sheets_count);
	tell_names(NAMES_PREFIXES, signature->prefixes, signature->prefixes_count);
	tell_names(NAMES_PLACE, signature->place, signature->place_count);
}

static void tell_verdict(const struct verify_request *request,
			 const struct xml_signature *signature)
{
	bool holds = signature->verdict == XML_HOLDS;
	char *text = text_of(request, signature);

	if (holds && signature->whole)
		ui_line(stdout, UI_GOOD,
			_("The signature is valid: apart from the signature's own part, \"%s\" was "
			  "not changed after it was signed."),
			verify_called(request, request->signature));
	else if (text != NULL)
		ui_line(stdout, holds ? UI_GOOD : UI_BAD, "%s", text);
	free(text);
	if (signature->certificate != NULL)
		tell_covered(signature);
}

static json_t *json_of_names(char *const *names, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, ui_json_text(names[i]));
	return list;
}

static const char *cover_name(const struct xml_signature *signature)
{
	if (signature->certificate == NULL)
		return "unknown";
	if (signature->whole)
		return "all";
	if (signature->verdict == XML_PART)
		return "partial";
	/* What the document has is not what was signed, or nobody knows what was. */
	if (signature->verdict != XML_HOLDS)
		return "unknown";
	if (signature->alone)
		return "alone";
	return signature->confirms ? "signature" : "form";
}

/* Set names, if there are any. */
static void set_names(json_t *entry, const char *key, char *const *names, size_t count)
{
	if (count > 0)
		json_object_set_new(entry, key, json_of_names(names, count));
}

/* Set what a signature covers, and what there is beside. */
static void set_covered(json_t *entry, const struct xml_signature *signature)
{
	json_object_set_new(entry, "elements",
			    json_of_names(signature->covered, signature->covered_count));
	json_object_set_new(entry, "files",
			    json_of_names(signature->files, signature->files_count));
	set_names(entry, "unsigned", signature->inner, signature->inner_count);
	set_names(entry, "beside", signature->beside, signature->beside_count);
	set_names(entry, "shown_by", signature->sheets, signature->sheets_count);
	set_names(entry, "declarations", signature->prefixes, signature->prefixes_count);
	set_names(entry, "stands_in", signature->place, signature->place_count);
	if (signature->comments)
		json_object_set_new(entry, "comments", json_true());
	if (signature->divided)
		json_object_set_new(entry, "divided", json_true());
	if (signature->instructions)
		json_object_set_new(entry, "instructions", json_true());
}

static json_t *json_of(const struct verify_request *request, const struct xml_signature *signature)
{
	const char *name = wordings[signature->verdict].name;
	json_t *entry =
		json_pack("{s:s, s:s, s:o}", "signature", name, "covers", cover_name(signature),
			  "signers", json_deep_copy(request->signers));

	if (signature->name[0] != '\0')
		json_object_set_new(entry, "about", ui_json_text(signature->name));
	if (signature->certificate != NULL)
		set_covered(entry, signature);
	return entry;
}

/* Tell a time that no signature covers. */
static void tell_time_beside(const struct verify_request *request,
			     const struct claimed_time *claimed, json_t *entry)
{
	char words[CLAIMED_TIME_SIZE];
	char iso[CLAIMED_TIME_ISO_SIZE];

	if (!claimed_time_in_words(claimed, words) || !claimed_time_iso(claimed, iso))
		return;
	json_object_set_new(entry, "time_beside", json_string(iso));
	if (!request->common.json)
		ui_line(stdout, UI_PLAIN,
			_("Signing time according to the signature's Id (not proven, and anybody "
			  "can change it): %s"),
			words);
}

/* True for a signature that holds over something, whatever it is worth. */
static bool matches(const struct xml_signature *signature)
{
	return signature->verdict == XML_HOLDS || signature->verdict == XML_PART ||
	       signature->verdict == XML_WEAK;
}

/* --- all of them ----------------------------------------------------------------------------- */

/* Report one signature into the list. Return its exit code. */
static int tell_one(struct verify_request *request, const struct xml_signature *signature,
		    json_t *list)
{
	const struct claimed_time claimed =
		claimed_time_read(matches(signature) ? signature->time : "");
	int result = signature->verdict == XML_HOLDS ? APP_OK : APP_NOT_VALID;
	json_t *entry;

	json_array_clear(request->signers);
	if (!request->common.json)
		tell_verdict(request, signature);
	if (signature->certificate != NULL)
		result = verify_signer(request, signature->certificate, signature->others,
				       signature->time_signed ? &claimed : NULL, result);
	entry = json_of(request, signature);
	if (!signature->time_signed)
		tell_time_beside(request, &claimed, entry);
	json_array_append_new(list, entry);
	return result;
}

/* Say that programs read some characters differently, which no signature can tell of. */
static void tell_disputed(const struct verify_request *request, const struct xml_report *report,
			  json_t *list)
{
	char *text = xml_words_disputed(report);

	if (text != NULL && !request->common.json)
		ui_line(stdout, UI_PLAIN, "%s", text);
	free(text);
	for (size_t i = 0; report->disputed != NULL && i < json_array_size(list); i++)
		json_object_set_new(json_array_get(list, i), "disputed",
				    ui_json_text(report->disputed));
}

int verify_xml_tell(struct verify_request *request, const struct xml_report *report)
{
	json_t *list = json_array();
	int result = APP_OK;

	for (size_t i = 0; i < report->count; i++) {
		int one;

		if (!request->common.json && report->count > 1)
			ui_line(stdout, UI_PLAIN, _("Signature %zu of %zu:"), i + 1, report->count);
		one = tell_one(request, &report->signatures[i], list);
		result = verify_worse(result, one);
	}
	tell_disputed(request, report, list);
	result = verify_report_document(request, "xml", list, result);
	json_decref(list);
	return result;
}
