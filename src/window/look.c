/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* look: reads the cards in the worker, and tells the main loop after each of them. */
#include "window/look.h"

#include <glib.h>
#include <string.h>
#include <time.h>

#include "window/worker.h"

/* A look under way. */
struct looking {
	look_told *told;
	void *argument;
	struct cards cards;
	struct look look; /* so far; the worker's until it is done */
};

/* What is known at some moment, on its way to the main loop. */
struct telling {
	look_told *told;
	void *argument;
	struct look look;
};

static gboolean deliver(void *data)
{
	const struct telling *telling = data;

	telling->told(&telling->look, telling->argument);
	return G_SOURCE_REMOVE;
}

static void tell(const struct looking *looking)
{
	struct telling *telling = g_new(struct telling, 1);

	*telling = (struct telling){
		.told = looking->told, .argument = looking->argument, .look = looking->look};
	/* What is done in the worker is told in its order. */
	g_idle_add_full(G_PRIORITY_DEFAULT, deliver, telling, g_free);
}

static void list_readers(struct looking *looking)
{
	const struct cards *cards = &looking->cards;
	struct look *look = &looking->look;

	look->sight = (struct sight){.error = cards->error, .list = cards->seen};
	look->situation = cards->error != JPKI_OK ? cards->service.situation : SITUATION_NONE;
	for (size_t i = 0; i < cards->seen.count; i++) {
		struct look_reader *reader = &look->readers[look->count++];

		g_strlcpy(reader->name, cards->seen.readers[i].name, sizeof(reader->name));
		reader->has_card = cards->seen.readers[i].card_present;
	}
	if (look->situation == SITUATION_NONE && look->count == 0)
		look->situation = SITUATION_NO_READER;
}

static void read_card(struct look_reader *reader, struct card *card)
{
	card_recognise(card, JPKI_READER_TOKENS);
	card_report_make(&reader->report, card, time(NULL));
	reader->card = *card;
	reader->card.reader = NULL;
	reader->has_card = jpki_insertion_has_card(card->insertion);
	reader->is_read = true;
}

static void look_at_all(void *argument)
{
	struct looking *looking = argument;
	struct cards *cards = &looking->cards;

	if (!cards_open_list(cards))
		looking->look.situation = SITUATION_NO_MEMORY;
	else
		list_readers(looking);
	if (looking->look.situation == SITUATION_NONE)
		tell(looking);
	for (size_t i = 0; i < cards->count; i++) {
		struct card *card = &cards->cards[i];

		for (size_t j = 0; j < looking->look.count; j++) {
			struct look_reader *reader = &looking->look.readers[j];

			if (strcmp(reader->name, jpki_reader_name(card->reader)) != 0)
				continue;
			read_card(reader, card);
			tell(looking);
		}
	}
	cards_close(cards);
	looking->look.is_whole = true;
	tell(looking);
}

void look_begin(look_told *told, void *argument)
{
	struct looking *looking = g_new0(struct looking, 1);

	looking->told = told;
	looking->argument = argument;
	worker_do(look_at_all, g_free, looking);
}
