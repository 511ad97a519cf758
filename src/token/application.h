/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* application: selects the JPKI application of a card that is known to have it. For src/token
 * alone. */
#ifndef JPKI_TOKEN_APPLICATION_H
#define JPKI_TOKEN_APPLICATION_H

#include "base/error.h"
#include "card/card.h"

/* In a transaction: select the JPKI application. JPKI_E_PROTOCOL: the card no longer knows it. */
enum jpki_error jpki_application_select(struct jpki_card *card);

#endif
