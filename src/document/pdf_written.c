/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_written: tells whether the objects that an update of a PDF has are those that readers find.
 *
 * libqpdf does not say where it reads an object. So the beginnings of all that are written last are
 * made unreadable in a copy of the file: an object that can be read there, too, is read from
 * elsewhere, and what is written last is in no cross-reference section.
 */
#include "document/pdf_written.h"

#include <stdlib.h>
#include <string.h>

#include "document/pdf_bytes.h"
#include "document/pdf_tail.h"

/* More sections of updates are not looked through. */
#define SECTIONS_MAX 32

static const char keyword[] = "obj";

/* An object that is written. */
struct written {
	uint32_t number, generation;
	size_t begin, place; /* where its number is, and its keyword */
	bool packed;         /* it is in an object stream, which is there */
};

/* All of an update, in work. */
struct writing {
	const uint8_t *bytes;
	size_t from, end;
	bool dangles; /* some references lead to nothing */
	struct written *list;
	size_t count, room;
};

/* --- what is written ------------------------------------------------------------------------- */

static bool add(struct writing *writing, const struct written *one)
{
	if (writing->count == writing->room) {
		size_t room = writing->room * 2 + 64;
		struct written *more = realloc(writing->list, room * sizeof(*more));

		if (more == NULL)
			return false;
		writing->list = more;
		writing->room = room;
	}
	writing->list[writing->count++] = *one;
	return true;
}

/* Return whether the keyword stands here by itself: not as the end of "endobj", or in a word. */
static bool is_alone(const struct writing *writing, size_t place)
{
	size_t after = place + strlen(keyword);

	return pdf_bytes_is_blank(writing->bytes[place - 1]) &&
	       (after == writing->end || pdf_bytes_is_blank(writing->bytes[after]) ||
		strchr("()<>[]{}/%", writing->bytes[after]) != NULL);
}

/* List all objects. False if one begins in a way that some readers know only, as with comments. */
static bool list_all(struct writing *writing)
{
	size_t place = 0;
	const uint8_t *found;

	while (place < writing->end && (found = memmem(writing->bytes + place, writing->end - place,
						       keyword, strlen(keyword))) != NULL) {
		struct written one = {.place = (size_t)(found - writing->bytes)};

		if (pdf_bytes_number_before(writing->bytes, one.place, &one.begin, &one.number,
					    &one.generation)) {
			if (!add(writing, &one))
				return false;
		} else if (one.place > 0 && is_alone(writing, one.place)) {
			return false;
		}
		place = one.place + strlen(keyword);
	}
	return true;
}

/* List the objects of an object stream. False if they are not as they should be. */
static bool list_packed(struct writing *writing, struct pdf_file *version, pdf_value stream,
			size_t begin)
{
	long long count = pdf_integer(version, pdf_key(version, stream, "/N"), 0);
	size_t length, place = 0;
	uint8_t *bytes = pdf_stream_decoded(version, stream, &length);
	bool listed = bytes != NULL;

	for (long long i = 0; i < count && listed; i++) {
		struct written one = {.begin = begin, .place = begin, .packed = true};
		uint64_t number, ignored;

		place = pdf_bytes_skip_blanks(bytes, length, place);
		place = pdf_bytes_number(bytes, length, place, &number);
		if (place > 0)
			place = pdf_bytes_skip_blanks(bytes, length, place);
		if (place > 0)
			place = pdf_bytes_number(bytes, length, place, &ignored);
		one.number = (uint32_t)number;
		listed = place > 0 && number <= UINT32_MAX && add(writing, &one);
	}
	free(bytes);
	return listed;
}

/* List the objects of all object streams. */
static bool list_all_packed(struct writing *writing, struct pdf_file *version)
{
	size_t count = writing->count;
	bool listed = true;

	for (size_t i = 0; i < count && listed; i++) {
		const struct written *one = &writing->list[i];
		pdf_value object = pdf_by_number(version, one->number, one->generation);

		if (pdf_is_name(version, pdf_key(version, object, "/Type"), "/ObjStm"))
			listed = list_packed(writing, version, object, one->place);
		pdf_release(version, object);
	}
	return listed;
}

static int compare_written(const void *one, const void *other)
{
	const struct written *a = one, *b = other;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static bool is_null(struct pdf_file *file, uint64_t number, uint32_t generation)
{
	pdf_value object;
	bool null;

	if (number > UINT32_MAX)
		return true;
	object = pdf_by_number(file, (uint32_t)number, generation);
	null = pdf_kind_of(file, object) == PDF_NULL;
	pdf_release(file, object);
	return null;
}

/* Return whether an object may be one that others are in. */
static bool may_have_others(const struct writing *writing, const struct written *one)
{
	const uint8_t *begin = writing->bytes + one->place;
	const uint8_t *end = memmem(begin, writing->end - one->place, "stream", strlen("stream"));

	return end != NULL && pdf_bytes_after_name(begin, (size_t)(end - begin), 0, "ObjStm") != 0;
}

/*
 * Count the generations that objects of one number have; those of object streams have 0. The list
 * has all that are written of it, one after the other.
 */
static size_t generations_of(struct pdf_file *version, const struct written *list, size_t count)
{
	size_t used = is_null(version, list[0].number, 0) ? 0 : 1;
	uint32_t last = 0;

	for (size_t i = 0; i < count; i++) {
		if (list[i].generation == last ||
		    is_null(version, list[i].number, list[i].generation))
			continue;
		last = list[i].generation;
		used++;
	}
	return used;
}

/*
 * Keep what is written last of each number. What the older part has and nobody refers to is left
 * out, as it was deleted there. False if readers disagree about what an object is: many look for
 * its number, and do not ask for its generation.
 */
static bool keep_last(struct writing *writing, struct pdf_file *version)
{
	size_t kept = 0, first = 0, next;

	qsort(writing->list, writing->count, sizeof(writing->list[0]), compare_written);
	for (; first < writing->count; first = next) {
		const struct written *one;
		size_t used;

		next = first + 1;
		while (next < writing->count &&
		       writing->list[next].number == writing->list[first].number)
			next++;
		one = &writing->list[next - 1];
		used = generations_of(version, &writing->list[first], next - first);
		if (used > 1)
			return false;
		if (used == 1 || one->place >= writing->from || writing->dangles)
			writing->list[kept++] = *one;
		else if (!one->packed && may_have_others(writing, one))
			return false;
	}
	writing->count = kept;
	return true;
}

/* --- what is read ---------------------------------------------------------------------------- */

/* Leave out cross-reference streams: without them nothing could be read, and nothing refers to
 * them. */
static void leave_sections(struct writing *writing, struct pdf_file *version)
{
	uint64_t section = 0;
	bool stream;
	size_t kept = 0;

	pdf_tail_find(writing->bytes, writing->end, &section, &stream);
	for (size_t i = 0; i < writing->count; i++) {
		const struct written *one = &writing->list[i];
		pdf_value object = pdf_by_number(version, one->number, one->generation);

		if (one->begin != section &&
		    !pdf_is_name(version, pdf_key(version, object, "/Type"), "/XRef"))
			writing->list[kept++] = *one;
	}
	writing->count = kept;
}

/*
 * Return whether libqpdf reads each object where it is written last. Packed ones come afterwards:
 * of them it does not say why they cannot be read, and what was looked at is read no more.
 */
static bool is_read(const struct writing *writing, struct pdf_file *version, struct pdf_file *copy)
{
	bool read = true;

	for (size_t i = 0; i < writing->count && read; i++) {
		const struct written *one = &writing->list[i];

		read = one->packed || !pdf_can_read(copy, one->number, one->generation);
	}
	for (size_t i = 0; i < writing->count && read; i++) {
		const struct written *one = &writing->list[i];

		read = !one->packed ||
		       (!is_null(version, one->number, 0) && is_null(copy, one->number, 0));
	}
	return read;
}

bool pdf_written_is_read(struct pdf_file *version, const uint8_t *bytes, size_t from, size_t end,
			 bool dangles)
{
	struct writing writing = {.bytes = bytes, .from = from, .end = end, .dangles = dangles};
	uint8_t *without = malloc(end + 1);
	struct pdf_file *copy = NULL;
	enum pdf_fault fault;
	bool listed = without != NULL && list_all(&writing) && list_all_packed(&writing, version);
	bool read = listed && writing.count == 0;

	if (listed && writing.count > 0 && keep_last(&writing, version)) {
		leave_sections(&writing, version);
		memcpy(without, bytes, end);
		for (size_t i = 0; i < writing.count; i++)
			without[writing.list[i].place] = 'x';
		copy = pdf_open(without, end, &fault);
		read = copy != NULL && is_read(&writing, version, copy);
	}
	pdf_close(copy);
	free(without);
	free(writing.list);
	return read;
}

/* --- where it ends --------------------------------------------------------------------------- */

/* Return the end of the version that has this as its newest section; 0 if it has none. */
static size_t end_of(const uint8_t *bytes, size_t end, uint64_t section)
{
	static const char mark[] = "%%EOF";
	const uint8_t *found =
		memmem(bytes + section, end - (size_t)section, "startxref", strlen("startxref"));

	if (found != NULL)
		found = memmem(found, (size_t)(bytes + end - found), mark, strlen(mark));
	return found == NULL ? 0 : (size_t)(found - bytes) + strlen(mark);
}

bool pdf_written_ends_plainly(struct pdf_file *version, const uint8_t *bytes, size_t from,
			      size_t end)
{
	struct pdf_file *one = version;
	uint64_t first, newest;
	bool stream, plain = pdf_tail_find(bytes, from, &first, &stream), all = false;

	first = plain ? pdf_bytes_skip_blanks(bytes, from, (size_t)first) : 0;
	for (size_t i = 0; i < SECTIONS_MAX && plain && !all; i++) {
		enum pdf_fault fault;
		long long previous = pdf_integer(one, pdf_key(one, pdf_trailer(one), "/Prev"), -1);

		if (one != version)
			pdf_close(one);
		one = version;
		plain = pdf_tail_is_plain(bytes, end);
		all = previous >= 0 && (size_t)previous < from &&
		      pdf_bytes_skip_blanks(bytes, from, (size_t)previous) == first;
		if (all || !plain)
			break;
		plain = previous >= (long long)from && (size_t)previous < end;
		end = plain ? end_of(bytes, end, (uint64_t)previous) : 0;
		plain = end > 0 && pdf_tail_find(bytes, end, &newest, &stream) &&
			newest == (uint64_t)previous;
		one = plain ? pdf_open(bytes, end, &fault) : version;
		plain = plain && one != NULL;
	}
	if (one != version)
		pdf_close(one);
	return plain && all;
}
