/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of tries: whatever is in the file, only lines like ours come out of it. */
#include "tool.h"

#include <stdio.h>
#include <string.h>

#include "token/record.h"

static void check_printable(const char *text)
{
	for (; *text != '\0'; text++)
		fuzz_check(*text >= ' ' && *text <= '~');
}

static void check_line(const struct jpki_record_line *line, void *argument)
{
	struct tm utc;

	(*(unsigned *)argument)++;
	check_printable(line->serial);
	check_printable(line->outcome);
	check_printable(line->program);
	fuzz_check(line->key < JPKI_PIN_COUNT);
	fuzz_check(line->tries >= -1);
	fuzz_check(gmtime_r(&line->when, &utc) != NULL);
}

void tool_record(struct fuzz_input input)
{
	struct jpki_user_place place = {.below = "."};
	size_t old = fuzz_short(&input);
	unsigned count = 0;

	if (old > input.size)
		old = input.size;
	snprintf(place.root, sizeof(place.root), "%s", fuzz_directory());
	fuzz_write("tries.old", input.data, old);
	fuzz_write("tries", input.data + old, input.size - old);
	fuzz_check(jpki_record_read(&place, check_line, &count) == JPKI_OK);
	fuzz_check(count <= input.size / 10);
}
