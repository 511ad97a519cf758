/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* status_word: translates status words into our errors (ISO 7816-4 §5.6, with the dialect of this
 * card family). */
#ifndef JPKI_CARD_STATUS_WORD_H
#define JPKI_CARD_STATUS_WORD_H

#include <stdint.h>

#include "base/error.h"

#define JPKI_SW_OK 0x9000

/*
 * Return what a status word (SW1 in the high byte) means. 63Cx is JPKI_E_PIN_INCORRECT; a caller
 * that asked for the count gets it from jpki_sw_tries. A word that is not in the table is
 * JPKI_E_PROTOCOL.
 */
enum jpki_error jpki_sw_error(uint16_t sw);

/* Return the tries left that 63Cx, 6983 or 6984 tells; -1 for every other word. */
int jpki_sw_tries(uint16_t sw);

#endif
