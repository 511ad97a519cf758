/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The transport of the products: PC/SC (pcsc-lite). */
#ifndef JPKI_CARD_PCSC_H
#define JPKI_CARD_PCSC_H

#include "card/transport.h"

/*
 * Makes a transport over PC/SC; pcscd need not run yet, and may be restarted at any time. The
 * caller owns it and ends it with its destroy function. NULL without memory.
 */
struct jpki_transport *jpki_pcsc_new(void);

#endif
