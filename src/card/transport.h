/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The seam between the card verbs and whatever carries APDUs: PC/SC in the products, a virtual
 * card or a scripted one in the tests. No status word is looked at on this side of the seam.
 */
#ifndef JPKI_CARD_TRANSPORT_H
#define JPKI_CARD_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Longest reader name with its terminating zero (PC/SC's MAX_READERNAME is 128). */
#define JPKI_READER_NAME_MAX 128
/* Most readers that are looked at in one go. */
#define JPKI_READERS_MAX 32
/* Short APDUs only (ISO 7816-3 §12.1): 4 header + Lc + 255 + Le; 256 + SW1 SW2. */
#define JPKI_APDU_COMMAND_MAX  261
#define JPKI_APDU_RESPONSE_MAX 258

/* What a reader shows, without an exchange with its card. */
struct jpki_reader_state {
	char name[JPKI_READER_NAME_MAX]; /* zero-terminated */
	bool card_present;
	/* Changes with every insertion and removal, so that a card exchanged between two looks is
	 * noticed. Comparable only between two states of the same reader and the same epoch. */
	uint32_t events;
	/* Changes when the service was restarted and the counts began anew. */
	uint32_t epoch;
	bool mute; /* the card is there and does not answer */
};

struct jpki_reader_list {
	size_t count;
	struct jpki_reader_state readers[JPKI_READERS_MAX];
};

/* An open link to one card; made by connect, owned by the caller until disconnect. */
struct jpki_link;

/*
 * A transport. One object may be used by several threads; one link by one thread at a time.
 * Every function is bounded in time, but for begin, which waits for as long as another program
 * keeps a transaction open: PC/SC knows no limit there.
 */
struct jpki_transport {
	const struct jpki_transport_ops *ops;
};

struct jpki_transport_ops {
	/*
	 * Fills *list with the readers present and what they show now. No card is touched.
	 * JPKI_OK with count 0 when there is none; JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS.
	 */
	enum jpki_error (*list)(struct jpki_transport *self, struct jpki_reader_list *list);

	/*
	 * Blocks until something differs from *known (a card came or went), or until timeout_ms
	 * milliseconds have passed. A reader that comes may go unnoticed: callers look again from
	 * time to time.
	 * JPKI_OK when something changed, JPKI_E_TIMEOUT, JPKI_E_CANCELLED, JPKI_E_NO_SERVICE.
	 */
	enum jpki_error (*wait)(struct jpki_transport *self, const struct jpki_reader_list *known,
				uint32_t timeout_ms);

	/*
	 * Ends a wait in another thread, and every later one, with JPKI_E_CANCELLED. A wait that is
	 * just about to begin may miss it: the caller repeats it until the waiter is back.
	 */
	void (*cancel)(struct jpki_transport *self);

	/*
	 * Opens a link, shared with other programs, to the card in the named reader; *link is NULL
	 * unless JPKI_OK. JPKI_E_NO_READER, JPKI_E_NO_CARD, JPKI_E_MUTE, JPKI_E_BUSY (after the
	 * transport's own bounded retries), JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS.
	 */
	enum jpki_error (*connect)(struct jpki_transport *self, const char *reader_name,
				   struct jpki_link **link);

	/*
	 * Begins a transaction: until end no other program reaches the card. *was_reset tells that
	 * the card was reset since the last transaction on this link; the link has recovered by
	 * itself, but nothing may be assumed of the card. JPKI_E_REMOVED when the card has left or
	 * was exchanged: the link is dead and only disconnect is left to do.
	 */
	enum jpki_error (*begin)(struct jpki_link *link, bool *was_reset);

	/*
	 * Sends one command APDU of command_len bytes and receives the answer, SW1 SW2 included,
	 * into response, of which *response_len bytes are room before and valid after the call (0
	 * after an error). Never repeats a command. JPKI_E_REMOVED, JPKI_E_RESET, JPKI_E_MUTE,
	 * JPKI_E_LINK: whether the card acted is not known.
	 */
	enum jpki_error (*transmit)(struct jpki_link *link, const uint8_t *command,
				    size_t command_len, uint8_t *response, size_t *response_len);

	/* Ends the transaction and leaves the card as it is. Allowed after any error. */
	void (*end)(struct jpki_link *link);

	/*
	 * Cuts the card's power, so that no PIN stays verified on it; other programs see a reset.
	 * Inside a transaction, which it ends: only disconnect is left to do.
	 */
	void (*power_off)(struct jpki_link *link);

	/* Closes the link and leaves the card as it is; link is freed. NULL is allowed. */
	void (*disconnect)(struct jpki_link *link);

	/* Frees the transport itself. All links are closed and no call is under way. */
	void (*destroy)(struct jpki_transport *self);
};

#endif
