/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* patient: makes a transport over PC/SC whose waits are named and have an end (app/ui/patience.h).
 */
#ifndef JPKI_APP_CARD_PATIENT_H
#define JPKI_APP_CARD_PATIENT_H

#include "card/transport.h"

/*
 * Make the transport; as jpki_pcsc_new. While signals are held (app/host/signals.h) an exchange is
 * never broken off, nor anything after the first one, because a PIN may have been sent.
 */
struct jpki_transport *patient_pcsc_new(void);

/* Find out whether the service answers, for patience_set_probe. */
void patient_probe(void);

#endif
