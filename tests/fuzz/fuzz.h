/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the fuzzing harnesses share. Each harness is one program: with libFuzzer's or AFL++'s main
 * it is fuzzed, with the one of main.c it replays inputs that are kept. docs/fuzzing.md tells of
 * each.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The harness's name: that of the directory with its seeds. */
extern const char fuzz_name[];

/* Called once, before the first input. */
int LLVMFuzzerInitialize(int *count, char ***arguments);

/* One input. It never fails: what must not be ends the process. Always 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, with a line on standard error, unless what must hold holds. */
#define fuzz_check(condition)                                                                      \
	do {                                                                                       \
		if (!(condition))                                                                  \
			fuzz_fail(#condition, __FILE__, __LINE__);                                 \
	} while (0)
_Noreturn void fuzz_fail(const char *condition, const char *file, int line);

/* What is left of an input, from which choices are taken. At its end all choices are 0. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

uint8_t fuzz_byte(struct fuzz_input *input);
/* Two bytes, the higher one first. */
uint16_t fuzz_short(struct fuzz_input *input);
/* Up to capacity bytes, the count being a byte of the input, too. */
size_t fuzz_bytes(struct fuzz_input *input, uint8_t *bytes, size_t capacity);

/*
 * The same surroundings for every run, whoever starts it: no configuration or record of a person,
 * no home directory, the log written away in full.
 */
void fuzz_surroundings(void);

/* A name for a file in memory that holds these bytes; valid until the next call. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* A directory of this process in memory if possible; removed with its files at the process's
 * regular end. */
const char *fuzz_directory(void);
/* Writes a file in it. */
void fuzz_write(const char *name, const uint8_t *data, size_t size);

#endif
