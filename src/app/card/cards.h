/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cards: lists the readers and their cards, as one look shows them, and chooses the requested card.
 */
#ifndef JPKI_APP_CARD_CARDS_H
#define JPKI_APP_CARD_CARDS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/card/service.h"
#include "app/ui/options.h"
#include "app/ui/situation.h"
#include "card/transport.h"
#include "token/reader.h"
#include "token/readers.h"
#include "token/token.h"

/* One reader, and the card in it. */
struct card {
	struct jpki_reader *reader;
	jpki_insertion insertion; /* see jpki_insertion_has_card */
	enum jpki_error error; /* JPKI_OK: kind is valid; else why the card can't be recognised */
	enum jpki_card_kind kind;
	char serial[JPKI_SERIAL_SIZE]; /* of its tokens; "" if it has none */
};

struct cards {
	struct jpki_readers readers;
	enum jpki_error
		error;  /* of the service: JPKI_OK, JPKI_E_NO_SERVICE, JPKI_E_NO_ACCESS ... */
	bool over_pcsc; /* the service is pcscd */
	/* How much is asked of each card when it is recognised. */
	enum jpki_reader_depth depth;
	struct service service; /* what is wrong with it, unless error is JPKI_OK */
	size_t count;           /* the number of readers */
	struct card cards[JPKI_READERS_MAX];
	struct jpki_reader_list seen; /* for jpki_transport_ops.wait */
};

/*
 * Look at all readers, and recognise the cards in them without a PIN. Without a service or a
 * reader, count is 0. cards_close must always be called. Return false without memory.
 */
bool cards_open(struct cards *cards);

/* The same, but look at the readers alone, not at their cards. */
bool cards_open_list(struct cards *cards);

/* As cards_open, but find out only which cards they are, for work that has no use for the tries of
 * their keys' PINs. */
bool cards_open_briefly(struct cards *cards);

/* As cards_open over another transport than PC/SC, which cards owns from here on. NULL means that
 * there was no memory for it. */
bool cards_open_on(struct cards *cards, struct jpki_transport *transport);

/* Have no certificate kept on disk, nor one used that is, for work that leaves all as it is. */
void cards_keep_nothing(struct cards *cards);

/*
 * Look again, also at readers that came or went: cards_list at the readers alone, which leaves kind
 * and serial of their cards unknown; card_recognise at the card of one; cards_recognise at those of
 * all; cards_look at everything.
 */
void cards_list(struct cards *cards);
void card_recognise(struct card *card, enum jpki_reader_depth depth);
void cards_recognise(struct cards *cards);
void cards_look(struct cards *cards);

/* Close the links to all cards, and forget them; cards is then all zero. */
void cards_close(struct cards *cards);

/*
 * Return the requested card: the one with this serial or, if that is NULL, the only one that can be
 * used. NULL if there is none or more than one, with the reason in *situation.
 */
const struct card *cards_choose(const struct cards *cards, const char *serial,
				enum situation *situation);

/*
 * Refuse (ui_refuse) with a situation from cards_choose. After SITUATION_TWO_CARDS the cards to
 * choose from follow, in JSON as "serials".
 */
int cards_refuse(const struct cards *cards, bool json, enum situation situation);

/* What a command does with the cards, or with the requested one. Return how jpki ends. */
typedef int cards_work(struct cards *cards, void *argument);
typedef int card_work(struct cards *cards, const struct card *card, void *argument);

/*
 * List the readers (cards_list), do the work, and close the cards. Return how jpki ends: as the
 * work says, or, without memory, without the work and with the reason printed. The user is told
 * meanwhile that the card is being read.
 */
int cards_with_all(const struct options *options, cards_work *work, void *argument);

/* The same with the recognised card that the options request; the work is not done if there is
 * none, either. */
int cards_with_one(const struct options *options, card_work *work, void *argument);

/* Return a token of a card. */
struct jpki_token_ref card_token(const struct card *card, enum jpki_key key);

/* Return the words for a kind of card, translated. */
const char *cards_kind_text(enum jpki_card_kind kind);

/* Return what to print about a reader whose card can't be used; SITUATION_NONE if it can. */
enum situation card_situation(const struct card *card);

#endif
