/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cards: looks at all readers, recognises the cards in them, and finds the requested one. */
#include "app/card/cards.h"

#include <string.h>
#include <strings.h>

#include "app/app.h"
#include "app/card/patient.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"

void card_recognise(struct card *card, enum jpki_reader_depth depth)
{
	card->insertion = jpki_reader_insertion(card->reader);
	card->serial[0] = '\0';
	if (!jpki_insertion_has_card(card->insertion)) {
		card->error = JPKI_E_NO_CARD;
		return;
	}
	card->error = jpki_reader_recognise(card->reader, card->insertion, depth, &card->kind,
					    card->serial);
}

void cards_list(struct cards *cards)
{
	struct jpki_readers *readers = &cards->readers;

	cards->seen.count = 0;
	cards->error = readers->transport->ops->list(readers->transport, &cards->seen);
	cards->service = (struct service){.situation = SITUATION_NONE};
	if (cards->error == JPKI_OK)
		jpki_readers_place(readers, &cards->seen);
	else if (cards->over_pcsc && cards->error != JPKI_E_BUSY)
		cards->service = service_look(cards->error);
	else
		cards->service.situation = situation_of_error(cards->error, JPKI_KEY_AUTH);
	jpki_readers_observe(readers, readers->count, &cards->seen);
	cards->count = readers->count;
	for (size_t i = 0; i < cards->count; i++) {
		jpki_insertion insertion = jpki_reader_insertion(readers->all[i]);

		cards->cards[i] = (struct card){
			.reader = readers->all[i],
			.insertion = insertion,
			.error = jpki_insertion_has_card(insertion) ? JPKI_OK : JPKI_E_NO_CARD,
			.kind = JPKI_CARD_UNKNOWN};
	}
}

void cards_recognise(struct cards *cards)
{
	for (size_t i = 0; i < cards->count; i++)
		card_recognise(&cards->cards[i], cards->depth);
}

void cards_look(struct cards *cards)
{
	cards_list(cards);
	cards_recognise(cards);
}

/* Prepare for the first look. Return false without memory. */
static bool begin_on(struct cards *cards, struct jpki_transport *transport, bool over_pcsc)
{
	struct jpki_config config = jpki_config_load();

	memset(cards, 0, sizeof(*cards));
	cards->over_pcsc = over_pcsc;
	cards->depth = JPKI_READER_TOKENS;
	if (transport == NULL)
		return false;
	jpki_readers_init(&cards->readers, transport, &config);
	return true;
}

bool cards_open_list(struct cards *cards)
{
	if (!begin_on(cards, patient_pcsc_new(), true))
		return false;
	cards_list(cards);
	return true;
}

bool cards_open(struct cards *cards)
{
	if (!cards_open_list(cards))
		return false;
	cards_recognise(cards);
	return true;
}

bool cards_open_briefly(struct cards *cards)
{
	if (!cards_open_list(cards))
		return false;
	cards->depth = JPKI_READER_CARD;
	cards_recognise(cards);
	return true;
}

void cards_keep_nothing(struct cards *cards)
{
	*cards->readers.config.kept_place.root = '\0';
}

bool cards_open_on(struct cards *cards, struct jpki_transport *transport)
{
	if (!begin_on(cards, transport, false))
		return false;
	cards_look(cards);
	return true;
}

void cards_close(struct cards *cards)
{
	jpki_readers_clear(&cards->readers);
	memset(cards, 0, sizeof(*cards));
}

struct jpki_token_ref card_token(const struct card *card, enum jpki_key key)
{
	return (struct jpki_token_ref){
		.reader = card->reader, .key = key, .insertion = card->insertion};
}

const char *cards_kind_text(enum jpki_card_kind kind)
{
	switch (kind) {
	case JPKI_CARD_MY_NUMBER:
		return _("My Number card");
	case JPKI_CARD_JUKI:
		return _("Juki card (Basic Resident Registration card)");
	case JPKI_CARD_ANDROID:
		return _("Android phone with My Number card functions");
	case JPKI_CARD_IPHONE:
		return _("iPhone with My Number card functions");
	case JPKI_CARD_UNKNOWN:
	case JPKI_CARD_FOREIGN:
	case JPKI_CARD_MUTE:
	default:
		return _("another card");
	}
}

enum situation card_situation(const struct card *card)
{
	static const enum situation of_kind[] = {
		[JPKI_CARD_MY_NUMBER] = SITUATION_NONE,
		[JPKI_CARD_JUKI] = SITUATION_NONE,
		[JPKI_CARD_ANDROID] = SITUATION_NONE,
		[JPKI_CARD_IPHONE] = SITUATION_PHONE,
		[JPKI_CARD_UNKNOWN] = SITUATION_UNKNOWN_GENERATION,
		[JPKI_CARD_FOREIGN] = SITUATION_OTHER_CARD,
		[JPKI_CARD_MUTE] = SITUATION_MUTE_CARD,
	};

	if (card->error != JPKI_OK)
		return situation_of_error(card->error, JPKI_KEY_AUTH);
	return of_kind[card->kind];
}

const struct card *cards_choose(const struct cards *cards, const char *serial,
				enum situation *situation)
{
	const struct card *chosen = NULL;

	*situation = SITUATION_NO_READER;
	if (cards->error != JPKI_OK)
		*situation = cards->service.situation;
	for (size_t i = 0; i < cards->count; i++) {
		const struct card *card = &cards->cards[i];
		enum situation of_card = card_situation(card);

		if (of_card != SITUATION_NONE) {
			/* A card that can't be used says more than an empty reader beside it. */
			if (chosen == NULL &&
			    (*situation == SITUATION_NO_READER || *situation == SITUATION_NO_CARD))
				*situation = of_card;
			continue;
		}
		if (serial != NULL && strcasecmp(serial, card->serial) != 0)
			continue;
		if (chosen != NULL) {
			*situation = SITUATION_TWO_CARDS;
			return NULL;
		}
		chosen = card;
	}
	if (chosen == NULL && serial != NULL && *situation == SITUATION_NO_READER &&
	    cards->count > 0)
		*situation = SITUATION_NO_CARD;
	return chosen;
}

/* Return the serials of the cards that can be used; the caller releases the list. NULL without
 * memory. */
static json_t *list_choice(const struct cards *cards)
{
	json_t *serials = json_array();

	for (size_t i = 0; i < cards->count; i++) {
		const struct card *card = &cards->cards[i];

		if (card_situation(card) != SITUATION_NONE)
			continue;
		ui_line(stderr, UI_PLAIN, "  --serial=%s  (%s)", card->serial,
			jpki_reader_name(card->reader));
		json_array_append_new(serials, json_string(card->serial));
	}
	return serials;
}

int cards_refuse(const struct cards *cards, bool json, enum situation situation)
{
	enum app_exit code = situation_exit(situation);
	json_t *serials;

	if (situation != SITUATION_TWO_CARDS)
		return ui_refuse(json, situation);
	ui_say(stderr, UI_BAD, situation);
	serials = list_choice(cards);
	if (json)
		ui_json(json_pack("{s:s, s:o, s:O*}", "situation", situation_name(situation),
				  "message", ui_json_text(situation_text(situation)), "serials",
				  serials));
	json_decref(serials);
	return (int)code;
}

int cards_with_all(const struct options *options, cards_work *work, void *argument)
{
	struct cards cards;
	bool opened;
	int result;

	ui_busy(_("Reading the card..."));
	opened = cards_open_list(&cards);
	ui_busy_end();
	result = opened ? work(&cards, argument) : ui_refuse(options->json, SITUATION_INTERNAL);
	patience_set_result(result);
	cards_close(&cards);
	return result;
}

/* What cards_with_one passes to cards_with_all. */
struct one {
	const struct options *options;
	card_work *work;
	void *argument;
};

static int work_with_one(struct cards *cards, void *argument)
{
	const struct one *one = argument;
	enum situation situation;
	const struct card *card;

	ui_busy(_("Reading the card..."));
	cards_recognise(cards);
	ui_busy_end();
	card = cards_choose(cards, one->options->serial, &situation);
	if (card == NULL)
		return cards_refuse(cards, one->options->json, situation);
	return one->work(cards, card, one->argument);
}

int cards_with_one(const struct options *options, card_work *work, void *argument)
{
	struct one one = {.options = options, .work = work, .argument = argument};

	return cards_with_all(options, work_with_one, &one);
}
