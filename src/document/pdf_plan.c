/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_plan: judges a PDF, and finds which of its objects a signature changes.
 *
 * A signature is a field of the document's form, and its widget belongs to a page (ISO 32000-1
 * §12.7.4.5). So the form, which the catalogue has, gets one field more, and the first page one
 * annotation more. These objects are written once more, at the end of the file.
 */
#include "document/pdf_plan.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "document/guard.h"
#include "document/pdf_bytes.h"
#include "document/pdf_tail.h"

/* No reader takes a greater number (ISO 32000-1 annex C). */
#define NUMBER_MAX 8388607
/* Pages are looked for so deep, and among so many nodes: page trees may have loops. */
#define TREE_DEPTH 64
#define TREE_NODES 10000
/* The same for fields. */
#define FIELD_DEPTH 32
#define FIELDS_MAX  100000
/* More than the objects have that a signature changes. */
#define TEXT_MAX (64UL << 20)

/* One plan in work. */
struct planning {
	struct pdf_plan *plan;
	struct pdf_file *file;
	FILE *out;
	struct pdf_file *shown; /* what all readers see of a hybrid file; NULL for others */
};

/* Keys that are left out where a dictionary is copied. */
struct copy {
	struct planning *planning;
	pdf_value dictionary;
	const char *const *without;
};

static bool put_entry(const char *key, void *argument)
{
	struct copy *copy = argument;
	struct pdf_file *file = copy->planning->file;
	pdf_value value;

	for (size_t i = 0; copy->without[i] != NULL; i++) {
		if (strcmp(copy->without[i], key) == 0)
			return true;
	}
	value = pdf_key(file, copy->dictionary, key);
	pdf_put_name(key, copy->planning->out);
	putc(' ', copy->planning->out);
	pdf_put(file, value, copy->planning->out);
	putc('\n', copy->planning->out);
	pdf_release(file, value);
	return true;
}

/* Write the entries of a dictionary but some, without its brackets. */
static void put_entries(struct planning *planning, pdf_value dictionary, const char *const *without)
{
	struct copy copy = {planning, dictionary, without};

	pdf_each_key(planning->file, dictionary, put_entry, &copy);
}

/* Write an array with one reference more. */
static void put_array(struct planning *planning, pdf_value array)
{
	size_t count = pdf_count(planning->file, array);

	putc('[', planning->out);
	for (size_t i = 0; i < count; i++) {
		pdf_value item = pdf_item(planning->file, array, i);

		pdf_put(planning->file, item, planning->out);
		putc(i % 8 == 7 ? '\n' : ' ', planning->out);
		pdf_release(planning->file, item);
	}
	fprintf(planning->out, "%u 0 R]", planning->plan->field);
}

static void begin_object(struct planning *planning, uint32_t number, uint32_t generation)
{
	struct pdf_object *object = &planning->plan->changed[planning->plan->changed_count];

	object->number = number;
	object->generation = generation;
	object->start = (size_t)ftello(planning->out);
}

static void end_object(struct planning *planning)
{
	struct pdf_object *object = &planning->plan->changed[planning->plan->changed_count++];

	object->end = (size_t)ftello(planning->out);
}

/* --- what must be as it should --------------------------------------------------------------- */

/* A dictionary, or nothing. */
static bool is_dictionary_or_null(struct pdf_file *file, pdf_value value)
{
	enum pdf_kind kind = pdf_kind_of(file, value);

	return kind == PDF_NULL || kind == PDF_DICTIONARY;
}

static bool is_array_or_null(struct pdf_file *file, pdf_value value)
{
	enum pdf_kind kind = pdf_kind_of(file, value);

	return kind == PDF_NULL || kind == PDF_ARRAY;
}

/*
 * Return whether something is in a hybrid file's hidden part, or nowhere. Readers disagree about
 * what is hidden, libqpdf's versions do, and one that sees it would lose it.
 */
static bool is_hidden(const struct planning *planning, pdf_value value)
{
	struct pdf_file *file = planning->file, *shown = planning->shown;

	return shown != NULL && pdf_is_reference(file, value) &&
	       pdf_kind_of(shown, pdf_by_number(shown, pdf_number(file, value),
						pdf_generation(file, value))) == PDF_NULL;
}

/* Return whether a certification allows no change at all: the author's (§12.8.2.2). */
static bool is_certified_final(struct pdf_file *file, pdf_value root)
{
	pdf_value signature = pdf_key(file, pdf_key(file, root, "/Perms"), "/DocMDP");
	pdf_value references = pdf_key(file, signature, "/Reference");
	size_t count = pdf_count(file, references);

	for (size_t i = 0; i < count; i++) {
		pdf_value one = pdf_item(file, references, i);
		pdf_value parameters = pdf_key(file, one, "/TransformParams");

		if (pdf_is_name(file, pdf_key(file, one, "/TransformMethod"), "/DocMDP") &&
		    pdf_integer(file, pdf_key(file, parameters, "/P"), 2) == 1)
			return true;
	}
	return false;
}

/*
 * Look for a signature that locks the whole document (ISO 32000-2 §12.7.5.5), in a field and those
 * below it. Fields may have loops: left says how many are still looked at.
 */
static enum pdf_fault look_for_lock(struct pdf_file *file, pdf_value field, size_t depth,
				    size_t *left)
{
	pdf_value kids = pdf_key(file, field, "/Kids");
	size_t count = pdf_count(file, kids);
	enum pdf_fault fault = PDF_GOOD;

	if (pdf_kind_of(file, pdf_key(file, field, "/V")) == PDF_DICTIONARY &&
	    pdf_integer(file, pdf_key(file, pdf_key(file, field, "/Lock"), "/P"), 0) == 1)
		return PDF_FINAL;
	if (depth > FIELD_DEPTH || *left < count)
		return PDF_DAMAGED;
	*left -= count;
	for (size_t i = 0; i < count && fault == PDF_GOOD; i++)
		fault = look_for_lock(file, pdf_item(file, kids, i), depth + 1, left);
	return fault;
}

/* --- the page -------------------------------------------------------------------------------- */

/* A search through the page tree. */
struct search {
	struct pdf_file *file;
	size_t nodes;
	enum pdf_fault fault;
};

/* The type of a page is required, and yet missing in files that all readers show. */
static bool is_page(struct pdf_file *file, pdf_value node)
{
	pdf_value type = pdf_key(file, node, "/Type");

	return pdf_is_reference(file, node) &&
	       (pdf_is_name(file, type, "/Page") || pdf_kind_of(file, type) == PDF_NULL);
}

/* Find the first page below a node; PDF_NO_PAGE in fault if there is none. */
static pdf_value first_page(struct search *search, pdf_value node, size_t depth)
{
	struct pdf_file *file = search->file;
	pdf_value kids = pdf_key(file, node, "/Kids");
	size_t count = pdf_count(file, kids);

	if (pdf_kind_of(file, node) != PDF_DICTIONARY || depth > TREE_DEPTH ||
	    ++search->nodes > TREE_NODES) {
		search->fault = PDF_DAMAGED;
		return node;
	}
	if (pdf_kind_of(file, kids) != PDF_ARRAY) {
		search->fault = is_page(file, node) ? PDF_GOOD : PDF_DAMAGED;
		return node;
	}
	search->fault = PDF_NO_PAGE;
	for (size_t i = 0; i < count; i++) {
		pdf_value page = first_page(search, pdf_item(file, kids, i), depth + 1);

		if (search->fault != PDF_NO_PAGE)
			return page;
	}
	return node;
}

/*
 * Write the page with the widget. Its list of annotations is written into it, although it may be an
 * object of its own: other pages may share that, and the widget belongs to one.
 */
static enum pdf_fault plan_page(struct planning *planning, pdf_value root)
{
	static const char *const without[] = {"/Annots", NULL};
	struct search search = {planning->file, 0, PDF_NO_PAGE};
	pdf_value page = first_page(&search, pdf_key(planning->file, root, "/Pages"), 0);
	pdf_value notes;

	if (search.fault != PDF_GOOD)
		return search.fault;
	notes = pdf_key(planning->file, page, "/Annots");
	if (is_hidden(planning, notes))
		return PDF_HIDDEN;
	if (!is_array_or_null(planning->file, notes))
		return PDF_DAMAGED;
	planning->plan->page = pdf_number(planning->file, page);
	planning->plan->page_generation = pdf_generation(planning->file, page);
	begin_object(planning, planning->plan->page, planning->plan->page_generation);
	fputs("<<\n", planning->out);
	put_entries(planning, page, without);
	fputs("/Annots ", planning->out);
	put_array(planning, notes);
	fputs("\n>>", planning->out);
	end_object(planning);
	return PDF_GOOD;
}

/* --- the form -------------------------------------------------------------------------------- */

/* How long a number in a field's name is at most, and what has one digit more. */
#define DIGITS  9
#define NUMBERS 1000000000UL

/* Return the number in a field's name, if it is one of our kind; otherwise 0. */
static unsigned long number_in(const char *name)
{
	static const char stem[] = "Signature";
	size_t digits;

	if (strncmp(name, stem, strlen(stem)) != 0)
		return 0;
	name += strlen(stem);
	digits = strspn(name, "0123456789");
	return digits <= DIGITS && name[digits] == '\0' ? strtoul(name, NULL, 10) : 0;
}

/* Return the greatest number that is less than a limit in the names of a field, or of those below
 * one without a name, which has theirs. Fields that were looked at for locks have an end. */
static unsigned long last_number(struct pdf_file *file, pdf_value field, unsigned long limit)
{
	pdf_value own = pdf_key(file, field, "/T");
	pdf_value kids = pdf_key(file, field, "/Kids");
	size_t count = pdf_count(file, kids);
	unsigned long last = 0;

	if (pdf_kind_of(file, own) == PDF_STRING) {
		last = number_in(pdf_text(file, own));
		return last < limit ? last : 0;
	}
	for (size_t i = 0; i < count; i++) {
		unsigned long number = last_number(file, pdf_item(file, kids, i), limit);

		last = number > last ? number : last;
	}
	return last;
}

/* Return a number that no field has: behind the greatest one, and where that would be too long,
 * behind the greatest one with a gap behind it. */
static unsigned long free_number(struct pdf_file *file, pdf_value fields)
{
	const size_t count = pdf_count(file, fields);
	unsigned long limit = NUMBERS, last;

	for (;; limit--) {
		last = 0;
		for (size_t i = 0; i < count; i++) {
			unsigned long number = last_number(file, pdf_item(file, fields, i), limit);

			last = number > last ? number : last;
		}
		if (last + 1 < limit)
			return last + 1;
	}
}

/* Give the field a name that no other has, and look at those that are there. */
static enum pdf_fault name_field(struct planning *planning, pdf_value fields)
{
	size_t count = pdf_count(planning->file, fields);
	size_t left = FIELDS_MAX;
	enum pdf_fault fault;

	for (size_t i = 0; i < count; i++) {
		fault = look_for_lock(planning->file, pdf_item(planning->file, fields, i), 0,
				      &left);
		if (fault != PDF_GOOD)
			return fault;
	}
	snprintf(planning->plan->name, sizeof(planning->plan->name), "Signature%lu",
		 free_number(planning->file, fields));
	return PDF_GOOD;
}

/* Write the form, which may be a new one, as the value of a key or of an object of its own. */
static void put_form(struct planning *planning, pdf_value form, pdf_value fields)
{
	static const char *const without[] = {"/Fields", "/SigFlags", NULL};
	bool shared = pdf_is_reference(planning->file, fields) &&
		      pdf_kind_of(planning->file, fields) == PDF_ARRAY;

	fputs("<<\n", planning->out);
	if (pdf_kind_of(planning->file, form) == PDF_DICTIONARY)
		put_entries(planning, form, without);
	fputs("/Fields ", planning->out);
	if (shared)
		pdf_put(planning->file, fields, planning->out);
	else
		put_array(planning, fields);
	fputs("\n/SigFlags 3\n>>", planning->out);
}

/* Write the catalogue with this form: in it, or as a reference to a new object. */
static void put_catalogue(struct planning *planning, pdf_value root, pdf_value form,
			  pdf_value fields)
{
	static const char *const without[] = {"/AcroForm", NULL};
	struct pdf_plan *plan = planning->plan;
	bool made = pdf_kind_of(planning->file, form) == PDF_NULL;

	begin_object(planning, pdf_number(planning->file, root),
		     pdf_generation(planning->file, root));
	fputs("<<\n", planning->out);
	put_entries(planning, root, without);
	fputs("/AcroForm ", planning->out);
	if (made)
		fprintf(planning->out, "%u 0 R", plan->next);
	else
		put_form(planning, form, fields);
	fputs("\n>>", planning->out);
	end_object(planning);
	if (!made)
		return;
	begin_object(planning, plan->next++, 0);
	put_form(planning, form, fields);
	end_object(planning);
}

static enum pdf_fault plan_form(struct planning *planning, pdf_value root)
{
	struct pdf_file *file = planning->file;
	pdf_value form = pdf_key(file, root, "/AcroForm");
	pdf_value fields = pdf_key(file, form, "/Fields");
	enum pdf_fault fault;

	if (is_hidden(planning, form) || is_hidden(planning, fields))
		return PDF_HIDDEN;
	if (!is_dictionary_or_null(file, form) || !is_array_or_null(file, fields))
		return PDF_DAMAGED;
	fault = name_field(planning, fields);
	if (fault != PDF_GOOD)
		return fault;
	if (pdf_is_reference(file, form) && pdf_kind_of(file, form) == PDF_DICTIONARY) {
		begin_object(planning, pdf_number(file, form), pdf_generation(file, form));
		put_form(planning, form, fields);
		end_object(planning);
	} else {
		put_catalogue(planning, root, form, fields);
	}
	if (pdf_is_reference(file, fields) && pdf_kind_of(file, fields) == PDF_ARRAY) {
		begin_object(planning, pdf_number(file, fields), pdf_generation(file, fields));
		put_array(planning, fields);
		end_object(planning);
	}
	return PDF_GOOD;
}

/* --- all of it ------------------------------------------------------------------------------- */

/* Write the entries of the trailer that stay (§7.5.6). */
static void plan_trailer(struct planning *planning, pdf_value trailer)
{
	struct pdf_file *file = planning->file;
	pdf_value info = pdf_key(file, trailer, "/Info");
	pdf_value id = pdf_item(file, pdf_key(file, trailer, "/ID"), 0);

	planning->plan->trailer.start = (size_t)ftello(planning->out);
	fputs("/Root ", planning->out);
	pdf_put(file, pdf_key(file, trailer, "/Root"), planning->out);
	if (pdf_is_reference(file, info)) {
		fputs(" /Info ", planning->out);
		pdf_put(file, info, planning->out);
	}
	planning->plan->has_id = pdf_kind_of(file, id) == PDF_STRING;
	if (planning->plan->has_id) {
		fputs(" /ID [", planning->out);
		pdf_put_resolved(file, id, planning->out);
	}
	planning->plan->trailer.end = (size_t)ftello(planning->out);
}

/* Return whether one object would be written twice: what is form and page at once. */
static bool has_twins(const struct pdf_plan *plan)
{
	for (size_t i = 0; i < plan->changed_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (plan->changed[i].number == plan->changed[j].number)
				return true;
		}
	}
	return false;
}

static enum pdf_fault plan_file(struct planning *planning)
{
	struct pdf_plan *plan = planning->plan;
	pdf_value trailer = pdf_trailer(planning->file);
	pdf_value root = pdf_key(planning->file, trailer, "/Root");
	long long size = pdf_integer(planning->file, pdf_key(planning->file, trailer, "/Size"), 0);
	enum pdf_fault fault;

	if (!pdf_is_reference(planning->file, root) ||
	    pdf_kind_of(planning->file, root) != PDF_DICTIONARY || size < 1 || size > NUMBER_MAX)
		return PDF_DAMAGED;
	if (is_certified_final(planning->file, root))
		return PDF_FINAL;
	plan->field = pdf_free_number(planning->file);
	if (plan->field < size)
		plan->field = (uint32_t)size;
	if (plan->field > NUMBER_MAX - 10)
		return PDF_DAMAGED;
	plan->next = plan->field + 1;
	fault = plan_form(planning, root);
	if (fault == PDF_GOOD)
		fault = plan_page(planning, root);
	plan_trailer(planning, trailer);
	if (fault == PDF_GOOD && (pdf_is_damaged(planning->file) || has_twins(plan)))
		fault = PDF_DAMAGED;
	return fault;
}

void pdf_plan_find(struct pdf_plan *plan, const uint8_t *bytes, size_t length, FILE *out)
{
	struct planning planning = {.plan = plan, .out = out};
	enum pdf_fault ignored;

	memset(plan, 0, sizeof(*plan));
	if (!pdf_tail_find(bytes, length, &plan->newest, &plan->stream)) {
		plan->fault = PDF_DAMAGED;
		return;
	}
	planning.file = pdf_open(bytes, length, &plan->fault);
	/* Any of its sections may have a hidden part: updates keep what was there. */
	if (planning.file != NULL && pdf_bytes_after_name(bytes, length, 0, "XRefStm") != 0) {
		planning.shown = pdf_open_shown(bytes, length, &ignored);
		if (planning.shown == NULL && ignored == PDF_UNABLE)
			pdf_lack(planning.file);
		if (planning.shown == NULL)
			planning.shown = planning.file;
	}
	if (planning.file != NULL) {
		plan->fault = plan_file(&planning);
		if (pdf_is_lacking(planning.file) ||
		    (planning.shown != NULL && pdf_is_lacking(planning.shown)))
			plan->fault = PDF_UNABLE;
	}
	if (planning.shown != planning.file)
		pdf_close(planning.shown);
	pdf_close(planning.file);
}

/* What the process of its own works on. */
struct question {
	const uint8_t *bytes;
	size_t length;
};

/* Answer with the text of the plan, and then the plan. */
static void answer_question(FILE *answer, void *argument)
{
	const struct question *question = argument;
	struct pdf_plan plan;
	char *text = NULL;
	FILE *out = open_memstream(&text, &(size_t){0});

	if (out == NULL)
		return;
	pdf_plan_find(&plan, question->bytes, question->length, out);
	plan.length = (size_t)ftello(out);
	plan.text = NULL;
	if (fclose(out) == 0) {
		fwrite(&plan, sizeof(plan), 1, answer);
		fwrite(text, plan.length, 1, answer);
	}
	free(text);
}

/* Return whether a part is in the text, so that no answer leads out of it. */
static bool is_inside(const struct pdf_plan *plan, const struct pdf_object *object)
{
	return object->start <= object->end && object->end <= plan->length;
}

static bool is_sound(const struct pdf_plan *plan, size_t length)
{
	bool sound = length == sizeof(*plan) + plan->length &&
		     plan->changed_count <= PDF_CHANGED_MAX && is_inside(plan, &plan->trailer) &&
		     memchr(plan->name, '\0', sizeof(plan->name)) != NULL;

	for (size_t i = 0; sound && i < plan->changed_count; i++)
		sound = is_inside(plan, &plan->changed[i]);
	return sound;
}

void pdf_plan_make(struct pdf_plan *plan, const uint8_t *bytes, size_t length)
{
	struct question question = {bytes, length};
	char *answer;
	size_t size;

	memset(plan, 0, sizeof(*plan));
	plan->fault = PDF_UNABLE;
	if (!guard_run(answer_question, &question, TEXT_MAX, &answer, &size))
		return;
	if (size >= sizeof(*plan)) {
		memcpy(plan, answer, sizeof(*plan));
		plan->text = NULL;
		if (is_sound(plan, size) && plan->fault == PDF_GOOD) {
			memmove(answer, answer + sizeof(*plan), plan->length);
			plan->text = answer;
			return;
		}
		if (plan->fault == PDF_GOOD)
			plan->fault = PDF_UNABLE;
	}
	free(answer);
}

void pdf_plan_free(struct pdf_plan *plan)
{
	free(plan->text);
	plan->text = NULL;
}
