/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_report: holds what jpki verify is to check, and says what came of it. */
#ifndef JPKI_TOOL_VERIFY_VERIFY_REPORT_H
#define JPKI_TOOL_VERIFY_VERIFY_REPORT_H

#include <jansson.h>
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "app/app.h"
#include "app/certificate/date.h"
#include "app/signature/signature_check.h"
#include "app/signature/signature_signer.h"
#include "app/ui/options.h"
#include "card/generation.h"

struct verify_request {
	const char *signature;
	const char *file; /* what it is over; NULL: it is in the signature, or named after it */
	const char *ca;
	const char *certificate;
	const char *output;
	enum jpki_key key;
	bool raw, force, show_personal;
	struct options common;

	char *guessed; /* for file */
	X509_STORE *trusted;
	X509 *given;     /* of --certificate */
	json_t *signers; /* what is told of each, for JSON */
};

/* Says whether the signature fits, in words. Returns how jpki ends if nothing else is wrong. */
int verify_tell_signature(const struct verify_request *request, enum signature_fault fault);

/*
 * Tells of one signer: who it is (if that is wanted), the time claimed in signer, which may be
 * NULL, and how the certificate was judged. The day on which it ends is a birthday mostly, so it is
 * told only with the name.
 */
void verify_tell_signer(struct verify_request *request, const X509 *certificate,
			const CMS_SignerInfo *signer, const struct signer_verdict *verdict);

/* The end of it: JSON, or what cannot be known of a good signature. Returns result. */
int verify_report(struct verify_request *request, enum signature_fault fault, int result);

#endif
