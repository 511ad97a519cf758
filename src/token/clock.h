/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clock: tells the time by which logins and readings of the card grow old. For src/token alone. */
#ifndef JPKI_TOKEN_CLOCK_H
#define JPKI_TOKEN_CLOCK_H

#include <stdint.h>

/* Return the seconds since some fixed moment, including those during which the machine slept; or
 * the milliseconds. */
int64_t jpki_reader_now_s(void);
int64_t jpki_reader_now_ms(void);

#endif
