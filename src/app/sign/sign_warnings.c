/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_warnings: has what a signer should know of a file before it is signed. */
#include "app/sign/sign_warnings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"

void sign_warn(struct sign_warnings *warnings, const char *about, const char *text)
{
	char *copy = text != NULL ? strdup(text) : NULL;

	if (copy == NULL || warnings->count == SIGN_WARNINGS_MAX) {
		warnings->lacking = true;
		free(copy);
		return;
	}
	warnings->list[warnings->count++] = (struct sign_warning){about, copy};
}

const char *sign_words_no_certificate(void)
{
	return _("The certificate of one of them is missing.");
}

const char *sign_words_other_kind(void)
{
	return _("One of them is of a kind that is not supported.");
}

void sign_warn_older(struct sign_warnings *warnings, const char *about,
		     const struct sign_older *older, bool by_window)
{
	char *text = NULL;

	if (older->broken)
		sign_warn(warnings, about,
			  by_window ? _("This document has a signature that is not valid, or was "
					"changed after it was signed. Your signature does not mend "
					"that.")
				    : _("This document has a signature that is not valid, or was "
					"changed after it was signed. Your signature does not mend "
					"that. jpki verify tells more."));
	if (older->ambiguous)
		sign_warn(warnings, about,
			  _("With yours after it, an earlier signature in this document will not "
			    "count as valid: programs may read this document in different ways."));
	if (older->why == NULL)
		return;
	/* TRANSLATORS: a sentence that says why. */
	if (asprintf(&text,
		     _("It could not be found out whether all signatures in this document are "
		       "valid. %s"),
		     older->why) < 0)
		text = NULL;
	sign_warn(warnings, about, text);
	free(text);
}

void sign_warnings_free(struct sign_warnings *warnings)
{
	for (size_t i = 0; i < warnings->count; i++)
		free(warnings->list[i].text);
	*warnings = (struct sign_warnings){.count = 0};
}
