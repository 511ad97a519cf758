/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sign_pdf: puts a signature into a copy of a PDF, as the registries want it. */
#include "app/sign/sign_pdf.h"

#include <errno.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/certificate/holder.h"
#include "app/signature/pdf_words.h"
#include "app/signature/signature_covered.h"
#include "app/signature/signature_pdf.h"
#include "document/bytes.h"
#include "document/file_name.h"
#include "document/pdf_judge.h"
#include "document/pdf_plan.h"
#include "document/pdf_update.h"

/* What CMS has beside certificates, for keys of up to 16384 bits. */
#define CMS_BYTES    4096
#define DIGEST_BYTES 32

struct sign_pdf {
	struct pdf_plan plan;
	unsigned char digest[DIGEST_BYTES]; /* of the whole file: what was judged is signed */
};

static const char *words_of(enum pdf_fault fault, bool by_window)
{
	switch (fault) {
	case PDF_GOOD:
		return NULL;
	case PDF_NOT:
		return _("It is not a PDF.");
	case PDF_DAMAGED:
		return _("This PDF is damaged, and readers may show different things of it. Get it "
			 "again, or print it to a new PDF.");
	case PDF_ENCRYPTED:
		return by_window ? _("This PDF is protected by a password or a restriction. Remove "
				     "the protection first, or print it to a new PDF.")
				 : _("This PDF is protected by a password or a restriction. Remove "
				     "the protection first, for example with: qpdf --decrypt FILE "
				     "NEW-FILE");
	case PDF_FINAL:
		return _("Its author has certified this PDF so that nothing may be added, and a "
			 "signature would break that. Ask for a version that may be signed.");
	case PDF_NO_PAGE:
		return _("This PDF has no page.");
	case PDF_HIDDEN:
		return _("Parts of this PDF are meant for some readers only, and its form is among "
			 "them. Print it to a new PDF.");
	case PDF_TOO_MANY:
		return _("This PDF has more than 64 signatures, earlier and removed ones included. "
			 "So many cannot be verified.");
	case PDF_UNABLE:
		return _("This PDF takes too much memory or time.");
	}
	return NULL;
}

static const char *words_of_error(int error)
{
	return error == EFBIG ? _("It is larger than can be signed as a PDF.") : strerror(error);
}

static bool digest_of(const struct document_bytes *bytes, unsigned char *digest)
{
	return EVP_Q_digest(NULL, "SHA256", NULL, bytes->data, bytes->length, digest, NULL) == 1;
}

static const char *words_of_name(void)
{
	return _("The signer's name cannot be written into a PDF: it is blank, has more than 127 "
		 "characters, or has something that is no visible character, such as a line "
		 "break.");
}

/* Judge a signature that a PDF has, as jpki verify does, but not whose it is. */
static void judge_signature(struct sign_older *older, const struct document_bytes *bytes,
			    const struct pdf_found *found)
{
	enum signature_pdf_fault gap;
	CMS_ContentInfo *cms = found->gap_end == 0 || !pdf_covers(found->cover)
				       ? NULL
				       : signature_pdf_read(bytes->data, found, &gap);
	enum signature_fault fault =
		cms == NULL ? SIGNATURE_NONE : signature_covered_check(bytes->data, found, cms);

	if (found->cover == PDF_OTHER_KIND)
		older->why = sign_words_other_kind();
	else if (found->cover == PDF_AMBIGUOUS)
		older->ambiguous = true;
	else if (fault == SIGNATURE_NO_CERTIFICATE)
		older->why = sign_words_no_certificate();
	else
		older->broken |= fault != SIGNATURE_GOOD;
	CMS_ContentInfo_free(cms);
}

/*
 * Append the update that will sign a PDF, with something that is no signature in its gap, and judge
 * all as jpki verify will. *gap: where that gap begins.
 */
static void foresee(struct pdf_verdict *verdict, const struct pdf_plan *plan,
		    struct document_bytes *bytes, size_t *gap)
{
	static const uint8_t no_cms[] = {0x30, 0x80};
	struct pdf_signature signature = {.name = "", .when = 0, .room = sizeof(no_cms)};
	struct pdf_update update;
	uint8_t *all;

	*verdict = (struct pdf_verdict){.fault = PDF_UNABLE};
	if (!pdf_update_make(&update, plan, bytes->length, &signature))
		return;
	all = realloc(bytes->data, bytes->length + update.length);
	if (all != NULL) {
		bytes->data = all;
		pdf_update_fill(&update, no_cms, sizeof(no_cms));
		memcpy(all + bytes->length, update.bytes, update.length);
		*gap = bytes->length + update.gap;
		bytes->length += update.length;
		pdf_judge(verdict, bytes->data, bytes->length);
	}
	pdf_update_free(&update);
}

/* Note what is wrong with the signatures that a PDF has, however they are written, once it is
 * signed. Return why it is not signed, in words; NULL if it may be. */
static const char *judge_signatures(struct sign_warnings *warnings, const char *path,
				    const struct pdf_plan *plan, struct document_bytes *bytes,
				    bool by_window)
{
	struct pdf_verdict verdict;
	struct sign_older older = {.broken = false};
	bool rights = false;
	size_t own = 0;
	char *shown;

	foresee(&verdict, plan, bytes, &own);
	older.why = words_of(verdict.fault, by_window);
	/* Nobody could verify it. What only takes too much here may be verified elsewhere. */
	if (verdict.fault != PDF_GOOD && verdict.fault != PDF_TOO_MANY &&
	    verdict.fault != PDF_UNABLE)
		return older.why;
	for (size_t i = 0; verdict.fault == PDF_GOOD && i < verdict.count; i++) {
		if (verdict.found[i].cover == PDF_RIGHTS)
			rights = true;
		else if (verdict.found[i].gap != own)
			judge_signature(&older, bytes, &verdict.found[i]);
	}
	sign_warn_older(warnings, path, &older, by_window);
	if (rights)
		sign_warn(warnings, path,
			  _("This PDF has rights that let Adobe Reader do more with it. They may "
			    "end when it is signed."));
	if (verdict.fault == PDF_GOOD && verdict.shown != 0) {
		shown = pdf_words_shown(verdict.shown);
		sign_warn(warnings, path, shown);
		free(shown);
	}
	return NULL;
}

struct sign_pdf *sign_pdf_plan(const char *path, const char *name, bool by_window,
			       struct sign_warnings *warnings, const char **reason)
{
	struct sign_pdf *pdf = calloc(1, sizeof(*pdf));
	struct document_bytes bytes;

	*reason = NULL;
	if (name != NULL && !pdf_update_takes(name)) {
		*reason = words_of_name();
		bytes = (struct document_bytes){NULL, 0};
	} else if (!document_bytes_read(&bytes, path))
		*reason = words_of_error(errno);
	else if (pdf == NULL || !digest_of(&bytes, pdf->digest))
		*reason = strerror(ENOMEM);
	else {
		pdf_plan_make(&pdf->plan, bytes.data, bytes.length);
		*reason = words_of(pdf->plan.fault, by_window);
		if (*reason == NULL)
			*reason = judge_signatures(warnings, path, &pdf->plan, &bytes, by_window);
	}
	document_bytes_free(&bytes);
	if (*reason == NULL)
		return pdf;
	sign_pdf_free(pdf);
	return NULL;
}

void sign_pdf_free(struct sign_pdf *pdf)
{
	if (pdf != NULL)
		pdf_plan_free(&pdf->plan);
	free(pdf);
}

/* Write so many bytes. */
static bool put(BIO *out, const void *bytes, size_t length)
{
	size_t done;

	return length == 0 || (BIO_write_ex(out, bytes, length, &done) == 1 && done == length);
}

/*
 * Sign the bytes of a file and its update, and fill the update's gap. The bytes become longer by
 * the update without its gap, because that is what is signed.
 */
static bool sign_bytes(struct document_bytes *bytes, struct pdf_update *update,
		       const struct signature_plan *plan)
{
	size_t before = update->gap, after = update->length - update->gap_end;
	uint8_t *all = realloc(bytes->data, bytes->length + before + after);
	BIO *content = NULL;
	BIO *cms = BIO_new(BIO_s_mem());
	bool done = false;
	char *der;
	long length;

	if (all != NULL) {
		bytes->data = all;
		memcpy(all + bytes->length, update->bytes, before);
		memcpy(all + bytes->length + before, update->bytes + update->gap_end, after);
		content = BIO_new_mem_buf(all, (int)(bytes->length + before + after));
	}
	if (content != NULL && cms != NULL && signature_make(plan, content, cms)) {
		length = BIO_get_mem_data(cms, &der);
		done = length > 0 && pdf_update_fill(update, (const uint8_t *)der, (size_t)length);
	}
	BIO_free(content);
	BIO_free(cms);
	return done;
}

static size_t certificate_bytes(const X509 *certificate)
{
	int length = certificate == NULL ? 0 : i2d_X509(certificate, NULL);

	return length > 0 ? (size_t)length : 0;
}

/* The same as sign_pdf_make with the file's bytes, and the name. */
static bool make_named(const struct sign_pdf *pdf, struct document_bytes *bytes, const char *name,
		       const struct signature_plan *plan, BIO *out, const char **reason)
{
	struct pdf_signature signature = {.name = name,
					  .when = plan->when,
					  .room = CMS_BYTES + certificate_bytes(plan->certificate) +
						  certificate_bytes(plan->issuer)};
	struct pdf_update update;
	size_t length = bytes->length;
	bool done;

	if (!pdf_update_make(&update, &pdf->plan, length, &signature)) {
		*reason = words_of_name();
		return false;
	}
	done = length + update.length <= INT_MAX && sign_bytes(bytes, &update, plan) &&
	       put(out, bytes->data, length) && put(out, update.bytes, update.length);
	pdf_update_free(&update);
	return done;
}

bool sign_pdf_make(const struct sign_pdf *pdf, const char *path, const char *name,
		   const struct signature_plan *plan, BIO *out, const char **reason)
{
	unsigned char digest[DIGEST_BYTES];
	struct document_bytes bytes;
	struct holder holder = {0};
	bool done = false;

	*reason = NULL;
	if (name == NULL && holder_decode(plan->certificate, &holder))
		name = holder.name.text;
	if (!document_bytes_read(&bytes, path))
		*reason = words_of_error(errno);
	else if (!digest_of(&bytes, digest))
		*reason = strerror(ENOMEM);
	else if (memcmp(digest, pdf->digest, sizeof(digest)) != 0)
		*reason = _("It was changed in the meantime.");
	else if (name == NULL || name[0] == '\0')
		*reason = _("The certificate has no name. Give the signer's name with --name.");
	else
		done = make_named(pdf, &bytes, name, plan, out, reason);
	document_bytes_free(&bytes);
	holder_free(&holder);
	return done;
}

const char *sign_pdf_name_fault(const char *path)
{
	const char *slash = strrchr(path, '/');

	switch (file_name_judge(slash == NULL ? path : slash + 1)) {
	case FILE_NAME_REFUSED:
		return _("The registries (登記・供託オンライン申請システム) refuse this file's "
			 "name: "
			 "they take no blanks, no half-width kana, and few signs.");
	case FILE_NAME_LONG:
		return _("Notaries (電子公証) take file names of at most 31 half-width characters; "
			 "a "
			 "kanji counts as two.");
	case FILE_NAME_GOOD:
		break;
	}
	return NULL;
}
