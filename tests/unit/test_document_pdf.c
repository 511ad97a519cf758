/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a PDF ends, what is written in it, what its update looks like, and which names of files the
 * registries take. */
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "document/file_name.h"
#include "document/guard.h"
#include "document/pdf_bytes.h"
#include "document/pdf_judge.h"
#include "document/pdf_plan.h"
#include "document/pdf_tail.h"
#include "document/pdf_token.h"
#include "document/pdf_update.h"
#include "sanitized.h"

static bool find(const char *text, uint64_t *place, bool *stream)
{
	return pdf_tail_find((const uint8_t *)text, strlen(text), place, stream);
}

static void test_tail(void **state)
{
	uint64_t place;
	bool stream;
	char *far;

	(void)state;
	assert_true(find("....xref\n0 1\nstartxref\n4\n%%EOF", &place, &stream));
	assert_int_equal(place, 4);
	assert_false(stream);
	assert_true(find("....9 0 obj\nstartxref\r4\r%%EOF\r", &place, &stream));
	assert_true(stream);
	/* The last one counts, however long the file is. */
	assert_true(find("xref 9 0 obj startxref\n0\n%%EOF, and as much as two lines of text "
			 "startxref\n5",
			 &place, &stream));
	assert_int_equal(place, 5);
	assert_true(stream);
	assert_false(find("....xref\nstartxref\n\n%%EOF", &place, &stream));
	assert_false(find("....xref\nstartxref\n999\n%%EOF", &place, &stream));
	assert_false(find("....xref\nstartxref\n99999999999999999\n%%EOF", &place, &stream));
	assert_false(find("....xref\nstartxref\n99999999999999999999999\n", &place, &stream));
	assert_false(find("....xref\nstartxref", &place, &stream));
	/* Some take this for an end, and libqpdf the one before it. */
	assert_false(find("....xref\nstartxref\n4\n%%EOF\nstartxref\n4x\n", &place, &stream));
	assert_false(find("....xref\nstartxref\n4\n%%EOF\nstartxref\n4.\n", &place, &stream));
	assert_false(find("....xref\nstartxref\n4\n%%EOF\nstartxref4\n", &place, &stream));
	assert_false(find("text startxref\n0\n", &place, &stream));
	assert_false(find("", &place, &stream));
	far = calloc(1, 4000);
	assert_non_null(far);
	strcpy(far, "xref\nstartxref\n0\n");
	memset(far + strlen(far), ' ', 2000);
	assert_true(find(far, &place, &stream));
	strcat(far, "a");
	assert_false(find(far, &place, &stream));
	/* As far from the end as libqpdf looks. */
	snprintf(far, 4000, "xref\nstartxref\n0\n%01042d", 7);
	assert_true(find(far, &place, &stream));
	strcat(far, "7");
	assert_false(find(far, &place, &stream));
	free(far);
}

/* Return whether a PDF is plain that has this table and this end. */
static bool is_plain(const char *table, const char *end)
{
	char *text;
	bool plain;

	assert_true(asprintf(&text, "....%strailer\n<<>>\n%s", table, end) > 0);
	plain = pdf_tail_is_plain((const uint8_t *)text, strlen(text));
	free(text);
	return plain;
}

#define FREE  "0000000000 65535 f \n"
#define ENTRY "0000000004 00000 n \n"
#define END   "startxref\n4\n%%EOF\n"

static void test_plain_ends(void **state)
{
	char far[1100];

	(void)state;
	assert_true(is_plain("xref\n0 1\n" FREE "7 1 \r\n" ENTRY, END));
	assert_true(is_plain("xref\n1 1\n" ENTRY, "startxref\r\n4\r\n%%EOF"));
	assert_true(is_plain("9 0 obj <<>>", END));
	/* Some take this for an end, and some the one before it. */
	assert_false(is_plain("9 0 obj", END "startxref\n4x\n%%EOF\n"));
	assert_false(is_plain("9 0 obj", END "startxref\n4.\n%%EOF\n"));
	assert_false(is_plain("9 0 obj", END "startxref4\n%%EOF\n"));
	assert_false(is_plain("9 0 obj", END "%startxref\n4\n%%EOF\n"));
	assert_false(is_plain("9 0 obj", END "startxref\n\n%%EOF\n"));
	assert_false(is_plain("9 0 obj", END "%\n"));
	assert_false(is_plain("9 0 obj", "startxref\n4\n"));
	assert_false(is_plain("9 0 obj", "startxref\n999\n%%EOF\n"));
	assert_false(is_plain(" 9 0 obj", END));
	assert_false(is_plain("\nxref\n1 1\n" ENTRY, END));
	/* As far from the end as all look. */
	snprintf(far, sizeof(far), "%s%1006s", END, "");
	assert_true(is_plain("9 0 obj", far));
	snprintf(far, sizeof(far), "%s%1007s", END, "");
	assert_false(is_plain("9 0 obj", far));
	/* Some take the first object for 0 here, some each entry for 20 bytes. */
	assert_false(is_plain("xref\n1 2\n" FREE ENTRY, END));
	assert_false(is_plain("xref\n7 1\n0000000004 00000 n\n", END));
	assert_false(is_plain("xref\n7 1\n0000000004 00000  n \n", END));
	assert_false(is_plain("xref\n7 1\n 0000000004 00000 n\n", END));
	assert_false(is_plain("xref\n7 1\n0000000004 00000 x \n", END));
	assert_false(is_plain("xref\n7 2\n" ENTRY, END));
	assert_false(is_plain("xref\n7 1\n" ENTRY "\n", END));
	assert_false(is_plain("xref\n7 99\n" ENTRY, END));
	assert_false(is_plain("xref 7 1\n" ENTRY, END));
	assert_false(is_plain("xref\n7\n" ENTRY, END));
	assert_false(pdf_tail_is_plain((const uint8_t *)"", 0));
	assert_false(pdf_tail_is_plain((const uint8_t *)END, strlen(END)));
}

static size_t after_name(const char *text, size_t place)
{
	return pdf_bytes_after_name((const uint8_t *)text, strlen(text), place, "XRefStm");
}

static void test_names_written(void **state)
{
	(void)state;
	assert_int_equal(after_name("<< /XRefStm 12", 0), 11);
	assert_int_equal(after_name("/Root /X#52ef#53tm", 0), 18);
	assert_int_equal(after_name("/XRefStm /XRefStm", 1), 17);
	assert_int_equal(after_name("/XRefStm", 1), 0);
	assert_int_equal(after_name("/XRefSt", 0), 0);
	assert_int_equal(after_name("/XRef#5", 0), 0);
	assert_int_equal(after_name("XRefStm /", 0), 0);
	assert_int_equal(after_name("", 0), 0);
}

static void test_objects_written(void **state)
{
	static const char text[] = "1 obj endobj 8 0obj 20\n1 obj<<>>endobj 7 65536 obj 8388608 0 "
				   "obj 3\r0\tobj";
	const uint8_t *bytes = (const uint8_t *)text;
	uint32_t number, generation;
	size_t place = 0;

	(void)state;
	assert_true(pdf_bytes_next_object(bytes, strlen(text), &place, &number, &generation));
	assert_int_equal(number, 20);
	assert_int_equal(generation, 1);
	assert_true(pdf_bytes_next_object(bytes, strlen(text), &place, &number, &generation));
	assert_int_equal(number, 3);
	assert_int_equal(generation, 0);
	assert_false(pdf_bytes_next_object(bytes, strlen(text), &place, &number, &generation));
}

static void test_numbers_written(void **state)
{
	static const char text[] = "12 \r\f%3 123456789012345678 1234567890123456789";
	const uint8_t *bytes = (const uint8_t *)text;
	uint64_t number;

	(void)state;
	assert_int_equal(pdf_bytes_number(bytes, 2, 0, &number), 2);
	assert_int_equal(number, 12);
	assert_int_equal(pdf_bytes_number(bytes, 2, 2, &number), 0);
	assert_int_equal(pdf_bytes_number(bytes, strlen(text), 2, &number), 0);
	assert_int_equal(pdf_bytes_skip_blanks(bytes, strlen(text), 2), 5);
	assert_int_equal(pdf_bytes_skip_blanks(bytes, 3, 2), 3);
	assert_int_equal(pdf_bytes_number(bytes, strlen(text), 8, &number), 26);
	assert_int_equal(number, 123456789012345678);
	assert_int_equal(pdf_bytes_number(bytes, strlen(text), 27, &number), 0);
}

static void test_blanks_at_the_end(void **state)
{
	static uint8_t bytes[70000];

	(void)state;
	assert_int_equal(pdf_bytes_without_blanks((const uint8_t *)"a b \n\0\r", 7), 3);
	assert_int_equal(pdf_bytes_without_blanks(bytes, 0), 0);
	assert_int_equal(pdf_bytes_without_blanks(bytes, 65536), 0);
	assert_int_equal(pdf_bytes_without_blanks(bytes, 70000), 70000 - 65536);
}

/* Note a number in a sum of them all, each times its place; 99 is not wanted. */
static bool add_number(uint64_t number, void *argument)
{
	uint64_t *sum = argument;

	*sum = *sum * 100 + number;
	return number != 99;
}

/* Return the numbers that a value refers to, two digits for each; UINT64_MAX if it is odd. */
static uint64_t references(const char *text, size_t place)
{
	uint64_t sum = 0;

	return pdf_token_each_reference((const uint8_t *)text, strlen(text), place, add_number,
					&sum)
		       ? sum
		       : UINT64_MAX;
}

static void test_references(void **state)
{
	(void)state;
	assert_int_equal(references("<</A 4 0 R/B[5 0 R 6 1 R]/C<</D 7 0 R>>>> 8 0 R", 0), 4050607);
	assert_int_equal(references("obj<</A 4 0 R>>", 3), 4);
	assert_int_equal(references("30 0 R 31 0 R", 0), 30);
	assert_int_equal(references("5\nendobj 6 0 R", 0), 0);
	assert_int_equal(references("5 6 7 0 R", 0), 0);
	assert_int_equal(references("[30%x\r0%R\nR +031 0 R]", 0), 3031);
	assert_int_equal(references("[1 2 30 0 R 0 R]", 0), UINT64_MAX);
	/* What only looks like one. */
	assert_int_equal(references("[(30 0 R) (\\) 30 0 R) ((a) 30 0 R) <30 0 R> /30 0/R]", 0), 0);
	assert_int_equal(references("[30 0 /A R]", 0), UINT64_MAX);
	assert_int_equal(references("[30 0 RR 30 0] {30 0 R}", 0), 0);
	/* What readers may take for one, or not. */
	assert_int_equal(references("[30.0 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("[-30 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("[1234567890123456789 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("R", 0), UINT64_MAX);
	/* Wanted, and without an end. */
	assert_int_equal(references("[99 0 R 3 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("[3 0 R", 0), UINT64_MAX);
	assert_int_equal(references("[(3 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("[<3 0 R]", 0), UINT64_MAX);
	assert_int_equal(references("[(\\", 0), UINT64_MAX);
	assert_int_equal(references("]", 0), UINT64_MAX);
	assert_int_equal(references("", 0), UINT64_MAX);
	assert_int_equal(references("[> 3 0 R]", 0), 3);
}

static bool has_root(const char *text, uint32_t number)
{
	return pdf_token_has_root((const uint8_t *)text, strlen(text), 0, number, 1);
}

static void test_roots(void **state)
{
	(void)state;
	assert_true(has_root("<< /Size 9 /Root 1 0 R >> << /Root 2 0 R >>", 0));
	assert_true(has_root("<< /A << /Root 2 0 R /Type /Catalog >> >>", 3));
	assert_true(has_root("<< /RootA 2 0 R /Roo 2 0 R /Catalogue 1 /A (/Root 2 0 R) >>", 3));
	assert_true(has_root("<< /Type /Catalog >>", 1));
	assert_true(has_root("(/Root 2 0 R)", 0));
	assert_true(has_root("/Root 2 0 R", 0));
	assert_true(has_root("", 0));
	assert_true(has_root("<< /A", 0));
	assert_false(has_root("<< /Root 2 0 R >>", 0));
	assert_false(has_root("%\n<</#52o#6ft 2 0 R", 3));
	assert_false(has_root("<< /Root 1 0 R /Root 1 0 /R >>", 0));
	assert_false(has_root("<< /Root << >> >>", 0));
	assert_false(has_root("<< /Root 1 0", 0));
	assert_false(has_root("<< /A << >> /Type /Catalog >>", 2));
	assert_false(has_root("<< /Type /Catalog >>", 0));
}

/* Return where the gap of the one signature begins that is written in the text; 0 if none is. */
static size_t gap_in(const char *text)
{
	const uint8_t *bytes = (const uint8_t *)text;
	struct pdf_gap gap = {0, 0, 0}, again;
	size_t place = 0;

	/* A bracket in a comment may be a second beginning of its range. */
	if (pdf_bytes_next_signature(bytes, strlen(text), &place, &gap)) {
		while (pdf_bytes_next_signature(bytes, strlen(text), &place, &again))
			assert_int_equal(again.begin, gap.begin);
	}
	assert_true(gap.begin <= gap.end && gap.end <= gap.covered);
	return gap.begin;
}

static void test_signatures_written(void **state)
{
	(void)state;
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 16 9]"), 10);
	assert_int_equal(gap_in("/Contents\n<30\n03> /Byte#52ange[ 0 10 17 9\r]"), 10);
	assert_int_equal(gap_in("/ByteRange 0 /Contents <3003> /ByteRange [0 23 29 9]"), 23);
	assert_int_equal(gap_in("/Contents <0000> /ByteRange [0 10 16 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [1 10 16 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 15 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 16 10 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 99 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 16]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 16 9 9]"), 10);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange%1\r[%[\n+0%\r+10 16 9]"), 10);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [%0 10 16 9]"), 0);
	assert_int_equal(gap_in("/#43ontents <3003> /ByteRange [0 12 18 9]"), 12);
	assert_int_equal(gap_in("/Contents <3x03> /ByteRange [0 10 16 9]"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange [0 10 16 99999999999999999999]"), 0);
	assert_int_equal(gap_in("/ByteRange"), 0);
	assert_int_equal(gap_in("/Contents <3003> /ByteRange 9 0 R 9 0 obj [0 10 16 9]"), 10);
	assert_int_equal(gap_in("/Contents <3003> [0 10 16 99]"), 0);
	assert_int_equal(gap_in("/Contents <3003> ["), 0);
}

/* A plan of a file with one changed object, whose text is "<<>>". */
static struct pdf_plan plan_of(char *text)
{
	return (struct pdf_plan){.newest = 77,
				 .field = 12,
				 .next = 13,
				 .page = 3,
				 .name = "Signature1",
				 .changed = {{3, 2, 0, 4}},
				 .changed_count = 1,
				 .trailer = {0, 0, 4, 15},
				 .text = text,
				 .length = strlen(text)};
}

static void test_update(void **state)
{
	char text[] = "<<>>/Root 1 0 R";
	struct pdf_plan plan = plan_of(text);
	struct pdf_signature signature = {.name = "A", .when = 0, .room = 4};
	struct pdf_update update;
	const char *range, *section;

	(void)state;
	setenv("TZ", "IST-5:30", 1);
	assert_true(pdf_update_make(&update, &plan, 1000, &signature));
	assert_memory_equal(update.bytes, "\n3 2 obj\n<<>>\nendobj\n12 0 obj\n", 30);
	assert_non_null(strstr(update.bytes, "/V 13 0 R\n"));
	assert_non_null(strstr(update.bytes, "/Name <FEFF0041>\n/M (D:19700101053000+05'30')\n"));
	assert_memory_equal(update.bytes + update.gap, "<00000000>\n", 11);
	assert_int_equal(update.gap_end, update.gap + 10);
	range = strstr(update.bytes, "/ByteRange [0 ");
	assert_non_null(range);
	assert_int_equal(strtoul(range + 14, NULL, 10), 1000 + update.gap);
	section = strstr(update.bytes, "xref\n3 1\n0000001001 00002 n \n12 2\n");
	assert_non_null(section);
	assert_non_null(strstr(section, "trailer\n<< /Size 14 /Prev 77 /Root 1 0 R >>\n"));
	assert_int_equal(strtoul(strstr(section, "startxref\n") + 10, NULL, 10),
			 1000 + (size_t)(section - update.bytes));
	assert_true(pdf_update_fill(&update, (const uint8_t *)"\x12\xab", 2));
	assert_memory_equal(update.bytes + update.gap, "<12ab0000>", 10);
	assert_true(pdf_update_fill(&update, (const uint8_t *)"1234", 4));
	assert_false(pdf_update_fill(&update, (const uint8_t *)"12345", 5));
	pdf_update_free(&update);
	signature.name = "\xff";
	assert_false(pdf_update_make(&update, &plan, 1000, &signature));
	setenv("TZ", "NST+3:30", 1);
	signature.name = "";
	assert_true(pdf_update_make(&update, &plan, 1000, &signature));
	assert_non_null(strstr(update.bytes, "/M (D:19691231203000-03'30')\n"));
	pdf_update_free(&update);
}

static void test_update_stream(void **state)
{
	char text[] = "<<>>/Root 1 0 R";
	struct pdf_plan plan = plan_of(text);
	struct pdf_signature signature = {.name = "A", .when = 0, .room = 4};
	struct pdf_update update;
	const char *section;

	(void)state;
	plan.stream = true;
	assert_true(pdf_update_make(&update, &plan, 1000, &signature));
	section = strstr(
		update.bytes,
		"14 0 obj\n<< /Type /XRef /W [1 5 2] /Index [3 1 12 3 ] /Length 32 /Size 15 ");
	assert_non_null(section);
	section = strstr(section, "stream\n");
	assert_non_null(section);
	assert_memory_equal(section + 7, "\x01\0\0\0\x03\xe9\0\x02", 8);
	pdf_update_free(&update);
}

/* What is written first may have a greater number; a section has them in order (ISO 32000-1 table
 * 17 for streams). */
static void test_update_order(void **state)
{
	char text[] = "<<>>/Root 1 0 R";
	struct pdf_plan plan = plan_of(text);
	struct pdf_signature signature = {.name = "A", .when = 0, .room = 4};
	struct pdf_update update;
	const char *section;

	(void)state;
	plan.changed[0].number = 9;
	plan.changed[1] = (struct pdf_object){3, 2, 0, 4};
	plan.changed_count = 2;
	assert_true(pdf_update_make(&update, &plan, 1000, &signature));
	assert_memory_equal(update.bytes, "\n9 2 obj\n<<>>\nendobj\n3 2 obj\n", 29);
	assert_non_null(strstr(update.bytes, "xref\n3 1\n0000001021 00002 n \n9 1\n"
					     "0000001001 00002 n \n12 2\n"));
	pdf_update_free(&update);
	plan.stream = true;
	assert_true(pdf_update_make(&update, &plan, 1000, &signature));
	section = strstr(update.bytes, " /Index [3 1 9 1 12 3 ] ");
	assert_non_null(section);
	section = strstr(section, "stream\n");
	assert_non_null(section);
	assert_memory_equal(section + 7, "\x01\0\0\0\x03\xfd\0\x02\x01\0\0\0\x03\xe9\0\x02", 16);
	pdf_update_free(&update);
}

static void test_plan_refuses(void **state)
{
	struct pdf_plan plan;
	const char no_pdf[] = "%PDF-1.4\nxref\nstartxref\n9\n%%EOF\n";

	(void)state;
	pdf_plan_make(&plan, (const uint8_t *)no_pdf, strlen(no_pdf));
	assert_int_equal(plan.fault, PDF_DAMAGED);
	assert_null(plan.text);
	pdf_plan_free(&plan);
}

/* --- memory ---------------------------------------------------------------------------------- */

#define OBJECTS 3000

/* A PDF, and how much memory may be taken to judge it, in pieces of
 * 256 KiB. */
struct scarce {
	uint8_t *bytes;
	size_t length;
	rlim_t more;
};

/* Write a PDF with many objects, each of which leads to the next one. */
static void write_large(struct scarce *file)
{
	static size_t places[OBJECTS];
	char *text;
	FILE *out = open_memstream(&text, &file->length);
	long table;

	assert_non_null(out);
	fputs("%PDF-1.7\n", out);
	for (int i = 1; i < OBJECTS; i++) {
		places[i] = (size_t)ftell(out);
		if (i == 1)
			fputs("1 0 obj\n<< /Type /Catalog /Pages 2 0 R /X 4 0 R >>\nendobj\n", out);
		else if (i == 2)
			fputs("2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n", out);
		else if (i == 3)
			fputs("3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] "
			      ">>\nendobj\n",
			      out);
		else
			fprintf(out, "%d 0 obj\n<< /A [%d 0 R] /B << /D (text) >> >>\nendobj\n", i,
				i + 1);
	}
	table = ftell(out);
	fprintf(out, "xref\n0 %d\n0000000000 65535 f \n", OBJECTS);
	for (int i = 1; i < OBJECTS; i++)
		fprintf(out, "%010zu 00000 n \n", places[i]);
	fprintf(out, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%ld\n%%%%EOF\n", OBJECTS,
		table);
	assert_int_equal(fclose(out), 0);
	file->bytes = (uint8_t *)text;
}

/* Sign it, but for the cryptography. */
static void sign_large(struct scarce *file)
{
	struct pdf_signature signature = {.name = "A", .when = 0, .room = 4};
	struct pdf_update update;
	struct pdf_plan plan;

	pdf_plan_make(&plan, file->bytes, file->length);
	assert_int_equal(plan.fault, PDF_GOOD);
	assert_true(pdf_update_make(&update, &plan, file->length, &signature));
	assert_true(pdf_update_fill(&update, (const uint8_t *)"0\x82", 2));
	file->bytes = realloc(file->bytes, file->length + update.length);
	assert_non_null(file->bytes);
	memcpy(file->bytes + file->length, update.bytes, update.length);
	file->length += update.length;
	pdf_update_free(&update);
	pdf_plan_free(&plan);
}

/* Judge with so little memory. */
static void judge_scarcely(FILE *answer, void *argument)
{
	const struct scarce *file = argument;
	struct rlimit limit;
	struct pdf_verdict verdict;

	/* Its memory is bounded already, from what it had when it began. */
	getrlimit(RLIMIT_AS, &limit);
	limit.rlim_cur = limit.rlim_max - GUARD_BYTES + (file->more << 18);
	setrlimit(RLIMIT_AS, &limit);
	pdf_judge_here(&verdict, file->bytes, file->length);
	fwrite(&verdict, sizeof(verdict), 1, answer);
}

/* However little memory there is, that never becomes a verdict on a signature. */
static void test_memory(void **state)
{
	struct scarce file;
	struct pdf_verdict verdict = {.fault = PDF_UNABLE};
	size_t length, lacking = 0;
	char *answer;

	(void)state;
	write_large(&file);
	sign_large(&file);
	sign_large(&file);
	/* A sanitizer ends the process where malloc() would return NULL. */
	for (file.more = 1; !IS_SANITIZED && verdict.fault != PDF_GOOD;
	     file.more += file.more < 80 ? 1 : 8) {
		assert_true(file.more < GUARD_BYTES >> 18);
		if (!guard_run(judge_scarcely, &file, sizeof(verdict), &answer, &length))
			continue;
		assert_int_equal(length, sizeof(verdict));
		memcpy(&verdict, answer, sizeof(verdict));
		free(answer);
		lacking += verdict.fault == PDF_UNABLE ? 1 : 0;
		assert_true(verdict.fault == PDF_UNABLE || verdict.fault == PDF_GOOD);
	}
	assert_true(IS_SANITIZED || lacking > 3);
	pdf_judge(&verdict, file.bytes, file.length);
	assert_int_equal(verdict.fault, PDF_GOOD);
	assert_int_equal(verdict.count, 2);
	assert_int_equal(verdict.found[0].cover, PDF_COVERS_VERSION);
	assert_int_equal(verdict.found[1].cover, PDF_COVERS_ALL);
	free(file.bytes);
}

static void test_name_is_short(void **state)
{
	char name[PDF_NAME_MAX + 2];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[PDF_NAME_MAX + 1] = '\0';
	assert_false(pdf_update_takes(name));
	name[PDF_NAME_MAX] = '\0';
	assert_true(pdf_update_takes(name));
	assert_false(pdf_update_takes("a\360\235\205\263b"));
	assert_false(pdf_update_takes("a\360\233\262\240b"));
}

static void test_name_is_seen(void **state)
{
	static const struct {
		const char *name;
		bool taken;
	} cases[] = {
		{"山田 太郎", true}, {"𠮷田", true},          {"葛\U000E0100城", true},
		{"神\ufe00", true},  {"a\u200db", true},      {"\U000E0100", false},
		{"\u3164", false},   {"\u115f\u1160", false}, {"\uffa0\u2800", false},
		{"\u2060", false},   {"a\u2060", false},      {"a\u00ad", false},
		{"a\u180e", false},  {"a\U000E0041", false},  {"a", true},
		{"", false},         {"  ", false},           {"\u3000\u00a0", false},
		{"a\nb", false},     {"a\tb", false},         {"a\x1b[1mb", false},
		{"a\x7f", false},    {"a\xc2\x85", false},    {"a\u202eb", false},
		{"a\u2066b", false}, {"a\u2028b", false},     {"a\u200f", false},
		{"a\xff", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (pdf_update_takes(cases[i].name) != cases[i].taken)
			fail_msg("%s", cases[i].name);
	}
}

static const struct {
	const char *name;
	enum file_name_fault fault;
} names[] = {
	{"letter-signed.pdf", FILE_NAME_GOOD},
	{"定款-signed.pdf", FILE_NAME_GOOD},
	{"カタカナ.pdf", FILE_NAME_GOOD},
	{"a b.pdf", FILE_NAME_REFUSED},
	{"a\u3000b.pdf", FILE_NAME_REFUSED},
	{"letter (1).pdf", FILE_NAME_REFUSED},
	{"ｶﾅ.pdf", FILE_NAME_REFUSED},
	{"a\u301cb.pdf", FILE_NAME_REFUSED},
	{"a\uff5eb.pdf", FILE_NAME_REFUSED},
	{"𠮷.pdf", FILE_NAME_REFUSED},
	{"한글.pdf", FILE_NAME_REFUSED},
	{"\xff.pdf", FILE_NAME_REFUSED},
	{"a\tb.pdf", FILE_NAME_REFUSED},
	{"123456789012345678901234567.pdf", FILE_NAME_GOOD},
	{"1234567890123456789012345678.pdf", FILE_NAME_LONG},
	{"一二三四五六七八九十一二三1.pdf", FILE_NAME_GOOD},
	{"一二三四五六七八九十一二三四.pdf", FILE_NAME_LONG},
	{"", FILE_NAME_GOOD},
};

static void test_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (file_name_judge(names[i].name) != names[i].fault)
			fail_msg("the name %s", names[i].name);
	}
}

static void assert_refused(const char *sign, size_t length)
{
	char name[16];

	snprintf(name, sizeof(name), "a%.*sb.pdf", (int)length, sign);
	if (file_name_judge(name) != FILE_NAME_REFUSED)
		fail_msg("the name %s", name);
}

/* Each of the signs that the registries' rule names, the wide ones by both of their characters. */
static void test_signs(void **state)
{
	static const char narrow[] = "\"#&'()=^~\\|`:;*+,<>/?$%@[]";
	static const char wide[] =
		"\u2015\uff5e\u301c\u2225\u2016\uff0d\u2212\uffe0\uffe1\uffe2\u3000";
	static const char latin[] = "¢£¬";

	(void)state;
	for (size_t i = 0; i < strlen(narrow); i++)
		assert_refused(narrow + i, 1);
	for (size_t i = 0; i < strlen(wide); i += 3)
		assert_refused(wide + i, 3);
	for (size_t i = 0; i < strlen(latin); i += 2)
		assert_refused(latin + i, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tail),
		cmocka_unit_test(test_plain_ends),
		cmocka_unit_test(test_names_written),
		cmocka_unit_test(test_objects_written),
		cmocka_unit_test(test_numbers_written),
		cmocka_unit_test(test_blanks_at_the_end),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_roots),
		cmocka_unit_test(test_signatures_written),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_update_stream),
		cmocka_unit_test(test_update_order),
		cmocka_unit_test(test_plan_refuses),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_name_is_short),
		cmocka_unit_test(test_name_is_seen),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_signs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
