/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_report: holds what jpki verify is to check, and reports the result. */
#ifndef JPKI_APP_VERIFY_VERIFY_REPORT_H
#define JPKI_APP_VERIFY_VERIFY_REPORT_H

#include <jansson.h>
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdbool.h>

#include "app/app.h"
#include "app/certificate/claimed_time.h"
#include "app/certificate/date.h"
#include "app/signature/known_authorities.h"
#include "app/signature/signature_check.h"
#include "app/signature/signature_signer.h"
#include "app/ui/options.h"
#include "card/generation.h"

struct verify_request {
	const char *signature;
	const char *file; /* what the signature is over; NULL if it contains that, or is named after
			     it */
	const char *ca;
	const char *certificate;
	const char *output;
	enum jpki_key key;
	bool raw, force, show_personal;
	bool unjudged;    /* the authority of signers is not known: see verify_trust_document */
	int without_card; /* the exit code that says why, unless no card was asked */
	bool by_window;   /* a window is where the person asks and is told: no options are named */
	struct options common;

	char *guessed;                        /* the name that file points to if it was guessed */
	X509_STORE *trusted[AUTHORITY_COUNT]; /* NULL: none of that kind */
	X509 *given;                          /* from --certificate */
	json_t *signers;                      /* the report on each signer, for JSON */
};

/* Return what a file is called to the person: a window has no room for its folders. */
const char *verify_called(const struct verify_request *request, const char *path);

/* Say in words whether the signature is valid. Return the exit code if nothing else is wrong. */
int verify_tell_signature(const struct verify_request *request, enum signature_fault fault);

/*
 * Report one signer: the name (if wanted), the time that it claims, which may be NULL, the verdict
 * on the certificate, the name of its CA, and why that is believed (AUTHORITY_COUNT: no CA that is
 * trusted issued it, or nobody was asked which are). The day on which it expires is usually a
 * birthday, so it is shown only with the name.
 */
void verify_tell_signer(struct verify_request *request, const X509 *certificate,
			const struct claimed_time *claimed, const struct signer_verdict *verdict,
			enum authority authority);

/* The word for scripts. Static. */
const char *verify_name_of(enum signature_fault fault);

/* The same for a document of this kind with signatures inside, each with its own report. */
int verify_report_document(const struct verify_request *request, const char *kind,
			   json_t *signatures, int result);

/* End the report: print JSON, or what cannot be known about a valid signature. Return result. */
int verify_report(struct verify_request *request, enum signature_fault fault, int result);

#endif
