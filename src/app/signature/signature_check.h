/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_check: tells whether a signature is valid for its content, whoever made it. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_CHECK_H
#define JPKI_APP_SIGNATURE_SIGNATURE_CHECK_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <time.h>

enum signature_fault {
	SIGNATURE_GOOD,
	SIGNATURE_UNREADABLE,     /* a file could not be read or written */
	SIGNATURE_NONE,           /* not a signature of this kind, or without a signer */
	SIGNATURE_NO_CERTIFICATE, /* the certificate of a signer is missing */
	SIGNATURE_WEAK,           /* its hash can be forged */
	SIGNATURE_AMBIGUOUS,      /* required signed attributes are missing */
	SIGNATURE_OTHER_CONTENT,  /* the file is not what was signed */
	SIGNATURE_BROKEN,         /* the signature does not match the certificate's key */
};

/* Read CMS in PEM or DER. NULL if it is not CMS with signatures. */
CMS_ContentInfo *signature_read(BIO *bio);

/*
 * Verify all signatures of cms. content is what they are over if cms does not contain it, else
 * NULL; extra is a certificate that cms may lack, or NULL. Writes the signed content to out unless
 * that is NULL; it may be trusted only after SIGNATURE_GOOD. Afterwards each signer has its
 * certificate. Does not judge who the signers are.
 *
 * A signature may lack signed attributes: it is then over the content itself (RFC 5652 §5.4). The
 * result is SIGNATURE_AMBIGUOUS if the content is of another type than plain data, for which §5.3
 * requires attributes, or if the content is itself a set of signed attributes: the attributes of an
 * honest signature over something else would pass as signed content.
 */
enum signature_fault signature_check(CMS_ContentInfo *cms, X509 *extra, BIO *content, BIO *out);

/* The same for a bare signature over content, made with this certificate's key. */
enum signature_fault signature_check_raw(BIO *signature, X509 *certificate, BIO *content);

/* Return the time that a signer claims. False if there is none. */
bool signature_claimed_time(const CMS_SignerInfo *signer, time_t *when);

#endif
