/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* change: finds the card again, and has its PIN changed. */
#include "window/change.h"

#include "app/card/pin_change.h"
#include "app/ui/refuse.h"

struct change *change_new(enum jpki_key key, const char *serial)
{
	struct change *change = g_new(struct change, 1);

	*change = (struct change){.key = key, .serial = g_strdup(serial)};
	return change;
}

void change_free(void *argument)
{
	struct change *change = argument;

	g_free(change->serial);
	g_free(change);
}

static int change_on(const struct change *change, struct cards *cards, struct asking *asking)
{
	static const struct options options = {.json = false};
	struct card_pin card_pin;
	enum situation situation;
	const struct card *card = cards_choose(cards, change->serial, &situation);
	int result;

	if (card == NULL)
		return ui_refuse(false, situation);
	card_pin_init(&card_pin, cards, card, change->key, &options);
	card_pin.dialog.consents_by_window = true;
	result = pin_change(&card_pin);
	asking->has_lost = card_pin.dialog.lost != SITUATION_NONE;
	return result;
}

int change_pin(void *argument, struct asking *asking)
{
	struct cards *cards = g_new0(struct cards, 1);
	int result;

	if (cards_open(cards))
		result = change_on(argument, cards, asking);
	else
		result = ui_refuse(false, SITUATION_NO_MEMORY);
	cards_close(cards);
	g_free(cards);
	return result;
}
