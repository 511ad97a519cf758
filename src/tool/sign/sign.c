/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki sign: signs files, with one question for the PIN. */
#include "tool/tool.h"

#include <stdlib.h>
#include <time.h>

#include "app/card/card_report.h"
#include "app/card/cards.h"
#include "app/card/pin_dialog.h"
#include "app/host/signals.h"
#include "app/ui/key_name.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "token/pin_value.h"
#include "tool/sign/sign_files.h"

/* How long pcscd may take to notice that a card has left, and how often it is asked. */
#define NOTICED_MS    1500
#define LOOK_AGAIN_MS 100

enum {
	OPTION_ATTACHED = 256,
	OPTION_RAW,
	OPTION_PEM,
	OPTION_CHAIN,
	OPTION_FORCE,
	OPTION_EXPIRED_OK,
	OPTION_KEY,
	OPTION_MODULE,
};

static const struct argp_option options[] = {
	{"attached", OPTION_ATTACHED, NULL, 0,
	 N_("put the file into the signature, which then is FILE.p7m"), 0},
	{"raw", OPTION_RAW, NULL, 0,
	 N_("write the bare signature (SHA256-RSA-PKCS), without a certificate, to FILE.sig"), 0},
	{"pem", OPTION_PEM, NULL, 0, N_("write text (PEM) instead of binary data (DER)"), 0},
	{"chain", OPTION_CHAIN, NULL, 0, N_("add the CA certificate"), 0},
	{"output", 'o', N_("FILE"), 0,
	 N_("write the signature to this file; allowed for one file only"), 0},
	{"force", OPTION_FORCE, NULL, 0, N_("replace existing signatures"), 0},
	{"expired-ok", OPTION_EXPIRED_OK, NULL, 0,
	 N_("sign without asking even if the certificate has expired or is not valid yet"), 0},
	{"key", OPTION_KEY, N_("KEY"), 0,
	 N_("sign with the signing key (sign, the default) or with the authentication key (auth)"),
	 0},
	{"module", OPTION_MODULE, N_("FILE"), 0,
	 N_("use this PKCS#11 module instead of the one that is installed with jpki"), 0},
	{0},
};

static const struct argp_child children[] = {{.argp = &options_pin}, {0}};

static const char arguments[] = N_("FILE...");
static const char documentation[] =
	N_("Signs files with a key of the card. It writes the CMS signature of FILE to FILE.p7s in "
	   "the same directory. It asks for the PIN once for all files.\vA signature contains your "
	   "certificate. If you sign with the signing key, this includes your name, date of birth, "
	   "sex and address: give the signature only to those who may know them.");

static void check_arguments(struct argp_state *state, const struct sign_request *request)
{
	if (request->count == 0)
		argp_error(state, "%s", _("No file to sign was given."));
	else if (request->output != NULL && request->count > 1)
		argp_error(state, "%s", _("--output can be used with one file only."));
	else if (request->raw && (request->attached || request->pem || request->chain))
		argp_error(state, "%s",
			   _("--raw cannot be combined with --attached, --pem or --chain."));
}

static error_t parse(int option, char *argument, struct argp_state *state)
{
	struct sign_request *request = state->input;
	struct {
		int option;
		bool *flag;
	} flags[] = {
		{OPTION_ATTACHED, &request->attached}, {OPTION_RAW, &request->raw},
		{OPTION_PEM, &request->pem},           {OPTION_CHAIN, &request->chain},
		{OPTION_FORCE, &request->force},       {OPTION_EXPIRED_OK, &request->expired_ok},
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (flags[i].option == option) {
			*flags[i].flag = true;
			return 0;
		}
	}
	switch (option) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->common;
		return 0;
	case 'o':
		request->output = argument;
		return 0;
	case OPTION_MODULE:
		request->module = argument;
		return 0;
	case OPTION_KEY:
		if (!key_of_name(argument, &request->key))
			argp_error(state, "%s", _("--key must be sign or auth."));
		return 0;
	case ARGP_KEY_ARG:
		request->jobs[request->count++].file = argument;
		return 0;
	case ARGP_KEY_END:
		check_arguments(state, request);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- the card -------------------------------------------------------------------------------- */

/* The card that is meant, and whether it has the key. False: *result is how jpki ends. */
static bool choose_card(struct pin_dialog *dialog, const char *serial, int *result)
{
	enum situation situation = SITUATION_INTERNAL;
	struct jpki_token_ref token;
	struct jpki_token_info info;
	enum jpki_error error;

	dialog->card = cards_choose(dialog->cards, serial, &situation);
	if (dialog->card != NULL) {
		token = pin_dialog_token(dialog);
		error = jpki_token_get_info(&token, &info);
		if (error == JPKI_OK && !info.has_key)
			error = JPKI_E_NOT_FOUND;
		if (error == JPKI_OK)
			return true;
		situation = situation_of_error(error, dialog->key);
	}
	*result = cards_refuse(dialog->cards, dialog->json, situation);
	return false;
}

/*
 * Whether a typed PIN may go to the module, which could not say well why not. The last try, which
 * the module does not spend, is spent here: if it was right, the card gives all of them back.
 */
static int judge_pin(const struct pin_dialog *dialog, const struct prompt_pin *pin)
{
	struct jpki_token_ref token = pin_dialog_token(dialog);
	enum jpki_error error = jpki_pin_possible(dialog->info.pin_rule, pin->value, pin->length);
	sigset_t before;

	if (error == JPKI_OK && dialog->cards->config.final_try_allowed) {
		signals_hold(&before);
		error = jpki_token_login(&token, pin->value, pin->length);
		if (error == JPKI_OK)
			jpki_token_logout(&token);
		signals_release(&before);
	}
	return error == JPKI_OK ? APP_OK : pin_dialog_explain(dialog, error, pin);
}

/*
 * Whether a failing link means that the card has left. pcscd takes a moment to notice that.
 */
static bool card_has_left(struct pin_dialog *dialog, jpki_insertion insertion)
{
	const struct timespec moment = {.tv_nsec = LOOK_AGAIN_MS * 1000000L};

	for (int waited = 0; waited < NOTICED_MS; waited += LOOK_AGAIN_MS) {
		cards_look(dialog->cards);
		if (dialog->card->insertion != insertion)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

/* What has become of a PIN that the module had, by what the card counts now. */
static int explain_refusal(struct pin_dialog *dialog, const char *serial, enum situation situation)
{
	const struct prompt_pin none = {0};
	enum jpki_error error =
		situation == SITUATION_WRONG ? JPKI_E_PIN_INCORRECT : JPKI_E_PIN_LOCKED;
	struct jpki_token_ref token;
	int result;

	cards_close(dialog->cards);
	if (!cards_open(dialog->cards))
		return ui_refuse(dialog->json, SITUATION_INTERNAL);
	if (!choose_card(dialog, serial, &result))
		return result;
	token = pin_dialog_token(dialog);
	if (jpki_token_get_info(&token, &dialog->info) == JPKI_OK && dialog->info.tries == 0)
		error = JPKI_E_PIN_LOCKED;
	else if (error == JPKI_E_PIN_LOCKED && dialog->info.tries == 1)
		error = JPKI_E_PIN_FINAL_TRY;
	return pin_dialog_explain(dialog, error, &none);
}

/* Whether the person signs with a certificate whose time it is not. */
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

/* Says why not all files were tried, and how jpki ends. */
static int explain_end(const struct sign_request *request, enum situation situation)
{
	enum app_exit code = APP_OK;

	if (situation == SITUATION_CANCELLED)
		ui_line(stderr, UI_WARN, "%s", _("Stopped."));
	else if (situation != SITUATION_NONE)
		ui_say(stderr, UI_BAD, situation);
	for (size_t i = 0; i < request->count; i++)
		code = request->jobs[i].done ? code : APP_FAILED;
	if (situation != SITUATION_NONE)
		code = situation_exit(situation);
	return (int)code;
}

/* --- all of it ------------------------------------------------------------------------------- */

/* Whether it is about a PIN that the module had. */
static bool is_refusal(enum situation situation)
{
	return situation == SITUATION_WRONG || situation == SITUATION_AUTH_LOCKED ||
	       situation == SITUATION_SIGN_LOCKED;
}

static int sign_and_report(struct sign_request *request, struct pin_dialog *dialog,
			   struct module_key *key)
{
	jpki_insertion insertion = dialog->card->insertion;
	enum situation situation = sign_files(request, key);

	if (situation == SITUATION_LINK && card_has_left(dialog, insertion))
		situation = SITUATION_REMOVED;
	sign_print(request, situation);
	if (is_refusal(situation)) {
		/* It is in what was printed. */
		dialog->json = false;
		return explain_refusal(dialog, request->common.serial, situation);
	}
	return explain_end(request, situation);
}

static int sign_with(struct sign_request *request, struct pin_dialog *dialog,
		     struct module_key *key)
{
	bool ended;

	request->validity = date_validity_of(key->certificate, time(NULL));
	if (time_is_accepted(request))
		return sign_and_report(request, dialog, key);
	ended = date_effective(&request->validity, &request->auth_validity)->band == DATE_ENDED;
	if (request->common.json)
		sign_print(request, ended ? SITUATION_EXPIRED : SITUATION_NOT_YET_VALID);
	return ended ? APP_EXPIRED : APP_FAILED;
}

/* Asks for the PIN, and signs when it is right. */
static int log_in_and_sign(struct sign_request *request, struct pin_dialog *dialog,
			   struct module_key *key)
{
	enum situation situation;
	struct prompt_pin pin;
	int result = pin_dialog_ask(dialog, NULL, &pin);

	if (result != APP_OK)
		return result;
	/* The card may be exchanged while the person types: both ways to the card are bound to the
	 * one that was there before the question, so that another one's PIN is not risked. */
	result = judge_pin(dialog, &pin);
	if (result != APP_OK) {
		prompt_pin_free(&pin);
		return result;
	}
	ui_busy(_("Asking the card; please do not move it."));
	situation = module_key_login(key, &pin);
	ui_busy_end();
	if (situation == SITUATION_NONE)
		return sign_with(request, dialog, key);
	return is_refusal(situation) ? explain_refusal(dialog, request->common.serial, situation)
				     : ui_refuse(request->common.json, situation);
}

static int sign_on_card(struct sign_request *request, struct pin_dialog *dialog)
{
	struct jpki_token_ref token = pin_dialog_token(dialog);
	struct module_key_choice choice = {
		.module = request->module,
		.key = request->key,
		.question = request->key == JPKI_KEY_AUTH ? _("PIN for the next signature")
							  : _("Password for the next signature"),
		.use_pinentry = request->common.pinentry};
	struct module_key key;
	enum situation situation;
	int result;

	if (jpki_token_get_info(&token, &dialog->info) != JPKI_OK)
		return ui_refuse(request->common.json, SITUATION_REMOVED);
	if (request->key == JPKI_KEY_SIGN)
		request->auth_validity = card_report_auth_validity(dialog->card, time(NULL));
	choice.serial = dialog->info.serial;
	choice.label = dialog->info.label;
	choice.each_signature = dialog->info.always_authenticate;
	choice.rule = dialog->info.pin_rule;
	ui_busy(_("Reading the card..."));
	situation = module_key_open(&key, &choice);
	ui_busy_end();
	if (situation == SITUATION_INTERNAL)
		ui_line(stderr, UI_BAD, _("jpki: The module %s cannot be used."), choice.module);
	result = situation == SITUATION_NONE ? log_in_and_sign(request, dialog, &key)
					     : ui_refuse(request->common.json, situation);
	module_key_close(&key);
	return result;
}

static int run(struct sign_request *request)
{
	struct cards cards;
	struct pin_dialog dialog = {.cards = &cards,
				    .key = request->key,
				    .use_pinentry = request->common.pinentry,
				    .json = request->common.json};
	int result;

	if (request->module == NULL)
		request->module = request->key == JPKI_KEY_AUTH ? MODULE_DIR "/jpki-pkcs11-auth.so"
								: MODULE_DIR "/jpki-pkcs11-sign.so";
	if (!sign_plan(request))
		return ui_refuse(request->common.json, SITUATION_INTERNAL);
	if (sign_waiting(request) == 0) {
		sign_print(request, SITUATION_NONE);
		return explain_end(request, SITUATION_NONE);
	}
	result = cards_read(&cards, request->common.json);
	if (result == APP_OK && choose_card(&dialog, request->common.serial, &result))
		result = sign_on_card(request, &dialog);
	cards_close(&cards);
	return result;
}

int tool_sign(int argc, char **argv)
{
	static const struct argp argp = {.options = options,
					 .parser = parse,
					 .args_doc = arguments,
					 .doc = documentation,
					 .children = children};
	struct sign_request request = {.key = JPKI_KEY_SIGN};
	int result = APP_FAILED;

	request.jobs = calloc((size_t)argc, sizeof(*request.jobs));
	if (request.jobs != NULL) {
		options_parse(&argp, EXIT_SIGN, argc, argv, &request);
		result = run(&request);
	}
	for (size_t i = 0; request.jobs != NULL && i < request.count; i++) {
		free(request.jobs[i].output);
		free(request.jobs[i].reason);
	}
	free(request.jobs);
	return result;
}
