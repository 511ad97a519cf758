/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration file, and the value of JPKI_LOG: a line of the input each. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/config.h"
#include "base/log.h"

const char fuzz_name[] = "config";

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
	(void)count;
	(void)arguments;
	fuzz_surroundings();
	jpki_log_open();
	return 0;
}

static bool same(const struct jpki_config *a, const struct jpki_config *b)
{
	return a->final_try_allowed == b->final_try_allowed &&
	       a->pin_idle_seconds == b->pin_idle_seconds &&
	       a->sign_always_authenticate == b->sign_always_authenticate &&
	       a->tries_recorded == b->tries_recorded && a->refusals_shared == b->refusals_shared &&
	       a->keep == b->keep && strcmp(a->record_place.root, b->record_place.root) == 0;
}

static void read_file(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(data, size);
	struct jpki_config defaults = jpki_config_defaults();
	struct jpki_config once = defaults;
	struct jpki_config twice;

	fuzz_check(jpki_config_read_file(&once, path) == JPKI_OK);
	twice = once;
	fuzz_check(jpki_config_read_file(&twice, path) == JPKI_OK);
	fuzz_check(same(&once, &twice));
	/* The only words by which a file can give the last try away. */
	if (once.final_try_allowed)
		fuzz_check(memmem(data, size, "final-try", 9) != NULL &&
			   memmem(data, size, "allow", 5) != NULL);
	if (!once.tries_recorded)
		fuzz_check(memmem(data, size, "try-record", 10) != NULL);
	if (once.keep != defaults.keep)
		fuzz_check(memmem(data, size, "keep-certificates", 17) != NULL);
	if (!once.refusals_shared)
		fuzz_check(memmem(data, size, "share-refused", 13) != NULL);
}

/* A level, and behind a colon the file: no other than this is ever opened. */
static void set_log(const uint8_t *data, size_t size)
{
	char value[256];
	size_t length = 0;

	while (length < size && length < sizeof(value) - 16 && data[length] != '\n' &&
	       data[length] != ':' && data[length] != '\0')
		length++;
	memcpy(value, data, length);
	strcpy(value + length, ":/dev/null");
	setenv("JPKI_LOG", value, 1);
	jpki_log_open();
	jpki_log(JPKI_LOG_DEBUG, "%.*s", (int)(size < 4096 ? size : 4096), (const char *)data);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 0 ? memchr(data, '\n', size) : NULL;
	uint8_t *copy = calloc(1, size + 1);

	if (copy == NULL)
		return 0;
	if (size > 0)
		memcpy(copy, data, size);
	set_log(copy, size);
	if (end != NULL)
		read_file(end + 1, size - (size_t)(end + 1 - data));
	free(copy);
	return 0;
}
