/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_certificate: reads one of the certificates of a card, and what the card knows beside it. */
#ifndef JPKI_APP_CARD_CARD_CERTIFICATE_H
#define JPKI_APP_CARD_CARD_CERTIFICATE_H

#include <openssl/x509.h>
#include <time.h>

#include "app/card/card_pin.h"
#include "app/certificate/cert_facts.h"

/*
 * Read this certificate. Its PIN is asked for only if the card wants it; card_pin was prepared for
 * the key of the choice. Return APP_OK with *certificate, which the caller releases, or how jpki
 * ends, and the reason was printed.
 */
int card_certificate_read(struct card_pin *card_pin, const struct cert_choice *choice,
			  struct jpki_certificate **certificate);

/*
 * Add to the facts of that certificate (x509) what is not in it: the card's number, which is the
 * card's memory, whether a CA is known, and the authentication certificate's period, for which the
 * card may be asked once more. now is in seconds since the epoch.
 */
void card_certificate_complete(struct cert_facts *facts, const struct cards *cards,
			       const struct card *card, const X509 *x509, time_t now);

#endif
