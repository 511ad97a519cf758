/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_shown: finds by what a PDF can be shown differently although none of its bytes changes. */
#include "document/pdf_shown.h"

#include <string.h>

/* A value that is looked at, and what was found up to now. */
struct looking {
	struct pdf_file *file;
	pdf_value value;
	unsigned int *shown;
};

static void look_inside(const struct looking *looking);

/* Look at a part of a value, unless it is another object. */
static void look_below(const struct looking *looking, pdf_value value)
{
	struct looking below = {looking->file, value, looking->shown};

	if (!pdf_is_reference(looking->file, value))
		look_inside(&below);
}

static bool look_at_entry(const char *key, void *argument)
{
	const struct looking *looking = argument;
	struct pdf_file *file = looking->file;
	pdf_value value = pdf_key(file, looking->value, key);
	bool there = pdf_kind_of(file, value) != PDF_NULL;

	if (there && strcmp(key, "/XFA") == 0)
		*looking->shown |= PDF_SHOWN_BY_XFA;
	if (there && strcmp(key, "/JS") == 0)
		*looking->shown |= PDF_SHOWN_BY_SCRIPT;
	/* What such a stream has is in another file (ISO 32000-1 table 5). */
	if (there && strcmp(key, "/F") == 0 && pdf_kind_of(file, looking->value) == PDF_STREAM)
		*looking->shown |= PDF_SHOWN_BY_FILE;
	look_below(looking, value);
	pdf_release(file, value);
	return true;
}

/* libqpdf reads no value that is deeper than the stack. */
static void look_inside(const struct looking *looking)
{
	size_t count = pdf_count(looking->file, looking->value);

	pdf_each_key(looking->file, looking->value, look_at_entry,
		     &(struct looking){looking->file, looking->value, looking->shown});
	for (size_t i = 0; i < count; i++) {
		pdf_value item = pdf_item(looking->file, looking->value, i);

		look_below(looking, item);
		pdf_release(looking->file, item);
	}
}

unsigned int pdf_shown_by(struct pdf_file *file, pdf_value object)
{
	unsigned int shown = 0;

	/* Few objects have any of them. */
	if (pdf_mentions(file, object, "/XFA") || pdf_mentions(file, object, "/JS") ||
	    (pdf_kind_of(file, object) == PDF_STREAM && pdf_mentions(file, object, "/F")))
		look_inside(&(struct looking){file, object, &shown});
	return shown;
}
