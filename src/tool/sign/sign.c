/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign: runs jpki sign, which signs files after asking for the PIN once. */
#include "tool/tool.h"

#include <stdlib.h>

#include "app/sign/sign_card.h"
#include "app/sign/sign_files.h"
#include "app/sign/sign_xml.h"
#include "app/ui/key_name.h"
#include "app/ui/refuse.h"
#include "app/ui/situation.h"

enum {
	OPTION_ATTACHED = 256,
	OPTION_RAW,
	OPTION_PEM,
	OPTION_CHAIN,
	OPTION_FORCE,
	OPTION_EXPIRED_OK,
	OPTION_KEY,
	OPTION_MODULE,
	OPTION_CMS,
	OPTION_PDF,
	OPTION_NAME,
	OPTION_XML,
};

static const struct argp_option options[] = {
	{"cms", OPTION_CMS, NULL, 0, N_("make a CMS signature, FILE.p7s, also of a PDF"), 0},
	{"pdf", OPTION_PDF, NULL, 0, N_("make signed copies of PDFs, and refuse other files"), 0},
	{"xml", OPTION_XML, N_("FORM"), 0,
	 N_("make signed copies of XML documents, in the form of e-gov (with the files that the "
	    "document names), e-tax or enveloped (the whole document)"),
	 0},
	{"name", OPTION_NAME, N_("NAME"), 0,
	 N_("write this signer's name into a PDF instead of the name in the certificate"), 0},
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
	N_("Signs files with a key of the card. Of a PDF it makes a signed copy, for example "
	   "letter-signed.pdf of letter.pdf. Of any other FILE it writes the CMS signature to "
	   "FILE.p7s in the same directory. It asks for the PIN once for all files.\vA signature "
	   "contains your "
	   "certificate. If you sign with the signing key, this includes your name, date of birth, "
	   "sex and address: give the signature only to those who may know them.");

static void check_arguments(struct argp_state *state, const struct sign_request *request)
{
	if (request->count == 0)
		argp_error(state, "%s", _("No file to sign was given."));
	else if (request->output != NULL && request->output[0] == '\0')
		argp_error(state, "%s", _("--output is empty."));
	else if (request->output != NULL && request->count > 1)
		argp_error(state, "%s", _("--output can be used with one file only."));
	else if (request->raw && (request->attached || request->pem || request->chain))
		argp_error(state, "%s",
			   _("--raw cannot be combined with --attached, --pem or --chain."));
	else if (request->form == SIGN_PDF && (request->raw || request->attached || request->pem))
		argp_error(state, "%s",
			   _("--pdf cannot be combined with --raw, --attached or --pem."));
	else if (request->form == SIGN_XML &&
		 (request->raw || request->attached || request->pem || request->chain))
		argp_error(state, "%s",
			   _("--xml cannot be combined with --raw, --attached, --pem or --chain."));
	else if (request->name != NULL && (request->form == SIGN_CMS || request->form == SIGN_XML))
		argp_error(state, "%s", _("Only PDFs have --name."));
	else if (request->name != NULL && request->name[0] == '\0')
		argp_error(state, "%s", _("--name is empty."));
}

/* Take a form, which is one for all files. */
static void take_form(struct argp_state *state, enum sign_form form, enum xml_profile profile)
{
	struct sign_request *request = state->input;

	if (request->form != SIGN_BY_CONTENT &&
	    (request->form != form || request->profile != profile))
		argp_error(state, "%s", _("Only one of --cms, --pdf and --xml can be used."));
	request->form = form;
	request->profile = profile;
}

static error_t parse(int option, char *argument, struct argp_state *state)
{
	struct sign_request *request = state->input;
	enum xml_profile profile = request->profile;
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
	case OPTION_NAME:
		request->name = argument;
		return 0;
	case OPTION_CMS:
	case OPTION_PDF:
		take_form(state, option == OPTION_PDF ? SIGN_PDF : SIGN_CMS, request->profile);
		return 0;
	case OPTION_XML:
		if (!sign_xml_profile(argument, &profile))
			argp_error(state, "%s", _("--xml must be e-gov, e-tax or enveloped."));
		take_form(state, SIGN_XML, profile);
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

static int run(struct sign_request *request)
{
	if (!sign_plan(request))
		return ui_refuse(request->common.json, SITUATION_INTERNAL);
	if (sign_waiting(request) > 0) {
		sign_print_faults(request);
		sign_print_warnings(request);
		if (request->form == SIGN_XML)
			sign_xml_warn(request->profile);
		return sign_with_card(request);
	}
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
		options_parse(&argp, EXIT_SIGN, argc, argv, &request);
		result = run(&request);
	}
	sign_free(&request);
	return result;
}
