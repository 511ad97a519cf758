/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki verify: tells whether a signature is valid, and what cannot be known about it here. */
#include "tool/tool.h"

#include "app/ui/key_name.h"
#include "app/verify/verify_run.h"

enum { OPTION_RAW = 256, OPTION_CA, OPTION_CERTIFICATE, OPTION_FORCE, OPTION_KEY, OPTION_PERSONAL };

static const struct argp_option options[] = {
	{"ca", OPTION_CA, N_("FILE"), 0,
	 N_("trust these certificates (PEM or DER) instead of the CA certificate on the card"), 0},
	{"raw", OPTION_RAW, NULL, 0,
	 N_("SIGNATURE is a bare signature (SHA256-RSA-PKCS); requires --certificate"), 0},
	{"certificate", OPTION_CERTIFICATE, N_("FILE"), 0,
	 N_("use this signer's certificate if the signature does not contain it"), 0},
	{"key", OPTION_KEY, N_("KEY"), 0,
	 N_("the signature was made with a signing key (sign, the default) or with an "
	    "authentication key (auth)"),
	 0},
	{"output", 'o', N_("FILE"), 0,
	 N_("write the signed content to this file if the signature is valid and contains it"), 0},
	{"force", OPTION_FORCE, NULL, 0, N_("replace the file of --output"), 0},
	{"show-personal", OPTION_PERSONAL, NULL, 0,
	 N_("show the signer's name and the day on which the certificate expires"), 0},
	{0},
};

static const struct argp_child children[] = {{.argp = &options_card}, {0}};

static const char arguments[] = N_("SIGNATURE [FILE]");
static const char documentation[] =
	N_("Verifies a CMS signature, such as FILE.p7s, or the signatures in a PDF or an XML "
	   "document. It checks that "
	   "FILE is what was signed, and that nothing but signatures was added to a PDF since. It "
	   "also checks that the certificate authority (CA) whose certificate is on the card, or "
	   "was on a card before, issued each signer's certificate for signatures, that this CA is "
	   "one of J-LIS' known to this program, and that today is within the certificate's "
	   "validity period. If FILE is not given, it checks the content of the "
	   "signature or, if the signature is detached, the file whose name is SIGNATURE without "
	   "its suffix. It asks for no PIN.\vIt does not check whether a certificate was revoked: "
	   "the CA tells this only to accredited bodies.");

static error_t parse(int option, char *argument, struct argp_state *state)
{
	struct verify_request *request = state->input;
	struct {
		int option;
		bool *flag;
		const char **value;
	} rows[] = {{OPTION_RAW, &request->raw, NULL},
		    {OPTION_FORCE, &request->force, NULL},
		    {OPTION_PERSONAL, &request->show_personal, NULL},
		    {OPTION_CA, NULL, &request->ca},
		    {OPTION_CERTIFICATE, NULL, &request->certificate},
		    {'o', NULL, &request->output}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].option != option)
			continue;
		if (rows[i].flag != NULL)
			*rows[i].flag = true;
		else
			*rows[i].value = argument;
		return 0;
	}
	if (option == OPTION_KEY) {
		if (!key_of_name(argument, &request->key))
			argp_error(state, "%s", _("--key must be sign or auth."));
		return 0;
	}
	if (option == ARGP_KEY_ARG && state->arg_num < 2) {
		*(state->arg_num == 0 ? &request->signature : &request->file) = argument;
		return 0;
	}
	if (option == ARGP_KEY_INIT) {
		state->child_inputs[0] = &request->common;
		return 0;
	}
	if (option != ARGP_KEY_END)
		return ARGP_ERR_UNKNOWN;
	if (request->signature == NULL)
		argp_error(state, "%s", _("No signature was given."));
	else if (request->raw && request->certificate == NULL)
		argp_error(state, "%s", _("--raw requires --certificate."));
	else if (request->raw && request->output != NULL)
		argp_error(state, "%s",
			   _("A bare signature (--raw) contains no file for --output."));
	return 0;
}

int tool_verify(int argc, char **argv)
{
	static const struct argp argp = {.options = options,
					 .parser = parse,
					 .args_doc = arguments,
					 .doc = documentation,
					 .children = children};
	struct verify_request request = {.key = JPKI_KEY_SIGN};

	options_parse(&argp, EXIT_VERIFY, argc, argv, &request);
	return verify_run(&request);
}
