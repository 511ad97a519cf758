/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * p11-wait MODULE COUNT [SECONDS]: waits in C_WaitForSlotEvent, blocking, COUNT times, and prints
 * what each call returned, with the slot and whether a token is in it. Prints "waiting" before
 * the first. With SECONDS, another thread calls C_Finalize after that time, and how long it took
 * until the waiting thread came back is printed at the end. The last line tells how many
 * milliseconds the processor was busy with all this.
 */
#include "../lib/p11-client.h"
#include "../lib/p11-names.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_SECONDS 600

static CK_FUNCTION_LIST *p11;
static unsigned count;

static double seconds_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *wait_for_events(void *argument)
{
	CK_RV rv = CKR_OK;

	(void)argument;
	puts("waiting");
	for (unsigned i = 0; i < count && rv == CKR_OK; i++) {
		CK_SLOT_ID slot = CK_UNAVAILABLE_INFORMATION;
		CK_SLOT_INFO info = {0};

		rv = p11->C_WaitForSlotEvent(0, &slot, NULL);
		if (rv == CKR_OK && p11->C_GetSlotInfo(slot, &info) == CKR_OK)
			printf("%s %lu %s\n", p11_rv_name(rv), slot,
			       (info.flags & CKF_TOKEN_PRESENT) != 0 ? "present" : "empty");
		else
			printf("%s\n", p11_rv_name(rv));
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t thread;
	CK_RV rv;

	if (argc != 3 && argc != 4) {
		fprintf(stderr, "usage: p11-wait MODULE COUNT [SECONDS]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	alarm(LIMIT_SECONDS);
	p11 = p11_load(argv[1]);
	count = (unsigned)strtoul(argv[2], NULL, 10);
	rv = p11->C_Initialize(NULL);
	if (rv != CKR_OK || pthread_create(&thread, NULL, wait_for_events, NULL) != 0) {
		printf("C_Initialize %s\n", p11_rv_name(rv));
		return 1;
	}
	if (argc == 4) {
		double begin;

		sleep((unsigned)strtoul(argv[3], NULL, 10));
		begin = seconds_of(CLOCK_MONOTONIC);
		rv = p11->C_Finalize(NULL);
		pthread_join(thread, NULL);
		printf("C_Finalize %s\nseconds %.0f\n", p11_rv_name(rv),
		       seconds_of(CLOCK_MONOTONIC) - begin);
	} else {
		pthread_join(thread, NULL);
		printf("C_Finalize %s\n", p11_rv_name(p11->C_Finalize(NULL)));
	}
	printf("cpu %.0f\n", seconds_of(CLOCK_PROCESS_CPUTIME_ID) * 1000);
	return 0;
}
