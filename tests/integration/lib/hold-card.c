/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hold-card READER exclusive|transaction|reset SECONDS: another program at the same card. It
 * takes the card for itself, says "held", and lets go after that time or at SIGTERM; or it resets
 * the card at once and goes.
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

/* What it is for is the end of the sleep. */
static void let_go(int signal)
{
	(void)signal;
}

static int hold(const char *reader, const char *how, unsigned seconds)
{
	DWORD share = strcmp(how, "exclusive") == 0 ? SCARD_SHARE_EXCLUSIVE : SCARD_SHARE_SHARED;
	DWORD end = strcmp(how, "reset") == 0 ? SCARD_RESET_CARD : SCARD_LEAVE_CARD;
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
	if (argc != 4 || (strcmp(argv[2], "exclusive") != 0 && strcmp(argv[2], "reset") != 0 &&
			  strcmp(argv[2], "transaction") != 0)) {
		fprintf(stderr, "usage: hold-card READER exclusive|transaction|reset SECONDS\n");
		return 2;
	}
	signal(SIGTERM, let_go);
	return hold(argv[1], argv[2], (unsigned)strtoul(argv[3], NULL, 10));
}
