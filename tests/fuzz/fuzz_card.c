/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A card that lies, under the whole module. The first byte of the input chooses the card and the
 * configuration, the second the jobs; the rest is the events of hostile.h. What a caller must be
 * able to rely on is checked in jobs.c, what a card must not bring about in judge.c.
 */
#include "hostile.h"
#include "jobs.h"

const char fuzz_name[] = "card";

static struct hostile hostile;

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	stage_set_up();
	return 0;
}

static void next_call(void)
{
	stage_check();
	hostile_next_call(&hostile);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t first = fuzz_byte(&input);
	uint8_t jobs = fuzz_byte(&input);

	stage_begin(first & 0x7f, (first & 0x80) != 0);
	hostile_begin(&hostile, input);
	jobs_run(jobs, next_call);
	stage_end();
	return 0;
}
