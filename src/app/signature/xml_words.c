/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* xml_words: says what is wrong with an XML document, or to be known of it. */
#include "app/signature/xml_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

/* More than a person reads, and than most documents have. */
#define NAMES_SHOWN      50
#define NAME_BYTES_SHOWN 300

/* What is wrong, with %s for the detail in some; NULL if the detail says it. */
static const char *const of_fault[] = {
	[XML_MEMORY] = N_("There is not enough memory."),
	[XML_TOO_LARGE] =
		N_("It is larger or more deeply nested than is read here, or it takes too "
		   "much memory or time."),
	[XML_ENCODING] = N_("Its encoding is not supported, or it says two different things about "
			    "it (%s). Save it as UTF-8."),
	[XML_CHARACTERS] =
		N_("Some of its characters cannot be kept byte for byte in its encoding. "
		   "Save it as UTF-8."),
	[XML_MALFORMED] = N_("It is not well-formed XML: see line %s."),
	[XML_DOCTYPE] =
		N_("It has a document type declaration (DOCTYPE), with which a document can "
		   "mean something else elsewhere. Remove the declaration."),
	[XML_VERSION] = N_("It is written in XML %s, for which no signature is defined. Save it as "
			   "XML 1.0."),
	[XML_UNCANONICAL] =
		N_("It uses a namespace whose name is no absolute URI, so no signature is "
		   "defined for it."),
	[XML_SIGNED] = N_("It is signed already. A further signature of this kind would break the "
			  "one that is there."),
	[XML_OTHER_FORM] =
		N_("It is not a document of this kind: %s is missing, or is not where it "
		   "must be, or is there twice."),
	[XML_BESIDE] =
		N_("It has something where the form allows nothing but what is signed and "
		   "its signatures (%s): an element, a text, an attribute or an instruction. "
		   "The signature would not be valid for the document. Remove it."),
	[XML_ID_TWICE] = N_("Two of its elements have the same Id (%s), so nobody could tell which "
			    "one is signed."),
	[XML_CUT_TEXT] =
		N_("A comment stands in or before a text (%s), or a CDATA section divides it. "
		   "Neither is signed, and there it could hide a part of the text from some "
		   "programs. Remove the comment or the marks of the section."),
	[XML_NO_FILE] =
		N_("It does not name a file to be signed with it (%s). In a filing whose "
		   "files are signed individually, sign kousei with the date and time in its "
		   "name, not kousei.xml."),
	[XML_NAMES_ITSELF] =
		N_("It names itself, or a copy of itself, among the files to be signed with "
		   "it (%s). No signature can stay valid there, because the document changes "
		   "when it is signed."),
	[XML_LEADS_OUT] = N_("It names a file that is not in its own directory: %s"),
	[XML_FILE_MISSING] = N_("A file that it names cannot be read. %s"),
	[XML_FILE_ODD] = N_("It names something that is not a regular file: %s"),
	[XML_CHANGED] =
		N_("The signature would change the rest of the document. Please report this "
		   "as a bug."),
};

static const char *words_of(enum xml_fault fault)
{
	const char *words =
		(size_t)fault < sizeof(of_fault) / sizeof(of_fault[0]) ? of_fault[fault] : NULL;

	return words == NULL ? NULL : _(words);
}

char *xml_words_with(const char *words, const char *text)
{
	const char *place = strstr(words, "%s");
	char *whole;

	if (place == NULL)
		return strdup(words);
	return asprintf(&whole, "%.*s%s%s", (int)(place - words), words, text,
			place + strlen("%s")) < 0
		       ? NULL
		       : whole;
}

char *xml_words(const struct xml_trouble *trouble)
{
	const char *words = words_of(trouble->fault);

	return words == NULL ? strdup(trouble->detail) : xml_words_with(words, trouble->detail);
}

/* Return how many bytes of a name are shown: all, or as many whole characters as have room. */
static size_t shown_of(const char *name)
{
	size_t length = strnlen(name, NAME_BYTES_SHOWN + 1);

	if (length <= NAME_BYTES_SHOWN)
		return length;
	length = NAME_BYTES_SHOWN;
	/* Behind the first byte of a character in UTF-8. */
	while (length > 0 && ((unsigned char)name[length] & 0xc0) == 0x80)
		length--;
	return length;
}

char *xml_words_list(char *const *names, size_t count)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < count && i < NAMES_SHOWN; i++) {
		size_t shown = shown_of(names[i]);

		fputs(i == 0 ? "" : _(", "), out);
		fprintf(out, _("\"%.*s%s\""), (int)shown, names[i],
			names[i][shown] == '\0' ? "" : "…");
	}
	if (count > NAMES_SHOWN)
		fprintf(out, _(", and %zu more"), count - NAMES_SHOWN);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

char *xml_words_disputed(const struct xml_report *report)
{
	char *text;

	if (report->disputed == NULL)
		return NULL;
	return asprintf(&text,
			_("The document is written in %s. Programs disagree about some of the "
			  "characters in it; to this program they are: %s"),
			report->encoding, report->disputed) < 0
		       ? NULL
		       : text;
}
