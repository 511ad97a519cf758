/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* application: selects the application that a PIN of the card is in. For src/token alone. */
#ifndef JPKI_TOKEN_APPLICATION_H
#define JPKI_TOKEN_APPLICATION_H

#include "base/error.h"
#include "card/card.h"
#include "token/state.h"

/* In a transaction: select the JPKI application. JPKI_E_PROTOCOL: the card no longer knows it. */
enum jpki_error jpki_application_select(struct jpki_card *card);

/*
 * In a transaction: select the application that this PIN is in. JPKI_E_PROTOCOL: as above;
 * JPKI_E_NO_TOKEN: the card has no text application.
 */
enum jpki_error jpki_application_select_of(const struct jpki_reader *reader, enum jpki_key key);

/* Return whether the application of this PIN is the one that is selected. */
bool jpki_application_is_of(const struct jpki_reader *reader, enum jpki_key key);

/* In a transaction: select the JPKI application again if that of this PIN is another, because some
 * programs rely on that. Errors are those of jpki_application_select. */
enum jpki_error jpki_application_resume(const struct jpki_reader *reader, enum jpki_key key);

#endif
