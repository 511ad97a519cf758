/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pdf_objects: reads the objects of a PDF with libqpdf, and repairs nothing. */
#include "document/pdf_objects.h"

#include <limits.h>
#include <qpdf/Constants.h>
#include <qpdf/qpdf-c.h>
#include <stdlib.h>
#include <string.h>

#include "document/pdf_bytes.h"

struct pdf_file {
	qpdf_data qpdf;
	bool odd;     /* see pdf_is_odd */
	size_t loose; /* see pdf_loose_sections */
	bool damaged;
	bool lacking;           /* see pdf_is_lacking */
	struct pdf_file *whole; /* what this is a version of; itself otherwise */
};

/* Return whether an error or a warning of libqpdf says that memory was lacking. */
static bool is_about_memory(qpdf_data qpdf, qpdf_error error)
{
	const char *text = qpdf_get_error_full_text(qpdf, error);

	return strstr(text, "bad_alloc") != NULL || strstr(text, "zlib memory error") != NULL;
}

static enum pdf_fault fault_of(qpdf_data qpdf)
{
	qpdf_error error = qpdf_get_error(qpdf);
	enum qpdf_error_code_e code = qpdf_e_damaged_pdf;

	if (error != NULL)
		code = qpdf_get_error_code(qpdf, error);
	if (error != NULL && is_about_memory(qpdf, error))
		return PDF_UNABLE;
	if (code == qpdf_e_password || code == qpdf_e_unsupported)
		return PDF_ENCRYPTED;
	return code == qpdf_e_system ? PDF_UNABLE : PDF_DAMAGED;
}

static bool is_about_blanks(qpdf_data qpdf, qpdf_error warning)
{
	const char *text = qpdf_get_error_full_text(qpdf, warning);

	return strstr(text, "whitespace seen before xref") != NULL ||
	       strstr(text, "accepting invalid xref table entry") != NULL;
}

/* Return whether a warning says no more than that /Size is larger than it has to be, as programs
 * write it. Where it is smaller, some readers do not know the objects with greater numbers. */
static bool is_about_size(qpdf_data qpdf, qpdf_error warning)
{
	/* "reported number of objects (4) is not one plus the highest object number (5)" */
	const char *text = qpdf_get_error_full_text(qpdf, warning);
	const char *first = strstr(text, "reported number of objects (");
	const char *second = first != NULL ? strstr(first, "object number (") : NULL;
	unsigned long size, highest;

	if (second == NULL)
		return false;
	size = strtoul(strchr(first, '(') + 1, NULL, 10);
	highest = strtoul(strchr(second, '(') + 1, NULL, 10);
	return size > highest;
}

/* Return whether a warning says no more than that an object was deleted, which an object stream
 * still has: libqpdf 11 makes an empty entry for it, and is surprised when it is asked for. */
static bool is_about_deleted(qpdf_data qpdf, qpdf_error warning)
{
	return strstr(qpdf_get_error_full_text(qpdf, warning), "has unexpected xref entry type") !=
	       NULL;
}

/* Forget what libqpdf has warned of. Return whether anything was not as it should be. */
static bool take_warnings(struct pdf_file *file)
{
	bool wrong = false;

	while (qpdf_more_warnings(file->qpdf) != 0) {
		qpdf_error warning = qpdf_next_warning(file->qpdf);

		wrong |= !is_about_deleted(file->qpdf, warning);
		if (is_about_memory(file->qpdf, warning))
			pdf_lack(file);
	}
	return wrong;
}

/* Forget all that libqpdf had against a file. Return whether there was anything. */
static bool take_all(struct pdf_file *file)
{
	qpdf_error error = qpdf_get_error(file->qpdf);

	if (error != NULL && is_about_memory(file->qpdf, error))
		pdf_lack(file);
	return take_warnings(file) || error != NULL;
}

static struct pdf_file *open_file(struct pdf_file *whole, const uint8_t *bytes, size_t length,
				  bool all, enum pdf_fault *fault)
{
	struct pdf_file *file = calloc(1, sizeof(*file));
	QPDF_ERROR_CODE result;

	*fault = PDF_UNABLE;
	if (file == NULL)
		return NULL;
	file->whole = whole != NULL ? whole : file;
	file->qpdf = qpdf_init();
	qpdf_silence_errors(file->qpdf);
	qpdf_set_suppress_warnings(file->qpdf, QPDF_TRUE);
	qpdf_set_attempt_recovery(file->qpdf, QPDF_FALSE);
	qpdf_set_ignore_xref_streams(file->qpdf, all ? QPDF_FALSE : QPDF_TRUE);
	result = qpdf_read_memory(file->qpdf, "", (const char *)bytes,
				  pdf_bytes_without_blanks(bytes, length), "");
	*fault = (result & QPDF_ERRORS) != 0          ? fault_of(file->qpdf)
		 : qpdf_is_encrypted(file->qpdf) != 0 ? PDF_ENCRYPTED
						      : PDF_GOOD;
	if (*fault != PDF_GOOD) {
		pdf_close(file);
		return NULL;
	}
	/* What it has against the cross-reference sections without a need to repair them. */
	while (qpdf_more_warnings(file->qpdf) != 0) {
		qpdf_error warning = qpdf_next_warning(file->qpdf);

		if (is_about_memory(file->qpdf, warning))
			pdf_lack(file);
		if (is_about_blanks(file->qpdf, warning))
			file->loose++;
		else
			file->odd |= !is_about_size(file->qpdf, warning);
	}
	return file;
}

struct pdf_file *pdf_open(const uint8_t *bytes, size_t length, enum pdf_fault *fault)
{
	return open_file(NULL, bytes, length, true, fault);
}

struct pdf_file *pdf_open_version(struct pdf_file *whole, const uint8_t *bytes, size_t length)
{
	enum pdf_fault fault;
	struct pdf_file *version = open_file(whole, bytes, length, true, &fault);

	if (version == NULL && fault == PDF_UNABLE)
		pdf_lack(whole);
	return version;
}

struct pdf_file *pdf_open_shown(const uint8_t *bytes, size_t length, enum pdf_fault *fault)
{
	return open_file(NULL, bytes, length, false, fault);
}

void pdf_close(struct pdf_file *file)
{
	if (file == NULL)
		return;
	take_all(file);
	qpdf_cleanup(&file->qpdf);
	free(file);
}

bool pdf_is_damaged(struct pdf_file *file)
{
	file->damaged |= take_all(file);
	return file->damaged;
}

void pdf_lack(struct pdf_file *file)
{
	file->whole->lacking = true;
}

bool pdf_is_lacking(struct pdf_file *file)
{
	file->damaged |= take_all(file);
	return file->whole->lacking;
}

bool pdf_is_odd(struct pdf_file *file)
{
	return file->odd;
}

size_t pdf_loose_sections(struct pdf_file *file)
{
	return file->loose;
}

uint32_t pdf_free_number(struct pdf_file *file)
{
	/* libqpdf looks at every object before it gives a number away. */
	qpdf_oh made = qpdf_make_indirect_object(file->qpdf, qpdf_oh_new_null(file->qpdf));
	int number = qpdf_oh_get_object_id(file->qpdf, made);

	return number > 0 ? (uint32_t)number : 0;
}

pdf_value pdf_trailer(struct pdf_file *file)
{
	return qpdf_get_trailer(file->qpdf);
}

pdf_value pdf_by_number(struct pdf_file *file, uint32_t number, uint32_t generation)
{
	if (number > INT_MAX || generation > INT_MAX)
		return qpdf_oh_new_null(file->qpdf);
	return qpdf_get_object_by_id(file->qpdf, (int)number, (int)generation);
}

bool pdf_can_read(struct pdf_file *file, uint32_t number, uint32_t generation)
{
	pdf_value object;

	take_warnings(file);
	object = pdf_by_number(file, number, generation);
	/* It is read when it is looked at. */
	pdf_kind_of(file, object);
	pdf_release(file, object);
	return !take_warnings(file);
}

enum pdf_kind pdf_kind_of(struct pdf_file *file, pdf_value value)
{
	static const enum pdf_kind kinds[] = {
		[ot_boolean] = PDF_BOOL,  [ot_integer] = PDF_INTEGER,
		[ot_real] = PDF_REAL,     [ot_string] = PDF_STRING,
		[ot_name] = PDF_NAME,     [ot_array] = PDF_ARRAY,
		[ot_stream] = PDF_STREAM, [ot_dictionary] = PDF_DICTIONARY,
	};
	unsigned int code = qpdf_oh_get_type_code(file->qpdf, value);

	return code < sizeof(kinds) / sizeof(kinds[0]) ? kinds[code] : PDF_NULL;
}

bool pdf_is_reference(struct pdf_file *file, pdf_value value)
{
	return qpdf_oh_is_indirect(file->qpdf, value) != 0;
}

uint32_t pdf_number(struct pdf_file *file, pdf_value reference)
{
	int number = qpdf_oh_get_object_id(file->qpdf, reference);

	return number > 0 ? (uint32_t)number : 0;
}

uint32_t pdf_generation(struct pdf_file *file, pdf_value reference)
{
	int generation = qpdf_oh_get_generation(file->qpdf, reference);

	return generation > 0 ? (uint32_t)generation : 0;
}

/* Return the dictionary of a stream; anything else as it is. */
static qpdf_oh dictionary_of(struct pdf_file *file, pdf_value value)
{
	return qpdf_oh_is_stream(file->qpdf, value) != 0 ? qpdf_oh_get_dict(file->qpdf, value)
							 : value;
}

pdf_value pdf_key(struct pdf_file *file, pdf_value dictionary, const char *key)
{
	qpdf_oh dict = dictionary_of(file, dictionary);

	if (qpdf_oh_is_dictionary(file->qpdf, dict) == 0)
		return qpdf_oh_new_null(file->qpdf);
	return qpdf_oh_get_key(file->qpdf, dict, key);
}

bool pdf_each_key(struct pdf_file *file, pdf_value dictionary,
		  bool (*visit)(const char *key, void *argument), void *argument)
{
	qpdf_oh dict = dictionary_of(file, dictionary);
	char **keys = NULL;
	size_t count = 0;
	bool all = true;

	if (qpdf_oh_is_dictionary(file->qpdf, dict) == 0)
		return true;
	/* libqpdf has one iteration at a time, and visit may begin another. */
	qpdf_oh_begin_dict_key_iter(file->qpdf, dict);
	while (all && qpdf_oh_dict_more_keys(file->qpdf) != 0) {
		char **more = realloc(keys, (count + 1) * sizeof(*keys));

		all = more != NULL;
		if (more != NULL) {
			keys = more;
			keys[count] = strdup(qpdf_oh_dict_next_key(file->qpdf));
			all = keys[count++] != NULL;
		}
	}
	if (!all)
		pdf_lack(file);
	for (size_t i = 0; i < count && all; i++)
		all = visit(keys[i], argument);
	for (size_t i = 0; i < count; i++)
		free(keys[i]);
	free(keys);
	return all;
}

bool pdf_mentions(struct pdf_file *file, pdf_value object, const char *name)
{
	qpdf_oh dict = dictionary_of(file, object);
	bool found = strstr(qpdf_oh_unparse_resolved(file->qpdf, dict), name) != NULL;

	if (dict != object)
		qpdf_oh_release(file->qpdf, dict);
	return found;
}

size_t pdf_count(struct pdf_file *file, pdf_value array)
{
	int count = 0;

	if (qpdf_oh_is_array(file->qpdf, array) != 0)
		count = qpdf_oh_get_array_n_items(file->qpdf, array);
	return count > 0 ? (size_t)count : 0;
}

pdf_value pdf_item(struct pdf_file *file, pdf_value array, size_t place)
{
	if (place >= pdf_count(file, array))
		return qpdf_oh_new_null(file->qpdf);
	return qpdf_oh_get_array_item(file->qpdf, array, (int)place);
}

long long pdf_integer(struct pdf_file *file, pdf_value value, long long otherwise)
{
	if (qpdf_oh_is_integer(file->qpdf, value) == 0)
		return otherwise;
	return qpdf_oh_get_int_value(file->qpdf, value);
}

double pdf_real(struct pdf_file *file, pdf_value value, double otherwise)
{
	if (qpdf_oh_is_number(file->qpdf, value) == 0)
		return otherwise;
	return qpdf_oh_get_numeric_value(file->qpdf, value);
}

bool pdf_is_name(struct pdf_file *file, pdf_value value, const char *name)
{
	return qpdf_oh_is_name(file->qpdf, value) != 0 &&
	       strcmp(qpdf_oh_get_name(file->qpdf, value), name) == 0;
}

const char *pdf_string(struct pdf_file *file, pdf_value value, size_t *length)
{
	const char *bytes;

	*length = 0;
	if (qpdf_oh_is_string(file->qpdf, value) == 0)
		return NULL;
	bytes = qpdf_oh_get_string_value(file->qpdf, value);
	*length = qpdf_get_last_string_length(file->qpdf);
	return bytes;
}

const char *pdf_text(struct pdf_file *file, pdf_value value)
{
	if (qpdf_oh_is_string(file->qpdf, value) == 0)
		return "";
	return qpdf_oh_get_utf8_value(file->qpdf, value);
}

/* Return the bytes of a stream, decoded so far. */
static uint8_t *stream_bytes(struct pdf_file *file, pdf_value stream,
			     enum qpdf_stream_decode_level_e level, size_t *length)
{
	unsigned char *bytes = NULL;

	*length = 0;
	if (qpdf_oh_is_stream(file->qpdf, stream) == 0 ||
	    qpdf_oh_get_stream_data(file->qpdf, stream, level, NULL, &bytes, length) !=
		    QPDF_SUCCESS) {
		free(bytes);
		return NULL;
	}
	/* libqpdf has none for a stream without any, which others draw invisible signatures with.
	 */
	if (bytes == NULL && (bytes = calloc(1, 1)) == NULL)
		pdf_lack(file);
	return bytes;
}

uint8_t *pdf_stream_bytes(struct pdf_file *file, pdf_value stream, size_t *length)
{
	return stream_bytes(file, stream, qpdf_dl_none, length);
}

uint8_t *pdf_stream_decoded(struct pdf_file *file, pdf_value stream, size_t *length)
{
	return stream_bytes(file, stream, qpdf_dl_generalized, length);
}

void pdf_put(struct pdf_file *file, pdf_value value, FILE *out)
{
	fputs(qpdf_oh_unparse(file->qpdf, value), out);
}

void pdf_put_resolved(struct pdf_file *file, pdf_value value, FILE *out)
{
	fputs(qpdf_oh_unparse_resolved(file->qpdf, value), out);
}

char *pdf_resolved_text(struct pdf_file *file, pdf_value value)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (out != NULL) {
		pdf_put_resolved(file, value, out);
		if (fclose(out) == 0)
			return text;
	}
	pdf_lack(file);
	free(text);
	return NULL;
}

void pdf_put_name(const char *name, FILE *out)
{
	putc('/', out);
	/* libqpdf would leave a "#" as it is. */
	for (const char *next = name + 1; *next != '\0'; next++) {
		if (*next > ' ' && *next < 0x7f && strchr("#()<>[]{}/%", *next) == NULL)
			putc(*next, out);
		else
			fprintf(out, "#%02x", (unsigned char)*next);
	}
}

pdf_value pdf_keep(struct pdf_file *file, pdf_value value)
{
	return qpdf_oh_new_object(file->qpdf, value);
}

void pdf_release(struct pdf_file *file, pdf_value value)
{
	qpdf_oh_release(file->qpdf, value);
}
