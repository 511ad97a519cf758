/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One command and its whole answer (ISO 7816-4 §5.1, short lengths), over a transport link. */
#ifndef JPKI_CARD_APDU_H
#define JPKI_CARD_APDU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "card/transport.h"

struct jpki_apdu {
	uint8_t cla;
	uint8_t ins;
	uint8_t p1;
	uint8_t p2;
	const uint8_t *data; /* data_length bytes, at most 255; not looked at when 0 */
	size_t data_length;
	size_t expected; /* Le: the most bytes wanted, 1 to 256; 0 for a command without Le */
	bool once;       /* never sent twice, whatever the card answers: VERIFY and the like */
};

/* The most bytes of data that one exchange delivers: what a short Le can ask for. */
#define JPKI_APDU_DATA_MAX 256

/* The bounds of one transaction, whatever the card does in it: no longer do other programs wait for
 * it, but for the last exchange, which PC/SC gives no limit. A certificate takes eight exchanges.
 */
#define JPKI_TRANSACTION_EXCHANGES_MAX 512
#define JPKI_TRANSACTION_SECONDS_MAX   60

/* The way to a card, and what is left of the bounds. */
struct jpki_channel {
	const struct jpki_transport_ops *ops;
	struct jpki_link *link;
	unsigned int exchanges_left;
	int64_t ends_s; /* CLOCK_MONOTONIC, in seconds */
};

/* A transaction begins: the bounds are counted from here. */
void jpki_channel_begin(struct jpki_channel *channel);

/*
 * Sends a command and collects the answer: follows 61xx with GET RESPONSE and repeats once with
 * the length that 6Cxx names (ISO 7816-4 §5.3.4), both bounded and never for a command marked
 * once. answer has room for *answer_length bytes; both may be NULL, and data is thrown away then.
 * On JPKI_OK *sw is the status word, *answer_length the bytes received (0 after any error).
 * JPKI_E_PROTOCOL: no status word, more data than was asked for, or no end of it; or a bound of the
 * transaction is reached, and nothing is sent any more;
 * JPKI_E_ARGUMENT: the command is not a short APDU; and what transmit returns.
 */
enum jpki_error jpki_apdu_exchange(struct jpki_channel *channel, const struct jpki_apdu *apdu,
				   uint8_t *answer, size_t *answer_length, uint16_t *sw);

#endif
