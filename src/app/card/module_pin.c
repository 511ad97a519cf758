/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * module_pin: lets the dialog about a PIN use a key through a module, and the token layer where the
 * module does not do enough.
 *
 * The module reaches the card: it recognises the card once and answers all that must be known. The
 * token layer, a second way to the same card, spends a last try if the user wants to, and tells
 * whether the other PIN is locked, too.
 */
#include "app/card/module_pin.h"

#include <string.h>

#include "app/host/signals.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "base/secret.h"
#include "token/pin_value.h"

/* More values than a run can send: each costs a try. */
#define REFUSED_MAX 16

/* Read the state of another PIN of the card, which the module does not show. */
static enum situation read_other(const struct module_pin *pin, enum jpki_key key,
				 struct pin_state *state)
{
	enum situation situation = SITUATION_INTERNAL;
	const struct card *card = NULL;
	struct card_pin other;
	struct cards cards;

	ui_busy(_("Reading the card..."));
	if (cards_open_briefly(&cards))
		card = cards_choose(&cards, pin->dialog.state.serial, &situation);
	if (card != NULL) {
		card_pin_init(&other, &cards, card, key, pin->options);
		situation = pin_dialog_read(&other.dialog);
		*state = other.dialog.state;
	}
	ui_busy_end();
	cards_close(&cards);
	return situation;
}

static enum situation read_state(void *card, enum jpki_key key, struct pin_state *state)
{
	struct module_pin *pin = card;
	enum situation situation;

	if (key != pin->dialog.key)
		return read_other(pin, key, state);
	situation = module_key_pin(pin->key, state);
	/* What was allowed was another last try: the module sends the PIN again. */
	if (situation == SITUATION_NONE && state->tries > 1 && pin->spends_final_try) {
		cards_close(&pin->cards);
		pin->spends_final_try = false;
	}
	return situation;
}

/*
 * Prepare the token layer to spend the last try, because the module does not. Like the module, the
 * token layer binds itself to the card before the question, so that the PIN does not go to a card
 * that replaces it.
 */
static enum situation allow_final_try(void *card)
{
	struct module_pin *pin = card;
	const struct card *chosen = NULL;
	enum situation situation = SITUATION_INTERNAL;

	if (pin->spends_final_try)
		cards_close(&pin->cards);
	pin->spends_final_try = true;
	ui_busy(_("Reading the card..."));
	if (cards_open_briefly(&pin->cards))
		chosen = cards_choose(&pin->cards, pin->dialog.state.serial, &situation);
	ui_busy_end();
	if (chosen == NULL)
		return situation;
	/* The card may have been reinserted meanwhile, and its tries may differ. */
	if (!module_key_is_there(pin->key))
		return SITUATION_REMOVED;
	card_pin_init(&pin->final, &pin->cards, chosen, pin->dialog.key, pin->options);
	pin->final.dialog.state = pin->dialog.state;
	return pin->final.dialog.source->allow_final_try(pin->final.dialog.card);
}

bool module_pin_init(struct module_pin *pin, struct module_key *key, enum jpki_key which,
		     const struct options *options)
{
	static const struct pin_source source = {.read = read_state,
						 .allow_final_try = allow_final_try};

	*pin = (struct module_pin){.key = key,
				   .options = options,
				   .dialog = {.source = &source,
					      .card = pin,
					      .key = which,
					      .use_pinentry = options->pinentry,
					      .json = options->json}};
	pin->refused = jpki_secret_alloc(REFUSED_MAX * sizeof(*pin->refused));
	return pin->refused != NULL;
}

void module_pin_close(struct module_pin *pin)
{
	if (pin->spends_final_try)
		cards_close(&pin->cards);
	pin->spends_final_try = false;
	jpki_secret_free(pin->refused, REFUSED_MAX * sizeof(*pin->refused));
	pin->refused = NULL;
}

/* Return whether the card has refused this PIN in this run. */
static bool was_refused(struct module_pin *pin, const struct prompt_pin *typed)
{
	struct jpki_pin *wanted = &pin->refused[pin->refused_count];
	bool found = false;

	if (jpki_pin_normalise(pin->dialog.state.rule, typed->value, typed->length, wanted) !=
	    JPKI_OK)
		return false;
	for (size_t i = 0; i < pin->refused_count && !found; i++)
		found = pin->refused[i].length == wanted->length &&
			memcmp(pin->refused[i].value, wanted->value, wanted->length) == 0;
	explicit_bzero(wanted, sizeof(*wanted));
	return found;
}

/* Note that the card has refused this PIN. The last place is never filled. */
static void note_refused(struct module_pin *pin, const struct prompt_pin *typed)
{
	if (pin->refused_count < REFUSED_MAX - 1 &&
	    jpki_pin_normalise(pin->dialog.state.rule, typed->value, typed->length,
			       &pin->refused[pin->refused_count]) == JPKI_OK)
		pin->refused_count++;
}

/*
 * The last try, which the module does not spend, is spent here: if the PIN is right, the card
 * restores all tries.
 */
int module_pin_judge(struct module_pin *pin, const struct prompt_pin *typed)
{
	struct pin_dialog *dialog = &pin->dialog;
	enum jpki_error error = jpki_pin_possible(dialog->state.rule, typed->value, typed->length);
	struct jpki_token_ref token;
	sigset_t before;
	int result;

	if (error == JPKI_OK && was_refused(pin, typed))
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK && pin->spends_final_try) {
		token = card_pin_token(&pin->final);
		signals_hold(&before);
		error = jpki_token_login(&token, typed->value, typed->length);
		if (error == JPKI_OK)
			jpki_token_logout(&token);
		signals_release(&before);
		/* What the card counts now; a value that was not sent is asked for again. */
		if (error != JPKI_OK && error != JPKI_E_PIN_REPEATED)
			dialog = &pin->final.dialog;
	}
	if (error == JPKI_OK)
		return APP_OK;
	result = pin_dialog_explain(dialog, error, typed);
	pin->dialog.ended = dialog->ended;
	return result;
}

bool module_pin_is_refusal(enum situation situation)
{
	return situation == SITUATION_WRONG || situation == SITUATION_AUTH_LOCKED ||
	       situation == SITUATION_SIGN_LOCKED;
}

/* Explain a refused PIN by the tries that the card counts now; refusal is what the module
 * reported. */
static int explain_tries(struct pin_dialog *dialog, enum situation refusal)
{
	const struct prompt_pin none = {0};
	enum jpki_error error =
		refusal == SITUATION_WRONG ? JPKI_E_PIN_INCORRECT : JPKI_E_PIN_LOCKED;

	if (dialog->state.tries == 0)
		error = JPKI_E_PIN_LOCKED;
	else if (error == JPKI_E_PIN_LOCKED && dialog->state.tries == 1)
		error = JPKI_E_PIN_FINAL_TRY;
	return pin_dialog_explain(dialog, error, &none);
}

/* The same by the token layer. */
static int explain_tries_of_card(const struct module_pin *pin, struct cards *cards,
				 enum situation refusal)
{
	const struct card *card;
	enum situation situation;
	struct card_pin card_pin;

	card = cards_choose(cards, pin->dialog.state.serial, &situation);
	if (card != NULL) {
		card_pin_init(&card_pin, cards, card, pin->dialog.key, pin->options);
		if (pin_dialog_read(&card_pin.dialog) == SITUATION_NONE)
			return explain_tries(&card_pin.dialog, refusal);
	}
	/* How many tries are left is not known, nor whether "locked" means that one is. */
	return ui_refuse_pin(pin->options->json, SITUATION_PIN_UNANSWERED, pin->dialog.key);
}

/* A card that the module lost right after the refusal may be back. */
int module_pin_explain_refusal(struct module_pin *pin, enum situation refusal)
{
	struct cards cards;
	bool opened;
	int result;

	if (pin_dialog_read(&pin->dialog) == SITUATION_NONE)
		return explain_tries(&pin->dialog, refusal);
	pin->dialog.ended = refusal;
	ui_busy(_("Reading the card..."));
	opened = cards_open_briefly(&cards);
	ui_busy_end();
	result = opened ? explain_tries_of_card(pin, &cards, refusal)
			: ui_refuse(pin->options->json, SITUATION_INTERNAL);
	/* Between two files there is more to tell than this. */
	if (!pin->dialog.goes_on)
		patience_set_result(result);
	cards_close(&cards);
	return result;
}

int module_pin_explain(struct module_pin *pin, enum situation situation,
		       const struct prompt_pin *typed)
{
	const struct prompt_pin none = {0};
	int before = pin->dialog.state.tries;

	pin->dialog.ended = situation;
	if (!module_pin_is_refusal(situation))
		return ui_refuse_pin(pin->options->json, situation, pin->dialog.key);
	if (situation == SITUATION_WRONG)
		note_refused(pin, typed);
	/* The module says the same of a value that it did not send because the card had refused it
	 * before. */
	if (situation == SITUATION_WRONG && pin_dialog_read(&pin->dialog) == SITUATION_NONE &&
	    pin->dialog.state.tries == before)
		return pin_dialog_explain(&pin->dialog, JPKI_E_PIN_REPEATED, &none);
	return module_pin_explain_refusal(pin, situation);
}
