/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_judge: tells what each signature of a PDF covers.
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
#include "document/pdf_find.h"
#include "document/pdf_written.h"

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

/* Return whether a signature gave rights already when it was made: or else it was made for more. */
static bool gave_rights(const struct judging *judging, const struct pdf_found *found)
{
	struct pdf_file *version =
		found->end > 0 ? pdf_open_version(judging->file, judging->bytes, found->end) : NULL;
	bool gave = version != NULL && pdf_find_has_rights(version, (long long)found->gap);

	pdf_close(version);
	return gave;
}

static void measure_all(struct judging *judging)
{
	struct pdf_verdict *verdict = judging->verdict;

	for (size_t i = 0; i < verdict->count; i++) {
		struct pdf_found *found = &verdict->found[i];
		pdf_value signature = judging->values[i];
		enum pdf_cover cover = PDF_OTHER_KIND;

		if (found->cover == PDF_REMOVED)
			continue;
		take_time(judging->file, signature, found->time);
		if (is_verified_kind(judging->file, signature))
			cover = measure(judging, found, signature);
		if (found->cover == PDF_COVERS_ALL)
			found->cover = cover;
		if (found->cover == PDF_RIGHTS && !gave_rights(judging, found))
			found->cover = PDF_LOOSE;
		if (found->cover == PDF_RIGHTS)
			found->gap = found->gap_end = 0;
	}
}

static int compare_ends(const void *one, const void *other)
{
	const struct pdf_found *a = one, *b = other;

	if (a->end != b->end)
		return a->end > b->end ? 1 : -1;
	return (a->cover < b->cover) - (a->cover > b->cover);
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

	pdf_find_in_form(&older);
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

/*
 * Return whether no reader can show another thing of a later version than libqpdf does. What is odd
 * in the older version, its signer has signed; so long as all readers find the same in it.
 */
static bool is_clear(const struct judging *judging, const struct pdf_found *found,
		     struct pdf_file *version, struct pdf_file *later, size_t later_end)
{
	uint8_t *bytes = judging->bytes;
	struct pdf_parts parts = judging->parts, older = judging->parts;

	parts.from = found->end;
	parts.end = later_end;
	older.end = found->end;
	return !pdf_is_odd(later) &&
	       pdf_written_ends_plainly(later, bytes, found->end, later_end) &&
	       pdf_written_is_read(later, bytes, &parts) &&
	       (pdf_loose_sections(later) == 0 ||
		(pdf_loose_sections(later) == pdf_loose_sections(version) &&
		 pdf_written_is_read(version, bytes, &older)));
}

/* Judge a signature that more follows, by its version and a later one, which ends at later_end. */
static enum pdf_cover judge_version(const struct judging *judging, const struct pdf_found *found,
				    struct pdf_file *later, size_t later_end)
{
	enum pdf_cover cover;
	struct pdf_file *version = pdf_open_version(judging->file, judging->bytes, found->end);
	bool locked;

	if (version == NULL)
		return PDF_ODD_RANGE;
	if (!has_signature(judging, version, found, &locked))
		cover = PDF_ODD_RANGE;
	else if (locked || is_final(version, found))
		cover = PDF_BROKE_FINAL;
	else
		cover = cover_of(pdf_compare(version, later, judging->file));
	if (pdf_covers(cover) && (pdf_is_damaged(version) || pdf_is_damaged(later)))
		cover = PDF_REPLACED;
	if (pdf_covers(cover) && !is_clear(judging, found, version, later, later_end))
		cover = PDF_AMBIGUOUS;
	pdf_close(version);
	return cover;
}

/* Judge one signature by the version of the next one, which is the file for the last. */
static void judge_one(const struct judging *judging, struct pdf_found *found,
		      const struct pdf_found *next)
{
	size_t end = next != NULL ? next->end : judging->length;
	struct pdf_file *later;

	if (next == NULL && found->end == judging->length)
		return;
	/* No two signatures are in the same gap. */
	if (next != NULL && next->end == found->end) {
		found->cover = PDF_ODD_RANGE;
		return;
	}
	if (is_hybrid(judging->bytes + found->end, end - found->end)) {
		found->cover = PDF_AMBIGUOUS;
		return;
	}
	later = end == judging->length ? judging->file
				       : pdf_open_version(judging->file, judging->bytes, end);
	found->cover = later != NULL ? judge_version(judging, found, later, end) : PDF_REPLACED;
	if (later != judging->file)
		pdf_close(later);
	/* What follows may be no more than a signature's form, and yet no signature covers it. */
	if (next == NULL && (pdf_covers(found->cover) || found->cover == PDF_AMBIGUOUS))
		found->cover = PDF_APPENDED;
}

/* Return where the version ends that was there before a signature was made; 0 if there was none. */
static size_t end_before(const uint8_t *bytes, const struct pdf_found *found)
{
	static const char mark[] = "%%EOF";
	size_t end = found->gap;

	while (end >= strlen(mark) && memcmp(bytes + end - strlen(mark), mark, strlen(mark)) != 0)
		end--;
	return end >= strlen(mark) ? end : 0;
}

/* Return whether a version has no more than a signature beside what is before base. */
static bool has_only_signed(const struct judging *judging, size_t base, size_t end)
{
	struct pdf_file *before = pdf_open_version(judging->file, judging->bytes, base);
	struct pdf_file *with = pdf_open_version(judging->file, judging->bytes, end);
	bool only = before != NULL && with != NULL &&
		    pdf_covers(cover_of(pdf_compare(before, with, judging->file)));

	pdf_close(before);
	pdf_close(with);
	return only;
}

/*
 * Find the parts of the file for the judgement of a signature. The program that has made it wrote
 * nothing else; but whoever has made the oldest one may have written what a later signer never saw.
 */
static void find_parts(struct judging *judging, const struct pdf_found *oldest,
		       const struct pdf_found *found)
{
	size_t base = end_before(judging->bytes, oldest);

	judging->parts = (struct pdf_parts){.base = base, .first = base};
	if (found == oldest)
		return;
	judging->parts.first = oldest->end;
	if (!has_only_signed(judging, base, oldest->end))
		judging->parts.base = oldest->end;
}

/* Return the oldest signature that covers a version. */
static const struct pdf_found *oldest_of(const struct pdf_verdict *verdict)
{
	size_t i = 0;

	while (i < verdict->count && verdict->found[i].cover != PDF_COVERS_ALL)
		i++;
	return &verdict->found[i];
}

/* Judge all versions. A change after one signature is a change after all that are older. */
static void judge_versions(struct judging *judging)
{
	struct pdf_verdict *verdict = judging->verdict;
	enum pdf_cover changed = PDF_COVERS_VERSION;
	const struct pdf_found *next = NULL, *oldest;

	qsort(verdict->found, verdict->count, sizeof(verdict->found[0]), compare_ends);
	oldest = oldest_of(verdict);
	for (size_t i = verdict->count; i-- > 0;) {
		struct pdf_found *found = &verdict->found[i];

		if (found->cover != PDF_COVERS_ALL)
			continue;
		if (next != NULL)
			find_parts(judging, oldest, found);
		judge_one(judging, found, next);
		next = found;
		if (found->cover < PDF_COVERS_VERSION || found->cover > PDF_REPLACED)
			continue;
		if (found->cover < changed)
			found->cover = changed;
		changed = found->cover;
	}
}

/* --- all of it ------------------------------------------------------------------------------- */

void pdf_judge_here(struct pdf_verdict *verdict, uint8_t *bytes, size_t length)
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
	pdf_find_in_form(&judging);
	if (verdict->fault == PDF_GOOD)
		pdf_find_loose(&judging);
	if (verdict->fault == PDF_GOOD)
		pdf_find_removed(&judging);
	if (verdict->fault == PDF_GOOD)
		measure_all(&judging);
	if (verdict->fault == PDF_GOOD && pdf_is_damaged(judging.file))
		verdict->fault = PDF_DAMAGED;
	if (verdict->fault == PDF_GOOD)
		judge_versions(&judging);
	/* What could not be looked at for lack of memory says nothing about a signer. */
	if (pdf_is_lacking(judging.file))
		verdict->fault = PDF_UNABLE;
	pdf_close(judging.file);
}

struct question {
	uint8_t *bytes;
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

void pdf_judge(struct pdf_verdict *verdict, uint8_t *bytes, size_t length)
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
