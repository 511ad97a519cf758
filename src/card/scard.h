/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scard: calls PC/SC so that no fork happens in the middle of a call. libpcsclite keeps locks for
 * all threads, and one that is held while another thread forks stays locked in the child for ever:
 * the child would hang as soon as it uses PC/SC itself, which PKCS#11 allows it.
 *
 * Each function is the call of PC/SC that its name says, with its results. While a thread forks,
 * the calls inside are waited for, and no other begins.
 */
#ifndef JPKI_CARD_SCARD_H
#define JPKI_CARD_SCARD_H

#include <winscard.h>

/*
 * A fork waits at most this long for the calls inside: an exchange with a card may take a second,
 * but a service that hangs must not keep a program from forking. A call that held up one fork for
 * so long holds up no other. A variable for the tests, which set it while nobody forks.
 */
extern unsigned int jpki_scard_fork_wait_ms;

/* With the scope of the system. */
LONG jpki_scard_establish(SCARDCONTEXT *context);
LONG jpki_scard_release(SCARDCONTEXT context);
LONG jpki_scard_list(SCARDCONTEXT context, char *names, DWORD *length);
/* SCardGetStatusChange that returns at once. */
LONG jpki_scard_look(SCARDCONTEXT context, SCARD_READERSTATE *states, DWORD count);
LONG jpki_scard_connect(SCARDCONTEXT context, const char *reader, DWORD mode, DWORD protocols,
			SCARDHANDLE *card, DWORD *protocol);
LONG jpki_scard_disconnect(SCARDHANDLE card, DWORD disposition);
LONG jpki_scard_attribute(SCARDHANDLE card, DWORD attribute, BYTE *value, DWORD *length);
LONG jpki_scard_transmit(SCARDHANDLE card, const SCARD_IO_REQUEST *protocol, const BYTE *command,
			 DWORD length, BYTE *answer, DWORD *received);
/* For cards that no other program has: if one takes the card in just that moment, this waits for
 * it. */
LONG jpki_scard_begin(SCARDHANDLE card);
LONG jpki_scard_end(SCARDHANDLE card, DWORD disposition);

/*
 * These wait for no fork, and no fork waits for them: the first may take as long as the user likes,
 * and the second is there to end it. They hold the locks of libpcsclite for an instant at their
 * beginning and their end (in version 2 for one question to pcscd), not while they wait, and a fork
 * in just that instant can still harm the child.
 */
/* SCardGetStatusChange that waits for a change. */
LONG jpki_scard_wait(SCARDCONTEXT context, DWORD timeout_ms, SCARD_READERSTATE *states,
		     DWORD count);
LONG jpki_scard_cancel(SCARDCONTEXT context);

#endif
