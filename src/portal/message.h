/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * message: takes apart what the extension sends: {"version":1, "origin":"https://...",
 * "request":"the page's JSON"}, and "added":true for a site that the person has added; or
 * {"version":1, "about":true}. Unknown keys are dropped, and none of them is a PIN.
 */
#ifndef JPKI_PORTAL_MESSAGE_H
#define JPKI_PORTAL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "crypto/hash.h"

/* Of a block that is refused, the log has so many bytes. */
#define PORTAL_HEAD_BYTES 4
/* More blocks in one request are refused. */
#define PORTAL_BLOCKS_MAX 100
/* https://, a host of 253 characters, a port, and the zero byte. */
#define PORTAL_ORIGIN_SIZE 268

enum portal_mode {
	PORTAL_LOG_IN,     /* 01 */
	PORTAL_SIGN,       /* 02 */
	PORTAL_ATTRIBUTES, /* 04 */
	PORTAL_END,        /* 05 */
	PORTAL_ABOUT,      /* of the extension itself: no page asks for it */
	PORTAL_REFUSED,    /* anything else, and whatever is not as it should be */
};

/* What the card pads and signs. */
struct portal_block {
	uint8_t bytes[JPKI_DIGEST_INFO_MAX];
	size_t length;
};

struct portal_message {
	enum portal_mode mode;
	char word[3];                    /* the page's mode, to be repeated; "" if it had none */
	char origin[PORTAL_ORIGIN_SIZE]; /* "" if it may not be served */
	bool added; /* it is not one that we list: the person has added it in the browser */
	struct portal_block *blocks;
	size_t count;
	const char *refusal; /* why, in English, for the log: without anything of the page's */
	/* The length of the block that was refused, and how it begins, so that the person can tell
	 * us; 0: it was not the block. */
	size_t refused_length;
	uint8_t refused_head[PORTAL_HEAD_BYTES];
};

/*
 * Take a message of length bytes apart. bare: accept SHA-1 and 32 bytes without a DigestInfo, too.
 * Always fills *message, which the caller ends with portal_message_free. Without memory it is
 * PORTAL_REFUSED.
 */
void portal_message_parse(struct portal_message *message, const char *text, size_t length,
			  bool bare);
void portal_message_free(struct portal_message *message);

#endif
