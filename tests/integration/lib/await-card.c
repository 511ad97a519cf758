/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * await-card READER present|absent|mute SECONDS: waits until pcscd shows the reader in that state.
 * Reads the reader's state only and opens no link, so the card sees nothing of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <winscard.h>

static double seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* True when the reader is known and its card is there (or not, or does not answer), as wanted. */
static int reader_is(SCARDCONTEXT context, const char *name, DWORD wanted)
{
	SCARD_READERSTATE state = {.szReader = name, .dwCurrentState = SCARD_STATE_UNAWARE};

	if (SCardGetStatusChange(context, 0, &state, 1) != SCARD_S_SUCCESS)
		return 0;
	return (state.dwEventState & wanted) != 0 &&
	       (state.dwEventState & SCARD_STATE_MUTE) == (wanted & SCARD_STATE_MUTE);
}

int main(int argc, char **argv)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	SCARDCONTEXT context = 0;
	DWORD wanted = 0;
	double limit = 0;
	int established = 0;
	int reached = 0;

	if (argc == 4 && strcmp(argv[2], "present") == 0)
		wanted = SCARD_STATE_PRESENT;
	else if (argc == 4 && strcmp(argv[2], "absent") == 0)
		wanted = SCARD_STATE_EMPTY;
	else if (argc == 4 && strcmp(argv[2], "mute") == 0)
		wanted = SCARD_STATE_MUTE;
	if (wanted == 0) {
		fprintf(stderr, "usage: await-card READER present|absent|mute SECONDS\n");
		return 2;
	}
	limit = seconds_now() + strtod(argv[3], NULL);
	do {
		if (!established)
			established = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL,
							    &context) == SCARD_S_SUCCESS;
		reached = established && reader_is(context, argv[1], wanted);
		if (!reached)
			nanosleep(&pause, NULL);
	} while (!reached && seconds_now() < limit);
	if (established)
		SCardReleaseContext(context);
	if (!reached)
		fprintf(stderr, "%s: not %s after %s seconds\n", argv[1], argv[2], argv[3]);
	return reached ? 0 : 1;
}
