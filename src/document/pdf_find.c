/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_find: finds the signatures of a PDF: those of its form, those in no field, and removed ones.
 */
#include "document/pdf_find.h"

#include <ctype.h>

#include "document/pdf_bytes.h"
#include "document/pdf_shown.h"

/* Fields are looked for so deep, and so many. */
#define FIELD_DEPTH 32
#define FIELDS_MAX  100000
/* Objects may have numbers up to this one in any file, and more only in one that has room for them.
 */
#define NUMBERS_MAX 1000000

/* --- the form -------------------------------------------------------------------------------- */

long long pdf_find_gap(struct pdf_file *file, pdf_value signature)
{
	return pdf_integer(file, pdf_item(file, pdf_key(file, signature, "/ByteRange"), 1), -1);
}

/* Return the object that a value is, or the one that it is a part of. */
static pdf_value home_of(struct pdf_file *file, pdf_value value, pdf_value home)
{
	return pdf_is_reference(file, value) ? value : home;
}

/* Note a signature. NULL if there are too many. */
static struct pdf_found *note(struct judging *judging, enum pdf_cover cover, long long gap)
{
	struct pdf_verdict *verdict = judging->verdict;

	if (verdict->count == PDF_SIGNATURES_MAX) {
		verdict->fault = PDF_TOO_MANY;
		return NULL;
	}
	judging->gaps[verdict->count] = gap;
	verdict->found[verdict->count] = (struct pdf_found){.cover = cover};
	return &verdict->found[verdict->count++];
}

/* Note one that is an object, or a part of one: of a field, and even of the catalogue. */
static void add(struct judging *judging, pdf_value signature, pdf_value home, enum pdf_cover cover)
{
	struct pdf_found *found = note(judging, cover, pdf_find_gap(judging->file, signature));

	if (found == NULL)
		return;
	judging->values[found - judging->verdict->found] = pdf_keep(judging->file, signature);
	found->number = pdf_number(judging->file, home);
	found->generation = pdf_generation(judging->file, home);
}

/* Return whether a field allows no change of the document once it is signed (ISO 32000-2
 * §12.7.5.5). */
static bool locks_all(struct pdf_file *file, pdf_value field)
{
	return pdf_integer(file, pdf_key(file, pdf_key(file, field, "/Lock"), "/P"), 0) == 1;
}

/* Find the signatures of a field, and of those below it. kind is what it inherits. */
static void find_in_field(struct judging *judging, pdf_value field, pdf_value home,
			  bool is_signature, size_t depth)
{
	struct pdf_file *file = judging->file;
	pdf_value kids = pdf_key(file, field, "/Kids");
	pdf_value type = pdf_key(file, field, "/FT");
	pdf_value value = pdf_key(file, field, "/V");
	size_t count = pdf_count(file, kids);

	if (depth > FIELD_DEPTH || ++judging->fields > FIELDS_MAX) {
		judging->verdict->fault = PDF_DAMAGED;
		return;
	}
	home = home_of(file, field, home);
	if (pdf_kind_of(file, type) == PDF_NAME)
		is_signature = pdf_is_name(file, type, "/Sig");
	if (is_signature && pdf_kind_of(file, value) == PDF_DICTIONARY) {
		pdf_value own = home_of(file, value, home);

		add(judging, value, own, PDF_COVERS_ALL);
		judging->locked |=
			pdf_number(file, own) == judging->wanted && locks_all(file, field);
	}
	home = home_of(file, kids, home);
	for (size_t i = 0; i < count && judging->verdict->fault == PDF_GOOD; i++)
		find_in_field(judging, pdf_item(file, kids, i), home, is_signature, depth + 1);
}

void pdf_find_in_form(struct judging *judging)
{
	struct pdf_file *file = judging->file;
	pdf_value root = pdf_key(file, pdf_trailer(file), "/Root");
	pdf_value form = pdf_key(file, root, "/AcroForm");
	pdf_value fields = pdf_key(file, form, "/Fields");
	pdf_value home = home_of(file, fields, home_of(file, form, root));
	size_t count = pdf_count(file, fields);

	for (size_t i = 0; i < count && judging->verdict->fault == PDF_GOOD; i++)
		find_in_field(judging, pdf_item(file, fields, i), home, false, 0);
}

/* --- no field -------------------------------------------------------------------------------- */

/* An object that is looked through, and a value in it. */
struct looking {
	struct judging *judging;
	pdf_value home, value;
};

static bool is_known(const struct judging *judging, pdf_value home, pdf_value signature)
{
	const struct pdf_verdict *verdict = judging->verdict;
	uint32_t number = pdf_number(judging->file, home);
	uint32_t generation = pdf_generation(judging->file, home);
	long long gap = pdf_find_gap(judging->file, signature);

	for (size_t i = 0; i < verdict->count; i++) {
		if (verdict->found[i].number == number &&
		    verdict->found[i].generation == generation && judging->gaps[i] == gap)
			return true;
	}
	return false;
}

bool pdf_find_has_rights(struct pdf_file *version, long long gap)
{
	pdf_value root = pdf_key(version, pdf_trailer(version), "/Root");
	pdf_value rights = pdf_key(version, pdf_key(version, root, "/Perms"), "/UR3");
	pdf_value reference = pdf_item(version, pdf_key(version, rights, "/Reference"), 0);

	return gap >= 0 && pdf_find_gap(version, rights) == gap &&
	       pdf_is_name(version, pdf_key(version, reference, "/TransformMethod"), "/UR3");
}

static void find_inside(const struct looking *looking);

static void find_below(const struct looking *looking, pdf_value value)
{
	struct looking below = {looking->judging, looking->home, value};

	/* Another object is looked through by itself. */
	if (!pdf_is_reference(looking->judging->file, value))
		find_inside(&below);
	pdf_release(looking->judging->file, value);
}

static bool find_in_entry(const char *key, void *argument)
{
	const struct looking *looking = argument;

	find_below(looking, pdf_key(looking->judging->file, looking->value, key));
	return looking->judging->verdict->fault == PDF_GOOD;
}

/* Find the signatures in a value; libqpdf reads none that is deeper than the stack. */
static void find_inside(const struct looking *looking)
{
	struct judging *judging = looking->judging;
	struct pdf_file *file = judging->file;
	pdf_value value = looking->value;
	size_t count = pdf_count(file, value);

	if (pdf_kind_of(file, value) == PDF_DICTIONARY &&
	    pdf_kind_of(file, pdf_key(file, value, "/ByteRange")) == PDF_ARRAY &&
	    pdf_kind_of(file, pdf_key(file, value, "/Contents")) == PDF_STRING &&
	    !is_known(judging, looking->home, value))
		add(judging, value, looking->home,
		    pdf_find_has_rights(file, pdf_find_gap(file, value)) ? PDF_RIGHTS : PDF_LOOSE);
	pdf_each_key(file, value, find_in_entry, &(struct looking){judging, looking->home, value});
	for (size_t i = 0; i < count && judging->verdict->fault == PDF_GOOD; i++)
		find_below(looking, pdf_item(file, value, i));
}

static void find_in_object(struct judging *judging, uint32_t number, uint32_t generation)
{
	pdf_value object = pdf_by_number(judging->file, number, generation);

	judging->verdict->shown |= pdf_shown_by(judging->file, object);
	if (pdf_mentions(judging->file, object, "/ByteRange"))
		find_inside(&(struct looking){judging, object, object});
	pdf_release(judging->file, object);
}

/* Find signatures that are in no field: no reader shows them. */
void pdf_find_loose(struct judging *judging)
{
	const enum pdf_fault *fault = &judging->verdict->fault;
	uint32_t end = pdf_free_number(judging->file);
	uint32_t number, generation;
	size_t place = 0;

	/* Looking for objects that nobody wrote must not take for ever. */
	if (end > NUMBERS_MAX && end > judging->length) {
		judging->verdict->fault = PDF_DAMAGED;
		return;
	}
	for (number = 1; number < end && *fault == PDF_GOOD; number++)
		find_in_object(judging, number, 0);
	while (*fault == PDF_GOOD && pdf_bytes_next_object(judging->bytes, judging->length, &place,
							   &number, &generation)) {
		if (generation > 0)
			find_in_object(judging, number, generation);
	}
}

static bool has_gap(const struct judging *judging, size_t gap)
{
	for (size_t i = 0; i < judging->verdict->count; i++) {
		if (judging->gaps[i] == (long long)gap)
			return true;
	}
	return false;
}

static bool is_digits(const uint8_t *bytes, const struct pdf_gap *gap)
{
	for (size_t i = gap->begin + 1; i < gap->end - 1; i++) {
		if (!isxdigit(bytes[i]))
			return false;
	}
	return true;
}

/* Find signatures that an older version has, and this one has no more. */
void pdf_find_removed(struct judging *judging)
{
	struct pdf_gap gap;
	size_t place = 0;

	while (judging->verdict->fault == PDF_GOOD &&
	       pdf_bytes_next_signature(judging->bytes, judging->length, &place, &gap)) {
		struct pdf_found *found = has_gap(judging, gap.begin) ? NULL
								      : note(judging, PDF_REMOVED,
									     (long long)gap.begin);

		/* With blanks among its digits nobody has made one. */
		if (found != NULL && is_digits(judging->bytes, &gap)) {
			found->gap = gap.begin;
			found->gap_end = gap.end;
			found->end = gap.covered;
		}
	}
}
