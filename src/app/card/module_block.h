/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module_block: is a signature in two steps: what is to be signed is found out first, and the
 * signature is used once it is there. */
#ifndef JPKI_APP_CARD_MODULE_BLOCK_H
#define JPKI_APP_CARD_MODULE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "app/ui/situation.h"

/* A block is what a key signs, and is no longer than the signature of the largest key. */
#define MODULE_BLOCK_MAX 512

struct module_block {
	unsigned char bytes[MODULE_BLOCK_MAX]; /* what is to be signed */
	size_t length;                         /* 0: it is not known yet */
	unsigned char signature[MODULE_BLOCK_MAX];
	size_t signature_length; /* 0: there is none */
	bool differs;            /* the signature was asked for of another block */

	/* Private to module_pool. */
	enum situation not_signed;
	bool done;
	struct module_block *next;
};

/*
 * Sign bytes without a key, for rsa_key. If the block's length is 0, they are noted in it, and the
 * signature is of zeros; otherwise it is that in the block, if these bytes are what was noted.
 * False, and block->differs is set, if they are not. *length is the room before, and the
 * signature's length after.
 */
bool module_block_sign(struct module_block *block, const unsigned char *bytes, size_t byte_count,
		       unsigned char *signature, size_t *length);

#endif
