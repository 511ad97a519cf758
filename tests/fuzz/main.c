/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The main program of a harness without a fuzzer: replays the files that are named, or all seeds
 * of the harness. Prints TAP. A finding ends the process, and the plan with it.
 */
#include "fuzz.h"

#ifndef FUZZ_NO_MAIN /* with a fuzzer, the main function is its own */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer seeds are not kept. */
#define INPUT_MAX (1024 * 1024)

static uint8_t input[INPUT_MAX];

static int replay(const char *path, int number)
{
	FILE *file = fopen(path, "rb");
	size_t size;
	uint8_t *copy;

	if (file == NULL) {
		printf("not ok %d - %s: %s\n", number, path, strerror(errno));
		return 1;
	}
	size = fread(input, 1, sizeof(input), file);
	fclose(file);
	/* No longer than the input, so that a sanitizer sees what is read behind it. */
	copy = malloc(size > 0 ? size : 1);
	if (copy == NULL)
		fuzz_fail("memory", __FILE__, __LINE__);
	memcpy(copy, input, size);
	/* Known if it ends here. */
	printf("# %s\n", path);
	fflush(stdout);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	printf("ok %d - %s\n", number, strrchr(path, '/') != NULL ? strrchr(path, '/') + 1 : path);
	return 0;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int replay_seeds(void)
{
	struct dirent **entries = NULL;
	char directory[4096], path[4096 + 256];
	int failures = 0;
	int count;

	snprintf(directory, sizeof(directory), "%s/seeds/%s", FUZZ_DIRECTORY, fuzz_name);
	count = scandir(directory, &entries, not_hidden, alphasort);
	if (count <= 0) {
		printf("1..1\nnot ok 1 - no seeds in %s\n", directory);
		return EXIT_FAILURE;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", directory, entries[i]->d_name);
		failures += replay(path, i + 1);
		free(entries[i]);
	}
	free(entries);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	int failures = 0;

	LLVMFuzzerInitialize(&argc, &argv);
	if (argc < 2)
		return replay_seeds();
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++)
		failures += replay(argv[i], i);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
