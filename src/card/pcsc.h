/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* pcsc: makes the products' transport, over PC/SC (pcsc-lite). */
#ifndef JPKI_CARD_PCSC_H
#define JPKI_CARD_PCSC_H

#include "card/transport.h"

/*
 * Make a transport over PC/SC. pcscd need not run yet, and may be restarted at any time. The caller
 * owns the transport and frees it with its destroy function. NULL without memory.
 */
struct jpki_transport *jpki_pcsc_new(void);

#endif
