/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_written: tells whether the objects that an update of a PDF has are those that readers find.
 *
 * libqpdf does not say where it reads an object. So the beginnings of all that are written last are
 * made unreadable for a while, and the file is read once more: an object that can be read then,
 * too, is read from elsewhere, and what is written last is in no cross-reference section. A copy of
 * a large file would take as much memory as all the rest.
 */
#include "document/pdf_written.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf_bytes.h"
#include "document/pdf_tail.h"
#include "document/pdf_token.h"

/* More sections of updates are not looked through. */
#define SECTIONS_MAX 32

static const char keyword[] = "obj";

/* An object that is written. */
struct written {
	uint32_t number, generation;
	size_t begin, place; /* where its number is, and its keyword */
	bool packed;         /* it is in an object stream, which is there */
	uint32_t stream;     /* that object stream's number */
	size_t offset;       /* and where it is in that, without its filters */
};

/* All of an update, in work. */
struct writing {
	struct pdf_file *version;
	const uint8_t *bytes;
	struct pdf_parts parts;
	size_t from, end; /* of them */
	struct written *list;
	size_t count, room;
	uint32_t *hidden; /* numbers that have no object here, and are written before the update */
	size_t hidden_count;
	uint32_t root; /* the catalogue's number */
};

/* --- what is written ------------------------------------------------------------------------- */

static bool add(struct writing *writing, const struct written *one)
{
	if (writing->count == writing->room) {
		size_t room = writing->room * 2 + 64;
		struct written *more = realloc(writing->list, room * sizeof(*more));

		if (more == NULL) {
			pdf_lack(writing->version);
			return false;
		}
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

/* Move *place, where a word begins, before the blanks and the number before it. False if no number
 * is there; a comment before the word may hide one. */
static bool pass_number_before(const uint8_t *bytes, size_t *place, bool *comment)
{
	size_t at = *place, line;

	while (at > 0 && pdf_bytes_is_blank(bytes[at - 1]))
		at--;
	for (line = at; line > 0 && bytes[line - 1] != '\r' && bytes[line - 1] != '\n'; line--)
		*comment |= bytes[line - 1] == '%';
	for (*place = at; *place > 0 && isdigit(bytes[*place - 1]); --*place)
		;
	return *place < at;
}

/* Return whether some reader may find two numbers before this place, as before an object. */
static bool may_follow_numbers(const struct writing *writing, size_t place)
{
	bool comment = false;
	bool follows = true;

	for (size_t i = 0; i < 2 && follows; i++)
		follows = pass_number_before(writing->bytes, &place, &comment);
	return follows || comment;
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
		} else if (one.place > 0 && is_alone(writing, one.place) &&
			   may_follow_numbers(writing, one.place)) {
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
	long long first = pdf_integer(version, pdf_key(version, stream, "/First"), -1);
	size_t length, place = 0;
	uint8_t *bytes = pdf_stream_decoded(version, stream, &length);
	bool listed = bytes != NULL;

	for (long long i = 0; i < count && listed; i++) {
		struct written one = {.begin = begin, .place = begin, .packed = true};
		uint64_t number, offset = 0;

		place = pdf_bytes_skip_blanks(bytes, length, place);
		place = pdf_bytes_number(bytes, length, place, &number);
		if (place > 0)
			place = pdf_bytes_skip_blanks(bytes, length, place);
		if (place > 0)
			place = pdf_bytes_number(bytes, length, place, &offset);
		listed = place > 0 && number <= UINT32_MAX && first >= 0 &&
			 (size_t)first <= length && offset <= length - (size_t)first;
		if (!listed)
			break;
		one.number = (uint32_t)number;
		one.stream = pdf_number(version, stream);
		one.offset = (size_t)first + (size_t)offset;
		listed = add(writing, &one);
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

static bool is_in(const struct written *one, size_t from, size_t end)
{
	return one->place >= from && one->place < end;
}

/*
 * Return whether one part of the file has an object of a number both by itself and in an object
 * stream. Of such two some readers that repair a file take the one, and some the other; so it is
 * as well with two parts, but then the later part is a signature.
 */
static bool is_twice(const struct writing *writing, const struct written *list, size_t count)
{
	const struct pdf_parts *parts = &writing->parts;
	size_t from = parts->from > parts->first ? parts->from : parts->first;
	bool alone[3] = {false}, packed[3] = {false};

	for (size_t i = 0; i < count; i++) {
		bool *seen = list[i].packed ? packed : alone;

		seen[0] |= is_in(&list[i], 0, parts->base);
		seen[1] |= is_in(&list[i], parts->base, parts->first);
		seen[2] |= is_in(&list[i], from, parts->end);
	}
	return (alone[0] && packed[0]) || (alone[1] && packed[1]) || (alone[2] && packed[2]);
}

/*
 * Keep what is written last of each number. What the older part has, and the version has not, is
 * hidden: it was deleted there. False if readers disagree about what an object is: many look for
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
		if (used > 1 || is_twice(writing, &writing->list[first], next - first))
			return false;
		if (used == 0 && one->place < writing->from) {
			/* MuPDF lets those in an object stream take the place of all others. */
			if (!one->packed && may_have_others(writing, one))
				return false;
			writing->hidden[writing->hidden_count++] = one->number;
		} else {
			writing->list[kept++] = *one;
		}
	}
	writing->count = kept;
	return true;
}

/* --- what is referred to --------------------------------------------------------------------- */

/* The text that objects are in: the file, or the object stream that was read last. */
struct text {
	uint32_t stream;
	uint8_t *bytes;
	size_t length;
};

static int compare_numbers(const void *one, const void *other)
{
	const uint32_t *a = one, *b = other;

	return (*a > *b) - (*a < *b);
}

static bool is_not_hidden(uint64_t number, void *argument)
{
	const struct writing *writing = argument;
	uint32_t wanted = (uint32_t)number;

	return number > UINT32_MAX || bsearch(&wanted, writing->hidden, writing->hidden_count,
					      sizeof(wanted), compare_numbers) == NULL;
}

/* Have the object stream of an object in text. */
static bool read_stream(struct text *text, struct pdf_file *version, const struct written *one)
{
	pdf_value stream;

	if (text->bytes != NULL && text->stream == one->stream)
		return true;
	free(text->bytes);
	stream = pdf_by_number(version, one->stream, 0);
	text->stream = one->stream;
	text->bytes = pdf_stream_decoded(version, stream, &text->length);
	pdf_release(version, stream);
	return text->bytes != NULL;
}

static int compare_places(const void *one, const void *other)
{
	const struct written *a = one, *b = other;

	return (a->place > b->place) - (a->place < b->place);
}

/*
 * Return whether no object refers to a hidden one, which readers that repair a file would show.
 * libqpdf leaves such entries out of dictionaries, so the text is looked through. Moves the list.
 */
static bool leads_to_none_hidden(struct writing *writing, struct pdf_file *version)
{
	struct text text = {0, NULL, 0};
	bool leads = false;

	/* Those of one object stream follow each other. */
	qsort(writing->list, writing->count, sizeof(writing->list[0]), compare_places);
	for (size_t i = 0; i < writing->count && writing->hidden_count > 0 && !leads; i++) {
		const struct written *one = &writing->list[i];

		if (one->packed)
			leads = !read_stream(&text, version, one) ||
				!pdf_token_each_reference(text.bytes, text.length, one->offset,
							  is_not_hidden, writing);
		else
			leads = !pdf_token_each_reference(writing->bytes, writing->end,
							  one->place + strlen(keyword),
							  is_not_hidden, writing);
	}
	free(text.bytes);
	return !leads;
}

/*
 * Return whether all that is written has the same catalogue, counted in the version or not. Without
 * a trailer that they understand readers take any, or look for an object that calls itself one.
 */
static bool has_one_root(struct writing *writing, struct pdf_file *version)
{
	static const char trailer[] = "trailer";
	struct text text = {0, NULL, 0};
	const uint8_t *found;
	size_t place = 0;
	bool same = true;

	writing->root = pdf_number(version, pdf_key(version, pdf_trailer(version), "/Root"));
	for (size_t i = 0; i < writing->count && same; i++) {
		const struct written *one = &writing->list[i];
		const uint8_t *bytes = writing->bytes;
		size_t length = writing->end, begin = one->place + strlen(keyword);

		if (one->packed) {
			same = read_stream(&text, version, one);
			bytes = text.bytes;
			length = text.length;
			begin = one->offset;
		}
		same = same && pdf_token_has_root(bytes, length, begin, one->number, writing->root);
	}
	free(text.bytes);
	while (same && (found = memmem(writing->bytes + place, writing->end - place, trailer,
				       strlen(trailer))) != NULL) {
		place = (size_t)(found - writing->bytes) + strlen(trailer);
		same = pdf_token_has_root(writing->bytes, writing->end, place, 0, writing->root);
	}
	return same;
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

/* Return whether the version has each object that is written last in an object stream. */
static bool has_packed(const struct writing *writing, struct pdf_file *version)
{
	bool has = true;

	for (size_t i = 0; i < writing->count && has; i++) {
		const struct written *one = &writing->list[i];

		has = !one->packed || !is_null(version, one->number, 0);
	}
	return has;
}

/*
 * Return whether nothing can be read in a file in which all that is written last is unreadable.
 * Packed objects come afterwards: of them libqpdf does not say why they cannot be read, and what
 * was looked at is read no more.
 */
static bool has_nothing(const struct writing *writing, struct pdf_file *without)
{
	bool none = true;

	for (size_t i = 0; i < writing->count && none; i++) {
		const struct written *one = &writing->list[i];

		none = one->packed || !pdf_can_read(without, one->number, one->generation);
	}
	for (size_t i = 0; i < writing->count && none; i++) {
		const struct written *one = &writing->list[i];

		none = !one->packed || is_null(without, one->number, 0);
	}
	return none;
}

/* Begin the keyword of each object that is written last with this letter. */
static void write_letter(const struct writing *writing, uint8_t *bytes, uint8_t letter)
{
	for (size_t i = 0; i < writing->count; i++)
		bytes[writing->list[i].place] = letter;
}

/* Return whether libqpdf reads each object where it is written last. */
static bool is_read(const struct writing *writing, struct pdf_file *version, uint8_t *bytes)
{
	struct pdf_file *without;
	bool read;

	if (!has_packed(writing, version))
		return false;
	write_letter(writing, bytes, 'x');
	without = pdf_open_version(version, bytes, writing->end);
	read = without != NULL && has_nothing(writing, without);
	pdf_close(without);
	write_letter(writing, bytes, (uint8_t)keyword[0]);
	return read;
}

bool pdf_written_is_read(struct pdf_file *version, uint8_t *bytes, const struct pdf_parts *parts)
{
	struct writing writing = {.version = version,
				  .bytes = bytes,
				  .parts = *parts,
				  .from = parts->from,
				  .end = parts->end};
	bool listed = list_all(&writing) && list_all_packed(&writing, version) &&
		      has_one_root(&writing, version);
	bool read = listed && writing.count == 0;

	writing.hidden = calloc(writing.count + 1, sizeof(*writing.hidden));
	if (writing.hidden == NULL)
		pdf_lack(version);
	if (listed && writing.count > 0 && writing.hidden != NULL && keep_last(&writing, version) &&
	    leads_to_none_hidden(&writing, version)) {
		leave_sections(&writing, version);
		read = is_read(&writing, version, bytes);
	}
	free(writing.hidden);
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
		one = plain ? pdf_open_version(version, bytes, end) : version;
		plain = plain && one != NULL;
	}
	if (one != version)
		pdf_close(one);
	return plain && all;
}
