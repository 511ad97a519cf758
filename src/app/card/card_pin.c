/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* card_pin: tells the dialog about a PIN what the token layer knows of it. */
#include "app/card/card_pin.h"

#include <string.h>

static enum situation read_state(void *card, enum jpki_key key, struct pin_state *state)
{
	const struct card_pin *card_pin = card;
	struct jpki_token_ref token = card_token(card_pin->card, key);
	struct jpki_token_info info;
	enum jpki_error error = jpki_token_get_pin_info(&token, &info);

	if (error != JPKI_OK)
		return situation_of_error(error, key);
	memcpy(state->serial, info.serial, sizeof(state->serial));
	state->kind = card_pin->card->kind;
	state->rule = info.pin_rule;
	state->is_set = info.pin_is_set;
	state->tries = info.tries;
	/* What was allowed was another last try. */
	if (info.tries > 1)
		card_pin->cards->readers.config.final_try_allowed = false;
	return SITUATION_NONE;
}

static enum situation allow_final_try(void *card)
{
	const struct card_pin *card_pin = card;

	card_pin->cards->readers.config.final_try_allowed = true;
	return SITUATION_NONE;
}

static bool is_unanswered(void *card, enum jpki_key key)
{
	const struct card_pin *card_pin = card;
	struct jpki_token_ref token = card_token(card_pin->card, key);

	return jpki_token_pin_is_unanswered(&token);
}

void card_pin_init(struct card_pin *card_pin, struct cards *cards, const struct card *card,
		   enum jpki_key key, const struct options *options)
{
	static const struct pin_source source = {.read = read_state,
						 .allow_final_try = allow_final_try,
						 .is_unanswered = is_unanswered};

	*card_pin = (struct card_pin){.cards = cards,
				      .card = card,
				      .dialog = {.source = &source,
						 .card = card_pin,
						 .key = key,
						 .use_pinentry = options->pinentry,
						 .json = options->json}};
	cards->readers.config.final_try_allowed = false;
}

struct jpki_token_ref card_pin_token(const struct card_pin *card_pin)
{
	return card_token(card_pin->card, card_pin->dialog.key);
}
