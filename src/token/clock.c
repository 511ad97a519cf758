/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* clock: tells the time by which logins and readings of the card grow old. */
#include "token/clock.h"

#include <time.h>

int64_t jpki_reader_now_s(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec;
}
