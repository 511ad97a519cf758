/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sign_card: signs the files of jpki sign with the requested card, after asking for the PIN once.
 *
 * The module reaches the card: it recognises the card once and answers all that must be known. The
 * token layer, a second way to the same card, does what the module can't: it explains why there is
 * no card to sign with, and spends a last try if the user wants to.
 */
#include "tool/sign/sign_card.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/card/card_pin.h"
#include "app/card/turn.h"
#include "app/host/signals.h"
#include "app/ui/line.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "base/secret.h"
#include "token/pin_value.h"

/* More values than a run can send: each costs a try. */
#define REFUSED_MAX 16

/* One run with a card. */
struct signing {
	struct sign_request *request;
	struct module_key key;
	struct pin_dialog dialog;
	int ended;             /* how the question for one signature's PIN ended; it has said why */
	bool json;             /* during that question: whether JSON is wanted at the end */
	bool spends_final_try; /* the user wants it: cards and final are filled in */
	struct cards cards;
	struct card_pin final;
	/*
	 * What the card has refused in this run, in the form that it compares, in secret memory:
	 * neither way to the card knows what went the other.
	 */
	struct jpki_pin *refused;
	size_t refused_count;
};

/* --- the token layer ------------------------------------------------------------------------- */

/* What the token layer must explain about a card that it finds. */
struct doubt {
	const struct sign_request *request;
	enum situation situation; /* what the module reported */
};

/* Explain why the module can't sign with this card, by what the token layer finds if it finds a
 * reason. */
static int explain_card(struct cards *cards, const struct card *card, void *argument)
{
	const struct doubt *doubt = argument;
	struct jpki_token_ref token = card_token(card, doubt->request->key);
	struct jpki_token_info info;
	enum jpki_error error = jpki_token_get_info(&token, &info);
	enum situation situation = doubt->situation;

	(void)cards;
	if (error == JPKI_OK && !info.has_key)
		error = JPKI_E_NOT_FOUND;
	if (error != JPKI_OK)
		situation = situation_of_error(error, doubt->request->key);
	else if (situation == SITUATION_INTERNAL)
		ui_line(stderr, UI_BAD, _("jpki: The module %s cannot be used."),
			doubt->request->module);
	return ui_refuse(doubt->request->common.json, situation);
}

/* Explain why the module shows no token to sign with. */
static int explain_no_token(const struct sign_request *request, enum situation situation)
{
	struct doubt doubt = {.request = request, .situation = situation};

	/* The module shows the card, and what the card lacks. */
	if (situation == situation_of_error(JPKI_E_NOT_FOUND, request->key))
		return ui_refuse(request->common.json, situation);
	return cards_with_one(&request->common, explain_card, &doubt);
}

/* --- the PIN --------------------------------------------------------------------------------- */

static enum situation read_state(void *card, enum jpki_key key, struct pin_state *state)
{
	struct signing *signing = card;
	enum situation situation = module_key_pin(&signing->key, key, state);

	/* What was allowed was another last try: the module sends the PIN again. */
	if (situation == SITUATION_NONE && state->tries > 1 && signing->spends_final_try) {
		cards_close(&signing->cards);
		signing->spends_final_try = false;
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
	struct signing *signing = card;
	const struct card *chosen = NULL;
	enum situation situation = SITUATION_INTERNAL;

	if (signing->spends_final_try)
		cards_close(&signing->cards);
	signing->spends_final_try = true;
	ui_busy(_("Reading the card..."));
	if (cards_open(&signing->cards))
		chosen = cards_choose(&signing->cards, signing->dialog.state.serial, &situation);
	ui_busy_end();
	if (chosen == NULL)
		return situation;
	/* The card may have been reinserted meanwhile, and its tries may differ. */
	if (!module_key_is_there(&signing->key))
		return SITUATION_REMOVED;
	card_pin_init(&signing->final, &signing->cards, chosen, signing->dialog.key,
		      &signing->request->common);
	signing->final.dialog.state = signing->dialog.state;
	return signing->final.dialog.source->allow_final_try(signing->final.dialog.card);
}

/* Return whether the card has refused this PIN in this run. */
static bool was_refused(struct signing *signing, const struct prompt_pin *pin)
{
	struct jpki_pin *typed = &signing->refused[signing->refused_count];
	bool found = false;

	if (jpki_pin_normalise(signing->dialog.state.rule, pin->value, pin->length, typed) !=
	    JPKI_OK)
		return false;
	for (size_t i = 0; i < signing->refused_count && !found; i++)
		found = signing->refused[i].length == typed->length &&
			memcmp(signing->refused[i].value, typed->value, typed->length) == 0;
	explicit_bzero(typed, sizeof(*typed));
	return found;
}

/* Note that the card has refused this PIN. The last place is never filled. */
static void note_refused(struct signing *signing, const struct prompt_pin *pin)
{
	if (signing->refused_count < REFUSED_MAX - 1 &&
	    jpki_pin_normalise(signing->dialog.state.rule, pin->value, pin->length,
			       &signing->refused[signing->refused_count]) == JPKI_OK)
		signing->refused_count++;
}

/*
 * Check whether a typed PIN may go to the module, which could not explain well why not. The last
 * try, which the module does not spend, is spent here: if the PIN is right, the card restores all
 * tries.
 */
static int judge_pin(struct signing *signing, const struct prompt_pin *pin)
{
	struct pin_dialog *dialog = &signing->dialog;
	enum jpki_error error = jpki_pin_possible(dialog->state.rule, pin->value, pin->length);
	struct jpki_token_ref token;
	sigset_t before;
	int result;

	if (error == JPKI_OK && was_refused(signing, pin))
		error = JPKI_E_PIN_REPEATED;
	if (error == JPKI_OK && signing->spends_final_try) {
		token = card_pin_token(&signing->final);
		signals_hold(&before);
		error = jpki_token_login(&token, pin->value, pin->length);
		if (error == JPKI_OK)
			jpki_token_logout(&token);
		signals_release(&before);
		/* What the card counts now; a value that was not sent is asked for again. */
		if (error != JPKI_OK && error != JPKI_E_PIN_REPEATED)
			dialog = &signing->final.dialog;
	}
	if (error == JPKI_OK)
		return APP_OK;
	result = pin_dialog_explain(dialog, error, pin);
	signing->dialog.ended = dialog->ended;
	return result;
}

/* Return whether the situation is about a PIN that the module was given. */
static bool is_refusal(enum situation situation)
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
static int explain_tries_of_card(const struct signing *signing, struct cards *cards,
				 enum situation refusal)
{
	const struct options *options = &signing->request->common;
	const struct card *card;
	enum situation situation;
	struct card_pin card_pin;

	card = cards_choose(cards, signing->dialog.state.serial, &situation);
	if (card == NULL)
		return ui_refuse(options->json, situation);
	card_pin_init(&card_pin, cards, card, signing->dialog.key, options);
	situation = pin_dialog_read(&card_pin.dialog);
	return situation == SITUATION_NONE ? explain_tries(&card_pin.dialog, refusal)
					   : ui_refuse(options->json, situation);
}

/* Explain a refused PIN. A card that the module lost right after the refusal may be back. */
static int explain_refusal(struct signing *signing, enum situation refusal)
{
	struct cards cards;
	bool opened;
	int result;

	if (pin_dialog_read(&signing->dialog) == SITUATION_NONE)
		return explain_tries(&signing->dialog, refusal);
	signing->dialog.ended = refusal;
	ui_busy(_("Reading the card..."));
	opened = cards_open(&cards);
	ui_busy_end();
	result = opened ? explain_tries_of_card(signing, &cards, refusal)
			: ui_refuse(signing->request->common.json, SITUATION_INTERNAL);
	/* Between two files there is more to tell than this. */
	if (!signing->dialog.goes_on)
		patience_set_result(result);
	cards_close(&cards);
	return result;
}

/* Explain why the module did not log in. */
static int explain_login(struct signing *signing, enum situation situation,
			 const struct prompt_pin *pin)
{
	const struct prompt_pin none = {0};
	int before = signing->dialog.state.tries;

	signing->dialog.ended = situation;
	if (!is_refusal(situation))
		return ui_refuse(signing->request->common.json, situation);
	if (situation == SITUATION_WRONG)
		note_refused(signing, pin);
	/* The module says the same of a value that it did not send because the card had refused it
	 * before. */
	if (situation == SITUATION_WRONG && pin_dialog_read(&signing->dialog) == SITUATION_NONE &&
	    signing->dialog.state.tries == before)
		return pin_dialog_explain(&signing->dialog, JPKI_E_PIN_REPEATED, &none);
	return explain_refusal(signing, situation);
}

/* --- signing --------------------------------------------------------------------------------- */

/* Return whether the user accepts a certificate that has expired or is not yet valid. */
static bool time_is_accepted(const struct sign_request *request)
{
	const struct date_validity *validity =
		date_effective(&request->validity, &request->auth_validity);

	if (validity != &request->validity)
		ui_say(stderr, UI_WARN, SITUATION_AUTH_ENDS_FIRST, validity->last_day_text);
	switch (validity->band) {
	case DATE_FINE:
		return true;
	case DATE_SOON:
		ui_say(stderr, UI_WARN, SITUATION_SOON, validity->days_left,
		       validity->last_day_text);
		return true;
	case DATE_ENDED:
		ui_say(stderr, UI_WARN, SITUATION_EXPIRED, validity->last_day_text);
		break;
	case DATE_NOT_YET:
		ui_say(stderr, UI_WARN, SITUATION_NOT_YET_VALID);
		break;
	}
	return request->expired_ok ||
	       prompt_confirm(_("To sign anyway, type \"yes\" and press Enter: "), _("yes"));
}

/* Give the card a PIN for one signature if it may be right. */
static int authenticate_by(void *argument, struct prompt_pin *pin)
{
	struct signing *signing = argument;
	int result = judge_pin(signing, pin);
	enum situation situation;

	if (result != APP_OK)
		return result;
	situation = module_key_authenticate(&signing->key, pin);
	return situation == SITUATION_NONE ? APP_OK : explain_login(signing, situation, pin);
}

/* End in the middle of a wait for the card: see patience_set_end. To stop after a try was lost is
 * to end by that, which was said when it happened. */
static int give_up_asking(enum situation situation, void *argument)
{
	struct signing *signing = argument;
	enum situation lost = signing->dialog.lost;
	enum app_exit code = situation_exit(lost);

	signing->request->common.json = signing->json;
	if (situation != SITUATION_CANCELLED || lost == SITUATION_NONE)
		return sign_give_up(situation, signing->request);
	signals_remove_now();
	ui_line(stderr, UI_WARN, "%s", _("Stopped."));
	sign_print(signing->request, lost);
	return (int)code;
}

/* Ask for the PIN for one signature, as for that of the login. */
static enum situation ask_for_signature(void *argument)
{
	struct signing *signing = argument;

	if (signals_noted())
		return SITUATION_CANCELLED;
	/* What JSON tells, it tells of all files at the end. */
	signing->json = signing->request->common.json;
	patience_set_end(give_up_asking, signing);
	signing->request->common.json = false;
	signing->dialog.json = false;
	signing->dialog.goes_on = true;
	ui_progress_hide();
	signing->ended =
		pin_dialog_use(&signing->dialog, signing->key.purpose, authenticate_by, signing);
	signing->request->common.json = signing->json;
	signing->dialog.json = signing->json;
	patience_set_end(sign_give_up, signing->request);
	return signing->ended == APP_OK ? SITUATION_NONE : signing->dialog.ended;
}

static int sign_and_report(struct signing *signing)
{
	struct sign_request *request = signing->request;
	enum situation situation = sign_files(request, &signing->key);

	if (situation == SITUATION_LINK && module_key_has_left(&signing->key))
		situation = SITUATION_REMOVED;
	/* What the card refuses during a signature was not typed now. */
	signing->dialog.asks_again = false;
	sign_print(request, situation);
	/* All is told of the files. */
	patience_set_end(NULL, NULL);
	if (signing->ended != APP_OK)
		return signing->ended;
	if (!is_refusal(situation))
		return sign_end(request, situation);
	/* The output contains it already. */
	patience_set_json(false);
	request->common.json = false;
	signing->dialog.json = false;
	return explain_refusal(signing, situation);
}

/* Sign with the key if its certificate's period is accepted. */
static int sign_with_key(struct signing *signing)
{
	struct sign_request *request = signing->request;
	bool ended;

	if (time_is_accepted(request))
		return sign_and_report(signing);
	ended = date_effective(&request->validity, &request->auth_validity)->band == DATE_ENDED;
	if (request->common.json)
		sign_print(request, ended ? SITUATION_EXPIRED : SITUATION_NOT_YET_VALID);
	return ended ? APP_EXPIRED : APP_FAILED;
}

/* Log in, and read the certificates for their dates. */
static enum situation log_in(struct signing *signing, struct prompt_pin *pin)
{
	struct sign_request *request = signing->request;
	enum situation situation = module_key_login(&signing->key, pin);
	time_t now = time(NULL);
	X509 *auth = NULL;

	if (situation != SITUATION_NONE)
		return situation;
	request->validity = date_validity_of(signing->key.certificate, now);
	if (request->key == JPKI_KEY_SIGN)
		auth = module_key_auth_certificate(&signing->key);
	if (auth != NULL)
		request->auth_validity = date_validity_of(auth, now);
	X509_free(auth);
	return SITUATION_NONE;
}

/* Sign with a PIN if it is right. */
static int sign_by(void *argument, struct prompt_pin *pin)
{
	struct signing *signing = argument;
	enum situation situation;
	/* The card may be replaced while the user types. Both ways to the card are bound to the one
	 * that was there before the question, so that no other card's tries are risked. */
	int result = judge_pin(signing, pin);

	if (result != APP_OK)
		return result;
	/* A right PIN was sent already: it is not true that nothing was. */
	if (signing->spends_final_try)
		patience_set_end(sign_give_up, signing->request);
	ui_busy(_("Asking the card; please do not move it."));
	situation = log_in(signing, pin);
	ui_busy_end();
	return situation == SITUATION_NONE ? sign_with_key(signing)
					   : explain_login(signing, situation, pin);
}

int sign_with_card(struct sign_request *request)
{
	static const struct pin_source source = {.read = read_state,
						 .allow_final_try = allow_final_try};
	struct module_key_choice choice = {.module = request->module,
					   .key = request->key,
					   .serial = request->common.serial,
					   .chain = request->chain,
					   .ask = ask_for_signature};
	struct signing signing = {.request = request,
				  .dialog = {.source = &source,
					     .card = &signing,
					     .key = request->key,
					     .use_pinentry = request->common.pinentry,
					     .json = request->common.json}};
	char *purpose = sign_purpose(request);
	enum situation situation;
	int result;

	choice.argument = &signing;
	signing.refused = jpki_secret_alloc(REFUSED_MAX * sizeof(*signing.refused));
	if (signing.refused == NULL) {
		free(purpose);
		return ui_refuse(request->common.json, SITUATION_INTERNAL);
	}
	ui_busy(_("Reading the card..."));
	turn_await(NULL);
	situation = module_key_open(&signing.key, &choice);
	ui_busy_end();
	result = situation == SITUATION_NONE
			 ? pin_dialog_use(&signing.dialog, purpose, sign_by, &signing)
			 : explain_no_token(request, situation);
	patience_set_result(result);
	if (signing.spends_final_try)
		cards_close(&signing.cards);
	module_key_close(&signing.key);
	jpki_secret_free(signing.refused, REFUSED_MAX * sizeof(*signing.refused));
	free(purpose);
	return result;
}
