/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_xml: puts a signature into a copy of an XML document, as e-Gov and others want it. */
#include "app/sign/sign_xml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/host/atomic_file.h"
#include "app/signature/xml_words.h"
#include "app/ui/line.h"
#include "document/xml_sign.h"

struct sign_xml {
	struct xml_prepared prepared;
	enum xml_profile profile;
};

static const char *const names[] = {
	[XML_ENVELOPED] = "enveloped",
	[XML_E_GOV] = "e-gov",
	[XML_E_TAX] = "e-tax",
};

bool sign_xml_profile(const char *name, enum xml_profile *profile)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i], name) == 0) {
			*profile = (enum xml_profile)i;
			return true;
		}
	}
	return false;
}

/* Note what the new signature does not cover, and yet decides what is seen. */
static void warn_of_own(struct sign_warnings *warnings, const char *path,
			const struct xml_signature *own)
{
	char *list = own->sheets_count == 0 ? NULL : xml_words_list(own->sheets, own->sheets_count);
	char *text = NULL;

	if (list != NULL)
		text = xml_words_with(_("Other programs show this document by way of another file, "
					"which your signature does not cover and which decides "
					"what is seen: %s"),
				      list);
	if (own->sheets_count > 0)
		sign_warn(warnings, path, text);
	else if (own->instructions)
		sign_warn(warnings, path,
			  _("This document names a style sheet or has another instruction that "
			    "your signature does not cover. It can change what other programs "
			    "show."));
	if (own->comments)
		sign_warn(warnings, path,
			  _("This document has comments. Your signature does not cover them; "
			    "anybody can add or change them afterwards."));
	free(text);
	free(list);
}

/* Note what is to be known of a document that will be signed. */
static void warn_of_report(struct sign_warnings *warnings, const char *path,
			   const struct xml_report *report, const struct xml_signature *own,
			   bool by_window)
{
	struct sign_older older = {.broken = false};
	char *disputed = xml_words_disputed(report);

	for (size_t i = 0; i < report->count; i++) {
		const struct xml_signature *one = &report->signatures[i];

		if (one == own)
			continue;
		if (one->verdict == XML_NO_CERTIFICATE)
			older.why = sign_words_no_certificate();
		else if (one->verdict == XML_REFUSED && one->kind == XML_KIND_METHOD)
			older.why = sign_words_other_kind();
		else
			older.broken |= one->verdict != XML_HOLDS;
	}
	sign_warn_older(warnings, path, &older, by_window);
	warn_of_own(warnings, path, own);
	if (report->disputed != NULL)
		sign_warn(warnings, path, disputed);
	free(disputed);
}

/* Judge the document as it will be, by what jpki verify finds. */
static void judge(const struct xml_prepared *prepared, const char *path,
		  struct sign_warnings *warnings, bool by_window)
{
	const struct xml_signature *own;
	struct xml_report report;
	struct xml_trouble trouble;
	struct sign_older older = {.broken = false};
	char *why;

	if (xml_foresee(prepared, path, &report, &own, &trouble) == XML_OK) {
		warn_of_report(warnings, path, &report, own, by_window);
		xml_report_free(&report);
		return;
	}
	why = xml_words(&trouble);
	older.why = why != NULL ? why : _("There is not enough memory.");
	sign_warn_older(warnings, path, &older, by_window);
	free(why);
}

struct sign_xml *sign_xml_plan(const char *path, enum xml_profile profile, bool by_window,
			       struct sign_warnings *warnings, char **reason)
{
	struct sign_xml *xml = calloc(1, sizeof(*xml));
	struct xml_trouble trouble;

	*reason = NULL;
	if (xml == NULL)
		return NULL;
	xml->profile = profile;
	if (xml_prepare(path, profile, time(NULL), &xml->prepared, &trouble) == XML_OK) {
		judge(&xml->prepared, path, warnings, by_window);
		return xml;
	}
	*reason = xml_words(&trouble);
	sign_xml_free(xml);
	return NULL;
}

const char *sign_xml_obstacle(const struct sign_xml *xml, const char *file, const char *output,
			      bool force)
{
	const char *slash = strrchr(file, '/');
	int folder = slash == NULL ? 0 : (int)(slash - file) + 1;
	const char *obstacle = NULL;

	for (size_t i = 0; obstacle == NULL && i < json_array_size(xml->prepared.files); i++) {
		const char *name = json_string_value(json_array_get(xml->prepared.files, i));
		char *path;

		if (asprintf(&path, "%.*s%s", folder, file, name != NULL ? name : "") < 0)
			return strerror(ENOMEM);
		obstacle = atomic_file_obstacle(output, force, (const char *const[]){path}, 1);
		free(path);
	}
	return obstacle;
}

size_t sign_xml_named(const struct sign_xml *xml)
{
	return json_array_size(xml->prepared.files);
}

bool sign_xml_make(const struct sign_xml *xml, const char *path, const struct signature_plan *plan,
		   BIO *out, const char **reason)
{
	*reason = NULL;
	if (!xml_is_unchanged(&xml->prepared, path)) {
		*reason = _("It was changed in the meantime.");
		return false;
	}
	return xml_sign(&xml->prepared, plan->key, plan->certificate, out);
}

void sign_xml_tell(const struct sign_xml *xml, const char *file, const char *output)
{
	unsigned long files = sign_xml_named(xml);

	ui_line(stdout, UI_GOOD, _("%s: signed; the signed document is %s"), file, output);
	if (xml->profile != XML_E_GOV)
		return;
	ui_line(stdout, UI_PLAIN,
		ngettext("It signs the description of the filing and %lu file that it names.",
			 "It signs the description of the filing and %lu files that it names.",
			 files),
		files);
	ui_line(stdout, UI_PLAIN, "%s",
		_("Put it into the filing under the name of the original, and do not change the "
		  "files any more."));
}

const char *sign_xml_warning(enum xml_profile profile)
{
	if (profile != XML_E_TAX)
		return NULL;
	return _("The form of this signature follows the National Tax Agency's published schema; "
		 "it was not tried with e-Tax. A return can be sent only with the agency's own "
		 "software, not from Linux.");
}

void sign_xml_warn(enum xml_profile profile)
{
	const char *warning = sign_xml_warning(profile);

	if (warning != NULL)
		ui_line(stderr, UI_WARN, "%s", warning);
}

void sign_xml_free(struct sign_xml *xml)
{
	if (xml != NULL)
		xml_prepared_free(&xml->prepared);
	free(xml);
}
