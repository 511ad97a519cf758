/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* text_card: reads what the card tells beside its keys, by the token layer. */
#include "portal/text_card.h"

#include <string.h>

#include "app/card/card_pin.h"
#include "app/card/cards.h"
#include "app/host/signals.h"
#include "portal/question.h"
#include "portal/reason.h"

_Static_assert(JPKI_CARD_NUMBER_LENGTH == PORTAL_DIGITS_SIZE - 1, "they are the same digits");

/* One request with a card. */
struct run {
	struct portal_reading *reading;
	struct card_pin pin;
};

/* Present the PIN, and read with it. */
static int use_pin(void *argument, struct prompt_pin *pin)
{
	struct run *run = argument;
	struct jpki_token_ref token = card_pin_token(&run->pin);
	enum jpki_error error;
	sigset_t before;

	signals_hold(&before);
	error = jpki_token_attributes(&token, pin->value, pin->length, &run->reading->attributes,
				      run->reading->digits);
	signals_release(&before);
	return error == JPKI_OK ? APP_OK : pin_dialog_explain(&run->pin.dialog, error, pin);
}

/* Return the only card that can be used. NULL if there is none, with the reason in *reason. */
static const struct card *choose(struct cards *cards, enum jpki_key key, const char **reason)
{
	enum situation situation;
	const struct card *card = cards_choose(cards, NULL, &situation);

	*reason = NULL;
	if (card == NULL)
		*reason = portal_reason(situation, key);
	else if (card->kind != JPKI_CARD_MY_NUMBER)
		*reason = portal_reason_other_kind();
	return *reason == NULL ? card : NULL;
}

const char *portal_read(struct portal_reading *reading, const struct portal_message *message)
{
	static const struct options options = {.pinentry = true};
	struct run run = {.reading = reading};
	const struct card *card;
	struct cards cards;
	const char *reason;

	memset(reading, 0, sizeof(*reading));
	if (!cards_open_briefly(&cards))
		return situation_text(SITUATION_NO_MEMORY);
	card = choose(&cards, JPKI_PIN_TEXT, &reason);
	if (card != NULL) {
		card_pin_init(&run.pin, &cards, card, JPKI_PIN_TEXT, &options);
		reason = portal_question_pin(message, &run.pin.dialog, use_pin, &run);
	}
	cards_close(&cards);
	return reason;
}

/* Return the only card in the readers; NULL if there are more, or none. */
static const struct card *only_card(const struct cards *cards)
{
	const struct card *only = NULL;
	size_t count = 0;

	for (size_t i = 0; i < cards->count; i++) {
		if (!jpki_insertion_has_card(cards->cards[i].insertion))
			continue;
		only = &cards->cards[i];
		count++;
	}
	return count == 1 ? only : NULL;
}

/* Read the digits of the card with this serial. If it is the only one, it is not recognised again:
 * that would take longer than all else. */
static enum situation read_digits(struct cards *cards, const char *serial,
				  char digits[PORTAL_DIGITS_SIZE])
{
	const struct card *card = only_card(cards);
	struct jpki_token_ref token;
	enum situation situation;
	enum jpki_error error;

	if (card == NULL) {
		cards_recognise(cards);
		card = cards_choose(cards, serial, &situation);
		if (card == NULL)
			return situation;
	}
	token = card_token(card, JPKI_KEY_AUTH);
	error = jpki_token_card_number(&token, serial, digits);
	return error == JPKI_OK ? SITUATION_NONE : situation_of_error(error, JPKI_PIN_TEXT);
}

enum situation portal_card_digits(const char *serial, char digits[PORTAL_DIGITS_SIZE])
{
	enum situation situation;
	struct cards cards;

	memset(digits, 0, PORTAL_DIGITS_SIZE);
	if (!cards_open_list(&cards))
		return SITUATION_NO_MEMORY;
	situation = read_digits(&cards, serial, digits);
	cards_close(&cards);
	return situation;
}

const char *portal_card_problem(enum jpki_key key)
{
	struct cards cards;
	const char *reason;

	if (!cards_open_briefly(&cards))
		return situation_text(SITUATION_NO_MEMORY);
	/* A card that can be used was not there a moment ago. */
	if (choose(&cards, key, &reason) != NULL)
		reason = situation_text(SITUATION_REMOVED);
	cards_close(&cards);
	return reason;
}
