/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The PC/SC functions that src/card/pcsc.c calls, over the readers of the test in this process. */
#ifndef INJECT_FAKE_WINSCARD_H
#define INJECT_FAKE_WINSCARD_H

#include <stddef.h>

#include "vcard_transport.h"

/* Over these readers from now on; they stay the caller's. NULL: the service does not run. */
void fake_winscard_use(struct vcard_transport *readers);

/* Called when somebody waits, instead of waiting; what it changes ends the wait. NULL: time passes
 * without an event. */
void fake_winscard_while_waiting(void (*happens)(void));

/* What SCardListReaders answers instead of the names, length bytes; NULL: the names. */
void fake_winscard_names(const char *names, size_t length);

/* What SCardTransmit answers instead of the card, length bytes; NULL: the card. */
void fake_winscard_answer(const unsigned char *answer, size_t length);

/* Calls since fake_winscard_use. */
unsigned int fake_winscard_calls(void);

#endif
