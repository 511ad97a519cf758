/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsers of the command: the first byte of the input says which. */
#include "tool.h"

const char fuzz_name[] = "tool";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	tool_set_up();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const parsers[])(struct fuzz_input) = {
		tool_certificate, tool_signature, tool_record,
		tool_pinentry,    tool_ssh,       tool_browser,
	};
	struct fuzz_input input = {data, size};
	uint8_t choice = fuzz_byte(&input);

	parsers[choice % (sizeof(parsers) / sizeof(parsers[0]))](input);
	return 0;
}
