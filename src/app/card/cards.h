/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cards: lists the readers and the cards in them, as one look shows them, and chooses the card
 * that is meant.
 */
#ifndef JPKI_APP_CARD_CARDS_H
#define JPKI_APP_CARD_CARDS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/ui/options.h"
#include "app/ui/situation.h"
#include "card/transport.h"
#include "token/reader.h"
#include "token/readers.h"
#include "token/token.h"

/* One reader, and what is in it. */
struct card {
	struct jpki_reader *reader;
	jpki_insertion insertion; /* see jpki_insertion_has_card */
	enum jpki_error error;    /* JPKI_OK: kind is right; else why the card can't be told */
	enum jpki_card_kind kind;
	char serial[17]; /* of its tokens; "" when it has none */
};

struct cards {
	struct jpki_readers readers;
	enum jpki_error error; /* of the service: JPKI_OK, JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS */
	size_t count;          /* as many as there are readers */
	struct card cards[JPKI_READERS_MAX];
	struct jpki_reader_list seen; /* for jpki_transport_ops.wait */
};

/*
 * Looks at all readers, and recognises the cards in them without a PIN. Always to be ended with
 * cards_close; false without memory. Without a service or reader count is 0.
 */
bool cards_open(struct cards *cards);

/* The same over another transport than PC/SC, which cards owns from here on. NULL: no memory. */
bool cards_open_on(struct cards *cards, struct jpki_transport *transport);

/*
 * The same as a command does it: meanwhile it says that the card is being read, and without memory
 * (ui_refuse) why the command ends. APP_OK, or how jpki ends.
 */
int cards_read(struct cards *cards, bool json);

/* Looks again, at readers that came or went, too. */
void cards_look(struct cards *cards);

/* Closes the links to all cards, and forgets them; cards is all zero then. */
void cards_close(struct cards *cards);

/*
 * The one card that is meant: with this serial, or, when that is NULL, the only one that can be
 * used. NULL when there is none or more than one, with the reason in *situation.
 */
const struct card *cards_choose(const struct cards *cards, const char *serial,
				enum situation *situation);

/*
 * ui_refuse for a situation that cards_choose gave. With SITUATION_TWO_CARDS the cards to
 * choose from follow, in JSON as "serials".
 */
int cards_refuse(const struct cards *cards, bool json, enum situation situation);

/* What a command does with the cards, or with the one that is meant. Returns how jpki ends. */
typedef int cards_work(struct cards *cards, void *argument);
typedef int card_work(struct cards *cards, const struct card *card, void *argument);

/*
 * Reads the cards, does the work, and closes the cards. Returns how jpki ends: as the work says, or
 * if it was not done, because the cards could not be read, with the reason said.
 */
int cards_with_all(const struct options *options, cards_work *work, void *argument);

/* The same with the card that the options mean; the work is not done either if there is none. */
int cards_with_one(const struct options *options, card_work *work, void *argument);

/* A token of a card. */
struct jpki_token_ref card_token(const struct card *card, enum jpki_key key);

/* What is to be said of a reader whose card can't be used; SITUATION_NONE when it can. */
enum situation card_situation(const struct card *card);

#endif
