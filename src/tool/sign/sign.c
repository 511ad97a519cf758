/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki sign: signs files, with one question for the PIN. */
#include "tool/tool.h"

#include <stdlib.h>

#include "app/ui/key_name.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"
#include "tool/sign/sign_card.h"
#include "tool/sign/sign_files.h"

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
	 N_("put the file into the signature, which is FILE.p7m then"), 0},
	{"raw", OPTION_RAW, NULL, 0,
	 N_("the bare signature (SHA256-RSA-PKCS) without a certificate, as FILE.sig"), 0},
	{"pem", OPTION_PEM, NULL, 0, N_("write text (PEM) instead of binary data (DER)"), 0},
	{"chain", OPTION_CHAIN, NULL, 0, N_("add the certificate of the authority"), 0},
	{"output", 'o', N_("FILE"), 0, N_("where the signature goes, of one file"), 0},
	{"force", OPTION_FORCE, NULL, 0, N_("replace signatures that are there already"), 0},
	{"expired-ok", OPTION_EXPIRED_OK, NULL, 0,
	 N_("sign also when the certificate has ended or not begun, without asking"), 0},
	{"key", OPTION_KEY, N_("KEY"), 0,
	 N_("\"sign\", the signing key (default), or \"auth\", the one for authentication"), 0},
	{"module", OPTION_MODULE, N_("FILE"), 0,
	 N_("use another PKCS#11 module than the one that is installed with jpki"), 0},
	{0},
};

static const struct argp_child children[] = {{.argp = &options_pin}, {0}};

static const char arguments[] = N_("FILE...");
static const char documentation[] = N_(
	"Signs files with a key of the card. The signature of FILE goes to FILE.p7s (CMS, beside "
	"the file). The password is asked for once for all files."
	"\v"
	"A signature holds your certificate, and with the signing key that means your name, "
	"birth date, sex and address: give it only to those who may know them.\n"
	"\n"
	"Exit codes:\n"
	"  0  all files are signed\n"
	"  1  some are not; or the certificate's period has not begun, and nothing was signed\n"
	"  2  the command line is wrong\n"
	"  3  no reader, or no smart card service\n"
	"  4  no card, or not the one with this serial number\n"
	"  5  no card of a kind that is known\n"
	"  6  several cards, and none was chosen\n"
	"  7  the card has no such key\n"
	"  9  the certificate has ended, and nothing was signed\n"
	" 10  the card has refused the password\n"
	" 11  the password was not sent: it can't be right, or it is the last try\n"
	" 12  the password is locked\n"
	" 13  stopped");

static void check_arguments(struct argp_state *state, const struct sign_request *request)
{
	if (request->count == 0)
		argp_error(state, "%s", _("No file to sign was given."));
	else if (request->output != NULL && request->count > 1)
		argp_error(state, "%s", _("--output is for one file."));
	else if (request->raw && (request->attached || request->pem || request->chain))
		argp_error(state, "%s",
			   _("A bare signature (--raw) cannot be attached, PEM or with a chain."));
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
			argp_error(state, "%s", _("--key is sign or auth."));
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

static int run(struct sign_request *request)
{
	if (request->module == NULL)
		request->module = MODULE_DIR "/jpki-pkcs11.so";
	if (!sign_plan(request))
		return ui_refuse(request->common.json, SITUATION_INTERNAL);
	if (sign_waiting(request) > 0)
		return sign_with_card(request);
	sign_print(request, SITUATION_NONE);
	return sign_end(request, SITUATION_NONE);
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
		options_parse(&argp, argc, argv, &request);
		result = run(&request);
	}
	for (size_t i = 0; request.jobs != NULL && i < request.count; i++) {
		free(request.jobs[i].output);
		free(request.jobs[i].reason);
	}
	free(request.jobs);
	return result;
}
