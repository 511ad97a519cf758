/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PC/SC functions that src/card/pcsc.c calls, over the readers of the test in this process. */
#ifndef INJECT_FAKE_WINSCARD_H
#define INJECT_FAKE_WINSCARD_H

#include <stdbool.h>
#include <stddef.h>

#include "vcard_transport.h"

/* Over these readers from now on; they stay the caller's. NULL: the service does not run. */
void fake_winscard_use(struct vcard_transport *readers);

/* Called when somebody waits, instead of waiting; what it changes ends the wait, and so does it
 * when it returns true, for nothing. NULL: time passes without an event. */
void fake_winscard_while_waiting(bool (*happens)(void));

/* What SCardListReaders answers instead of the names, length bytes; NULL: the names. */
void fake_winscard_names(const char *names, size_t length);

/* What SCardTransmit answers instead of the card, length bytes; NULL: the card. With lies the
 * service says of what does not fit that it came whole. */
void fake_winscard_answer(const unsigned char *answer, size_t length, bool lies);

/* Calls since fake_winscard_use, and transactions that were begun. */
unsigned int fake_winscard_calls(void);
unsigned int fake_winscard_begun(void);

#endif
