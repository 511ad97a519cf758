/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A PC/SC library whose answers come from an input: names without an end, lengths that are not
 * true, any code from any call. It takes the place of libpcsclite in the program that it is linked
 * into, and keeps count of what its caller must give back.
 */
#ifndef FUZZ_FAKE_PCSC_H
#define FUZZ_FAKE_PCSC_H

#include "fuzz.h"

/* Answers are taken from here on. */
void fake_pcsc_begin(struct fuzz_input *input);

/* All contexts were released, all cards disconnected, no transaction is left. */
void fake_pcsc_end(void);

#endif
