/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * service: stands in for libpcsclite. The calls that PCSC_CALLS in local.mk names are replaced at
 * link time (--wrap).
 */
#ifndef UNIT_SERVICE_H
#define UNIT_SERVICE_H

#include <stdint.h>
#include <winscard.h>

#include "card/apdu.h"
#include "card/transport.h"

/* What the service says, and what became of it; the tests set it. */
extern struct service {
	char names[8192];
	DWORD names_length; /* as it says, not as it is */
	DWORD received;     /* by SCardTransmit, as it says */
	uint8_t answer[JPKI_APDU_RESPONSE_MAX];
	unsigned int looks;
	/* How often another program still has a transaction when it is asked for. */
	unsigned int taken;
	unsigned int begun;
	struct jpki_transport *cancels; /* called off by the question */
	DWORD protocol;                 /* of a connection; 0: T=1 */
	/* What these calls return once; 0: they succeed. */
	LONG list_code, end_code, transmit_code;
	unsigned int disconnected;
	uint8_t sent[JPKI_APDU_COMMAND_MAX + 1];
	DWORD sent_length;
} service;

#endif
