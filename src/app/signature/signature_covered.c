/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_covered: verifies a signature in a PDF over what it covers. */
#include "app/signature/signature_covered.h"

#include <stdlib.h>
#include <string.h>

enum signature_fault signature_covered_check(const uint8_t *bytes, const struct pdf_found *found,
					     CMS_ContentInfo *cms)
{
	size_t before = found->gap, after = found->end - found->gap_end;
	uint8_t *covered = malloc(before + after + 1);
	enum signature_fault fault = SIGNATURE_UNREADABLE;
	BIO *content = NULL;

	if (covered != NULL) {
		memcpy(covered, bytes, before);
		memcpy(covered + before, bytes + found->gap_end, after);
		content = BIO_new_mem_buf(covered, (int)(before + after));
	}
	if (content != NULL)
		fault = signature_check(cms, NULL, content, NULL);
	BIO_free(content);
	free(covered);
	return fault;
}
