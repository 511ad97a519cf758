/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recognise: finds out which card is in a reader, and whether it is still the same. For src/token
 * alone. */
#ifndef JPKI_TOKEN_RECOGNISE_H
#define JPKI_TOKEN_RECOGNISE_H

#include "base/error.h"
#include "token/state.h"

/*
 * In a transaction: find the serial and the generation, and so which tokens there may be. What the
 * card says of them (src/token/contents.c) and of their PINs is not asked. The application is
 * selected afterwards. JPKI_E_FOREIGN: the card is of no usable generation and must not be sent a
 * PIN. After any other error it is not known yet which card it is.
 */
enum jpki_error jpki_reader_recognise_card(struct jpki_reader *reader);

/*
 * In a transaction with a card that was recognised: make sure, after a reset or on a new link, that
 * it is that card. Another application may be selected afterwards. JPKI_E_REMOVED: it is another
 * card.
 */
enum jpki_error jpki_reader_check_same_card(struct jpki_reader *reader);

/*
 * In a transaction: read the number of the card whose tokens have this serial,
 * JPKI_CARD_NUMBER_LENGTH digits, not terminated. This selects the common application, so no PIN
 * stays verified. JPKI_E_NOT_FOUND: the card has none; JPKI_E_REMOVED: it is another card.
 */
enum jpki_error jpki_reader_read_number(struct jpki_reader *reader, const char *serial,
					char number[JPKI_CARD_NUMBER_LENGTH]);

#endif
