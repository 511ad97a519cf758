/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * reader: follows which card is in a reader, and recognises it. Every insertion of a card has a
 * number of its own, so that a caller who means one card never reaches another.
 */
#ifndef JPKI_TOKEN_READER_H
#define JPKI_TOKEN_READER_H

#include "base/config.h"
#include "base/error.h"
#include "card/generation.h"
#include "card/transport.h"
#include "token/ref.h"

/*
 * Return a reader without a name, and so without a card; NULL if memory is short. The transport and
 * the configuration must outlive it. The caller frees it with jpki_reader_free.
 */
struct jpki_reader *jpki_reader_new(struct jpki_transport *transport,
				    const struct jpki_config *config);

/* Forget all about the card, close its link and free the reader. No other thread may use the
 * reader. NULL is allowed. */
void jpki_reader_free(struct jpki_reader *reader);

/*
 * End the logins and let nothing begin on the card any more, because the reader will never be
 * freed: a call that is inside waits, for another program or for the card, and gets
 * JPKI_E_CANCELLED when the wait is over. Never blocks.
 */
void jpki_reader_abandon(struct jpki_reader *reader);

/*
 * Close the link of an abandoned reader, unless a call is inside: that one closes it when it comes
 * out. Waits for no call, but for the service to answer.
 */
void jpki_reader_close_abandoned(struct jpki_reader *reader);

/* Give the reader its name, once. At most JPKI_READER_NAME_MAX - 1 bytes of it are kept. */
void jpki_reader_set_name(struct jpki_reader *reader, const char *name);

/* Return the name, or "" if it has none yet. The memory is the reader's. */
const char *jpki_reader_name(const struct jpki_reader *reader);

/*
 * Note what the transport's list shows of this reader; NULL if it is not listed. If the card was
 * removed or replaced, the PINs and certificates of the old card are wiped at once, or when the
 * operation under way ends. Calls must come in the order of the observations.
 */
void jpki_reader_observe(struct jpki_reader *reader, const struct jpki_reader_state *state);

/* Return the insertion as of the last observation. Never blocks. */
jpki_insertion jpki_reader_insertion(const struct jpki_reader *reader);

/* How much is asked of a card in one transaction, so that it need not be asked later. */
enum jpki_reader_depth {
	JPKI_READER_CARD,   /* which card it is */
	JPKI_READER_TOKENS, /* and the tries of both PINs, and which certificates it has */
};

/*
 * Recognise the card of this insertion, if that was not done yet, without any PIN. On JPKI_OK *kind
 * is the kind of the card, even if it cannot be used, and serial that of its tokens; "" if it has
 * none. After JPKI_E_NO_CARD, JPKI_E_REMOVED or an error of the transport the kind is not known.
 */
enum jpki_error jpki_reader_recognise(struct jpki_reader *reader, jpki_insertion insertion,
				      enum jpki_reader_depth depth, enum jpki_card_kind *kind,
				      char serial[JPKI_SERIAL_SIZE]);

#endif
