/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_words: says what is to be known of how a PDF is shown. */
#include "app/signature/pdf_words.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "document/pdf_verdict.h"

static const struct {
	enum pdf_shown shown;
	const char *name; /* for scripts */
	const char *text;
} kinds[] = {
	{PDF_SHOWN_BY_SCRIPT, "script", N_("programs of its own (JavaScript)")},
	{PDF_SHOWN_BY_XFA, "xfa", N_("a form in place of the pages (XFA)")},
	{PDF_SHOWN_BY_FILE, "other-file", N_("content in another file")},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Return the kinds with commas between them, which the caller frees; NULL without memory. */
static char *list(unsigned int shown)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	const char *between = "";

	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < KINDS; i++) {
		if ((shown & kinds[i].shown) == 0)
			continue;
		fprintf(out, "%s%s", between, _(kinds[i].text));
		/* TRANSLATORS: between the parts of a list. */
		between = _(", ");
	}
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

char *pdf_words_shown(unsigned int shown)
{
	char *parts = list(shown);
	char *text = NULL;

	/* TRANSLATORS: a list of what it has. */
	if (parts != NULL && asprintf(&text,
				      _("What programs show of this PDF can change although it "
					"stays as it is, because it has this: %s"),
				      parts) < 0)
		text = NULL;
	free(parts);
	return text;
}

json_t *pdf_words_shown_json(unsigned int shown)
{
	json_t *names = json_array();

	for (size_t i = 0; i < KINDS; i++) {
		if ((shown & kinds[i].shown) != 0)
			json_array_append_new(names, json_string(kinds[i].name));
	}
	return names;
}
