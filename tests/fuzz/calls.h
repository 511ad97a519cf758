/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One call of the module, with arguments that are taken from an input. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "arguments.h"

/* Calls the function of this number; some numbers put another card in, or reset it. */
void calls_make(struct arguments *arguments, uint8_t number);

#endif
