/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* verify_signers: judges the certificate of each signer, and reports it. */
#ifndef JPKI_APP_VERIFY_VERIFY_SIGNERS_H
#define JPKI_APP_VERIFY_VERIFY_SIGNERS_H

#include "app/verify/verify_report.h"

/* Return the worse of two exit codes of verdicts. */
int verify_worse(int one, int other);

/*
 * True if a trusted CA issued a signer's certificate, whatever else is to say of it. others may
 * complete the chain, and may be NULL.
 */
bool verify_has_authority(const struct verify_request *request, X509 *certificate,
			  STACK_OF(X509) * others);

/* The same for all signers of CMS, whose signatures may not have been verified yet. */
bool verify_have_authority(const struct verify_request *request, CMS_ContentInfo *cms);

/*
 * Judge one signer's certificate, and report it: see verify_tell_signer. others may complete the
 * chain, and may be NULL. Return the worse of result and what the verdict comes to.
 */
int verify_signer(struct verify_request *request, X509 *certificate, STACK_OF(X509) * others,
		  const struct claimed_time *claimed, int result);

/*
 * The same for all signers of CMS that signature_check found good. claimed is the time of one whose
 * CMS says none; it may be NULL. Return the exit code.
 */
int verify_signers(struct verify_request *request, CMS_ContentInfo *cms,
		   const struct claimed_time *claimed);

#endif
