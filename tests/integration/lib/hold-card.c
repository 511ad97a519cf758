/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hold-card READER exclusive|shared|transaction|reset|unpower SECONDS: another program at the same
 * card. It takes the card, for itself or not, says "held", and lets go after that time or at
 * SIGTERM; or it resets the card, or cuts its power, at once and goes.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <winscard.h>

static int failed(const char *what, LONG rv)
{
	fprintf(stderr, "%s: %s\n", what, pcsc_stringify_error(rv));
	return 1;
}

static DWORD end_of(const char *how)
{
	if (strcmp(how, "reset") == 0)
		return SCARD_RESET_CARD;
	return strcmp(how, "unpower") == 0 ? SCARD_UNPOWER_CARD : SCARD_LEAVE_CARD;
}

/* What it is for is the end of the sleep. */
static void let_go(int signal)
{
	(void)signal;
}

static int hold(const char *reader, const char *how, unsigned seconds)
{
	DWORD share = strcmp(how, "exclusive") == 0 ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED;
	DWORD end = end_of(how);
	SCARDCONTEXT context = 0;
	SCARDHANDLE card = 0;
	DWORD protocol = 0;
	LONG rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context);

	if (rv != SCARD_S_SUCCESS)
		return failed("no context", rv);
	rv = SCardConnect(context, reader, share, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &card,
			  &protocol);
	if (rv == SCARD_S_SUCCESS && strcmp(how, "transaction") == 0)
		rv = SCardBeginTransaction(card);
	if (rv != SCARD_S_SUCCESS) {
		SCardReleaseContext(context);
		return failed(how, rv);
	}
	if (end == SCARD_LEAVE_CARD) {
		puts("held");
		fflush(stdout);
		sleep(seconds);
	}
	if (strcmp(how, "transaction") == 0)
		SCardEndTransaction(card, SCARD_LEAVE_CARD);
	SCardDisconnect(card, end);
	SCardReleaseContext(context);
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const ways[] = {"exclusive", "shared", "transaction", "reset",
					   "unpower"};

	signal(SIGTERM, let_go);
	for (size_t i = 0; argc == 4 && i < sizeof(ways) / sizeof(ways[0]); i++) {
		if (strcmp(argv[2], ways[i]) == 0)
			return hold(argv[1], argv[2], (unsigned)strtoul(argv[3], NULL, 10));
	}
	fprintf(stderr, "usage: hold-card READER exclusive|shared|transaction|reset|unpower "
			"SECONDS\n");
	return 2;
}
