/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* module_block: notes what is to be signed, or gives the signature of what was noted. */
#include "app/card/module_block.h"

#include <string.h>

bool module_block_sign(struct module_block *block, const unsigned char *bytes, size_t byte_count,
		       unsigned char *signature, size_t *length)
{
	if (block->length == 0 && byte_count <= sizeof(block->bytes)) {
		memcpy(block->bytes, bytes, byte_count);
		block->length = byte_count;
		memset(signature, 0, *length);
		return true;
	}
	block->differs =
		block->length != byte_count || memcmp(block->bytes, bytes, byte_count) != 0;
	if (block->differs || block->signature_length == 0 || block->signature_length > *length)
		return false;
	memcpy(signature, block->signature, block->signature_length);
	*length = block->signature_length;
	return true;
}
