/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sign_card: signs the files of jpki sign with the requested card, after asking for the PIN once.
 *
 * The module reaches the card: it recognises the card once and answers all that must be known. The
 * token layer, a second way to the same card, explains why there is no card to sign with, and reads
 * the other certificate.
 */
#include "app/sign/sign_card.h"

#include <stdlib.h>
#include <time.h>

#include "app/ask/own_window.h"
#include "app/card/card_report.h"
#include "app/card/module_file.h"
#include "app/card/module_pin.h"
#include "app/card/turn.h"
#include "app/certificate/cert_words.h"
#include "app/host/signals.h"
#include "app/sign/sign_run.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/patience.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"

/* One run with a card. */
struct signing {
	struct sign_request *request;
	struct module_key key;
	struct module_pin pin;
	int ended; /* how the question for one signature's PIN ended; it has said why */
	bool json; /* during that question: whether JSON is wanted at the end */
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

/* --- signing --------------------------------------------------------------------------------- */

/* The table of situations says what the format takes; a compiler can't look it up there. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* Return a text of the table with a day; the caller frees it. NULL without memory. */
static char *text_with_day(enum situation situation, const struct date_validity *validity)
{
	char *text = NULL;

	return asprintf(&text, situation_text(situation), validity->last_day_text) >= 0 ? text
											: NULL;
}
#pragma GCC diagnostic pop

/*
 * Return the question whether to sign although the certificate is out of its time: which one it is,
 * or that the other one ends first, and then what is the matter. The caller frees it; NULL without
 * memory.
 */
static char *anyway_question(const struct sign_request *request)
{
	const struct date_validity *validity =
		date_effective(&request->validity, &request->auth_validity);
	char *which = validity == &request->validity
			      ? strdup(cert_words_title(cert_choice_find(key_name(request->key))))
			      : text_with_day(SITUATION_AUTH_ENDS_FIRST, validity);
	char *what = validity->band == DATE_ENDED ? text_with_day(SITUATION_EXPIRED, validity)
						  : strdup(situation_text(SITUATION_NOT_YET_VALID));
	char *text = NULL;

	if (which == NULL || what == NULL || asprintf(&text, "%s\n%s", which, what) < 0)
		text = NULL;
	free(which);
	free(what);
	return text;
}

/* Return whether the person wants to sign although the certificate is out of its time: with a word
 * or, in a window, with a button. */
static bool is_wanted_anyway(const struct sign_request *request)
{
	char *text;
	bool wanted;

	if (!own_window_is_there())
		return prompt_confirm(_("To sign anyway, type \"yes\" and press Enter: "),
				      _("yes"));
	text = anyway_question(request);
	wanted = text != NULL && own_window_confirm(text, _("Sign anyway"), _("Stop")) == APP_OK;
	free(text);
	return wanted;
}

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
	return request->expired_ok || is_wanted_anyway(request);
}

/* Give the card a PIN for one signature if it may be right. */
static int authenticate_by(void *argument, struct prompt_pin *pin)
{
	struct signing *signing = argument;
	int result = module_pin_judge(&signing->pin, pin);
	enum situation situation;

	if (result != APP_OK)
		return result;
	situation = module_key_authenticate(&signing->key, pin);
	return situation == SITUATION_NONE ? APP_OK
					   : module_pin_explain(&signing->pin, situation, pin);
}

/* End in the middle of a wait for the card: see patience_set_end. To stop after a try was lost is
 * to end by that, which was said when it happened. */
static int give_up_asking(enum situation situation, void *argument)
{
	struct signing *signing = argument;
	enum situation lost = signing->pin.dialog.lost;
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
	signing->pin.dialog.json = false;
	signing->pin.dialog.goes_on = true;
	ui_progress_hide();
	signing->ended = pin_dialog_use(&signing->pin.dialog, signing->key.purpose, authenticate_by,
					signing);
	signing->request->common.json = signing->json;
	signing->pin.dialog.json = signing->json;
	patience_set_end(sign_give_up, signing->request);
	return signing->ended == APP_OK ? SITUATION_NONE : signing->pin.dialog.ended;
}

static int sign_and_report(struct signing *signing)
{
	struct sign_request *request = signing->request;
	enum situation situation = sign_run(request, &signing->key);

	if (situation == SITUATION_LINK && module_key_has_left(&signing->key))
		situation = SITUATION_REMOVED;
	/* What the card refuses during a signature was not typed now. */
	signing->pin.dialog.asks_again = false;
	signing->pin.dialog.goes_on = false;
	sign_print(request, situation);
	/* All is told of the files. */
	patience_set_end(NULL, NULL);
	if (signing->ended != APP_OK)
		return signing->ended;
	if (!module_pin_is_refusal(situation))
		return sign_end(request, situation);
	/* The output contains it already. */
	patience_set_json(false);
	request->common.json = false;
	signing->pin.dialog.json = false;
	return module_pin_explain_refusal(&signing->pin, situation);
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

/* Read until when the authentication certificate of a card is valid; all zero if it can't be read
 * without a PIN. */
static struct date_validity auth_validity(const char *serial, time_t now)
{
	struct date_validity validity = {0};
	struct cards cards;

	if (cards_open_briefly(&cards)) {
		enum situation situation;
		const struct card *card = cards_choose(&cards, serial, &situation);

		if (card != NULL)
			validity = card_report_auth_validity(card, now);
	}
	cards_close(&cards);
	return validity;
}

/* Log in, and find out until when the certificates are valid. The other one takes a dozen
 * exchanges, so it is read only if the end is near, when it matters most which comes first. */
static enum situation log_in(struct signing *signing, struct prompt_pin *pin)
{
	struct sign_request *request = signing->request;
	enum situation situation = module_key_login(&signing->key, pin);
	time_t now = time(NULL);

	if (situation != SITUATION_NONE)
		return situation;
	request->validity = date_validity_of(signing->key.certificate, now);
	if (request->key == JPKI_KEY_SIGN && request->validity.band != DATE_FINE)
		request->auth_validity = auth_validity(signing->pin.dialog.state.serial, now);
	return SITUATION_NONE;
}

/* Sign with a PIN if it is right. */
static int sign_by(void *argument, struct prompt_pin *pin)
{
	struct signing *signing = argument;
	enum situation situation;
	/* The card may be replaced while the user types. Both ways to the card are bound to the one
	 * that was there before the question, so that no other card's tries are risked. */
	int result = module_pin_judge(&signing->pin, pin);

	if (result != APP_OK)
		return result;
	/* A right PIN was sent already: it is not true that nothing was. */
	if (signing->pin.spends_final_try)
		patience_set_end(sign_give_up, signing->request);
	ui_busy(_("Asking the card; please do not move it."));
	situation = log_in(signing, pin);
	ui_busy_end();
	return situation == SITUATION_NONE ? sign_with_key(signing)
					   : module_pin_explain(&signing->pin, situation, pin);
}

int sign_with_card(struct sign_request *request)
{
	struct signing signing = {.request = request};
	struct module_key_choice choice = {.key = request->key,
					   .serial = request->common.serial,
					   .chain = request->chain,
					   .ask = ask_for_signature,
					   .argument = &signing};
	char *purpose = sign_purpose(request);
	enum situation situation;
	int result;

	if (!module_pin_init(&signing.pin, &signing.key, request->key, &request->common)) {
		free(purpose);
		return ui_refuse(request->common.json, SITUATION_INTERNAL);
	}
	signing.pin.dialog.consents_by_window = request->by_window;
	ui_busy(_("Reading the card..."));
	turn_await(NULL);
	if (request->module == NULL)
		request->module = module_file(request->key);
	choice.module = request->module;
	situation = module_key_open(&signing.key, &choice);
	ui_busy_end();
	result = situation == SITUATION_NONE
			 ? pin_dialog_use(&signing.pin.dialog, purpose, sign_by, &signing)
			 : explain_no_token(request, situation);
	patience_set_result(result);
	module_pin_close(&signing.pin);
	module_key_close(&signing.key);
	free(purpose);
	return result;
}
