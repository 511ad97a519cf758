/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_field: looks at the entries of a signature's field, its name, and its place. */
#include "document/pdf_field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Fields, and pages below pages, are looked for so deep. */
#define DEPTH 32

/* --- places ---------------------------------------------------------------------------------- */

/* Find out where a rectangle begins and ends in one direction: 0 for x, 1 for y; no numbers if it
 * is none. */
static void find_ends(struct pdf_file *file, pdf_value rectangle, size_t direction, double ends[2])
{
	double one = pdf_real(file, pdf_item(file, rectangle, direction), nan(""));
	double other = pdf_real(file, pdf_item(file, rectangle, direction + 2), nan(""));
	bool known = pdf_count(file, rectangle) == 4 && !isnan(one) && !isnan(other);

	ends[0] = known ? fmin(one, other) : nan("");
	ends[1] = known ? fmax(one, other) : nan("");
}

/* Return the size of a rectangle in one direction. */
static double extent(struct pdf_file *file, pdf_value rectangle, size_t direction)
{
	double ends[2];

	find_ends(file, rectangle, direction, ends);
	return ends[1] - ends[0];
}

bool pdf_field_is_unseen(struct pdf_file *file, pdf_value field)
{
	pdf_value rectangle = pdf_key(file, field, "/Rect");

	return extent(file, rectangle, 0) == 0 && extent(file, rectangle, 1) == 0;
}

double pdf_field_area(struct pdf_file *file, pdf_value field)
{
	pdf_value rectangle = pdf_key(file, field, "/Rect");

	return extent(file, rectangle, 0) * extent(file, rectangle, 1);
}

/* Return an entry of a page that it may have from the pages above it (§7.7.3.4). */
static pdf_value inherited(struct pdf_file *file, pdf_value page, const char *key)
{
	pdf_value value = pdf_key(file, page, key);

	for (size_t i = 0; i < DEPTH && pdf_kind_of(file, value) == PDF_NULL; i++) {
		page = pdf_key(file, page, "/Parent");
		value = pdf_key(file, page, key);
	}
	return value;
}

/* Return the extent of what two rectangles share in one direction, which may be less than 0. */
static double shared_extent(struct pdf_file *file, pdf_value one, pdf_value other, size_t direction)
{
	double ends[2], other_ends[2];

	find_ends(file, one, direction, ends);
	find_ends(file, other, direction, other_ends);
	if (isnan(ends[0]) || isnan(other_ends[0]))
		return nan("");
	return fmin(ends[1], other_ends[1]) - fmax(ends[0], other_ends[0]);
}

double pdf_page_area(struct pdf_file *file, pdf_value page)
{
	pdf_value all = inherited(file, page, "/MediaBox");
	pdf_value crop = inherited(file, page, "/CropBox");
	double width, height;

	if (pdf_kind_of(file, crop) == PDF_NULL)
		crop = all;
	width = shared_extent(file, all, crop, 0);
	height = shared_extent(file, all, crop, 1);
	return width > 0 && height > 0 ? width * height : nan("");
}

/* --- entries --------------------------------------------------------------------------------- */

static bool is_harmless_key(const char *key, void *argument)
{
	static const char *const harmless[] = {"/Type", "/Subtype", "/FT", "/T",  "/V",  "/F",
					       "/Rect", "/P",       "/AP", "/DA", "/MK", "/Ff",
					       "/TU",   "/Border",  "/BS", "/H",  "/M",  "/NM",
					       "/Lock", "/SV",      "/DR", "/AS"};

	(void)argument;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
		if (strcmp(key, harmless[i]) == 0)
			return true;
	}
	return false;
}

static bool is_name(struct pdf_file *file, pdf_value dictionary, const char *key, const char *name)
{
	return pdf_is_name(file, pdf_key(file, dictionary, key), name);
}

bool pdf_field_is_signature(struct pdf_file *file, pdf_value field)
{
	return is_name(file, field, "/FT", "/Sig") &&
	       (is_name(file, field, "/Subtype", "/Widget") ||
		pdf_kind_of(file, pdf_key(file, field, "/Subtype")) == PDF_NULL);
}

bool pdf_field_is_plain(struct pdf_file *file, pdf_value field)
{
	return pdf_kind_of(file, field) == PDF_DICTIONARY && pdf_field_is_signature(file, field) &&
	       (is_name(file, field, "/Type", "/Annot") ||
		pdf_kind_of(file, pdf_key(file, field, "/Type")) == PDF_NULL) &&
	       pdf_kind_of(file, pdf_key(file, field, "/V")) == PDF_DICTIONARY &&
	       pdf_each_key(file, field, is_harmless_key, NULL);
}

static bool is_normal_look(const char *key, void *argument)
{
	(void)argument;
	return strcmp(key, "/N") == 0;
}

bool pdf_field_has_one_look(struct pdf_file *file, pdf_value appearance)
{
	pdf_value look = pdf_key(file, appearance, "/N");
	pdf_value box = pdf_key(file, look, "/BBox");

	if (pdf_kind_of(file, appearance) == PDF_NULL)
		return true;
	return pdf_kind_of(file, appearance) == PDF_DICTIONARY &&
	       pdf_each_key(file, appearance, is_normal_look, NULL) &&
	       pdf_kind_of(file, look) == PDF_STREAM && !isnan(extent(file, box, 0)) &&
	       !isnan(extent(file, box, 1));
}

/* --- names ----------------------------------------------------------------------------------- */

/* Return whether a field has this name. Those without one have that of the fields below them. */
static bool has_name(struct pdf_file *file, pdf_value field, const char *name, size_t depth)
{
	pdf_value own = pdf_key(file, field, "/T");
	pdf_value kids = pdf_key(file, field, "/Kids");
	size_t count = pdf_count(file, kids);
	bool found = depth > DEPTH;

	if (pdf_kind_of(file, own) == PDF_STRING)
		return strcmp(pdf_text(file, own), name) == 0;
	for (size_t i = 0; i < count && !found; i++)
		found = has_name(file, pdf_item(file, kids, i), name, depth + 1);
	return found;
}

bool pdf_field_has_own_name(struct pdf_file *file, pdf_value fields, size_t place)
{
	pdf_value field = pdf_item(file, fields, place);
	char *name = strdup(pdf_text(file, pdf_key(file, field, "/T")));
	size_t count = pdf_count(file, fields);
	/* A period stands between the names of fields that are below each other. */
	bool own = name != NULL && name[0] != '\0' && strchr(name, '.') == NULL;

	for (size_t i = 0; i < count && own; i++)
		own = i == place || !has_name(file, pdf_item(file, fields, i), name, 0);
	free(name);
	return own;
}
