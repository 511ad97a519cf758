/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* message: takes apart what the extension sends, with jansson at its strictest. */
#include "portal/message.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/signature_block.h"
#include "portal/site.h"

/* Deeper than any request: an array in an object. */
#define DEPTH_MAX  4
#define BARE_BYTES 32

/* Return whether brackets are nested no deeper than a request can be. */
static bool is_shallow(const char *text, size_t length)
{
	bool quoted = false;
	int depth = 0;

	for (size_t i = 0; i < length; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
		else if (!quoted && (text[i] == '{' || text[i] == '['))
			depth++;
		else if (!quoted && (text[i] == '}' || text[i] == ']'))
			depth--;
		if (depth > DEPTH_MAX)
			return false;
	}
	return true;
}

static json_t *load(const char *text, size_t length)
{
	return is_shallow(text, length) ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL)
					: NULL;
}

/* Return whether a block is a DigestInfo of this hash, exactly filled. */
static bool is_digest_info(const struct portal_block *block, enum jpki_hash hash)
{
	static const uint8_t nothing[JPKI_HASH_SIZE_MAX];
	uint8_t info[JPKI_DIGEST_INFO_MAX];
	size_t length = jpki_hash_digest_info(hash, nothing, info);

	return block->length == length &&
	       memcmp(block->bytes, info, length - jpki_hash_size(hash)) == 0;
}

static bool may_be_signed(const struct portal_block *block, bool bare)
{
	return is_digest_info(block, JPKI_HASH_SHA256) || is_digest_info(block, JPKI_HASH_SHA384) ||
	       is_digest_info(block, JPKI_HASH_SHA512) ||
	       (bare && (block->length == BARE_BYTES || is_digest_info(block, JPKI_HASH_SHA1)));
}

/* Decode base64 in its one canonical form. */
static bool decode(const json_t *value, struct portal_block *block)
{
	const char *text = json_string_value(value);

	block->length = text == NULL
				? 0
				: signature_base64_decode(text, block->bytes, sizeof(block->bytes));
	return block->length > 0;
}

/* Take one block. Return why it can't be signed; NULL if it can. */
static const char *take_block(struct portal_message *message, const json_t *value, bool bare)
{
	struct portal_block *block = &message->blocks[message->count];

	if (!decode(value, block))
		return "a digest is not canonical base64 of a possible length";
	if (!may_be_signed(block, bare)) {
		message->refused_length = block->length;
		memcpy(message->refused_head, block->bytes, sizeof(message->refused_head));
		return "a digest is not a DigestInfo of SHA-256, SHA-384 or SHA-512";
	}
	message->count++;
	return NULL;
}

static const char *take_blocks(struct portal_message *message, const json_t *request, bool bare)
{
	const json_t *digest = json_object_get(request, "digest");
	size_t count = json_is_array(digest) ? json_array_size(digest) : 1;
	const char *refusal = NULL;

	if (json_is_array(digest) && message->mode != PORTAL_SIGN)
		return "an array of digests for a log-in";
	if (count == 0 || count > PORTAL_BLOCKS_MAX)
		return "no digest, or too many";
	message->blocks = calloc(count, sizeof(*message->blocks));
	if (message->blocks == NULL)
		return "no memory";
	for (size_t i = 0; i < count && refusal == NULL; i++)
		refusal = take_block(
			message, json_is_array(digest) ? json_array_get(digest, i) : digest, bare);
	return refusal;
}

/* Note the page's mode, if it can be one. */
static enum portal_mode take_mode(struct portal_message *message, const json_t *request)
{
	static const enum portal_mode modes[] = {PORTAL_REFUSED, PORTAL_LOG_IN,     PORTAL_SIGN,
						 PORTAL_REFUSED, PORTAL_ATTRIBUTES, PORTAL_END};
	const char *word = json_string_value(json_object_get(request, "mode"));

	if (word == NULL || strlen(word) != 2 || !isdigit((unsigned char)word[0]) ||
	    !isdigit((unsigned char)word[1]))
		return PORTAL_REFUSED;
	memcpy(message->word, word, sizeof(message->word));
	return word[0] == '0' && word[1] <= '5' ? modes[word[1] - '0'] : PORTAL_REFUSED;
}

/* Take the page's request apart. Return why it is refused; NULL if it is not. */
static const char *take_request(struct portal_message *message, const json_t *request, bool bare)
{
	const char *service;

	if (!json_is_object(request))
		return "the page's request is not JSON";
	message->mode = take_mode(message, request);
	if (message->mode == PORTAL_REFUSED)
		return "no known mode";
	if (message->mode == PORTAL_END)
		return NULL;
	service = json_string_value(json_object_get(request, "service_id"));
	if (service == NULL || strcmp(service, "01") != 0)
		return "no known service";
	return message->mode == PORTAL_ATTRIBUTES ? NULL : take_blocks(message, request, bare);
}

static const char *take(struct portal_message *message, const json_t *whole, bool bare)
{
	const json_t *request = json_object_get(whole, "request");
	const char *origin = json_string_value(json_object_get(whole, "origin"));
	const char *refusal = "not a message of our extension";
	json_t *inner;

	if (json_integer_value(json_object_get(whole, "version")) != 1)
		return refusal;
	if (request == NULL && json_is_true(json_object_get(whole, "about"))) {
		message->mode = PORTAL_ABOUT;
		return NULL;
	}
	if (!json_is_string(request))
		return refusal;
	inner = load(json_string_value(request), json_string_length(request));
	refusal = take_request(message, inner, bare);
	json_decref(inner);
	if (refusal != NULL || message->mode == PORTAL_END)
		return refusal;
	if (origin == NULL || strlen(origin) >= sizeof(message->origin) ||
	    !portal_origin_is_https(origin))
		return "no https origin in ASCII";
	/* The browser asks the person before a site is added; what it lists itself, we list, too.
	 */
	message->added = !portal_site_is_known(origin);
	if (message->added && !json_is_true(json_object_get(whole, "added")))
		return "an origin that is not listed";
	memcpy(message->origin, origin, strlen(origin) + 1);
	return NULL;
}

void portal_message_parse(struct portal_message *message, const char *text, size_t length,
			  bool bare)
{
	json_t *whole = load(text, length);

	*message = (struct portal_message){.mode = PORTAL_REFUSED};
	message->refusal = take(message, whole, bare);
	json_decref(whole);
	if (message->refusal != NULL)
		message->mode = PORTAL_REFUSED;
}

void portal_message_free(struct portal_message *message)
{
	free(message->blocks);
	message->blocks = NULL;
	message->count = 0;
}
