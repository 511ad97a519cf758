/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clock: tells the time by which logins and readings of the card grow old. */
#include "token/clock.h"

#include <time.h>

static struct timespec now(void)
{
	struct timespec time = {0};

	clock_gettime(CLOCK_BOOTTIME, &time);
	return time;
}

int64_t jpki_reader_now_s(void)
{
	return (int64_t)now().tv_sec;
}

int64_t jpki_reader_now_ms(void)
{
	struct timespec time = now();

	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}
