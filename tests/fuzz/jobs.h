/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What programs do with the module, one after the other, whatever the answers are. */
#ifndef FUZZ_JOBS_H
#define FUZZ_JOBS_H

#include <stdint.h>

#define JOB_NO_INFO    0x01 /* of slots and tokens */
#define JOB_NO_AUTH    0x02 /* nothing with the first token */
#define JOB_NO_SIGN    0x04 /* nothing with the second */
#define JOB_NO_OBJECTS 0x08 /* their attributes */
#define JOB_WRONG_PIN  0x10 /* once, twice the same, and a second one */
#define JOB_CHANGE_PIN 0x20 /* and back */
#define JOB_NO_RANDOM  0x40
#define JOB_TWICE      0x80 /* the whole, with C_Finalize between */

/* Runs all jobs that are not taken away. between is called before each call of the module. */
void jobs_run(uint8_t jobs, void (*between)(void));

#endif
