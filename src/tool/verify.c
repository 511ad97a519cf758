/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* jpki verify: whether a signature is good, and what can't be known of it here. */
#include "tool/tool.h"

#include <argp.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <time.h>

#include "tool/cards.h"
#include "tool/date.h"
#include "tool/output.h"
#include "tool/personal.h"
#include "tool/seal.h"
#include "tool/signer.h"
#include "tool/ui.h"
#include "tool/x509.h"

struct request {
	const char *signature;
	const char *file; /* what it is over; NULL: it is in the signature, or named after it */
	const char *ca;
	const char *certificate;
	const char *output;
	const char *serial;
	enum jpki_key key;
	bool raw, force, show_personal, json;

	char *guessed; /* for file */
	X509_STORE *trusted;
	X509 *given; /* of --certificate */
	json_t *signers;
};

enum { OPTION_RAW = 256, OPTION_CA, OPTION_CERTIFICATE, OPTION_FORCE, OPTION_KEY, OPTION_PERSONAL };

static const struct argp_option options[] = {
	{"ca", OPTION_CA, N_("FILE"), 0,
	 N_("trust these certificates (PEM or DER), not the one of the authority on the card"), 0},
	{"raw", OPTION_RAW, NULL, 0,
	 N_("SIGNATURE is bare (SHA256-RSA-PKCS); --certificate is needed, too"), 0},
	{"certificate", OPTION_CERTIFICATE, N_("FILE"), 0,
	 N_("the signer's certificate, when it is not in the signature"), 0},
	{"key", OPTION_KEY, N_("KEY"), 0,
	 N_("\"sign\", made with a signing key (default), or \"auth\", with one for "
	    "authentication"),
	 0},
	{"output", 'o', N_("FILE"), 0,
	 N_("write here what was signed, if the signature is good and holds it"), 0},
	{"force", OPTION_FORCE, NULL, 0, N_("replace the file of --output"), 0},
	{"serial", 's', N_("SERIAL"), 0, N_("use the card with this serial number"), 0},
	{"show-personal", OPTION_PERSONAL, NULL, 0, N_("show who has signed"), 0},
	{"json", 'j', NULL, 0, N_("print JSON, for programs"), 0},
	{0},
};

static const char arguments[] = N_("SIGNATURE [FILE]");
static const char documentation[] = N_(
	"Checks a signature (CMS, such as FILE.p7s): that FILE is what was signed, and that each "
	"signer's certificate was issued for signatures by the authority whose certificate is "
	"on the card, and is in date today. Without FILE it is SIGNATURE without its ending, or "
	"what the signature holds. No PIN is asked for."
	"\v"
	"Whether a certificate was revoked is not checked: the authority tells that to "
	"accredited bodies only.\n"
	"\n"
	"Exit codes:\n"
	"  0  all signatures are good, as far as it can be known here\n"
	"  1  a file could not be read or written\n"
	"  2  the command line is wrong\n"
	"  3 to 7  the authority's certificate could not be had from a card\n"
	"  9  all is good but that a certificate has ended\n"
	" 14  a signature or a certificate is not good");

static error_t parse(int option, char *argument, struct argp_state *state)
{
	struct request *request = state->input;
	struct {
		int option;
		bool *flag;
		const char **value;
	} rows[] = {{OPTION_RAW, &request->raw, NULL},
		    {OPTION_FORCE, &request->force, NULL},
		    {OPTION_PERSONAL, &request->show_personal, NULL},
		    {'j', &request->json, NULL},
		    {OPTION_CA, NULL, &request->ca},
		    {OPTION_CERTIFICATE, NULL, &request->certificate},
		    {'o', NULL, &request->output},
		    {'s', NULL, &request->serial}};

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
		request->key = strcmp(argument, "auth") == 0 ? JPKI_KEY_AUTH : JPKI_KEY_SIGN;
		if (strcmp(argument, "auth") != 0 && strcmp(argument, "sign") != 0)
			argp_error(state, "%s", _("--key is sign or auth."));
		return 0;
	}
	if (option == ARGP_KEY_ARG && state->arg_num < 2) {
		*(state->arg_num == 0 ? &request->signature : &request->file) = argument;
		return 0;
	}
	if (option != ARGP_KEY_END)
		return ARGP_ERR_UNKNOWN;
	if (request->signature == NULL)
		argp_error(state, "%s", _("No signature was given."));
	else if (request->raw && request->certificate == NULL)
		argp_error(state, "%s", _("A bare signature (--raw) needs --certificate, too."));
	else if (request->raw && request->output != NULL)
		argp_error(state, "%s", _("A bare signature (--raw) holds nothing for --output."));
	return 0;
}

/* --- the report ------------------------------------------------------------------------------ */

struct wording {
	const char *name; /* for scripts */
	const char *text;
};

static const struct wording of_seal[] = {
	[SEAL_GOOD] = {"good", N_("The signature fits: this is what was signed.")},
	[SEAL_UNREADABLE] = {"unreadable", N_("A file could not be read.")},
	[SEAL_NO_SIGNATURE] = {"no-signature",
			       N_("NOT GOOD: this is not a signature of a kind that is known here "
				  "(CMS, or with --raw the bare bytes).")},
	[SEAL_NO_CERTIFICATE] = {"no-certificate",
				 N_("NOT GOOD: a signer's certificate is missing. --certificate "
				    "can give it.")},
	[SEAL_WEAK] = {"weak-hash", N_("NOT GOOD: the signature is over a kind of hash that can be "
				       "forged.")},
	[SEAL_OTHER_CONTENT] = {"content-differs",
				N_("NOT GOOD: the content is not what was signed.")},
	[SEAL_BROKEN] = {"broken", N_("NOT GOOD: the signature does not fit.")},
};

static const struct wording of_signer[] = {
	[SIGNER_GOOD] = {"good",
			 N_("The certificate was issued for signatures by this authority.")},
	[SIGNER_UNTRUSTED] = {"untrusted",
			      N_("NOT GOOD: the certificate was not issued by this authority. The "
				 "card may hold the one of other years; --ca can give another.")},
	[SIGNER_NO_AUTHORITY] = {"no-authority",
				 N_("NOT GOOD: the certificate was issued by somebody who is no "
				    "authority.")},
	[SIGNER_WRONG_USAGE] = {"wrong-usage",
				N_("NOT GOOD: the certificate was not issued for signatures.")},
	[SIGNER_EXPIRED] = {"expired", NULL},
	[SIGNER_NOT_YET] = {"not-yet-valid", NULL},
};

/* The subject in one line; control characters are escaped. To be freed; NULL without memory. */
static char *subject_of(const X509 *certificate)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	char *data;
	long length;

	if (bio != NULL && X509_NAME_print_ex(bio, X509_get_subject_name(certificate), 0,
					      XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
		length = BIO_get_mem_data(bio, &data);
		text = length > 0 ? strndup(data, (size_t)length) : NULL;
	}
	BIO_free(bio);
	return text;
}

static void show_person(const struct request *request, const X509 *certificate, json_t *entry)
{
	struct personal personal;
	char *subject = subject_of(certificate);

	if (!request->show_personal && !request->json)
		ui_line(stdout, UI_PLAIN, "%s",
			_("Who has signed is not shown; --show-personal does."));
	if (request->show_personal && personal_decode(certificate, &personal)) {
		json_object_set_new(entry, "name",
				    personal.name.text == NULL ? json_null()
							       : json_string(personal.name.text));
		if (!request->json && personal.name.text != NULL)
			ui_line(stdout, UI_PLAIN, _("Name: %s"), personal.name.text);
	}
	if (request->show_personal) {
		personal_free(&personal);
		json_object_set_new(entry, "subject", json_string(subject == NULL ? "" : subject));
		if (!request->json && subject != NULL)
			ui_line(stdout, UI_PLAIN, _("Subject: %s"), subject);
	}
	free(subject);
}

static void say_verdict(const struct signer_verdict *verdict, const struct date_validity *validity)
{
	enum ui_tone tone = verdict->fault == SIGNER_GOOD ? UI_GOOD : UI_BAD;

	if (verdict->fault == SIGNER_NOT_YET)
		ui_say(stdout, UI_BAD, SITUATION_NOT_YET_VALID);
	else if (verdict->fault == SIGNER_EXPIRED && validity->band == DATE_ENDED)
		ui_say(stdout, UI_BAD, SITUATION_EXPIRED, validity->last_day_text);
	else if (verdict->fault == SIGNER_EXPIRED)
		ui_line(stdout, UI_BAD, "%s", _("The authority's certificate has ended."));
	else
		ui_line(stdout, tone, "%s", _(of_signer[verdict->fault].text));
	if (verdict->detail != NULL && verdict->fault != SIGNER_EXPIRED)
		ui_line(stdout, UI_PLAIN, "(%s)", verdict->detail);
}

/* Judges one signer, and tells of it. */
static enum signer_fault check_signer(struct request *request, X509 *certificate,
				      STACK_OF(X509) * others, const CMS_SignerInfo *signer)
{
	struct signer_verdict verdict =
		signer_judge(certificate, others, request->trusted, request->key);
	struct date_validity validity = date_validity_of(certificate, time(NULL));
	char claimed[SEAL_TIME_SIZE] = "";
	json_t *entry =
		json_pack("{s:s, s:s*, s:s}", "certificate", of_signer[verdict.fault].name,
			  "detail", verdict.detail, "certificate_last_day", validity.last_day);

	if (signer != NULL && seal_claimed_time(signer, claimed))
		json_object_set_new(entry, "claimed_time_utc", json_string(claimed));
	show_person(request, certificate, entry);
	if (!request->json) {
		if (claimed[0] != '\0')
			ui_line(stdout, UI_PLAIN,
				_("Time of signing as the signer says, which proves nothing: %s "
				  "UTC"),
				claimed);
		say_verdict(&verdict, &validity);
	}
	json_array_append_new(request->signers, entry);
	return verdict.fault;
}

static int report(struct request *request, enum seal_fault seal, int result)
{
	if (request->json) {
		ui_json(json_pack("{s:b, s:s, s:O, s:s}", "good", result == TOOL_OK, "signature",
				  of_seal[seal].name, "signers", request->signers, "revocation",
				  "not-checked"));
	} else if (result == TOOL_OK) {
		ui_say(stdout, UI_PLAIN, SITUATION_VALIDITY_UNKNOWN);
		ui_line(stdout, UI_PLAIN, "%s",
			_("The authority tells about revocation to accredited bodies only."));
	}
	return result;
}

/* --- what is trusted ------------------------------------------------------------------------- */

static int fail_file(const char *file, const char *reason)
{
	ui_line(stderr, UI_BAD, "jpki: %s: %s", file, reason);
	return TOOL_FAILED;
}

/* One certificate after another from PEM; the only one from DER. NULL: no more. */
static X509 *next_certificate(BIO *bio, size_t place)
{
	X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);

	if (certificate == NULL && place == 0 && BIO_seek(bio, 0) == 0)
		certificate = d2i_X509_bio(bio, NULL);
	ERR_clear_error();
	return certificate;
}

static int trust_file(struct request *request)
{
	BIO *bio = BIO_new_file(request->ca, "rb");
	X509 *certificate;
	size_t count = 0;

	if (bio == NULL)
		return fail_file(request->ca, strerror(errno));
	while ((certificate = next_certificate(bio, count)) != NULL) {
		count += X509_STORE_add_cert(request->trusted, certificate) == 1 ? 1 : 0;
		X509_free(certificate);
	}
	BIO_free(bio);
	return count > 0 ? TOOL_OK : fail_file(request->ca, _("There is no certificate in it."));
}

static int trust_card(struct request *request)
{
	struct jpki_certificate *authority = NULL;
	enum situation situation = SITUATION_INTERNAL;
	const struct tool_card *card;
	struct tool_cards cards;
	X509 *certificate = NULL;
	int result = TOOL_OK;

	if (!tool_cards_open(&cards))
		return ui_refuse(request->json, SITUATION_INTERNAL, NULL);
	card = tool_cards_choose(&cards, request->serial, &situation);
	if (card != NULL) {
		struct jpki_token_ref token = tool_card_token(card, request->key);
		enum jpki_error error =
			jpki_token_certificate(&token, JPKI_CERTIFICATE_CA, &authority);

		/* The card is there: it is this token that it does not have. */
		if (error == JPKI_E_NO_CARD)
			error = JPKI_E_NOT_FOUND;
		if (error == JPKI_OK)
			certificate = tool_x509_of(authority);
		situation = error == JPKI_OK ? SITUATION_INTERNAL
					     : situation_of_error(error, request->key);
		jpki_certificate_release(authority);
	}
	if (certificate == NULL || X509_STORE_add_cert(request->trusted, certificate) != 1) {
		result = ui_refuse(request->json, situation, &cards);
		ui_line(stderr, UI_PLAIN, "%s",
			_("The card is asked for its authority's certificate; --ca can give one "
			  "without a card."));
	}
	X509_free(certificate);
	tool_cards_close(&cards);
	return result;
}

static int load_given(struct request *request)
{
	BIO *bio = BIO_new_file(request->certificate, "rb");

	if (bio == NULL)
		return fail_file(request->certificate, strerror(errno));
	request->given = next_certificate(bio, 0);
	BIO_free(bio);
	return request->given != NULL
		       ? TOOL_OK
		       : fail_file(request->certificate, _("There is no certificate in it."));
}

/* --- the check ------------------------------------------------------------------------------- */

static int worse(int result, enum signer_fault fault)
{
	if (fault == SIGNER_GOOD || result == TOOL_NOT_VALID)
		return result;
	return fault == SIGNER_EXPIRED ? TOOL_EXPIRED : TOOL_NOT_VALID;
}

static int tell_seal(const struct request *request, enum seal_fault seal)
{
	if (!request->json)
		ui_line(stdout, seal == SEAL_GOOD ? UI_GOOD : UI_BAD, "%s", _(of_seal[seal].text));
	if (seal == SEAL_GOOD)
		return TOOL_OK;
	return seal == SEAL_UNREADABLE ? TOOL_FAILED : TOOL_NOT_VALID;
}

static int check_signers(struct request *request, CMS_ContentInfo *cms)
{
	STACK_OF(CMS_SignerInfo) *signers = CMS_get0_SignerInfos(cms);
	STACK_OF(X509) *others = CMS_get1_certs(cms);
	int count = sk_CMS_SignerInfo_num(signers);
	int result = TOOL_OK;

	for (int i = 0; i < count; i++) {
		CMS_SignerInfo *signer = sk_CMS_SignerInfo_value(signers, i);
		X509 *certificate = NULL;

		CMS_SignerInfo_get0_algs(signer, NULL, &certificate, NULL, NULL);
		if (count > 1 && !request->json)
			ui_line(stdout, UI_PLAIN, _("Signer %d of %d:"), i + 1, count);
		result =
			certificate == NULL
				? TOOL_NOT_VALID
				: worse(result, check_signer(request, certificate, others, signer));
	}
	sk_X509_pop_free(others, X509_free);
	return result;
}

/* Checks all of it, and writes what was signed to out. */
static int check_cms(struct request *request, CMS_ContentInfo *cms, BIO *content, BIO *out)
{
	enum seal_fault seal = seal_check(cms, request->given, content, out);
	int result = tell_seal(request, seal);

	if (result == TOOL_OK)
		result = check_signers(request, cms);
	return report(request, seal, result);
}

/* The file that a signature beside it is over, by its name: without .p7s or .sig. */
static const char *find_file(struct request *request)
{
	const char *end = strrchr(request->signature, '.');

	if (request->file == NULL && end != NULL && end != request->signature && end[-1] != '/' &&
	    (strcmp(end, ".p7s") == 0 || strcmp(end, ".sig") == 0)) {
		request->guessed = strndup(request->signature, (size_t)(end - request->signature));
		request->file = request->guessed;
	}
	return request->file;
}

static int verify_cms(struct request *request, BIO *signature)
{
	CMS_ContentInfo *cms = seal_read(signature);
	BIO *content = NULL;
	struct output output = {0};
	int result = TOOL_USAGE;

	if (cms == NULL)
		return report(request, SEAL_NO_SIGNATURE, tell_seal(request, SEAL_NO_SIGNATURE));
	if (CMS_is_detached(cms) == 0 && request->file != NULL) {
		ui_line(stderr, UI_BAD, _("jpki: %s holds what was signed; give no other file."),
			request->signature);
		goto out;
	}
	/* Who changes the file could have put its old text into the signature, too. */
	if (CMS_is_detached(cms) == 0 && find_file(request) != NULL &&
	    access(request->file, F_OK) == 0) {
		ui_line(stderr, UI_BAD,
			_("jpki: %s holds what was signed; %s beside it was not looked at."),
			request->signature, request->file);
		goto out;
	}
	if (CMS_is_detached(cms) == 0)
		request->file = NULL;
	if (CMS_is_detached(cms) != 0 && find_file(request) == NULL) {
		ui_line(stderr, UI_BAD, _("jpki: Give the file that was signed, too."));
		goto out;
	}
	if (request->file != NULL && (content = BIO_new_file(request->file, "rb")) == NULL) {
		result = fail_file(request->file, strerror(errno));
		goto out;
	}
	if (request->output != NULL && !output_begin(&output, request->output)) {
		result = fail_file(request->output, strerror(errno));
		goto out;
	}
	result = check_cms(request, cms, content, output.bio);
	if (result != TOOL_OK)
		output_drop(&output);
	else if (request->output != NULL && !output_commit(&output, request->force))
		result = fail_file(request->output, strerror(errno));
out:
	BIO_free(content);
	CMS_ContentInfo_free(cms);
	return result;
}

static int verify_raw(struct request *request, BIO *signature)
{
	enum seal_fault seal;
	BIO *content;
	int result;

	if (find_file(request) == NULL) {
		ui_line(stderr, UI_BAD, _("jpki: Give the file that was signed, too."));
		return TOOL_USAGE;
	}
	content = BIO_new_file(request->file, "rb");
	if (content == NULL)
		return fail_file(request->file, strerror(errno));
	seal = seal_check_raw(signature, request->given, content);
	result = tell_seal(request, seal);
	if (result == TOOL_OK)
		result = worse(result, check_signer(request, request->given, NULL, NULL));
	BIO_free(content);
	return report(request, seal, result);
}

static int run(struct request *request)
{
	BIO *signature = BIO_new_file(request->signature, "rb");
	int result = TOOL_OK;

	if (signature == NULL)
		return fail_file(request->signature, strerror(errno));
	if (request->certificate != NULL)
		result = load_given(request);
	if (result == TOOL_OK)
		result = request->ca != NULL ? trust_file(request) : trust_card(request);
	ERR_clear_error();
	if (result == TOOL_OK)
		result = request->raw ? verify_raw(request, signature)
				      : verify_cms(request, signature);
	BIO_free(signature);
	return result;
}

int tool_verify(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options, .parser = parse, .args_doc = arguments, .doc = documentation};
	struct request request = {.key = JPKI_KEY_SIGN};
	int result = TOOL_FAILED;

	argp_err_exit_status = TOOL_USAGE;
	if (argp_parse(&argp, argc, argv, 0, NULL, &request) != 0)
		return TOOL_USAGE;
	request.trusted = X509_STORE_new();
	request.signers = json_array();
	if (request.trusted != NULL && request.signers != NULL)
		result = run(&request);
	X509_STORE_free(request.trusted);
	json_decref(request.signers);
	X509_free(request.given);
	free(request.guessed);
	return result;
}
