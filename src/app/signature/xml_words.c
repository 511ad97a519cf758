/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_words: says why an XML document cannot be signed or verified. */
#include "app/signature/xml_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

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
	case XML_VERSION:
		return _("It is written in XML %s, for which no signature is defined. Save it as "
			 "XML 1.0.");
	case XML_UNCANONICAL:
		return _("It uses a namespace whose name is no absolute URI, so no signature is "
			 "defined for it.");
	case XML_SIGNED:
		return _("It is signed already. A further signature of this kind would break the "
			 "one that is there.");
	case XML_OTHER_FORM:
		return _("It is not a document of this kind: %s is missing, or is not where it "
			 "must be, or is there twice.");
	case XML_BESIDE:
		return _("It has something where the form allows nothing but what is signed and "
			 "its signatures (%s): an element, a text, an attribute or an instruction. "
			 "The signature would not be valid for the document. Remove it.");
	case XML_ID_TWICE:
		return _("Two of its elements have the same Id (%s), so nobody could tell which "
			 "one is signed.");
	case XML_CUT_TEXT:
		return _("A comment stands in or before a text (%s). Comments are not signed, and "
			 "there it could hide a part of the text from some programs. Remove the "
			 "comment.");
	case XML_NO_FILE:
		return _("It does not name a file to be signed with it (%s). In a filing whose "
			 "files are signed individually, sign kousei with the date and time in its "
			 "name, not kousei.xml.");
	case XML_NAMES_ITSELF:
		return _("It names itself, or a copy of itself, among the files to be signed with "
			 "it (%s). No signature can stay valid there, because the document changes "
			 "when it is signed.");
	case XML_LEADS_OUT:
		return _("It names a file that is not in its own directory: %s");
	case XML_FILE_MISSING:
		return _("A file that it names cannot be read. %s");
	case XML_FILE_ODD:
		return _("It names something that is not a regular file: %s");
	case XML_CHANGED:
		return _("The signature would change the rest of the document. Please report this "
			 "as a bug.");
	}
	return NULL;
}

char *xml_words(const struct xml_trouble *trouble)
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
