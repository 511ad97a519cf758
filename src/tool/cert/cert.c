/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki cert: shows or exports a certificate of the card. */
#include "tool/tool.h"

#include <errno.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/card/card_pin.h"
#include "app/card/card_report.h"
#include "app/certificate/x509.h"
#include "app/host/atomic_file.h"
#include "app/host/signals.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/options.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "app/certificate/cert_facts.h"
#include "tool/cert/cert_show.h"

static const struct cert_choice choices[] = {
	{"auth", JPKI_KEY_AUTH, JPKI_CERTIFICATE_OWN},
	{"sign", JPKI_KEY_SIGN, JPKI_CERTIFICATE_OWN},
	{"auth-ca", JPKI_KEY_AUTH, JPKI_CERTIFICATE_CA},
	{"sign-ca", JPKI_KEY_SIGN, JPKI_CERTIFICATE_CA},
};

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
	for (size_t i = 0; state->arg_num == 1 && i < sizeof(choices) / sizeof(choices[0]); i++) {
		if (strcmp(word, choices[i].name) == 0)
			arguments->choice = &choices[i];
	}
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

/* --- reading ------------------------------------------------------------------------------- */

static enum jpki_error read_certificate(const struct jpki_token_ref *token,
					enum jpki_certificate_kind kind,
					struct jpki_certificate **certificate)
{
	enum jpki_error error;

	ui_busy(_("Reading the card..."));
	error = jpki_token_certificate(token, kind, certificate);
	ui_busy_end();
	return error;
}

struct reading {
	struct card_pin *card_pin;
	struct jpki_certificate **certificate;
};

/* Read the certificate with a PIN. */
static int read_by(void *argument, struct prompt_pin *pin)
{
	struct reading *reading = argument;
	struct jpki_token_ref token = card_pin_token(reading->card_pin);
	enum jpki_error error;
	sigset_t before;

	ui_busy(_("Reading the card..."));
	signals_hold(&before);
	error = jpki_token_login(&token, pin->value, pin->length);
	signals_release(&before);
	if (error == JPKI_OK)
		error = jpki_token_certificate(&token, JPKI_CERTIFICATE_OWN, reading->certificate);
	jpki_token_logout(&token);
	ui_busy_end();
	return error == JPKI_OK ? APP_OK
				: pin_dialog_explain(&reading->card_pin->dialog, error, pin);
}

/*
 * Read a certificate that needs the PIN. Return the exit code; on failure the reason was printed.
 */
static int read_with_pin(struct card_pin *card_pin, struct jpki_certificate **certificate)
{
	struct reading reading = {.card_pin = card_pin, .certificate = certificate};

	return pin_dialog_use(&card_pin->dialog,
			      _("The certificate is personal data; reading it requires the PIN:"),
			      read_by, &reading);
}

/*
 * Return APP_OK with a certificate that the caller releases, or the exit code after printing the
 * reason.
 */
static int fetch(struct card_pin *card_pin, const struct cert_choice *choice,
		 struct jpki_certificate **certificate)
{
	const struct pin_dialog *dialog = &card_pin->dialog;
	struct jpki_token_ref token = card_pin_token(card_pin);
	struct jpki_token_info info;
	enum jpki_error error = jpki_token_get_info(&token, &info);
	bool own = choice->kind == JPKI_CERTIFICATE_OWN;

	if (error == JPKI_OK && own && !info.has_key)
		error = JPKI_E_NOT_FOUND;
	/* The card may require the PIN even if its generation does not. */
	if (error == JPKI_OK && !(own && info.certificate_is_private))
		error = read_certificate(&token, choice->kind, certificate);
	else if (error == JPKI_OK)
		error = JPKI_E_LOGIN_REQUIRED;
	if (own && error == JPKI_E_LOGIN_REQUIRED)
		return read_with_pin(card_pin, certificate);
	return error == JPKI_OK ? APP_OK
				: ui_refuse(dialog->json, situation_of_error(error, dialog->key));
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

static int show(const struct arguments *arguments, const struct card *card,
		const struct jpki_certificate *certificate)
{
	X509 *x509 = x509_of(certificate);
	time_t now = time(NULL);
	struct cert_facts facts;
	int result;

	if (x509 == NULL)
		return ui_refuse(arguments->common.json, SITUATION_INTERNAL);
	if (cert_facts_make(&facts, arguments->choice, x509, arguments->show_personal, now)) {
		facts.card_serial = card->serial;
		if (strcmp(arguments->choice->name, "sign") == 0)
			facts.auth_validity = card_report_auth_validity(card, now);
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

static bool write_certificate(BIO *bio, const struct jpki_certificate *certificate, bool der)
{
	const struct jpki_bytes *bytes = &certificate->der;
	size_t written = 0;

	if (der)
		return BIO_write_ex(bio, bytes->data, bytes->length, &written) == 1;
	return PEM_write_bio(bio, PEM_STRING_X509, "", bytes->data, (long)bytes->length) > 0;
}

static int write_file(const struct arguments *arguments, const struct jpki_certificate *certificate)
{
	const char *obstacle = atomic_file_obstacle(arguments->output, arguments->force, NULL, 0);
	struct atomic_file output;
	int error;

	if (obstacle != NULL)
		return ui_fail(arguments->common.json, APP_FAILED, arguments->output, obstacle);

	/* Personal data: only the user may read the file. */
	if (strcmp(arguments->choice->name, "sign") == 0)
		umask(0077);
	if (atomic_file_begin(&output, arguments->output)) {
		if (write_certificate(output.bio, certificate, arguments->der)) {
			if (atomic_file_commit(&output, arguments->force))
				return APP_OK;
		} else {
			error = errno;
			atomic_file_drop(&output);
			errno = error;
		}
	}
	return ui_fail(arguments->common.json, APP_FAILED, arguments->output, strerror(errno));
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
	} else if (bio != NULL && write_certificate(bio, certificate, false)) {
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
	int result = APP_OK;
	BIO *bio;

	if (strcmp(arguments->choice->name, "sign") == 0)
		ui_line(stderr, UI_WARN,
			_("This certificate contains the holder's name, address, date of birth and "
			  "sex. Give it only to those who may know them."));
	if (arguments->output != NULL)
		result = write_file(arguments, certificate);
	if (result == APP_OK && arguments->common.json)
		return print_json(arguments, card->serial, certificate) ? APP_OK : APP_FAILED;
	if (arguments->output == NULL) {
		bio = BIO_new_fp(stdout, BIO_NOCLOSE);
		if (bio == NULL || !write_certificate(bio, certificate, arguments->der) ||
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
	result = fetch(&card_pin, arguments->choice, &certificate);
	if (certificate != NULL && arguments->action == ACTION_SHOW)
		result = show(arguments, card, certificate);
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
