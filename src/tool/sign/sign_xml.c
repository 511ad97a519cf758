/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_xml: puts a signature into a copy of an XML document, as e-Gov and others want it. */
#include "tool/sign/sign_xml.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
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

/* Return what is wrong, with %s for the detail in some; NULL if the detail says it. */
static const char *words_of(enum xml_fault fault)
{
	switch (fault) {
	case XML_OK:
	case XML_UNREADABLE:
		return NULL;
	case XML_MEMORY:
		return _("There is not enough memory.");
	case XML_TOO_LARGE:
		return _("It is larger or more deeply nested than is read here, or it takes too "
			 "much memory or time.");
	case XML_ENCODING:
		return _("Its encoding is not supported, or it says two different things about "
			 "it (%s). Save it as UTF-8.");
	case XML_CHARACTERS:
		return _("Some of its characters cannot be kept byte for byte in its encoding. "
			 "Save it as UTF-8.");
	case XML_MALFORMED:
		return _("It is not well-formed XML: see line %s.");
	case XML_DOCTYPE:
		return _("It has a document type declaration (DOCTYPE), with which a document can "
			 "mean something else elsewhere. Remove the declaration.");
	case XML_UNCANONICAL:
		return _("It uses a namespace whose name is no absolute URI, so no signature is "
			 "defined for it.");
	case XML_SIGNED:
		return _("It is signed already. A further signature of this kind would break the "
			 "one that is there.");
	case XML_OTHER_FORM:
		return _("It is not a document of this kind: %s is missing, or is not where it "
			 "must be, or is there twice.");
	case XML_ID_TWICE:
		return _("Two of its elements have the same Id (%s), so nobody could tell which "
			 "one is signed.");
	case XML_NO_FILE:
		return _("It does not name a file to be signed with it (%s). In a filing whose "
			 "files are signed individually, sign kousei with the date and time in its "
			 "name, not kousei.xml.");
	case XML_LEADS_OUT:
		return _("It names a file that is not in its own directory: %s");
	case XML_FILE_MISSING:
		return _("A file that it names cannot be read. %s");
	case XML_CHANGED:
		return _("The signature would change the rest of the document. Please report this "
			 "as a bug.");
	}
	return NULL;
}

/* Return the reason in words, which the caller frees; NULL without memory. */
static char *reason_of(const struct xml_trouble *trouble)
{
	const char *words = words_of(trouble->fault);
	const char *place = words == NULL ? NULL : strstr(words, "%s");
	char *text;

	if (place == NULL)
		return strdup(words == NULL ? trouble->detail : words);
	return asprintf(&text, "%.*s%s%s", (int)(place - words), words, trouble->detail,
			place + strlen("%s")) < 0
		       ? NULL
		       : text;
}

struct sign_xml *sign_xml_plan(const char *path, enum xml_profile profile, char **reason)
{
	struct sign_xml *xml = calloc(1, sizeof(*xml));
	struct xml_trouble trouble;

	*reason = NULL;
	if (xml == NULL)
		return NULL;
	xml->profile = profile;
	if (xml_prepare(path, profile, time(NULL), &xml->prepared, &trouble) == XML_OK)
		return xml;
	*reason = reason_of(&trouble);
	sign_xml_free(xml);
	return NULL;
}

bool sign_xml_make(const struct sign_xml *xml, const struct signature_plan *plan, BIO *out)
{
	return xml_sign(&xml->prepared, plan->key, plan->certificate, out);
}

void sign_xml_tell(const struct sign_xml *xml, const char *file, const char *output)
{
	unsigned long files = (unsigned long)xml->prepared.files;

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

void sign_xml_warn(enum xml_profile profile)
{
	if (profile == XML_E_TAX)
		ui_line(stderr, UI_WARN, "%s",
			_("The form of this signature follows the National Tax Agency's published "
			  "schema; it was not tried with e-Tax. A return can be sent only with the "
			  "agency's own software, not from Linux."));
}

void sign_xml_free(struct sign_xml *xml)
{
	if (xml != NULL)
		xml_prepared_free(&xml->prepared);
	free(xml);
}
