/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki cert: shows or exports a certificate of the card. */
#include "tool/tool.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/card/card_certificate.h"
#include "app/card/card_pin.h"
#include "app/certificate/cert_export.h"
#include "app/certificate/cert_facts.h"
#include "app/certificate/cert_words.h"
#include "app/certificate/x509.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/refuse.h"
#include "tool/cert/cert_show.h"

enum {
	OPTION_FORCE = 256,
	OPTION_FORMAT,
	OPTION_SHOW_PERSONAL,
};

enum action { ACTION_NONE, ACTION_SHOW, ACTION_EXPORT };

struct arguments {
	enum action action;
	const struct cert_choice *choice;
	const char *output;
	bool show_personal, der, force;
	struct options common;
};

static const struct argp_option options[] = {
	{"show-personal", OPTION_SHOW_PERSONAL, NULL, 0,
	 N_("show: do not hide name, address, date of birth, sex and subject"), 0},
	{"format", OPTION_FORMAT, N_("pem|der"), 0,
	 N_("export: write text (pem, the default) or binary data (der)"), 0},
	{"output", 'o', N_("FILE"), 0, N_("export: write to this file"), 0},
	{"force", OPTION_FORCE, NULL, 0, N_("export: replace the file if it exists"), 0},
	{0},
};

static const struct argp_child children[] = {{.argp = &options_pin}, {0}};

static const struct help_action actions[] = {
	{"show", N_("auth|sign|auth-ca|sign-ca"), N_("Shows what the certificate says."),
	 " --format --output --force ", EXIT_CERT_SHOW, NULL, false},
	{"export", N_("auth|sign|auth-ca|sign-ca"),
	 N_("Writes the certificate to a file, or to standard output."), " --show-personal ",
	 EXIT_CERT, NULL, false},
	{0},
};

static const char documentation[] =
	N_("Shows a certificate of the card, or writes it to a file.\vauth is the authentication "
	   "certificate, sign is the signing certificate, auth-ca and "
	   "sign-ca are the certificates of the certificate authorities (CAs) that issued them.\n"
	   "\n"
	   "The signing certificate contains its holder's name, address, date of birth and sex. "
	   "Reading it requires the signing password. The exported file is readable only by you.");

static void parse_word(const char *word, struct arguments *arguments, struct argp_state *state)
{
	if (state->arg_num == 0) {
		if (strcmp(word, "show") == 0)
			arguments->action = ACTION_SHOW;
		else if (strcmp(word, "export") == 0)
			arguments->action = ACTION_EXPORT;
		else
			options_refuse(state, _("\"%s\" is neither show nor export"), word);
		return;
	}
	if (state->arg_num == 1)
		arguments->choice = cert_choice_find(word);
	if (arguments->choice == NULL)
		argp_error(state, _("specify a certificate: auth, sign, auth-ca or sign-ca"));
	else if (state->arg_num > 1)
		argp_error(state, _("too many arguments"));
}

static void parse_format(const char *word, struct arguments *arguments, struct argp_state *state)
{
	arguments->der = strcmp(word, "der") == 0;
	if (!arguments->der && strcmp(word, "pem") != 0)
		argp_error(state, _("the format must be pem or der"));
}

/* Refuse options that do not go together. */
static void check(const struct arguments *arguments, struct argp_state *state)
{
	if (arguments->action == ACTION_NONE)
		argp_error(state, _("specify an action: show or export"));
	else if (arguments->choice == NULL)
		argp_error(state, _("specify a certificate: auth, sign, auth-ca or sign-ca"));
	else if (arguments->action == ACTION_SHOW &&
		 (arguments->output != NULL || arguments->der || arguments->force))
		argp_error(state, _("--output, --format and --force can be used with export only"));
	else if (arguments->action == ACTION_EXPORT && arguments->der &&
		 arguments->output == NULL && !arguments->common.json && isatty(STDOUT_FILENO) == 1)
		argp_error(state, _("binary data is not written to a terminal: use --output"));
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &arguments->common;
		return 0;
	case 'o':
		arguments->output = argument;
		return 0;
	case OPTION_SHOW_PERSONAL:
		arguments->show_personal = true;
		return 0;
	case OPTION_FORCE:
		arguments->force = true;
		return 0;
	case OPTION_FORMAT:
		parse_format(argument, arguments, state);
		return 0;
	case ARGP_KEY_ARG:
		parse_word(argument, arguments, state);
		return 0;
	case ARGP_KEY_END:
		check(arguments, state);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* --- showing ------------------------------------------------------------------------------- */

static int exit_of(const struct cert_facts *facts)
{
	switch (date_effective(&facts->validity, &facts->auth_validity)->band) {
	case DATE_SOON:
		return APP_SOON;
	case DATE_ENDED:
		return APP_EXPIRED;
	case DATE_NOT_YET:
		return APP_FAILED;
	case DATE_FINE:
	default:
		return APP_OK;
	}
}

static int show(const struct arguments *arguments, const struct cards *cards,
		const struct card *card, const struct jpki_certificate *certificate)
{
	X509 *x509 = x509_of(certificate);
	time_t now = time(NULL);
	struct cert_facts facts;
	int result;

	if (x509 == NULL)
		return ui_refuse(arguments->common.json, SITUATION_INTERNAL);
	if (cert_facts_make(&facts, arguments->choice, x509, arguments->show_personal, now)) {
		card_certificate_complete(&facts, cards, card, x509, now);
		result = exit_of(&facts);
		if (!arguments->common.json)
			cert_print(&facts, arguments->show_personal);
		else
			cert_print_json(&facts, arguments->show_personal);
	} else {
		result = ui_refuse(arguments->common.json, SITUATION_INTERNAL);
	}
	cert_facts_free(&facts);
	X509_free(x509);
	return result;
}

/* --- exporting ----------------------------------------------------------------------------- */

static int write_file(const struct arguments *arguments, const struct jpki_certificate *certificate)
{
	const char *problem = cert_export(arguments->choice, certificate, arguments->output,
					  arguments->der, arguments->force);

	return problem == NULL
		       ? APP_OK
		       : ui_fail(arguments->common.json, APP_FAILED, arguments->output, problem);
}

/* Return the certificate as a JSON string: PEM, or DER in base64. */
static json_t *json_of(const struct jpki_certificate *certificate, bool der)
{
	const struct jpki_bytes *bytes = &certificate->der;
	BIO *bio = BIO_new(BIO_s_mem());
	unsigned char *base64 = NULL;
	json_t *value = NULL;
	char *data = NULL;
	long length;

	if (der) {
		base64 = malloc(bytes->length / 3 * 4 + 8);
		if (base64 != NULL) {
			EVP_EncodeBlock(base64, bytes->data, (int)bytes->length);
			value = json_string((const char *)base64);
		}
	} else if (bio != NULL && cert_export_write(bio, certificate, false)) {
		length = BIO_get_mem_data(bio, &data);
		value = length > 0 ? json_stringn(data, (size_t)length) : NULL;
	}
	free(base64);
	BIO_free(bio);
	return value;
}

static bool print_json(const struct arguments *arguments, const char *card_serial,
		       const struct jpki_certificate *certificate)
{
	json_t *value = json_pack("{s:s, s:s, s:s, s:n}", "certificate", arguments->choice->name,
				  "card_serial", card_serial, "format",
				  arguments->der ? "der" : "pem", "output");

	ui_json_set_file(value, "output", arguments->output);
	if (arguments->output == NULL)
		json_object_set_new(value, arguments->der ? "base64" : "pem",
				    json_of(certificate, arguments->der));
	return ui_json(value);
}

static int export(const struct arguments *arguments, const struct card *card,
		  const struct jpki_certificate *certificate)
{
	const char *warning = cert_words_export(arguments->choice);
	int result = APP_OK;
	BIO *bio;

	if (warning != NULL)
		ui_line(stderr, UI_WARN, "%s", warning);
	if (arguments->output != NULL)
		result = write_file(arguments, certificate);
	if (result == APP_OK && arguments->common.json)
		return print_json(arguments, card->serial, certificate) ? APP_OK : APP_FAILED;
	if (arguments->output == NULL) {
		bio = BIO_new_fp(stdout, BIO_NOCLOSE);
		if (bio == NULL || !cert_export_write(bio, certificate, arguments->der) ||
		    BIO_flush(bio) != 1)
			result = APP_FAILED;
		BIO_free(bio);
	}
	return result;
}

static int run(struct cards *cards, const struct card *card, void *argument)
{
	const struct arguments *arguments = argument;
	struct jpki_certificate *certificate = NULL;
	struct card_pin card_pin;
	int result;

	card_pin_init(&card_pin, cards, card, arguments->choice->key, &arguments->common);
	result = card_certificate_read(&card_pin, arguments->choice, &certificate);
	if (certificate != NULL && arguments->action == ACTION_SHOW)
		result = show(arguments, cards, card, certificate);
	else if (certificate != NULL)
		result = export(arguments, card, certificate);
	jpki_certificate_release(certificate);
	return result;
}

int tool_cert(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options, .parser = parse, .doc = documentation, .children = children};
	struct arguments arguments = {0};

	options_parse_actions(&argp, EXIT_CERT, actions, argc, argv, &arguments);
	return cards_with_one(&arguments.common, run, &arguments);
}
