/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_compare: tells what a newer version of a PDF has beside signatures.
 *
 * Everything that can be reached from the catalogue is compared, object by object. What may be new
 * is listed here, and everything else is a change: fields of the form with a signature and without
 * a size, their place among the annotations of a page, and the signature of a field that was there.
 * An object for which that is allowed in one place is compared in full if another place has it,
 * too: pages may have the form's resources, and an attacker's page what he likes.
 */
#include "document/pdf_compare.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf_field.h"

/* No object has a greater number (ISO 32000-1 annex C). */
#define NUMBER_MAX 8388607

/* What is known of an object. */
enum { SEEN = 1, NEW_FIELD = 2, OLD_FIELD = 4, MORE = 8, NODE = 16, PAGE = 32, ON_PAGE = 64 };

/* Signatures cover at most one part in so many of what is shown of a page. */
#define PAGE_PARTS 4

/* Fields are looked for so deep, and pages. */
#define FIELD_DEPTH 32
#define TREE_DEPTH  64

struct comparison {
	struct pdf_file *older, *newer;
	struct pdf_file *newest; /* what the last signer has made of it */
	uint8_t *marks;          /* of each number */
	uint32_t *generations;   /* of each number that was seen */
	bool drawn;              /* the older one has what viewers may draw with the form's fonts */
	uint32_t *queue; /* numbers and generations of objects that are still to be compared */
	size_t count, room;
	bool shown;             /* a signature shows something, in a field that was there for it */
	enum pdf_change change; /* what it is that is not the same */
};

typedef bool key_rule(struct comparison *comparison, const char *key, pdf_value older,
		      pdf_value newer);

static bool compare(struct comparison *comparison, pdf_value older, pdf_value newer);

/* Say that something is not the same, and what that is; nothing if that is known more exactly. */
static bool fail(struct comparison *comparison, enum pdf_change change)
{
	if (comparison->change == PDF_OTHER)
		comparison->change = change;
	return false;
}

/* --- objects --------------------------------------------------------------------------------- */

/*
 * Compare an object later, and once: lists of objects may be long, and have loops. Readers take a
 * reference to another generation for the object or for nothing, so there is one of each number.
 */
static bool note(struct comparison *comparison, uint32_t number, uint32_t generation)
{
	if (number > NUMBER_MAX)
		return false;
	if ((comparison->marks[number] & SEEN) != 0)
		return comparison->generations[number] == generation;
	comparison->marks[number] |= SEEN;
	comparison->generations[number] = generation;
	if (comparison->count + 2 > comparison->room) {
		size_t room = comparison->room * 2 + 1024;
		uint32_t *more = realloc(comparison->queue, room * sizeof(*more));

		if (more == NULL) {
			pdf_lack(comparison->older);
			return false;
		}
		comparison->queue = more;
		comparison->room = room;
	}
	comparison->queue[comparison->count++] = number;
	comparison->queue[comparison->count++] = generation;
	return true;
}

/* Say that an object is compared already. */
static void skip(struct comparison *comparison, pdf_value reference)
{
	uint32_t number = pdf_number(comparison->older, reference);

	if (pdf_is_reference(comparison->older, reference) && number <= NUMBER_MAX) {
		comparison->marks[number] |= SEEN;
		comparison->generations[number] = pdf_generation(comparison->older, reference);
	}
}

/* --- values ---------------------------------------------------------------------------------- */

static bool same_text(const struct comparison *comparison, pdf_value older, pdf_value newer)
{
	char *one = pdf_resolved_text(comparison->older, older);
	char *other = pdf_resolved_text(comparison->newer, newer);
	bool same = one != NULL && other != NULL && strcmp(one, other) == 0;

	free(one);
	free(other);
	return same;
}

/* Compare the items of two arrays up to a place. */
static bool same_items(struct comparison *comparison, pdf_value older, pdf_value newer,
		       size_t count)
{
	bool same = true;

	for (size_t i = 0; i < count && same; i++) {
		pdf_value one = pdf_item(comparison->older, older, i);
		pdf_value other = pdf_item(comparison->newer, newer, i);

		same = compare(comparison, one, other);
		pdf_release(comparison->older, one);
		pdf_release(comparison->newer, other);
	}
	return same;
}

static bool same_array(struct comparison *comparison, pdf_value older, pdf_value newer)
{
	size_t count = pdf_count(comparison->older, older);

	return pdf_count(comparison->newer, newer) == count &&
	       same_items(comparison, older, newer, count);
}

/* Two dictionaries, and the rule for their entries. */
struct pair {
	struct comparison *comparison;
	pdf_value older, newer;
	key_rule *rule;
	bool backwards; /* only keys that the older one lacks are looked at */
};

static bool same_entry(const char *key, void *argument)
{
	const struct pair *pair = argument;
	struct comparison *comparison = pair->comparison;
	pdf_value one = pdf_key(comparison->older, pair->older, key);
	pdf_value other = pdf_key(comparison->newer, pair->newer, key);
	bool same = (pair->backwards && pdf_kind_of(comparison->older, one) != PDF_NULL) ||
		    pair->rule(comparison, key, one, other);

	pdf_release(comparison->older, one);
	pdf_release(comparison->newer, other);
	return same;
}

/* Compare all entries of two dictionaries, and those that only the newer one has. */
static bool same_entries(struct comparison *comparison, pdf_value older, pdf_value newer,
			 key_rule *rule)
{
	struct pair pair = {comparison, older, newer, rule, false};

	if (!pdf_each_key(comparison->older, older, same_entry, &pair))
		return false;
	pair.backwards = true;
	return pdf_each_key(comparison->newer, newer, same_entry, &pair);
}

static bool same_value(struct comparison *comparison, const char *key, pdf_value older,
		       pdf_value newer)
{
	(void)key;
	return compare(comparison, older, newer);
}

static bool same_stream(const struct comparison *comparison, pdf_value older, pdf_value newer)
{
	size_t one_length, other_length;
	uint8_t *one = pdf_stream_bytes(comparison->older, older, &one_length);
	uint8_t *other = pdf_stream_bytes(comparison->newer, newer, &other_length);
	bool same = one != NULL && other != NULL && one_length == other_length &&
		    memcmp(one, other, one_length) == 0;

	free(one);
	free(other);
	return same;
}

/* --- what signatures change ------------------------------------------------------------------ */

static bool is_kind(struct pdf_file *file, pdf_value value, enum pdf_kind kind)
{
	return pdf_kind_of(file, value) == kind;
}

/* A page has the widgets of new fields, too. The list may have become a part of the page. */
static bool same_in_page(struct comparison *comparison, const char *key, pdf_value older,
			 pdf_value newer)
{
	struct pdf_file *file = comparison->newer;
	size_t before = pdf_count(comparison->older, older);
	size_t count = pdf_count(file, newer);

	if (strcmp(key, "/Annots") != 0)
		return compare(comparison, older, newer);
	if ((!is_kind(comparison->older, older, PDF_NULL) &&
	     !is_kind(comparison->older, older, PDF_ARRAY)) ||
	    !is_kind(file, newer, PDF_ARRAY) || count < before)
		return is_kind(file, newer, PDF_NULL) &&
		       is_kind(comparison->older, older, PDF_NULL);
	for (size_t i = before; i < count; i++) {
		pdf_value item = pdf_item(file, newer, i);
		uint32_t number = pdf_number(file, item);

		if (!pdf_is_reference(file, item) || number > NUMBER_MAX ||
		    (comparison->marks[number] & NEW_FIELD) == 0)
			return fail(comparison, PDF_PUT_ON_PAGE);
		pdf_release(file, item);
	}
	return same_items(comparison, older, newer, before);
}

/* Hidden, or not to be viewed (ISO 32000-1 table 165). */
#define FLAGS_UNSEEN (1 << 1 | 1 << 5)

/* A field that was there to be signed has a signature now, and shows it. */
static bool same_in_signed_field(struct comparison *comparison, const char *key, pdf_value older,
				 pdf_value newer)
{
	if (strcmp(key, "/V") == 0 || strcmp(key, "/AP") == 0 || strcmp(key, "/M") == 0)
		return true;
	/* Signers lock the field: it is printed, and moved no more. One that was hidden stays so.
	 */
	if (strcmp(key, "/F") == 0 &&
	    (pdf_integer(comparison->older, older, 0) & FLAGS_UNSEEN) == 0 &&
	    (pdf_integer(comparison->newer, newer, 0) == 132 ||
	     pdf_integer(comparison->newer, newer, 0) == 4))
		return true;
	return compare(comparison, older, newer);
}

static bool is_name(struct pdf_file *file, pdf_value dictionary, const char *key, const char *name)
{
	return pdf_is_name(file, pdf_key(file, dictionary, key), name);
}

/*
 * The same for a field that can be seen. What the signature shows is kept to the field's place by
 * its BBox (ISO 32000-1 §12.5.5), and it is one picture.
 */
static bool same_in_shown_field(struct comparison *comparison, const char *key, pdf_value older,
				pdf_value newer)
{
	if (strcmp(key, "/AP") != 0)
		return same_in_signed_field(comparison, key, older, newer);
	comparison->shown |= !is_kind(comparison->newer, newer, PDF_NULL);
	return pdf_field_has_one_look(comparison->newer, newer);
}

/* The same for a field that is on no page that readers know: it gets nothing to show. */
static bool same_in_lost_field(struct comparison *comparison, const char *key, pdf_value older,
			       pdf_value newer)
{
	return strcmp(key, "/AP") == 0 ? compare(comparison, older, newer)
				       : same_in_signed_field(comparison, key, older, newer);
}

/* Return whether a field of the older form waits for a signature. */
static bool is_waiting(const struct comparison *comparison, uint32_t number, pdf_value older)
{
	return (comparison->marks[number] & OLD_FIELD) != 0 &&
	       pdf_field_is_signature(comparison->older, older) &&
	       is_kind(comparison->older, pdf_key(comparison->older, older, "/V"), PDF_NULL);
}

static bool is_signed(struct pdf_file *file, pdf_value field)
{
	return is_kind(file, pdf_key(file, field, "/V"), PDF_DICTIONARY);
}

/* Return the rule for the entries of a dictionary; number is 0 if it is no object of its own. */
static key_rule *rule_for(const struct comparison *comparison, uint32_t number, pdf_value older,
			  pdf_value newer)
{
	if ((comparison->marks[number] & PAGE) != 0)
		return same_in_page;
	if (!is_waiting(comparison, number, older) || !is_signed(comparison->newer, newer))
		return same_value;
	if (pdf_field_is_unseen(comparison->older, older))
		return same_in_signed_field;
	return (comparison->marks[number] & ON_PAGE) != 0 ? same_in_shown_field
							  : same_in_lost_field;
}

/* Compare two values that are no references, or the objects of this number. */
static bool compare_resolved(struct comparison *comparison, uint32_t number, pdf_value older,
			     pdf_value newer)
{
	enum pdf_kind kind = pdf_kind_of(comparison->older, older);

	if (pdf_kind_of(comparison->newer, newer) != kind)
		return false;
	switch (kind) {
	case PDF_ARRAY:
		return same_array(comparison, older, newer);
	case PDF_DICTIONARY:
		return same_entries(comparison, older, newer,
				    rule_for(comparison, number, older, newer));
	case PDF_STREAM:
		return same_entries(comparison, older, newer, same_value) &&
		       same_stream(comparison, older, newer);
	case PDF_NULL:
	case PDF_BOOL:
	case PDF_INTEGER:
	case PDF_REAL:
	case PDF_STRING:
	case PDF_NAME:
		break;
	}
	return same_text(comparison, older, newer);
}

static bool compare(struct comparison *comparison, pdf_value older, pdf_value newer)
{
	uint32_t number, generation;

	if (!pdf_is_reference(comparison->older, older) &&
	    !pdf_is_reference(comparison->newer, newer))
		return compare_resolved(comparison, 0, older, newer);
	if (!pdf_is_reference(comparison->older, older) ||
	    !pdf_is_reference(comparison->newer, newer))
		return false;
	number = pdf_number(comparison->older, older);
	generation = pdf_generation(comparison->older, older);
	return pdf_number(comparison->newer, newer) == number &&
	       pdf_generation(comparison->newer, newer) == generation &&
	       note(comparison, number, generation);
}

/* --- the pages ------------------------------------------------------------------------------- */

/*
 * Return whether the fields of a page that were signed since cover no more than a part of it, all
 * together, up to the last signer. Otherwise what they show could take the place of the page.
 */
static bool covers_little(struct comparison *comparison, pdf_value page)
{
	struct pdf_file *file = comparison->older, *newest = comparison->newest;
	pdf_value notes = pdf_key(file, page, "/Annots");
	size_t count = pdf_count(file, notes);
	double area = 0;

	for (size_t i = 0; i < count; i++) {
		pdf_value one = pdf_item(file, notes, i);
		uint32_t number = pdf_number(file, one);

		/* A note with a text and no picture of it. */
		comparison->drawn |= !is_name(file, one, "/Subtype", "/Widget") &&
				     is_kind(file, pdf_key(file, one, "/DA"), PDF_STRING);
		if (!pdf_is_reference(file, one) || number > NUMBER_MAX)
			continue;
		comparison->marks[number] |= ON_PAGE;
		if (is_waiting(comparison, number, one) && !pdf_field_is_unseen(file, one) &&
		    is_signed(newest, pdf_by_number(newest, number, pdf_generation(file, one))))
			area += pdf_field_area(file, one);
	}
	/* Written so that what is no number is too large. */
	return area == 0 || area * PAGE_PARTS <= pdf_page_area(file, page);
}

/*
 * Mark the pages below a node of the older tree. Return whether on each of them signatures cover
 * little. The type is missing in pages that all readers show; some take it for more than the kids.
 */
static bool find_pages(struct comparison *comparison, pdf_value node, size_t depth)
{
	struct pdf_file *file = comparison->older;
	pdf_value kids = pdf_key(file, node, "/Kids");
	uint32_t number = pdf_number(file, node);
	size_t count = pdf_count(file, kids);
	bool fine;

	if (depth > TREE_DEPTH || number > NUMBER_MAX)
		return false;
	if (pdf_is_reference(file, node)) {
		if ((comparison->marks[number] & NODE) != 0)
			return true;
		comparison->marks[number] |= NODE;
		if (!is_kind(file, kids, PDF_ARRAY) || is_name(file, node, "/Type", "/Page"))
			comparison->marks[number] |= PAGE;
	}
	fine = covers_little(comparison, node) || fail(comparison, PDF_PUT_ON_PAGE);
	for (size_t i = 0; i < count && fine; i++)
		fine = find_pages(comparison, pdf_item(file, kids, i), depth + 1);
	return fine;
}

/* --- the form -------------------------------------------------------------------------------- */

/* Return whether a field is new and has a signature, and nothing that acts. */
static bool is_new_signature(const struct comparison *comparison, pdf_value field)
{
	struct pdf_file *file = comparison->newer;
	pdf_value before = pdf_by_number(comparison->older, pdf_number(file, field),
					 pdf_generation(file, field));

	return pdf_is_reference(file, field) && pdf_number(file, field) <= NUMBER_MAX &&
	       is_kind(comparison->older, before, PDF_NULL) && pdf_field_is_plain(file, field);
}

/* Mark a field of the older form, and those below it. */
static void mark_field(struct comparison *comparison, pdf_value field, size_t depth)
{
	struct pdf_file *file = comparison->older;
	pdf_value kids = pdf_key(file, field, "/Kids");
	uint32_t number = pdf_number(file, field);
	size_t count = pdf_count(file, kids);

	if (!is_name(file, field, "/FT", "/Sig"))
		comparison->drawn = true;
	if (depth > FIELD_DEPTH || !pdf_is_reference(file, field) || number > NUMBER_MAX ||
	    (comparison->marks[number] & OLD_FIELD) != 0)
		return;
	comparison->marks[number] |= OLD_FIELD;
	for (size_t i = 0; i < count; i++)
		mark_field(comparison, pdf_item(file, kids, i), depth + 1);
}

/* Mark all fields of the older form. */
static void mark_fields(struct comparison *comparison, pdf_value form)
{
	pdf_value fields = pdf_key(comparison->older, form, "/Fields");
	size_t count = pdf_count(comparison->older, fields);

	for (size_t i = 0; i < count; i++)
		mark_field(comparison, pdf_item(comparison->older, fields, i), 0);
}

/* The older fields, in their order; then signatures. */
static bool same_fields(struct comparison *comparison, pdf_value older, pdf_value newer)
{
	size_t before = pdf_count(comparison->older, older);
	size_t count = pdf_count(comparison->newer, newer);

	if (count < before)
		return false;
	for (size_t i = before; i < count; i++) {
		pdf_value field = pdf_item(comparison->newer, newer, i);

		if (!pdf_field_is_unseen(comparison->newer, field))
			return fail(comparison, PDF_PUT_ON_PAGE);
		if (!is_new_signature(comparison, field) ||
		    !pdf_field_has_own_name(comparison->newer, newer, i))
			return false;
		comparison->marks[pdf_number(comparison->newer, field)] |= NEW_FIELD;
	}
	return same_items(comparison, older, newer, before);
}

/*
 * What viewers take for fields that they draw anew may get more, and keeps what it had. With such
 * fields it gets nothing: a font that was missing would change what they show.
 */
static bool has_more(struct comparison *comparison, const char *key, pdf_value older,
		     pdf_value newer)
{
	uint32_t number = pdf_number(comparison->older, older);

	(void)key;
	if (is_kind(comparison->older, older, PDF_NULL))
		return !comparison->drawn || is_kind(comparison->newer, newer, PDF_NULL);
	if (is_kind(comparison->older, older, PDF_DICTIONARY) &&
	    is_kind(comparison->newer, newer, PDF_DICTIONARY)) {
		/* Once each: there may be many ways to one, and loops. */
		if (pdf_is_reference(comparison->older, older)) {
			if (number > NUMBER_MAX || pdf_number(comparison->newer, newer) != number ||
			    pdf_generation(comparison->newer, newer) != 0 ||
			    pdf_generation(comparison->older, older) != 0)
				return compare(comparison, older, newer);
			if ((comparison->marks[number] & MORE) != 0)
				return true;
			comparison->marks[number] |= MORE;
		}
		return same_entries(comparison, older, newer, has_more);
	}
	return compare(comparison, older, newer);
}

static bool same_in_form(struct comparison *comparison, const char *key, pdf_value older,
			 pdf_value newer)
{
	if (strcmp(key, "/Fields") == 0)
		return same_fields(comparison, older, newer);
	if (strcmp(key, "/SigFlags") == 0)
		return true;
	if (strcmp(key, "/DR") == 0 || strcmp(key, "/DA") == 0)
		return has_more(comparison, key, older, newer);
	return compare(comparison, older, newer);
}

static bool same_form(struct comparison *comparison, pdf_value older, pdf_value newer)
{
	/* A reference to nothing is a form that is missing. */
	if (!is_kind(comparison->newer, newer, PDF_DICTIONARY))
		return is_kind(comparison->newer, newer, PDF_NULL) &&
		       is_kind(comparison->older, older, PDF_NULL);
	return ((is_kind(comparison->older, older, PDF_NULL) ||
		 is_kind(comparison->older, older, PDF_DICTIONARY)) &&
		same_entries(comparison, older, newer, same_in_form)) ||
	       fail(comparison, PDF_FORM_OTHER);
}

/* --- all of it ------------------------------------------------------------------------------- */

static bool same_in_catalogue(struct comparison *comparison, const char *key, pdf_value older,
			      pdf_value newer)
{
	return strcmp(key, "/AcroForm") == 0 || compare(comparison, older, newer);
}

static bool same_in_info(struct comparison *comparison, const char *key, pdf_value older,
			 pdf_value newer)
{
	return strcmp(key, "/ModDate") == 0 || compare(comparison, older, newer);
}

static bool same_info(struct comparison *comparison, pdf_value older, pdf_value newer)
{
	return pdf_kind_of(comparison->older, older) == pdf_kind_of(comparison->newer, newer) &&
	       same_entries(comparison, older, newer, same_in_info);
}

/* The form before the catalogue, because it tells which fields are new. */
static bool same_roots(struct comparison *comparison)
{
	pdf_value old_trailer = pdf_trailer(comparison->older);
	pdf_value new_trailer = pdf_trailer(comparison->newer);
	pdf_value old_root = pdf_key(comparison->older, old_trailer, "/Root");
	pdf_value new_root = pdf_key(comparison->newer, new_trailer, "/Root");
	pdf_value old_form = pdf_key(comparison->older, old_root, "/AcroForm");
	bool little;

	mark_fields(comparison, old_form);
	little = find_pages(comparison, pdf_key(comparison->older, old_root, "/Pages"), 0);
	/* Some pages lead back to it. It is one object, whose form alone may differ. */
	skip(comparison, old_root);
	return pdf_number(comparison->older, old_root) == pdf_number(comparison->newer, new_root) &&
	       is_kind(comparison->older, old_root, PDF_DICTIONARY) &&
	       is_kind(comparison->newer, new_root, PDF_DICTIONARY) &&
	       same_form(comparison, old_form, pdf_key(comparison->newer, new_root, "/AcroForm")) &&
	       little && same_entries(comparison, old_root, new_root, same_in_catalogue) &&
	       same_info(comparison, pdf_key(comparison->older, old_trailer, "/Info"),
			 pdf_key(comparison->newer, new_trailer, "/Info"));
}

static bool same_queued(struct comparison *comparison)
{
	uint32_t generation = comparison->queue[--comparison->count];
	uint32_t number = comparison->queue[--comparison->count];
	pdf_value older = pdf_by_number(comparison->older, number, generation);
	pdf_value newer = pdf_by_number(comparison->newer, number, generation);
	bool same = compare_resolved(comparison, number, older, newer);

	pdf_release(comparison->older, older);
	pdf_release(comparison->newer, newer);
	if (!same && (comparison->marks[number] & OLD_FIELD) != 0)
		return fail(comparison, PDF_FORM_OTHER);
	return same;
}

enum pdf_change pdf_compare(struct pdf_file *older, struct pdf_file *newer, struct pdf_file *newest)
{
	struct comparison comparison = {
		.older = older, .newer = newer, .newest = newest, .change = PDF_OTHER};
	bool same;

	comparison.marks = calloc(NUMBER_MAX + 1, 1);
	comparison.generations = calloc(NUMBER_MAX + 1, sizeof(*comparison.generations));
	same = comparison.marks != NULL && comparison.generations != NULL;
	if (!same)
		pdf_lack(older);
	same = same && same_roots(&comparison);
	while (same && comparison.count > 0)
		same = same_queued(&comparison);
	free(comparison.marks);
	free(comparison.generations);
	free(comparison.queue);
	if (!same)
		return comparison.change;
	return comparison.shown ? PDF_ONLY_SHOWN : PDF_ONLY_SIGNED;
}
