/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * transport: separates the card verbs from what carries APDUs: PC/SC in the products, a virtual or
 * a scripted card in the tests. A transport never looks at a status word.
 */
#ifndef JPKI_CARD_TRANSPORT_H
#define JPKI_CARD_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* The longest reader name with its terminating zero (PC/SC's MAX_READERNAME is 128). */
#define JPKI_READER_NAME_MAX 128
/* At most this many readers are looked at in one go. */
#define JPKI_READERS_MAX 32
/* Only short APDUs (ISO 7816-3 §12.1): 4 bytes of header + Lc + 255 + Le; 256 + SW1 SW2. */
#define JPKI_APDU_COMMAND_MAX  261
#define JPKI_APDU_RESPONSE_MAX 258

/* What a reader shows without an exchange with its card. */
struct jpki_reader_state {
	char name[JPKI_READER_NAME_MAX]; /* zero-terminated */
	bool card_present;
	/* Changes with every insertion and removal, so that a card replaced between two looks is
	 * noticed. Comparable only between two states of the same reader and the same epoch. */
	uint32_t events;
	/* Changes if the service was restarted, so that the counts began anew. */
	uint32_t epoch;
	bool mute; /* the card is there but does not answer */
};

struct jpki_reader_list {
	size_t count;
	struct jpki_reader_state readers[JPKI_READERS_MAX];
};

/* An open link to one card. connect makes it; the caller owns it until disconnect. */
struct jpki_link;

/*
 * A transport. Several threads may use one transport, but only one thread at a time may use a link.
 * Every function is bounded in time as docs/bounds.md says. What PC/SC itself does not bound is
 * connect, if another program keeps a transaction open.
 */
struct jpki_transport {
	const struct jpki_transport_ops *ops;
};

struct jpki_transport_ops {
	/*
	 * Fill *list with the readers present and what they show now. No card is touched. JPKI_OK
	 * with count 0 if there is none; JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS.
	 */
	enum jpki_error (*list)(struct jpki_transport *self, struct jpki_reader_list *list);

	/*
	 * Block until something differs from *known (a card came or went), or until timeout_ms
	 * milliseconds have passed. A reader that comes may go unnoticed, so callers look again
	 * from time to time. JPKI_OK if something changed, JPKI_E_TIMEOUT, JPKI_E_CANCELLED,
	 * JPKI_E_NO_SERVICE.
	 */
	enum jpki_error (*wait)(struct jpki_transport *self, const struct jpki_reader_list *known,
				uint32_t timeout_ms);

	/*
	 * End a wait in another thread, and every later one, with JPKI_E_CANCELLED; likewise a
	 * begin that waits for another program, unless its link rested. A wait that is about to
	 * begin may miss it, so the caller repeats this until the waiter has returned.
	 */
	void (*cancel)(struct jpki_transport *self);

	/*
	 * Open a link, shared with other programs, to the card in the named reader; *link is NULL
	 * unless JPKI_OK. JPKI_E_NO_READER, JPKI_E_NO_CARD, JPKI_E_MUTE, JPKI_E_BUSY (after the
	 * transport's own bounded retries), JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS.
	 */
	enum jpki_error (*connect)(struct jpki_transport *self, const char *reader_name,
				   struct jpki_link **link);

	/*
	 * Begin a transaction: until end no other program reaches the card. *was_reset tells that
	 * the card was reset since the last transaction on this link, or may have been while the
	 * link rested; the link has recovered by itself, but nothing may be assumed about the card.
	 * JPKI_E_REMOVED if the card was removed or replaced: the link is dead, and only disconnect
	 * is allowed. On a link that rests also what connect returns. JPKI_E_BUSY: another
	 * program has kept a transaction open for as long as the transport waits.
	 * JPKI_E_CANCELLED: cancel was called meanwhile. After these two the link is as before.
	 */
	enum jpki_error (*begin)(struct jpki_link *link, bool *was_reset);

	/*
	 * Send one command APDU of command_len bytes and receive the answer, including SW1 SW2,
	 * into response. *response_len is the room before and the number of bytes received after (0
	 * after an error). A command is never repeated. JPKI_E_REMOVED, JPKI_E_RESET, JPKI_E_MUTE,
	 * JPKI_E_LINK: it is unknown whether the card acted.
	 */
	enum jpki_error (*transmit)(struct jpki_link *link, const uint8_t *command,
				    size_t command_len, uint8_t *response, size_t *response_len);

	/* End the transaction and leave the card as it is. Allowed after any error. */
	void (*end)(struct jpki_link *link);

	/*
	 * Cut the card's power, so that no PIN stays verified on it; other programs see a reset.
	 * Call it inside a transaction, which it ends; afterwards only disconnect is allowed.
	 */
	void (*power_off)(struct jpki_link *link);

	/*
	 * Let go of the card between two transactions, and leave it as it is, so that a program
	 * that wants it for itself can have it, and the reader can cut its power. The next begin
	 * connects again. On a link that rests already it does nothing.
	 */
	void (*rest)(struct jpki_link *link);

	/* Close the link, leave the card as it is, and free link. NULL is allowed. */
	void (*disconnect)(struct jpki_link *link);

	/* Free the transport itself. All links must be closed and no call under way. */
	void (*destroy)(struct jpki_transport *self);
};

#endif
