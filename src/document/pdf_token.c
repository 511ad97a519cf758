/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pdf_token: reads the text of a PDF token by token, and finds what it refers to.
 *
 * libqpdf leaves out what refers to nothing. Readers that repair a file may know of something.
 */
#include "document/pdf_token.h"

#include <string.h>

#include "document/pdf_bytes.h"

enum kind { END, OPEN, CLOSE, NAME, WORD, STRING };

/* A token (ISO 32000-1 §7.2), and where it stands; a name without its "/". */
struct token {
	enum kind kind;
	size_t begin, end;
};

/* Return whether a byte ends a word. */
static bool is_delimiter(uint8_t byte)
{
	return pdf_bytes_is_blank(byte) || strchr("()<>[]{}/%", byte) != NULL;
}

static size_t word_end(const uint8_t *bytes, size_t length, size_t place)
{
	while (place < length && !is_delimiter(bytes[place]))
		place++;
	return place;
}

/* Return where a string ends, which begins here with its bracket (§7.3.4.2). */
static size_t string_end(const uint8_t *bytes, size_t length, size_t place)
{
	size_t depth = 0;

	for (; place < length; place++) {
		if (bytes[place] == '\\')
			place++;
		else if (bytes[place] == '(')
			depth++;
		else if (bytes[place] == ')' && --depth == 0)
			return place + 1;
	}
	return length;
}

static bool is_double(const uint8_t *bytes, size_t length, size_t place)
{
	return length - place > 1 && bytes[place + 1] == bytes[place];
}

/* Read what begins at a place, where no blank and no comment is. */
static struct token read_token(const uint8_t *bytes, size_t length, size_t place)
{
	struct token token = {WORD, place, place + 1};
	const uint8_t *end;

	switch (bytes[place]) {
	case '[':
		token.kind = OPEN;
		break;
	case ']':
		token.kind = CLOSE;
		break;
	case '(':
		token.kind = STRING;
		token.end = string_end(bytes, length, place);
		break;
	case '/':
		token = (struct token){NAME, place + 1, word_end(bytes, length, place + 1)};
		break;
	case '<':
		if (is_double(bytes, length, place))
			return (struct token){OPEN, place, place + 2};
		end = memchr(bytes + place, '>', length - place);
		token.kind = STRING;
		token.end = end != NULL ? (size_t)(end - bytes) + 1 : length;
		break;
	case '>':
		if (is_double(bytes, length, place))
			return (struct token){CLOSE, place, place + 2};
		break;
	case ')':
	case '{':
	case '}':
		break;
	default:
		token.end = word_end(bytes, length, place);
		break;
	}
	return token;
}

/* Read the next token, and move *place behind it. */
static struct token next_token(const uint8_t *bytes, size_t length, size_t *place)
{
	struct token token = {END, length, length};

	*place = pdf_bytes_skip_comments(bytes, length, *place);
	if (*place < length)
		token = read_token(bytes, length, *place);
	*place = token.end;
	return token;
}

static bool is_word(const uint8_t *bytes, const struct token *token, const char *word)
{
	return token->kind == WORD && token->end - token->begin == strlen(word) &&
	       memcmp(bytes + token->begin, word, strlen(word)) == 0;
}

static bool is_name(const uint8_t *bytes, const struct token *token, const char *name)
{
	return token->kind == NAME &&
	       pdf_bytes_after_name(bytes, token->end, token->begin - 1, name) == token->end;
}

/* Return whether a token is a number that an object may have. */
static bool read_number(const uint8_t *bytes, const struct token *token, uint64_t *number)
{
	size_t begin = token->begin;

	if (token->kind != WORD)
		return false;
	begin += bytes[begin] == '+' ? 1 : 0;
	return pdf_bytes_number(bytes, token->end, begin, number) == token->end;
}

bool pdf_token_each_reference(const uint8_t *bytes, size_t length, size_t place,
			      bool (*visit)(uint64_t number, void *argument), void *argument)
{
	size_t depth = 0, tokens = 0, numbers = 0;
	uint64_t number, last[2] = {0, 0};

	do {
		struct token token = next_token(bytes, length, &place);

		tokens++;
		if (token.kind == END || (token.kind == CLOSE && depth == 0))
			return false;
		depth += token.kind == OPEN ? 1 : 0;
		depth -= token.kind == CLOSE ? 1 : 0;
		if (is_word(bytes, &token, "R") && (numbers < 2 || !visit(last[0], argument)))
			return false;
		if (read_number(bytes, &token, &number)) {
			last[0] = last[1];
			last[1] = number;
			numbers++;
		} else {
			numbers = 0;
		}
		/* A value may be no more than a reference. */
	} while (depth > 0 || (numbers > 0 && tokens < 3));
	return true;
}

/* Return whether the next tokens are a reference to an object. */
static bool refers_to(const uint8_t *bytes, size_t length, size_t place, uint32_t wanted)
{
	struct token token = next_token(bytes, length, &place);
	uint64_t number, generation;

	if (!read_number(bytes, &token, &number) || number != wanted)
		return false;
	token = next_token(bytes, length, &place);
	if (!read_number(bytes, &token, &generation))
		return false;
	token = next_token(bytes, length, &place);
	return is_word(bytes, &token, "R");
}

bool pdf_token_has_root(const uint8_t *bytes, size_t length, size_t place, uint32_t number,
			uint32_t root)
{
	size_t depth = 0;

	do {
		struct token token = next_token(bytes, length, &place);

		if (token.kind == END || (token.kind == CLOSE && depth == 0))
			return true;
		depth += token.kind == OPEN ? 1 : 0;
		depth -= token.kind == CLOSE ? 1 : 0;
		if (depth == 1 && is_name(bytes, &token, "Root") &&
		    !refers_to(bytes, length, place, root))
			return false;
		if (depth == 1 && is_name(bytes, &token, "Catalog") && number != root)
			return false;
	} while (depth > 0);
	return true;
}
