/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A card in the virtual reader of vsmartcard's vpcd, a driver of pcscd. */
#ifndef VCARD_VPCD_H
#define VCARD_VPCD_H

#include <signal.h>
#include <stdio.h>

#include "vcard.h"

/*
 * Connects to the reader, for up to ten seconds while it refuses. The socket, or -1 with the
 * reason on stderr. Ends early when *stop is set.
 */
int vcard_vpcd_connect(const char *host, const char *port, const volatile sig_atomic_t *stop);

/* How long a card and its reader take at least, in milliseconds. */
struct vcard_pace {
	unsigned exchange;  /* for each command and its answer */
	unsigned signature; /* for each signature, beside that */
};

/*
 * Answers the reader on the socket until it closes the connection or *stop is set by a signal
 * handler; the signals of unblocked, a mask as for sigprocmask, are let in only while waiting.
 * Takes the time that pace says. Writes what happens to log if it is not NULL. False on a broken
 * connection.
 */
bool vcard_vpcd_serve(struct vcard *card, int fd, FILE *log, const struct vcard_pace *pace,
		      const volatile sig_atomic_t *stop, const sigset_t *unblocked);

#endif
