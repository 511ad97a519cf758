/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_update: writes the end of a signed PDF, with a gap for the signature.
 *
 * The registries name six values of a signature: Type, SubFilter, Name, M, ByteRange and Contents
 * (登記・供託オンライン申請システム). Nothing that a reader may find unusual is added to them.
 */
#include "document/pdf_update.h"

#include <iconv.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Room for three numbers and blanks between them. */
#define RANGE_WIDTH 36
/* The catalogue, form, list of fields and page; the form if it is new, the field, the signature and
 * the cross-reference stream. */
#define ENTRIES_MAX (PDF_CHANGED_MAX + 3)
/* As a cross-reference stream has them: kind, place, generation. */
#define PLACE_WIDTH 5

/* Where an object is in the signed file. */
struct entry {
	uint32_t number, generation;
	uint64_t place;
};

/* One update in work. */
struct writing {
	FILE *out;
	const struct pdf_plan *plan;
	uint64_t file; /* how long the file is, which stands before all that is written */
	struct entry entries[ENTRIES_MAX];
	size_t count;
	uint32_t next;
	size_t range; /* where the numbers of ByteRange are */
	size_t gap, gap_end;
};

static uint64_t place_now(const struct writing *writing)
{
	return writing->file + (uint64_t)ftello(writing->out);
}

static void begin_object(struct writing *writing, uint32_t number, uint32_t generation)
{
	struct entry *entry = &writing->entries[writing->count++];

	*entry = (struct entry){number, generation, place_now(writing)};
	fprintf(writing->out, "%u %u obj\n", number, generation);
}

static void end_object(const struct writing *writing)
{
	fputs("\nendobj\n", writing->out);
}

static void put_part(const struct writing *writing, const struct pdf_object *part)
{
	fwrite(writing->plan->text + part->start, 1, part->end - part->start, writing->out);
}

/* --- the signature --------------------------------------------------------------------------- */

/* Write a text string (§7.9.2.2) of UTF-16, in hexadecimal. False if it is not UTF-8. */
static bool put_text(FILE *out, const char *text)
{
	size_t left = strlen(text);
	size_t room = left * 2 + 2;
	char *wide = malloc(room);
	char *in = strdup(text), *from = in, *to = wide;
	iconv_t utf16 = iconv_open("UTF-16BE", "UTF-8");
	bool done = wide != NULL && in != NULL && utf16 != (iconv_t)-1 &&
		    iconv(utf16, &from, &left, &to, &room) == 0;

	fputs("<FEFF", out);
	for (const char *next = wide; done && next < to; next++)
		fprintf(out, "%02X", (unsigned char)*next);
	putc('>', out);
	if (utf16 != (iconv_t)-1)
		iconv_close(utf16);
	free(wide);
	free(in);
	return done;
}

struct range {
	unsigned long first, last;
};

/* What no name has: control characters, line separators, what turns the direction of the text
 * around it, and what is there for line breaks and other programs alone. */
static const struct range controls[] = {{0x00, 0x1F},      {0x7F, 0x9F},       {0xAD, 0xAD},
					{0x061C, 0x061C},  {0x180E, 0x180E},   {0x200E, 0x200F},
					{0x2028, 0x202E},  {0x2060, 0x206F},   {0xFEFF, 0xFEFF},
					{0xFFF0, 0xFFFB},  {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
					{0xE0000, 0xE007F}};

/* What a name may have, and nobody sees: blanks, joiners, fillers, and selectors of variations
 * (Default_Ignorable_Code_Point of Unicode 15, as far as it is not above). */
static const struct range blanks[] = {
	{0x20, 0x20},     {0xA0, 0xA0},     {0x034F, 0x034F}, {0x115F, 0x1160},
	{0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x2000, 0x200D},
	{0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800}, {0x3000, 0x3000},
	{0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFFA0, 0xFFA0}, {0xE0100, 0xE01EF}};

static bool is_among(unsigned long character, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (character >= ranges[i].first && character <= ranges[i].last)
			return true;
	}
	return false;
}

static unsigned long read_unit(const char *text)
{
	const char digits[5] = {text[0], text[1], text[2], text[3], '\0'};

	return strtoul(digits, NULL, 16);
}

/* Read the next character of UTF-16 in hexadecimal, and move *text behind it. */
static unsigned long next_character(const char **text)
{
	unsigned long unit = read_unit(*text);

	*text += 4;
	if (unit < 0xD800 || unit > 0xDBFF)
		return unit;
	unit = 0x10000 + ((unit - 0xD800) << 10) + (read_unit(*text) - 0xDC00);
	*text += 4;
	return unit;
}

/* True if a text string, as put_text has written it, is seen, and in one line that is no longer
 * than any name. */
static bool is_seen(const char *text)
{
	bool seen = false;
	size_t length = 0;

	for (text += strlen("<FEFF"); *text != '>' && length <= PDF_NAME_MAX; length++) {
		unsigned long character = next_character(&text);

		if (is_among(character, controls, sizeof(controls) / sizeof(controls[0])))
			return false;
		seen |= !is_among(character, blanks, sizeof(blanks) / sizeof(blanks[0]));
	}
	return seen && length <= PDF_NAME_MAX;
}

bool pdf_update_takes(const char *name)
{
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	bool done = out != NULL && put_text(out, name);

	if (out != NULL)
		done = fclose(out) == 0 && done && is_seen(text);
	free(text);
	return done;
}

/* Write a date (§7.9.4): local time, and how far it is from UTC. */
static bool put_date(FILE *out, time_t when)
{
	char text[sizeof("YYYYMMDDHHMMSS")];
	struct tm local;
	long minutes;

	tzset();
	if (localtime_r(&when, &local) == NULL ||
	    strftime(text, sizeof(text), "%Y%m%d%H%M%S", &local) != sizeof(text) - 1)
		return false;
	minutes = local.tm_gmtoff / 60;
	fprintf(out, "(D:%s%c%02ld'%02ld')", text, minutes < 0 ? '-' : '+', labs(minutes) / 60,
		labs(minutes) % 60);
	return true;
}

static bool put_signature(struct writing *writing, uint32_t number,
			  const struct pdf_signature *signature)
{
	FILE *out = writing->out;
	bool done;

	begin_object(writing, number, 0);
	fputs("<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /adbe.pkcs7.detached\n/Name ",
	      out);
	done = put_text(out, signature->name);
	fputs("\n/M ", out);
	done = done && put_date(out, signature->when);
	fputs("\n/ByteRange [0 ", out);
	writing->range = (size_t)ftello(out);
	fprintf(out, "%*s]\n/Contents ", RANGE_WIDTH, "");
	writing->gap = (size_t)ftello(out);
	putc('<', out);
	for (size_t i = 0; i < signature->room; i++)
		fputs("00", out);
	putc('>', out);
	writing->gap_end = (size_t)ftello(out);
	fputs("\n>>", out);
	end_object(writing);
	return done;
}

static void put_field(struct writing *writing, uint32_t signature)
{
	const struct pdf_plan *plan = writing->plan;

	begin_object(writing, plan->field, 0);
	/* 132: printed and locked. Without a size nothing is to be seen. */
	fprintf(writing->out,
		"<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (%s)\n/V %u 0 R\n/F 132\n"
		"/Rect [0 0 0 0]\n/P %u %u R\n>>",
		plan->name, signature, plan->page, plan->page_generation);
	end_object(writing);
}

/* --- the cross-reference section ------------------------------------------------------------- */

static int compare_entries(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;

	return (a->number > b->number) - (a->number < b->number);
}

/* Return how many entries from this one on have numbers that follow each other. */
static size_t run_length(const struct writing *writing, size_t first)
{
	size_t count = 1;

	while (first + count < writing->count &&
	       writing->entries[first + count].number == writing->entries[first].number + count)
		count++;
	return count;
}

/* Write what both kinds of section say of the file. The second half of /ID is this version's. */
static bool put_trailer(const struct writing *writing, const char *written)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t length = 0;

	fprintf(writing->out, "/Size %u /Prev %llu ", writing->next,
		(unsigned long long)writing->plan->newest);
	put_part(writing, &writing->plan->trailer);
	if (!writing->plan->has_id)
		return true;
	if (EVP_Q_digest(NULL, "SHA256", NULL, written, strlen(written), digest, &length) != 1)
		return false;
	fputs(" <", writing->out);
	for (size_t i = 0; i < 16; i++)
		fprintf(writing->out, "%02x", digest[i]);
	fputs(">]", writing->out);
	return true;
}

/* A table (§7.5.4). */
static bool put_table(struct writing *writing, const char *written)
{
	bool done;

	fputs("xref\n", writing->out);
	for (size_t first = 0, count; first < writing->count; first += count) {
		count = run_length(writing, first);
		fprintf(writing->out, "%u %zu\n", writing->entries[first].number, count);
		for (size_t i = first; i < first + count; i++)
			fprintf(writing->out, "%010llu %05u n \n",
				(unsigned long long)writing->entries[i].place,
				writing->entries[i].generation);
	}
	fputs("trailer\n<< ", writing->out);
	done = put_trailer(writing, written);
	fputs(" >>\n", writing->out);
	return done;
}

static void put_number(FILE *out, uint64_t number, unsigned int width)
{
	while (width-- > 0)
		putc((int)(number >> 8 * width & 0xff), out);
}

/* A stream (§7.5.8), which has an entry, too. */
static bool put_stream(struct writing *writing, uint32_t number, const char *written)
{
	bool done;

	begin_object(writing, number, 0);
	fprintf(writing->out, "<< /Type /XRef /W [1 %d 2] /Index [", PLACE_WIDTH);
	for (size_t first = 0; first < writing->count; first += run_length(writing, first))
		fprintf(writing->out, "%u %zu ", writing->entries[first].number,
			run_length(writing, first));
	fprintf(writing->out, "] /Length %zu ", writing->count * (1 + PLACE_WIDTH + 2));
	done = put_trailer(writing, written);
	fputs(" >>\nstream\n", writing->out);
	for (size_t i = 0; i < writing->count; i++) {
		put_number(writing->out, 1, 1);
		put_number(writing->out, writing->entries[i].place, PLACE_WIDTH);
		put_number(writing->out, writing->entries[i].generation, 2);
	}
	fputs("\nendstream", writing->out);
	end_object(writing);
	return done;
}

/* --- all of it ------------------------------------------------------------------------------- */

/* Write everything. bytes is what the stream has written, after a flush. */
static bool put_all(struct writing *writing, const struct pdf_signature *signature, char **bytes)
{
	const struct pdf_plan *plan = writing->plan;
	uint32_t number = writing->next++;
	uint64_t section;
	bool done;

	/* The file may end without the end of its line. */
	putc('\n', writing->out);
	for (size_t i = 0; i < plan->changed_count; i++) {
		begin_object(writing, plan->changed[i].number, plan->changed[i].generation);
		put_part(writing, &plan->changed[i]);
		end_object(writing);
	}
	put_field(writing, number);
	done = put_signature(writing, number, signature);
	section = place_now(writing);
	if (fflush(writing->out) != 0)
		return false;
	qsort(writing->entries, writing->count, sizeof(writing->entries[0]), compare_entries);
	/* The stream's number is the greatest, so the order stays. */
	done = done && (plan->stream ? put_stream(writing, writing->next++, *bytes)
				     : put_table(writing, *bytes));
	fprintf(writing->out, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)section);
	return done;
}

/* Write the numbers of ByteRange: what is signed before the gap, and after it. */
static void set_range(struct pdf_update *update, const struct writing *writing)
{
	char text[RANGE_WIDTH + 1];
	int length = snprintf(text, sizeof(text), "%llu %llu %zu",
			      (unsigned long long)writing->file + update->gap,
			      (unsigned long long)writing->file + update->gap_end,
			      update->length - update->gap_end);

	memcpy(update->bytes + writing->range, text, (size_t)length);
}

bool pdf_update_make(struct pdf_update *update, const struct pdf_plan *plan, size_t file,
		     const struct pdf_signature *signature)
{
	struct writing writing = {.plan = plan, .file = file, .next = plan->next};
	bool done;

	memset(update, 0, sizeof(*update));
	writing.out = open_memstream(&update->bytes, &update->length);
	if (writing.out == NULL)
		return false;
	done = put_all(&writing, signature, &update->bytes);
	done = ferror(writing.out) == 0 && done;
	if (fclose(writing.out) != 0 || !done) {
		pdf_update_free(update);
		return false;
	}
	update->gap = writing.gap;
	update->gap_end = writing.gap_end;
	set_range(update, &writing);
	return true;
}

bool pdf_update_fill(struct pdf_update *update, const uint8_t *cms, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *next = update->bytes + update->gap + 1;

	if (length > (update->gap_end - update->gap - 2) / 2)
		return false;
	for (size_t i = 0; i < length; i++) {
		*next++ = digits[cms[i] >> 4];
		*next++ = digits[cms[i] & 15];
	}
	return true;
}

void pdf_update_free(struct pdf_update *update)
{
	free(update->bytes);
	memset(update, 0, sizeof(*update));
}
