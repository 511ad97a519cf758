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
 * A reader without a name yet, hence without a card; NULL without memory. The transport and the
 * configuration must outlive it. The caller owns it.
 */
struct jpki_reader *jpki_reader_new(struct jpki_transport *transport,
				    const struct jpki_config *config);

/* Forgets all about the card, closes its link and frees. No other thread uses the reader. */
void jpki_reader_free(struct jpki_reader *reader);

/* Gives a reader its name, once and for good. At most JPKI_READER_NAME_MAX - 1 bytes count. */
void jpki_reader_set_name(struct jpki_reader *reader, const char *name);

/* The name; "" before it has one. The memory is the reader's. */
const char *jpki_reader_name(const struct jpki_reader *reader);

/*
 * Takes note of what the transport's list shows of this reader; NULL when it is not listed. After
 * a removal or an exchange, PINs and certificates of the old card are wiped at once, or when the
 * operation that is just under way ends. Calls must come in the order of the looks.
 */
void jpki_reader_observe(struct jpki_reader *reader, const struct jpki_reader_state *state);

/* The insertion as of the last observation. Never blocks. */
jpki_insertion jpki_reader_insertion(const struct jpki_reader *reader);

/*
 * Recognises the card of this insertion, if that was not done yet, without any PIN. JPKI_OK: *kind
 * is what it is, also when it is none that can be used. JPKI_E_NO_CARD, JPKI_E_REMOVED, and what
 * the transport returns: it could not be found out.
 */
enum jpki_error jpki_reader_recognise(struct jpki_reader *reader, jpki_insertion insertion,
				      enum jpki_card_kind *kind);

#endif
