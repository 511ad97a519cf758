/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * PDFs: the input is a file. It is judged as for signing and as for verifying, up to the CMS of its
 * signatures. What can be signed gets its update, and then there must be a signature that covers
 * the whole file.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/signature_pdf.h"
#include "document/pdf_judge.h"
#include "document/pdf_plan.h"
#include "document/pdf_update.h"

const char fuzz_name[] = "pdf";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	return 0;
}

/* CMS that is given has a signer, and no content; or else there is a reason. */
static void check_cms(const uint8_t *data, const struct pdf_found *found)
{
	enum signature_pdf_fault fault;
	CMS_ContentInfo *cms = signature_pdf_read(data, found, &fault);

	fuzz_check((cms != NULL) == (fault == SIGNATURE_PDF_GOOD));
	fuzz_check(cms == NULL || (CMS_is_detached(cms) == 1 &&
				   sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms)) > 0));
	CMS_ContentInfo_free(cms);
}

/* No signature leads out of the file, and at most one covers all of it. */
static size_t check_verdict(const struct pdf_verdict *verdict, const uint8_t *data, size_t length)
{
	size_t whole = 0;

	fuzz_check(verdict->count <= PDF_SIGNATURES_MAX);
	for (size_t i = 0; verdict->fault == PDF_GOOD && i < verdict->count; i++) {
		const struct pdf_found *found = &verdict->found[i];

		fuzz_check(found->gap <= found->gap_end && found->gap_end <= found->end &&
			   found->end <= length);
		if (found->gap_end != 0)
			check_cms(data, found);
		if (found->cover == PDF_COVERS_ALL) {
			fuzz_check(found->gap + 2 <= found->gap_end && found->end == length);
			whole++;
		}
	}
	fuzz_check(whole <= 1);
	return whole;
}

/* Append the update to the file, and judge that. */
static void check_signed(const uint8_t *data, size_t size, const struct pdf_plan *plan)
{
	static const uint8_t cms[] = {0x30, 0x01, 0x02};
	struct pdf_signature signature = {.name = "A", .when = 1, .room = 16};
	struct pdf_update update;
	struct pdf_verdict verdict;
	uint8_t *all;

	fuzz_check(pdf_update_make(&update, plan, size, &signature));
	fuzz_check(pdf_update_fill(&update, cms, sizeof(cms)));
	all = malloc(size + update.length);
	fuzz_check(all != NULL);
	memcpy(all, data, size);
	memcpy(all + size, update.bytes, update.length);
	pdf_judge_here(&verdict, all, size + update.length);
	fuzz_check(check_verdict(&verdict, all, size + update.length) == 1 ||
		   verdict.fault != PDF_GOOD);
	free(all);
	pdf_update_free(&update);
}

/* The bytes are the same afterwards. */
static void check_as_it_is(const uint8_t *data, size_t size)
{
	struct pdf_verdict verdict;
	uint8_t *own = malloc(size + 1);

	fuzz_check(own != NULL);
	memcpy(own, data, size);
	pdf_judge_here(&verdict, own, size);
	fuzz_check(memcmp(own, data, size) == 0);
	check_verdict(&verdict, data, size);
	free(own);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_plan plan;
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	fuzz_check(out != NULL);
	pdf_plan_find(&plan, data, size, out);
	fuzz_check(fclose(out) == 0);
	plan.text = text;
	plan.length = length;
	if (plan.fault == PDF_GOOD)
		check_signed(data, size, &plan);
	pdf_plan_free(&plan);
	check_as_it_is(data, size);
	return 0;
}
