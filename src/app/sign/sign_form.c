/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_form: tells as what a file is signed, and what the signature is called. */
#include "app/sign/sign_form.h"

#include <stdio.h>
#include <string.h>

#include "app/app.h"

/* Return whether a file has the name of a PDF. */
static bool is_called_pdf(const char *file)
{
	size_t length = strlen(file);

	return length >= 4 && strcasecmp(file + length - 4, ".pdf") == 0;
}

enum sign_form sign_form_of(const char *file, enum document_kind kind)
{
	return kind == DOCUMENT_PDF || kind == DOCUMENT_PDF_LATER || is_called_pdf(file) ? SIGN_PDF
											 : SIGN_CMS;
}

const char *sign_form_no_pdf(enum sign_form asked, bool by_window)
{
	if (asked != SIGN_BY_CONTENT)
		return _("It is not a PDF.");
	return by_window ? _("Its name is that of a PDF, but it is not a PDF.")
			 : _("Its name is that of a PDF, but it is not a PDF. --cms signs "
			     "it all the same.");
}

/* Return the name of a signed copy, which the caller frees: the document's own with "-signed",
 * which is a name that the registries take. The ending is that of the name, if that is one for such
 * documents; XML has many. NULL without memory. */
static char *signed_name(const char *file, const char *ending, bool any)
{
	const char *slash = strrchr(file, '/');
	const char *base = slash == NULL ? file : slash + 1;
	const char *dot = strrchr(base, '.');
	char *name;

	if (dot == NULL || dot == base || (!any && strcasecmp(dot, ending) != 0))
		dot = file + strlen(file);
	if (asprintf(&name, "%.*s-signed%s", (int)(dot - file), file, *dot != '\0' ? dot : ending) <
	    0)
		return NULL;
	return name;
}

char *sign_form_output(enum sign_form form, const char *file, const char *suffix)
{
	char *name;

	if (form == SIGN_PDF)
		return signed_name(file, ".pdf", false);
	if (form == SIGN_XML)
		return signed_name(file, ".xml", true);
	return asprintf(&name, "%s%s", file, suffix) >= 0 ? name : NULL;
}
