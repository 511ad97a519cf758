/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recognise: finds out which card is in a reader, and whether it is still the same. For src/token
 * alone. */
#ifndef JPKI_TOKEN_RECOGNISE_H
#define JPKI_TOKEN_RECOGNISE_H

#include "base/error.h"
#include "token/state.h"

/*
 * In a transaction, with a card that is recognised: selects the JPKI application. A card that does
 * not know it now is JPKI_E_PROTOCOL.
 */
enum jpki_error jpki_reader_select_application(struct jpki_reader *reader);

/*
 * In a transaction: finds the generation, the tokens with their tries, and the serial.
 * JPKI_E_FOREIGN: no generation fits, and the card must not be sent a PIN; what the card verbs
 * return: it is not known yet.
 */
enum jpki_error jpki_reader_recognise_card(struct jpki_reader *reader);

/*
 * In a transaction, with a card that is recognised: makes sure after a reset or a new link that it
 * is that card. JPKI_E_REMOVED: it is another one.
 */
enum jpki_error jpki_reader_check_same_card(struct jpki_reader *reader);

#endif
