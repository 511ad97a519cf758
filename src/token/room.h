/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * room: makes room for other programs at a card. Transactions that follow each other without a
 * pause keep the card from everybody else: who waits for it in pcscd looks again only every 0.1 or
 * 0.2 seconds, and finds the next one. So possession of the card is counted, and after a long one
 * it is left alone for long enough that all who wait have looked. For src/token alone.
 */
#ifndef JPKI_TOKEN_ROOM_H
#define JPKI_TOKEN_ROOM_H

#include <stdbool.h>
#include <stdint.h>

/* The card is used for so long before others get their turn; what has begun is finished. */
#define JPKI_ROOM_STAY_MS 1500
/* Their turn. Transactions with less between them count as one possession. */
#define JPKI_ROOM_REST_MS 250

/* The possession of one card by one reader's state; all zero at first, which is none. The reader's
 * lock guards it. A program that comes anew has none, and waits for nothing. */
struct jpki_room {
	bool taken;       /* since_ms and left_ms are of some possession */
	int64_t since_ms; /* jpki_reader_now_ms when it began */
	int64_t left_ms;  /* and when its last transaction ended */
};

/* Before a transaction: if the last possession was a long one, sleep until others have had their
 * turn, at most JPKI_ROOM_REST_MS. */
void jpki_room_wait(const struct jpki_room *room);

/* A transaction has begun: it is part of the last possession, or the beginning of another. */
void jpki_room_entered(struct jpki_room *room);

/* A transaction has ended. */
void jpki_room_left(struct jpki_room *room);

/* Return whether the card has been used for so long that it is others' turn. */
bool jpki_room_is_used_up(const struct jpki_room *room);

#endif
