/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* about: tells the extension what can be known without a PIN, a question or a signature. */
#include "portal/about.h"

#include "app/app.h"
#include "app/card/cards.h"
#include "app/ui/json.h"
#include "app/ui/key_name.h"

/* Return the words for a card, or why it can't be used. */
static const char *words_for(const struct card *card)
{
	enum situation situation = card_situation(card);

	return situation == SITUATION_NONE || situation == SITUATION_PHONE
		       ? cards_kind_text(card->kind)
		       : situation_text(situation);
}

/* Return the tries of those PINs that the card has, that are set, and whose tries it tells. */
static json_t *pins_of(const struct card *card)
{
	json_t *pins = json_array();
	struct jpki_token_info info;

	for (int key = 0; key < JPKI_PIN_COUNT && card_situation(card) == SITUATION_NONE; key++) {
		struct jpki_token_ref token = card_token(card, (enum jpki_key)key);

		if (jpki_token_get_info(&token, &info) == JPKI_OK && info.pin_is_set &&
		    info.tries >= 0)
			json_array_append_new(pins, json_pack("{s:s, s:i}", "name",
							      key_name((enum jpki_key)key), "tries",
							      info.tries));
	}
	return pins;
}

static json_t *reader_of(const struct card *card)
{
	json_t *name = ui_json_text(jpki_reader_name(card->reader));

	if (!jpki_insertion_has_card(card->insertion))
		return json_pack("{s:o, s:[]}", "name", name, "pins");
	return json_pack("{s:o, s:o, s:o}", "name", name, "card", ui_json_text(words_for(card)),
			 "pins", pins_of(card));
}

json_t *portal_about_readers(void)
{
	json_t *readers = json_array();
	struct cards cards;

	if (cards_open(&cards)) {
		for (size_t i = 0; i < cards.count; i++)
			json_array_append_new(readers, reader_of(&cards.cards[i]));
	}
	cards_close(&cards);
	return readers;
}

json_t *portal_about(bool dialogue, json_t *readers)
{
	json_t *known = readers != NULL ? readers : json_array();

	return json_pack("{s:i, s:{s:s, s:b, s:o}}", "version", 1, "about", "host", PACKAGE_VERSION,
			 "dialogue", dialogue, "readers", known);
}
