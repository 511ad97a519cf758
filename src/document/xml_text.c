/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * xml_text: has the bytes of an XML document as UTF-8, and gives them back in its own encoding.
 *
 * Everything above reads and extends UTF-8. What is not touched there is the same bytes again
 * afterwards, whatever the encoding is.
 */
#include "document/xml_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PIECE_BYTES 16384
/* A declaration is at the beginning, and short. */
#define DECLARATION_BYTES 256

/* Which characters other programs make of the same bytes otherwise. */
enum dispute {
	DISPUTE_NONE,
	DISPUTE_JAPANESE, /* the tables of JIS, of Microsoft and of Java differ */
	DISPUTE_CONTROLS, /* browsers take it for Windows-1252, with letters where it has these */
};

struct xml_encoding {
	const char *name;      /* in the declaration */
	const char *iconv;     /* for iconv; NULL: UTF-8 already */
	const char *mark;      /* the byte order mark in it; NULL: there is none */
	const char *beginning; /* "<?" in it if that tells it from all others; NULL: it does not */
	enum dispute dispute;
};

/* In this order: a mark or a beginning that fits is the encoding. Nothing else is read: the
 * converters for other encodings have a history of faults. */
static const struct xml_encoding encodings[] = {
	{"UTF-8", NULL, "\xEF\xBB\xBF", NULL, DISPUTE_NONE},
	{"UTF-16", "UTF-16LE", "\xFF\xFE", "<\0?", DISPUTE_NONE},
	{"UTF-16", "UTF-16BE", "\xFE\xFF", "\0<\0", DISPUTE_NONE},
	{"UTF-16LE", "UTF-16LE", NULL, NULL, DISPUTE_NONE},
	{"UTF-16BE", "UTF-16BE", NULL, NULL, DISPUTE_NONE},
	{"Shift_JIS", "SJIS", NULL, NULL, DISPUTE_JAPANESE},
	{"Windows-31J", "CP932", NULL, NULL, DISPUTE_JAPANESE},
	{"CP932", "CP932", NULL, NULL, DISPUTE_JAPANESE},
	{"EUC-JP", "EUC-JP", NULL, NULL, DISPUTE_JAPANESE},
	{"ISO-2022-JP", "ISO-2022-JP", NULL, NULL, DISPUTE_JAPANESE},
	{"US-ASCII", "ASCII", NULL, NULL, DISPUTE_NONE},
	{"ISO-8859-1", "ISO-8859-1", NULL, NULL, DISPUTE_CONTROLS},
};
#define ENCODINGS      (sizeof(encodings) / sizeof(encodings[0]))
#define BEGINNING_SIZE 3

/* Return the encoding that the first bytes tell; NULL if they don't. Sets the mark's length. */
static const struct xml_encoding *encoding_of_bytes(const uint8_t *data, size_t length,
						    size_t *mark)
{
	*mark = 0;
	for (size_t i = 0; i < ENCODINGS; i++) {
		const struct xml_encoding *row = &encodings[i];
		size_t size = row->mark != NULL ? strlen(row->mark) : 0;

		if (size > 0 && length >= size && memcmp(data, row->mark, size) == 0) {
			*mark = size;
			return row;
		}
		if (row->beginning != NULL && length >= BEGINNING_SIZE &&
		    memcmp(data, row->beginning, BEGINNING_SIZE) == 0)
			return row;
	}
	return NULL;
}

static const struct xml_encoding *encoding_of_name(const char *name)
{
	for (size_t i = 0; i < ENCODINGS; i++) {
		if (strcasecmp(encodings[i].name, name) == 0)
			return &encodings[i];
	}
	return NULL;
}

/* Write the encoding's name out of a declaration that may be there; "" if there is none. One that
 * is so long that it is not read has the name of no encoding: others would read it. */
static void declared_name(const uint8_t *data, size_t length, char name[DECLARATION_BYTES])
{
	char head[DECLARATION_BYTES] = "";
	size_t size = length < sizeof(head) - 1 ? length : sizeof(head) - 1;
	char *place, *end;
	char quote;

	name[0] = '\0';
	if (data != NULL)
		memcpy(head, data, size);
	head[size] = '\0';
	if (strncmp(head, "<?xml", strlen("<?xml")) != 0 ||
	    strchr(" \t\r\n", head[strlen("<?xml")]) == NULL)
		return;
	end = strstr(head, "?>");
	if (end == NULL) {
		strcpy(name, "?");
		return;
	}
	*end = '\0';
	place = strstr(head, "encoding");
	if (place == NULL)
		return;
	place += strlen("encoding");
	place += strspn(place, " \t\r\n=");
	quote = *place;
	if ((quote != '"' && quote != '\'') || (end = strchr(place + 1, quote)) == NULL)
		return;
	*end = '\0';
	strcpy(name, place + 1);
}

/* Append what iconv makes of the bytes. False with errno. */
static bool convert(const char *to, const char *from, struct jpki_bytes bytes,
		    struct jpki_buffer *out)
{
	iconv_t converter = iconv_open(to, from);
	char piece[PIECE_BYTES];
	/* iconv does not write to its input; the C library's prototype is older than const. */
	union {
		const uint8_t *data;
		char *text;
	} in;
	size_t left = bytes.length;
	bool done = false, flushed = false;

	if (converter == (iconv_t)-1)
		return false;
	in.data = bytes.data;
	while (!flushed) {
		char *place = piece;
		size_t room = sizeof(piece);
		bool last = left == 0;

		/* Without input: what leads back to the initial state. */
		if (iconv(converter, last ? NULL : &in.text, &left, &place, &room) == (size_t)-1 &&
		    errno != E2BIG)
			goto out;
		if (jpki_buffer_append(out, piece, sizeof(piece) - room,
				       (size_t)XML_BYTES_MAX * 3) != JPKI_OK) {
			errno = ENOMEM;
			goto out;
		}
		flushed = last;
	}
	done = true;
out:
	iconv_close(converter);
	return done;
}

static enum xml_fault fault_of_conversion(struct xml_trouble *trouble,
					  const struct xml_encoding *encoding)
{
	if (errno == ENOMEM)
		return xml_fail(trouble, XML_MEMORY, "%s", "");
	if (errno == EINVAL || errno == EILSEQ)
		return xml_fail(trouble, XML_CHARACTERS, "%s", encoding->name);
	return xml_fail(trouble, XML_ENCODING, "%s", encoding->name);
}

/* Find the encoding. Sets the length of the mark. */
static enum xml_fault choose(const uint8_t *data, size_t length, struct xml_text *text,
			     size_t *mark, struct xml_trouble *trouble)
{
	const struct xml_encoding *found = encoding_of_bytes(data, length, mark);
	char name[DECLARATION_BYTES];

	text->marked = *mark > 0;
	text->encoding = found;
	if (found == NULL || found->iconv == NULL) {
		declared_name(data + *mark, length - *mark, name);
		text->encoding = encoding_of_name(name[0] == '\0' ? "UTF-8" : name);
		/* Two answers, and nobody knows which one the reader believes. */
		if (text->encoding == NULL || (found != NULL && text->encoding != found) ||
		    strncmp(text->encoding->name, "UTF-16", strlen("UTF-16")) == 0)
			return xml_fail(trouble, XML_ENCODING, "%s", name);
	}
	return XML_OK;
}

/* True if the declaration in the text, now UTF-8, names the encoding of the bytes, or none. */
static bool declaration_fits(const struct xml_text *text)
{
	char name[DECLARATION_BYTES];

	declared_name(text->utf8.data, text->utf8.length, name);
	return name[0] == '\0' || strcasecmp(name, text->encoding->name) == 0 ||
	       (text->encoding->iconv != NULL && strcasecmp(name, text->encoding->iconv) == 0);
}

enum xml_fault xml_text_decode(const uint8_t *data, size_t length, struct xml_text *text,
			       struct xml_trouble *trouble)
{
	struct jpki_bytes rest;
	enum xml_fault fault;
	size_t mark;
	bool done;

	*text = (struct xml_text){0};
	if (length > XML_BYTES_MAX)
		return xml_fail(trouble, XML_TOO_LARGE, "%s", "");
	fault = choose(data, length, text, &mark, trouble);
	if (fault != XML_OK)
		return fault;
	rest = (struct jpki_bytes){data + mark, length - mark};
	if (text->encoding->iconv != NULL) {
		done = convert("UTF-8", text->encoding->iconv, rest, &text->utf8);
	} else {
		errno = ENOMEM;
		done = jpki_buffer_append(&text->utf8, rest.data, rest.length, XML_BYTES_MAX) ==
		       JPKI_OK;
	}
	if (!done)
		fault = fault_of_conversion(trouble, text->encoding);
	else if (!declaration_fits(text))
		fault = xml_fail(trouble, XML_ENCODING, "%s", text->encoding->name);
	if (fault != XML_OK)
		xml_text_free(text);
	return fault;
}

enum xml_fault xml_text_encode(const struct xml_text *text, struct jpki_buffer *out,
			       struct xml_trouble *trouble)
{
	const struct xml_encoding *encoding = text->encoding;
	const struct jpki_bytes bytes = {text->utf8.data, text->utf8.length};
	const size_t limit = (size_t)XML_BYTES_MAX * 3;
	bool done = true;

	errno = ENOMEM;
	if (text->marked)
		done = jpki_buffer_append(out, encoding->mark, strlen(encoding->mark), limit) ==
		       JPKI_OK;
	if (done && encoding->iconv != NULL)
		done = convert(encoding->iconv, "UTF-8", bytes, out);
	else if (done)
		done = jpki_buffer_append(out, bytes.data, bytes.length, limit) == JPKI_OK;
	return done ? XML_OK : fault_of_conversion(trouble, encoding);
}

const char *xml_text_encoding(const struct xml_text *text)
{
	return text->encoding->name;
}

static bool has(const struct xml_text *text, const char *character)
{
	return text->utf8.length > 0 &&
	       memmem(text->utf8.data, text->utf8.length, character, strlen(character)) != NULL;
}

static void put_japanese(FILE *out, const struct xml_text *text)
{
	static const char *const disputed[] = {"¥", "‾",  "〜", "～", "‖", "∥",  "−", "－",
					       "¢", "￠", "£",  "￡", "¬", "￢", "—", "―"};

	for (size_t i = 0; i < sizeof(disputed) / sizeof(disputed[0]); i++) {
		if (has(text, disputed[i]))
			fputs(disputed[i], out);
	}
}

/* U+0080 to U+009F, by their numbers: they cannot be seen. */
static void put_controls(FILE *out, const struct xml_text *text)
{
	const char *blank = "";

	for (int i = 0x80; i < 0xA0; i++) {
		const char character[] = {'\xC2', (char)i, '\0'};

		if (!has(text, character))
			continue;
		fprintf(out, "%sU+%04X", blank, (unsigned int)i);
		blank = " ";
	}
}

char *xml_text_disputed(const struct xml_text *text)
{
	char *disputed = NULL;
	size_t length;
	FILE *out =
		text->encoding->dispute == DISPUTE_NONE ? NULL : open_memstream(&disputed, &length);

	if (out == NULL)
		return NULL;
	if (text->encoding->dispute == DISPUTE_JAPANESE)
		put_japanese(out, text);
	else
		put_controls(out, text);
	if (fclose(out) == 0 && length > 0)
		return disputed;
	free(disputed);
	return NULL;
}

void xml_text_free(struct xml_text *text)
{
	jpki_buffer_free(&text->utf8);
	*text = (struct xml_text){0};
}
