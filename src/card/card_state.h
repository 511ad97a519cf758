/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_state: holds what is known of an open card, and sends it commands. For card.c and read.c
 * alone. */
#ifndef JPKI_CARD_CARD_STATE_H
#define JPKI_CARD_CARD_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/apdu.h"
#include "card/card.h"

#define JPKI_CLA_PROPRIETARY 0x80
/* The selected file: P2 of VERIFY and of the signature. With a short file identifier in the lower
 * bits the command names its file itself; so does P1 of READ BINARY. */
#define JPKI_CURRENT_FILE 0x80
/* The last short file identifier: ISO 7816-4 §7.1.2. */
#define JPKI_SHORT_FILE_MAX 0x1e

struct jpki_card {
	struct jpki_transport *transport;
	struct jpki_channel channel;
	/* The card may answer the first command after power-on with 6F00; it must then be
	 * repeated. */
	bool may_need_waking;
	/* This pair of card and reader answers the query for the tries only with an Le byte. */
	bool tries_need_le;
	enum jpki_card_application selected;
	/* The current file's tries were read in this transaction: VERIFY may be sent. */
	bool tries_are_known;
	/* The current file's PIN was accepted in this transaction: it may be changed. */
	bool pin_is_accepted;
	/* This card signs only with the selected file. */
	bool keys_need_select;
	/* This card reads only the selected file. */
	bool files_need_select;
	/* The file that the next READ BINARY is to name; 0: the current file is meant. */
	uint16_t chosen;
};

/* Forget what was found out about the selected file: it does not hold for another. */
void jpki_card_forget_selected(struct jpki_card *card);

/* Send one command; *sw is valid after JPKI_OK. *answer_length is the room before and the length
 * after; answer and answer_length may be NULL. */
enum jpki_error jpki_card_exchange(struct jpki_card *card, const struct jpki_apdu *apdu,
				   uint8_t *answer, size_t *answer_length, uint16_t *sw);

/* Return what a status word means after a command that presents no PIN: it cannot be about one. */
enum jpki_error jpki_card_plain_error(uint16_t sw);

/* Send one command that presents no PIN and return what its status word means. */
enum jpki_error jpki_card_command(struct jpki_card *card, const struct jpki_apdu *apdu,
				  uint8_t *answer, size_t *answer_length);

#endif
