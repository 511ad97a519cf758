/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pcsc: makes the products' transport, over PC/SC (pcsc-lite). */
#ifndef JPKI_CARD_PCSC_H
#define JPKI_CARD_PCSC_H

#include "card/transport.h"

/* On a link that does not rest, a transaction waits for other programs at most this long, unless
 * jpki_pcsc_limit_wait changes it. */
#define JPKI_PCSC_WAIT_S 30

/*
 * Make a transport over PC/SC. pcscd need not run yet, and may be restarted at any time. The caller
 * owns the transport and frees it with its destroy function. NULL without memory.
 */
struct jpki_transport *jpki_pcsc_new(void);

/*
 * Let begin give up with JPKI_E_BUSY after this long if another program keeps a transaction open;
 * with 0 after one look. It limits neither connect nor a begin on a link that rests, which wait in
 * pcscd for as long as that transaction lasts. Does nothing to a transport that jpki_pcsc_new did
 * not make.
 */
void jpki_pcsc_limit_wait(struct jpki_transport *transport, unsigned int seconds);

#endif
