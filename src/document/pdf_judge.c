/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_judge: finds the signatures of a PDF, and what each of them covers.
 *
 * A signature covers its version of the file but the gap for its CMS (ISO 32000-1 §12.8.1). What
 * was appended afterwards can change everything that is shown, so each version is compared with the
 * next one, and the last signature must cover the whole file.
 */
#include "document/pdf_judge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document/guard.h"
#include "document/kind.h"
#include "document/pdf_bytes.h"
#include "document/pdf_compare.h"

/* Fields are looked for so deep, and so many. */
#define FIELD_DEPTH 32
#define FIELDS_MAX  100000

/* One judgement in work. */
struct judging {
	struct pdf_verdict *verdict;
	struct pdf_file *file;
	const uint8_t *bytes;
	size_t length;
	size_t fields;
	uint32_t wanted; /* the number of a signature, to know whether its field locks all */
	bool locked;
	/* Of each signature: itself, if it is in the form; and where its ByteRange has the gap. */
	pdf_value values[PDF_SIGNATURES_MAX];
	long long gaps[PDF_SIGNATURES_MAX];
};

/* --- the form -------------------------------------------------------------------------------- */

static long long gap_of(struct pdf_file *file, pdf_value signature)
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
		verdict->fault = PDF_UNABLE;
		return NULL;
	}
	judging->gaps[verdict->count] = gap;
	verdict->found[verdict->count] = (struct pdf_found){.cover = cover};
	return &verdict->found[verdict->count++];
}

/* Note one that is an object, or a part of one: of a field, and even of the catalogue. */
static void add(struct judging *judging, pdf_value signature, pdf_value home, enum pdf_cover cover)
{
	struct pdf_found *found = note(judging, cover, gap_of(judging->file, signature));

	if (found == NULL)
		return;
	judging->values[found - judging->verdict->found] = signature;
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

static void find_in_form(struct judging *judging)
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
	long long gap = gap_of(judging->file, signature);

	for (size_t i = 0; i < verdict->count; i++) {
		if (verdict->found[i].number == number &&
		    verdict->found[i].generation == generation && judging->gaps[i] == gap)
			return true;
	}
	return false;
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
		add(judging, value, looking->home, PDF_LOOSE);
	pdf_each_key(file, value, find_in_entry, &(struct looking){judging, looking->home, value});
	for (size_t i = 0; i < count && judging->verdict->fault == PDF_GOOD; i++)
		find_below(looking, pdf_item(file, value, i));
}

static void find_in_object(struct judging *judging, uint32_t number, uint32_t generation)
{
	pdf_value object = pdf_by_number(judging->file, number, generation);

	if (pdf_mentions(judging->file, object, "/ByteRange"))
		find_inside(&(struct looking){judging, object, object});
	pdf_release(judging->file, object);
}

/* Find signatures that are in no field: no reader shows them. */
static void find_loose(struct judging *judging)
{
	const enum pdf_fault *fault = &judging->verdict->fault;
	uint32_t end = pdf_free_number(judging->file);
	uint32_t number, generation;
	size_t place = 0;

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

/* Find signatures that an older version has, and this one has no more. */
static void find_removed(struct judging *judging)
{
	size_t place = 0, gap;

	while (judging->verdict->fault == PDF_GOOD &&
	       pdf_bytes_next_signature(judging->bytes, judging->length, &place, &gap)) {
		if (!has_gap(judging, gap))
			note(judging, PDF_REMOVED, (long long)gap);
	}
}

/* --- the ranges ------------------------------------------------------------------------------ */

/* Return whether these bytes are one hexadecimal string, of exactly this value. */
static bool is_exactly(const uint8_t *hex, size_t length, const char *value, size_t value_length)
{
	static const char digits[] = "0123456789abcdef";

	if (length != value_length * 2 + 2 || hex[0] != '<' || hex[length - 1] != '>')
		return false;
	for (size_t i = 0; i < value_length; i++) {
		unsigned char byte = (unsigned char)value[i];

		if (tolower(hex[1 + 2 * i]) != digits[byte >> 4] ||
		    tolower(hex[2 + 2 * i]) != digits[byte & 15])
			return false;
	}
	return true;
}

static bool is_verified_kind(struct pdf_file *file, pdf_value signature)
{
	pdf_value kind = pdf_key(file, signature, "/SubFilter");

	return pdf_is_name(file, kind, "/adbe.pkcs7.detached") ||
	       pdf_is_name(file, kind, "/ETSI.CAdES.detached");
}

static bool is_empty(const char *contents, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (contents[i] != 0)
			return false;
	}
	return true;
}

/* Find out what the range of a signature is. */
static enum pdf_cover measure(struct judging *judging, struct pdf_found *found, pdf_value signature)
{
	struct pdf_file *file = judging->file;
	pdf_value range = pdf_key(file, signature, "/ByteRange");
	long long numbers[4], length = (long long)judging->length;
	const char *contents;
	size_t size;

	for (size_t i = 0; i < 4; i++) {
		numbers[i] = pdf_integer(file, pdf_item(file, range, i), -1);
		if (numbers[i] < 0 || numbers[i] > length)
			return PDF_ODD_RANGE;
	}
	contents = pdf_string(file, pdf_key(file, signature, "/Contents"), &size);
	if (contents == NULL || is_empty(contents, size))
		return PDF_EMPTY;
	if (pdf_count(file, range) != 4 || numbers[0] != 0 || numbers[1] >= numbers[2] ||
	    numbers[2] + numbers[3] > length || found->number == 0 ||
	    !pdf_bytes_follows_contents(judging->bytes, (size_t)numbers[1]) ||
	    !is_exactly(judging->bytes + numbers[1], (size_t)(numbers[2] - numbers[1]), contents,
			size))
		return PDF_ODD_RANGE;
	found->gap = (size_t)numbers[1];
	found->gap_end = (size_t)numbers[2];
	found->end = (size_t)(numbers[2] + numbers[3]);
	return PDF_COVERS_ALL;
}

/* Take the time that a signature says. What is longer is none. */
static void take_time(struct pdf_file *file, pdf_value signature, char text[PDF_TIME_SIZE])
{
	size_t length;
	const char *bytes = pdf_string(file, pdf_key(file, signature, "/M"), &length);

	memset(text, 0, PDF_TIME_SIZE);
	if (bytes != NULL && length < PDF_TIME_SIZE)
		memcpy(text, bytes, length);
}

static void measure_all(struct judging *judging)
{
	struct pdf_verdict *verdict = judging->verdict;

	for (size_t i = 0; i < verdict->count; i++) {
		struct pdf_found *found = &verdict->found[i];
		pdf_value signature = judging->values[i];

		if (found->cover != PDF_COVERS_ALL)
			continue;
		take_time(judging->file, signature, found->time);
		found->cover = is_verified_kind(judging->file, signature)
				       ? measure(judging, found, signature)
				       : PDF_OTHER_KIND;
	}
}

static int compare_ends(const void *one, const void *other)
{
	const struct pdf_found *a = one, *b = other;

	return (a->end > b->end) - (a->end < b->end);
}

/* --- the versions ---------------------------------------------------------------------------- */

/* Return whether a version has the signature in its form, as the file has it; *locked: and it is in
 * a field that locks the document. */
static bool has_signature(const struct judging *judging, struct pdf_file *version,
			  const struct pdf_found *wanted, bool *locked)
{
	struct pdf_verdict verdict = {.fault = PDF_GOOD};
	struct judging older = {.verdict = &verdict,
				.file = version,
				.bytes = judging->bytes,
				.length = wanted->end,
				.wanted = wanted->number};
	bool has = false;

	find_in_form(&older);
	measure_all(&older);
	*locked = older.locked;
	for (size_t i = 0; i < verdict.count; i++) {
		const struct pdf_found *found = &verdict.found[i];

		has |= found->cover == PDF_COVERS_ALL && found->number == wanted->number &&
		       found->generation == wanted->generation && found->gap == wanted->gap &&
		       found->end == wanted->end;
	}
	return has && verdict.fault == PDF_GOOD;
}

/* Return whether the author's signature allows no change (§12.8.2.2). */
static bool is_final(struct pdf_file *version, const struct pdf_found *found)
{
	pdf_value root = pdf_key(version, pdf_trailer(version), "/Root");
	pdf_value signature = pdf_key(version, pdf_key(version, root, "/Perms"), "/DocMDP");
	pdf_value references = pdf_key(version, signature, "/Reference");
	size_t count = pdf_count(version, references);

	if (pdf_number(version, signature) != found->number)
		return false;
	for (size_t i = 0; i < count; i++) {
		pdf_value parameters =
			pdf_key(version, pdf_item(version, references, i), "/TransformParams");

		if (pdf_integer(version, pdf_key(version, parameters, "/P"), 2) == 1)
			return true;
	}
	return false;
}

/* Return whether there is a part for newer readers (§7.5.8.4): programs disagree about what it has.
 */
static bool is_hybrid(const uint8_t *bytes, size_t length)
{
	return pdf_bytes_after_name(bytes, length, 0, "XRefStm") != 0;
}

/* Return what a signature covers if the next version has no more than such a change. */
static enum pdf_cover cover_of(enum pdf_change change)
{
	static const enum pdf_cover covers[] = {
		[PDF_ONLY_SIGNED] = PDF_COVERS_VERSION,
		[PDF_ONLY_SHOWN] = PDF_COVERS_SHOWN,
		[PDF_PUT_ON_PAGE] = PDF_PUT_OVER,
		[PDF_FORM_OTHER] = PDF_REFILLED,
		[PDF_OTHER] = PDF_REPLACED,
	};

	return covers[change];
}

/* Judge a signature that more follows, by its version and a later one. */
static enum pdf_cover judge_version(const struct judging *judging, const struct pdf_found *found,
				    struct pdf_file *later)
{
	enum pdf_cover cover;
	enum pdf_fault fault;
	struct pdf_file *version = pdf_open(judging->bytes, found->end, &fault);
	bool locked;

	if (version == NULL)
		return PDF_ODD_RANGE;
	if (!has_signature(judging, version, found, &locked))
		cover = PDF_ODD_RANGE;
	else if (locked || is_final(version, found))
		cover = PDF_BROKE_FINAL;
	else
		cover = cover_of(pdf_compare(version, later, judging->file));
	if (pdf_covers(cover) && pdf_is_damaged(version))
		cover = PDF_REPLACED;
	pdf_close(version);
	return cover;
}

/* Judge one signature by the version of the next one, which is the file for the last. */
static void judge_one(const struct judging *judging, struct pdf_found *found,
		      const struct pdf_found *next)
{
	size_t end = next != NULL ? next->end : judging->length;
	enum pdf_fault fault;
	struct pdf_file *later;

	if (next == NULL && found->end == judging->length)
		return;
	/* No two signatures are in the same gap. */
	if (next != NULL && next->end == found->end) {
		found->cover = PDF_ODD_RANGE;
		return;
	}
	if (is_hybrid(judging->bytes + found->end, end - found->end)) {
		found->cover = PDF_REPLACED;
		return;
	}
	later = end == judging->length ? judging->file : pdf_open(judging->bytes, end, &fault);
	found->cover = later != NULL ? judge_version(judging, found, later) : PDF_REPLACED;
	if (later != NULL && pdf_is_damaged(later))
		found->cover = PDF_REPLACED;
	if (later != judging->file)
		pdf_close(later);
	/* What follows may be no more than a signature's form, and yet no signature covers it. */
	if (next == NULL && pdf_covers(found->cover))
		found->cover = PDF_APPENDED;
}

/* Judge all versions. A change after one signature is a change after all that are older. */
static void judge_versions(const struct judging *judging)
{
	struct pdf_verdict *verdict = judging->verdict;
	enum pdf_cover changed = PDF_COVERS_VERSION;

	qsort(verdict->found, verdict->count, sizeof(verdict->found[0]), compare_ends);
	for (size_t i = verdict->count; i-- > 0;) {
		struct pdf_found *found = &verdict->found[i];

		/* Those without a range stand before all others. */
		if (found->cover != PDF_COVERS_ALL)
			break;
		judge_one(judging, found, i + 1 < verdict->count ? found + 1 : NULL);
		if (found->cover < PDF_COVERS_VERSION || found->cover > PDF_REPLACED)
			continue;
		if (found->cover < changed)
			found->cover = changed;
		changed = found->cover;
	}
}

/* --- all of it ------------------------------------------------------------------------------- */

void pdf_judge_here(struct pdf_verdict *verdict, const uint8_t *bytes, size_t length)
{
	struct judging judging = {.verdict = verdict, .bytes = bytes, .length = length};

	memset(verdict, 0, sizeof(*verdict));
	/* The places of objects count from its beginning, or from the file's: readers disagree. */
	if (document_kind_of(bytes, length) != DOCUMENT_PDF) {
		verdict->fault = PDF_NOT;
		return;
	}
	judging.file = pdf_open(bytes, length, &verdict->fault);
	if (judging.file == NULL)
		return;
	find_in_form(&judging);
	if (verdict->fault == PDF_GOOD)
		find_loose(&judging);
	if (verdict->fault == PDF_GOOD)
		find_removed(&judging);
	if (verdict->fault == PDF_GOOD)
		measure_all(&judging);
	if (verdict->fault == PDF_GOOD && pdf_is_damaged(judging.file))
		verdict->fault = PDF_DAMAGED;
	if (verdict->fault == PDF_GOOD)
		judge_versions(&judging);
	pdf_close(judging.file);
}

struct question {
	const uint8_t *bytes;
	size_t length;
};

static void answer_question(FILE *answer, void *argument)
{
	const struct question *question = argument;
	struct pdf_verdict verdict;

	pdf_judge_here(&verdict, question->bytes, question->length);
	fwrite(&verdict, sizeof(verdict), 1, answer);
}

/* Return whether no signature leads out of the file. */
static bool is_sound(const struct pdf_verdict *verdict, size_t length)
{
	if (verdict->count > PDF_SIGNATURES_MAX)
		return false;
	for (size_t i = 0; i < verdict->count; i++) {
		const struct pdf_found *found = &verdict->found[i];

		if (found->gap > found->gap_end || found->gap_end > found->end ||
		    found->end > length || found->time[PDF_TIME_SIZE - 1] != '\0')
			return false;
	}
	return true;
}

void pdf_judge(struct pdf_verdict *verdict, const uint8_t *bytes, size_t length)
{
	struct question question = {bytes, length};
	char *answer;
	size_t size;

	memset(verdict, 0, sizeof(*verdict));
	verdict->fault = PDF_UNABLE;
	if (!guard_run(answer_question, &question, sizeof(*verdict), &answer, &size))
		return;
	if (size == sizeof(*verdict))
		memcpy(verdict, answer, size);
	free(answer);
	if (!is_sound(verdict, length)) {
		memset(verdict, 0, sizeof(*verdict));
		verdict->fault = PDF_UNABLE;
	}
}
