/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* apdu: sends one command and collects its whole answer (ISO 7816-4 §5.1, short lengths) over a
 * transport link. */
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
	const uint8_t *data; /* data_length bytes, at most 255; not read if that is 0 */
	size_t data_length;
	size_t expected; /* Le: at most this many bytes are wanted, 1 to 256; 0 for a command
			    without Le */
	bool once;       /* never sent twice, whatever the card answers: VERIFY and the like */
};

/* One exchange delivers at most this many bytes of data: what a short Le can ask for. */
#define JPKI_APDU_DATA_MAX 256

/*
 * The bounds of one transaction, whatever the card does: other programs wait for it no longer than
 * this, except for the last exchange, which PC/SC does not limit. Reading a certificate takes eight
 * exchanges.
 */
#define JPKI_TRANSACTION_EXCHANGES_MAX 512
#define JPKI_TRANSACTION_SECONDS_MAX   60

/* The link to a card, and what is left of the transaction's bounds. */
struct jpki_channel {
	const struct jpki_transport_ops *ops;
	struct jpki_link *link;
	unsigned int exchanges_left;
	int64_t ends_s; /* CLOCK_MONOTONIC, in seconds */
};

/* Start counting the bounds: a transaction begins. */
void jpki_channel_begin(struct jpki_channel *channel);

/*
 * Send a command and collect the answer: follow 61xx with GET RESPONSE, and repeat once with the
 * length that 6Cxx names (ISO 7816-4 §5.3.4). Both are bounded, and neither is done for a command
 * marked once. answer has room for *answer_length bytes; both may be NULL, and the data is then
 * discarded. On JPKI_OK *sw is the status word and *answer_length the number of bytes received (0
 * after any error). JPKI_E_PROTOCOL: no status word, more data than was asked for, or an answer
 * without end; or a bound of the transaction is reached, and nothing more is sent. JPKI_E_ARGUMENT:
 * the command is not a short APDU. Also what transmit returns.
 */
enum jpki_error jpki_apdu_exchange(struct jpki_channel *channel, const struct jpki_apdu *apdu,
				   uint8_t *answer, size_t *answer_length, uint16_t *sw);

/*
 * Shorten an encoded command of length bytes, with room for one more, to what T=0 can carry (ISO
 * 7816-3 §12.2), and return its length: with both data and Le it goes without the Le, and the card
 * announces its answer with 61xx; with neither it goes with a zero for P3.
 */
size_t jpki_apdu_fit_to_t0(uint8_t *command, size_t length);

#endif
