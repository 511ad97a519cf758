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

static const char keyword[] = "obj";

/* An object that is written. */
struct written {
	uint32_t number, generation;
	size_t begin, place; /* where its number is, and its keyword */
};

/* All of an update, in work. */
struct writing {
	const uint8_t *bytes;
	size_t from, end;
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
	/* The keyword may begin before that. */
	size_t ahead = strlen(keyword) - 1;
	size_t place = writing->from > ahead ? writing->from - ahead : 0;
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

static int compare_written(const void *one, const void *other)
{
	const struct written *a = one, *b = other;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

/* Keep what is written last of each number. */
static void keep_last(struct writing *writing)
{
	size_t kept = 0;

	qsort(writing->list, writing->count, sizeof(writing->list[0]), compare_written);
	for (size_t i = 0; i < writing->count; i++) {
		if (i + 1 == writing->count ||
		    writing->list[i + 1].number != writing->list[i].number)
			writing->list[kept++] = writing->list[i];
	}
	writing->count = kept;
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

static bool is_null(struct pdf_file *file, uint64_t number)
{
	pdf_value object;
	bool null;

	if (number > UINT32_MAX)
		return true;
	object = pdf_by_number(file, (uint32_t)number, 0);
	null = pdf_kind_of(file, object) == PDF_NULL;
	pdf_release(file, object);
	return null;
}

/* Return whether all objects of an object stream are gone in the copy, where it cannot be read. Of
 * its objects libqpdf does not say why. */
static bool is_stream_read(struct pdf_file *version, struct pdf_file *copy, pdf_value stream)
{
	long long count = pdf_integer(version, pdf_key(version, stream, "/N"), 0);
	size_t length, place = 0;
	uint8_t *bytes = pdf_stream_decoded(version, stream, &length);
	bool read = bytes != NULL;

	for (long long i = 0; i < count && read; i++) {
		uint64_t number, ignored;

		place = pdf_bytes_skip_blanks(bytes, length, place);
		place = pdf_bytes_number(bytes, length, place, &number);
		if (place > 0)
			place = pdf_bytes_skip_blanks(bytes, length, place);
		if (place > 0)
			place = pdf_bytes_number(bytes, length, place, &ignored);
		read = place > 0 && !is_null(version, number) && is_null(copy, number);
	}
	free(bytes);
	return read;
}

/* Return whether libqpdf reads each object where it is written last. */
static bool is_read(const struct writing *writing, struct pdf_file *version, struct pdf_file *copy)
{
	bool read = true;

	for (size_t i = 0; i < writing->count && read; i++) {
		const struct written *one = &writing->list[i];
		pdf_value object = pdf_by_number(version, one->number, one->generation);

		read = !pdf_can_read(copy, one->number, one->generation);
		if (pdf_is_name(version, pdf_key(version, object, "/Type"), "/ObjStm"))
			read = read && is_stream_read(version, copy, object);
		pdf_release(version, object);
	}
	return read;
}

bool pdf_written_is_read(struct pdf_file *version, const uint8_t *bytes, size_t from, size_t end)
{
	struct writing writing = {.bytes = bytes, .from = from, .end = end};
	uint8_t *without = malloc(end + 1);
	struct pdf_file *copy = NULL;
	enum pdf_fault fault;
	bool listed = without != NULL && list_all(&writing);
	bool read = listed && writing.count == 0;

	if (listed && writing.count > 0) {
		keep_last(&writing);
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
