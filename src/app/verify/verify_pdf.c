/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_pdf: verifies the signatures in a PDF, and says what each of them covers. */
#include "app/verify/verify_pdf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "app/signature/pdf_words.h"
#include "app/signature/signature_covered.h"
#include "app/signature/signature_pdf.h"
#include "app/ui/json.h"
#include "app/ui/line.h"
#include "app/ui/progress.h"
#include "app/ui/refuse.h"
#include "app/verify/verify_file.h"
#include "app/verify/verify_signers.h"

static const struct {
	const char *name; /* for scripts */
	const char *text;
} of_cover[] = {
	[PDF_COVERS_ALL] = {"all", N_("It covers the whole PDF.")},
	[PDF_COVERS_VERSION] = {"version",
				N_("It covers the PDF as it was then. Since then only signatures "
				   "were added.")},
	[PDF_COVERS_SHOWN] = {"shown",
			      N_("It covers the PDF as it was then. Since then only signatures "
				 "were added. A later signature shows a picture in a field of a "
				 "page. That picture, and what it hides, is the later signer's "
				 "doing, not this signer's.")},
	[PDF_APPENDED] = {"appended", N_("INVALID: something was appended to the PDF that no "
					 "signature covers.")},
	[PDF_AMBIGUOUS] = {"ambiguous",
			   N_("INVALID: more was signed later, and the PDF is written in a way in "
			      "which programs may find different things. Some may now show "
			      "something else than what this signer signed.")},
	[PDF_PUT_OVER] =
		{"put-over",
		 N_("INVALID: the PDF was changed after this signature was made. Something "
		    "was put over a page.")},
	[PDF_REFILLED] = {"form-changed",
			  N_("INVALID: the PDF was changed after this signature was made. A field "
			     "of its form was added, filled in or changed.")},
	[PDF_REPLACED] = {"changed",
			  N_("INVALID: the PDF was changed after this signature was made.")},
	[PDF_BROKE_FINAL] = {"certification-broken",
			     N_("INVALID: its signer allowed no change, and something was "
				"added.")},
	[PDF_ODD_RANGE] = {"partial", N_("INVALID: it does not cover the whole PDF as it was when "
					 "it was signed.")},
	[PDF_EMPTY] = {"empty", N_("INVALID: the place for the signature is empty.")},
	[PDF_OTHER_KIND] = {"other-kind",
			    N_("INVALID: this kind of signature in a PDF is not supported.")},
	[PDF_RIGHTS] = {"rights", N_("This is no signature of what is in the PDF, and was not "
				     "verified. It lets Adobe Reader do more with the PDF.")},
	[PDF_LOOSE] = {"hidden", N_("INVALID: this signature is not in the form of the PDF, so "
				    "readers do not show it.")},
	[PDF_REMOVED] = {"removed", N_("INVALID: this signature was removed from the PDF. An "
				       "earlier version, which is still in the file, has it.")},
};

/* Why there is nothing to verify in its place. */
static const char *const of_gap[] = {
	[SIGNATURE_PDF_UNREADABLE] = N_("INVALID: the signature in the PDF cannot be read."),
	[SIGNATURE_PDF_FOLLOWED] = N_("INVALID: in the place for the signature there is something "
				      "else, too, which nobody has signed."),
	[SIGNATURE_PDF_ATTACHED] = N_("INVALID: the signature in the PDF has a content of its own, "
				      "and is not over the PDF."),
	[SIGNATURE_PDF_NO_SIGNER] = N_("INVALID: the signature in the PDF has no signer."),
};

bool verify_is_pdf(const struct verify_request *request)
{
	enum document_kind kind;

	/* A second file is what a signature beside it is over. */
	if (request->raw || request->file != NULL)
		return false;
	kind = verify_kind_of(request->signature);
	return kind == DOCUMENT_PDF || kind == DOCUMENT_PDF_LATER;
}

/* --- opening --------------------------------------------------------------------------------- */

static int refuse(const struct verify_request *request, const char *situation, const char *text)
{
	return ui_fail_as(request->common.json, APP_USAGE, situation, request->signature, text);
}

static int refuse_fault(const struct verify_request *request, enum pdf_fault fault)
{
	if (fault == PDF_ENCRYPTED)
		return refuse(request, "encrypted",
			      _("This PDF is protected by a password or a restriction, and is not "
				"verified. Ask the sender for it without the protection: removing "
				"it would break the signature."));
	if (fault == PDF_NOT)
		return refuse(request, "damaged",
			      _("Something stands before the beginning of the PDF in this file, so "
				"readers may show different things of it. Its signatures prove "
				"nothing. Get the PDF again from its sender."));
	if (fault == PDF_TOO_MANY)
		return refuse(request, "too-many",
			      _("This PDF has more than 64 signatures, earlier and removed ones "
				"included. So many cannot be verified."));
	if (fault == PDF_UNABLE)
		return refuse(request, "too-large", _("This PDF takes too much memory or time."));
	return refuse(request, "damaged",
		      _("This PDF is damaged, and readers may show different things of it. Its "
			"signatures prove nothing. Get it again from its sender."));
}

/* Return whether there is a signature of somebody. */
static bool has_signature(const struct pdf_verdict *verdict)
{
	for (size_t i = 0; i < verdict->count; i++) {
		if (verdict->found[i].cover != PDF_RIGHTS)
			return true;
	}
	return false;
}

/* Read the signatures, and find out of each whether it matches what it covers. */
static void check_values(struct verify_pdf *pdf)
{
	for (size_t i = 0; i < pdf->verdict.count; i++) {
		const struct pdf_found *found = &pdf->verdict.found[i];
		struct verify_pdf_signature *one = &pdf->signatures[i];

		if (found->gap_end != 0)
			one->cms = signature_pdf_read(pdf->bytes.data, found, &one->gap);
		one->fault = one->cms == NULL
				     ? SIGNATURE_NONE
				     : signature_covered_check(pdf->bytes.data, found, one->cms);
	}
}

/* True if a signature matches and covers all that it has to; also for rights, which are none. */
static bool is_good(const struct verify_pdf *pdf, size_t index)
{
	const enum pdf_cover cover = pdf->verdict.found[index].cover;

	return (pdf->signatures[index].fault == SIGNATURE_GOOD && pdf_covers(cover)) ||
	       cover == PDF_RIGHTS;
}

bool verify_pdf_is_invalid(const struct verify_pdf *pdf)
{
	for (size_t i = 0; i < pdf->verdict.count; i++) {
		if (!is_good(pdf, i))
			return true;
	}
	return false;
}

int verify_pdf_open(const struct verify_request *request, struct verify_pdf *pdf)
{
	memset(pdf, 0, sizeof(*pdf));
	if (request->certificate != NULL || request->output != NULL)
		return refuse(request, "usage",
			      _("A PDF has its signer's certificate and its content: --certificate "
				"and --output cannot be used."));
	if (!document_bytes_read(&pdf->bytes, request->signature))
		return ui_fail(request->common.json, APP_FAILED,
			       verify_called(request, request->signature),
			       errno == EFBIG ? _("It is larger than can be verified as a PDF.")
					      : strerror(errno));
	ui_busy(_("Verifying the signature..."));
	pdf_judge(&pdf->verdict, pdf->bytes.data, pdf->bytes.length);
	if (pdf->verdict.fault == PDF_GOOD)
		check_values(pdf);
	ui_busy_end();
	if (pdf->verdict.fault != PDF_GOOD)
		return refuse_fault(request, pdf->verdict.fault);
	if (!has_signature(&pdf->verdict) && request->by_window)
		return refuse(request, "no-signature",
			      _("There is no signature in this PDF. If its signature is in a file "
				"of its own (.p7s), choose that file."));
	if (!has_signature(&pdf->verdict))
		return refuse(request, "no-signature",
			      _("There is no signature in this PDF. If its signature is in a file "
				"of its own (.p7s), specify that file first: jpki verify FILE.p7s "
				"FILE"));
	return APP_OK;
}

void verify_pdf_close(struct verify_pdf *pdf)
{
	for (size_t i = 0; i < pdf->verdict.count; i++)
		CMS_ContentInfo_free(pdf->signatures[i].cms);
	document_bytes_free(&pdf->bytes);
}

/* --- one signature --------------------------------------------------------------------------- */

static enum ui_tone tone_of(enum pdf_cover cover)
{
	if (cover == PDF_RIGHTS)
		return UI_PLAIN;
	/* It is valid, and yet more is shown than its signer has seen. */
	if (cover == PDF_COVERS_SHOWN)
		return UI_WARN;
	return pdf_covers(cover) ? UI_GOOD : UI_BAD;
}

/* Say whether a signature holds, and what it covers. */
static void tell(const struct verify_request *request, const struct pdf_found *found,
		 enum signature_fault fault, enum signature_pdf_fault gap)
{
	bool covers = pdf_covers(found->cover);

	if (request->common.json)
		return;
	if (fault == SIGNATURE_GOOD)
		ui_line(stdout, covers ? UI_GOOD : UI_PLAIN, "%s",
			covers ? _("The signature is valid: what it covers was not changed.")
			       : _("The signature matches what it covers."));
	else if (gap != SIGNATURE_PDF_GOOD)
		ui_line(stdout, UI_BAD, "%s", _(of_gap[gap]));
	else if (found->gap_end != 0)
		verify_tell_signature(request, fault);
	ui_line(stdout, tone_of(found->cover), "%s", _(of_cover[found->cover].text));
}

/* Verify one signature, and report it into signatures. Return the exit code. */
static int check_one(struct verify_request *request, const struct verify_pdf *pdf, size_t index,
		     json_t *signatures)
{
	const struct pdf_found *found = &pdf->verdict.found[index];
	const struct verify_pdf_signature *one = &pdf->signatures[index];
	enum signature_fault fault = one->fault;
	int result = is_good(pdf, index) ? APP_OK : APP_NOT_VALID;

	json_array_clear(request->signers);
	tell(request, found, fault, one->gap);
	if (fault == SIGNATURE_GOOD) {
		const struct claimed_time claimed = claimed_time_read(found->time);
		int signers = verify_signers(request, one->cms, &claimed);

		result = result == APP_OK ? signers : result;
	}
	json_array_append_new(signatures,
			      json_pack("{s:s, s:s, s:o}", "signature", verify_name_of(fault),
					"covers", of_cover[found->cover].name, "signers",
					json_deep_copy(request->signers)));
	return result;
}

bool verify_pdf_has_authority(const struct verify_request *request, const struct verify_pdf *pdf)
{
	bool all = true;

	for (size_t i = 0; i < pdf->verdict.count && all; i++) {
		const struct pdf_found *found = &pdf->verdict.found[i];
		CMS_ContentInfo *cms = pdf->signatures[i].cms;

		all = found->cover == PDF_RIGHTS ||
		      (cms != NULL && verify_have_authority(request, cms));
	}
	return all;
}

/* Say what can change what is seen. */
static void tell_shown(const struct verify_request *request, const struct verify_pdf *pdf,
		       json_t *signatures)
{
	char *text = pdf_words_shown(pdf->verdict.shown);

	if (!request->common.json && text != NULL)
		ui_line(stdout, UI_WARN, "%s", text);
	for (size_t i = 0; i < json_array_size(signatures); i++)
		json_object_set_new(json_array_get(signatures, i), "changeable",
				    pdf_words_shown_json(pdf->verdict.shown));
	free(text);
}

int verify_pdf_check(struct verify_request *request, const struct verify_pdf *pdf)
{
	json_t *signatures = json_array();
	int result = APP_OK;

	for (size_t i = 0; i < pdf->verdict.count; i++) {
		int one;

		if (pdf->verdict.count > 1 && !request->common.json)
			ui_line(stdout, UI_PLAIN, _("Signature %zu of %zu:"), i + 1,
				pdf->verdict.count);
		one = check_one(request, pdf, i, signatures);
		result = verify_worse(result, one);
	}
	if (pdf->verdict.shown != 0)
		tell_shown(request, pdf, signatures);
	result = verify_report_document(request, "pdf", signatures, result);
	json_decref(signatures);
	return result;
}
