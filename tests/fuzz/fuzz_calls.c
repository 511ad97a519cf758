/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A program that calls anything with anything, over a good card. The first byte of the input
 * chooses the card and the configuration; then a byte for each call, and its arguments. No such
 * program locks a card, leaves a PIN open for others, or is told of more bytes than it has room
 * for.
 */
#include "calls.h"
#include "stage.h"

const char fuzz_name[] = "calls";

#define CALLS_MAX     64
#define AUTH_PIN_FILE 0x0018
#define SIGN_PIN_FILE 0x001B

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	stage_set_up();
	return 0;
}

static void check_tries(void)
{
	for (size_t i = 0; i < STAGE_CARDS; i++) {
		fuzz_check(vcard_tries(stage.cards[i], AUTH_PIN_FILE) != 0);
		fuzz_check(vcard_tries(stage.cards[i], SIGN_PIN_FILE) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	uint8_t first = fuzz_byte(&input);
	struct arguments arguments;
	int calls = 0;

	stage_begin(first & 0x7f, (first & 0x80) != 0);
	arguments_begin(&arguments, &input);
	fuzz_check(stage.p11->C_Initialize(NULL) == CKR_OK);
	while (input.size > 0 && calls++ < CALLS_MAX) {
		calls_make(&arguments, fuzz_byte(&input));
		arguments_free();
		stage_check();
		check_tries();
	}
	stage_end();
	return 0;
}
