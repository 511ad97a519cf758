/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_run: verifies one signature, or all in one document, and says what cannot be known. */
#include "app/verify/verify_run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/host/atomic_file.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/verify/verify_file.h"
#include "app/verify/verify_pdf.h"
#include "app/verify/verify_signers.h"
#include "app/verify/verify_trust.h"
#include "app/verify/verify_xml.h"

/* --- what is given --------------------------------------------------------------------------- */

static int fail_file(const struct verify_request *request, const char *file, const char *reason)
{
	return ui_fail(request->common.json, APP_FAILED, verify_called(request, file), reason);
}

static int load_given(struct verify_request *request)
{
	BIO *bio = verify_open(request->certificate);
	bool encrypted;

	if (bio == NULL)
		return fail_file(request, request->certificate, strerror(errno));
	request->given = verify_next_certificate(bio, 0, &encrypted);
	BIO_free(bio);
	return request->given != NULL
		       ? APP_OK
		       : verify_no_certificate(request, request->certificate, encrypted);
}

/* --- the check ------------------------------------------------------------------------------- */

/* Trust the authority on the card, unless what is known is enough, or the signature is not valid
 * and its signers are not told of. */
static int trust_signers(struct verify_request *request, enum signature_fault fault,
			 bool kept_is_enough)
{
	if (fault != SIGNATURE_GOOD)
		return APP_OK;
	return verify_trust_card(request, kept_is_enough);
}

/*
 * Verify everything, and end the output, which receives the signed content if all of it is valid.
 */
static int check_cms(struct verify_request *request, CMS_ContentInfo *cms, BIO *content)
{
	struct atomic_file output = {0};
	enum signature_fault fault;
	int result;

	if (request->output != NULL && !atomic_file_begin(&output, request->output, NULL))
		return fail_file(request, request->output, strerror(errno));
	ui_busy(_("Verifying the signature..."));
	fault = signature_check(cms, request->given, content, output.bio);
	ui_busy_end();
	result = trust_signers(request, fault, verify_have_authority(request, cms));
	if (result != APP_OK) {
		atomic_file_drop(&output);
		return result;
	}
	result = verify_tell_signature(request, fault);
	if (result == APP_OK)
		result = verify_signers(request, cms, NULL);
	if (result != APP_OK)
		atomic_file_drop(&output);
	else if (request->output != NULL && !atomic_file_commit(&output, request->force))
		return fail_file(request, request->output, strerror(errno));
	return verify_report(request, fault, result);
}

static int check_raw(struct verify_request *request, BIO *signature, BIO *content)
{
	enum signature_fault fault;
	int result;

	ui_busy(_("Verifying the signature..."));
	fault = signature_check_raw(signature, request->given, content);
	ui_busy_end();
	result = trust_signers(request, fault, verify_has_authority(request, request->given, NULL));
	if (result != APP_OK)
		return result;
	result = verify_tell_signature(request, fault);
	if (result == APP_OK)
		result = verify_signer(request, request->given, NULL, NULL, result);
	return verify_report(request, fault, result);
}

/* Return the name of the file that a detached signature is over: its own without .p7s or .sig. */
static const char *find_file(struct verify_request *request)
{
	const char *end = strrchr(request->signature, '.');

	if (request->file == NULL && end != NULL && end != request->signature && end[-1] != '/' &&
	    (strcmp(end, ".p7s") == 0 || strcmp(end, ".sig") == 0)) {
		request->guessed = strndup(request->signature, (size_t)(end - request->signature));
		request->file = request->guessed;
	}
	return request->file;
}

/*
 * Find out what the signature is over. Return APP_OK, or the exit code after printing the reason.
 */
static int choose_file(struct verify_request *request, bool detached)
{
	char *text = NULL;
	int result = APP_OK;

	if (detached)
		return find_file(request) != NULL
			       ? APP_OK
			       : ui_fail(request->common.json, APP_USAGE, NULL,
					 _("Specify the file that was signed, too."));
	if (request->file != NULL) {
		result = ui_fail(
			request->common.json, APP_USAGE, verify_called(request, request->signature),
			_("The signature contains the signed file; do not specify another one."));
	} else if (find_file(request) != NULL && access(request->file, F_OK) == 0) {
		/* Somebody who changed the file could also have put its old text into the
		 * signature. */
		if (asprintf(&text,
			     _("The signature contains the signed file; %s beside it was not "
			       "checked."),
			     verify_called(request, request->file)) < 0)
			text = NULL;
		result = ui_fail(request->common.json, APP_USAGE,
				 verify_called(request, request->signature),
				 text != NULL ? text : strerror(ENOMEM));
		free(text);
	}
	request->file = NULL;
	return result;
}

/*
 * Open the file to read, and look at the one to write. Return APP_OK, or the exit code after
 * printing the reason.
 */
static int open_files(const struct verify_request *request, BIO **content)
{
	const char *const sources[] = {request->signature, request->file, request->ca,
				       request->certificate};
	const char *obstacle;

	if (request->file != NULL && (*content = verify_open(request->file)) == NULL)
		return fail_file(request, request->file, strerror(errno));
	if (request->output == NULL)
		return APP_OK;
	obstacle = atomic_file_obstacle(request->output, request->force, sources,
					sizeof(sources) / sizeof(sources[0]));
	return obstacle == NULL ? APP_OK : fail_file(request, request->output, obstacle);
}

/* Verify a document that has its signatures inside. */
static int run_document(struct verify_request *request)
{
	struct verify_pdf pdf;
	int result = verify_pdf_open(request, &pdf);

	if (result == APP_OK)
		result = verify_trust_given(request);
	if (result == APP_OK)
		result = verify_trust_document(request, verify_pdf_has_authority(request, &pdf),
					       verify_pdf_is_invalid(&pdf));
	if (result == APP_OK)
		result = verify_pdf_check(request, &pdf);
	verify_pdf_close(&pdf);
	return result;
}

/* The same for an XML document. False if there is none. */
static bool run_xml(struct verify_request *request, int *result)
{
	struct xml_report report;

	if (!verify_xml_read(request, &report, result))
		return false;
	if (*result == APP_OK && verify_xml_has_signer(&report))
		*result = verify_trust_given(request);
	if (*result == APP_OK && verify_xml_has_signer(&report))
		*result = verify_trust_document(request, verify_xml_has_authority(request, &report),
						verify_xml_is_invalid(&report));
	if (*result == APP_OK)
		*result = verify_xml_tell(request, &report);
	xml_report_free(&report);
	return true;
}

/* Read everything that is named, and verify what needs no authority, before anybody waits for a
 * card; then verify the rest. */
static int check(struct verify_request *request)
{
	CMS_ContentInfo *cms = NULL;
	BIO *signature = NULL;
	BIO *content = NULL;
	int result = APP_OK;

	if (verify_is_pdf(request))
		return run_document(request);
	if (request->certificate != NULL)
		result = load_given(request);
	if (result == APP_OK && run_xml(request, &result))
		return result;
	if (result == APP_OK)
		result = verify_open_signature(request, &signature, &cms);
	if (result == APP_OK)
		result = choose_file(request, request->raw || CMS_is_detached(cms) != 0);
	if (result == APP_OK)
		result = open_files(request, &content);
	if (result == APP_OK)
		result = verify_trust_given(request);
	if (result == APP_OK)
		result = request->raw ? check_raw(request, signature, content)
				      : check_cms(request, cms, content);
	CMS_ContentInfo_free(cms);
	BIO_free(signature);
	BIO_free(content);
	return result;
}

int verify_run(struct verify_request *request)
{
	int result = APP_FAILED;

	if (request->ca == NULL)
		verify_trust_kept(request);
	request->signers = json_array();
	if (request->signers != NULL)
		result = check(request);
	verify_trust_end(request);
	json_decref(request->signers);
	X509_free(request->given);
	free(request->guessed);
	return result;
}
