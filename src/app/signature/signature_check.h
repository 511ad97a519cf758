/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_check: tells whether a signature fits what it is over, whoever has made it. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_CHECK_H
#define JPKI_APP_SIGNATURE_SIGNATURE_CHECK_H

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/x509.h>
#include <stdbool.h>

enum signature_fault {
	SIGNATURE_GOOD,
	SIGNATURE_UNREADABLE,     /* a file could not be read or written */
	SIGNATURE_NONE,           /* not a signature of this kind, or one without a signer */
	SIGNATURE_NO_CERTIFICATE, /* of a signer */
	SIGNATURE_WEAK,           /* its hash can be forged */
	SIGNATURE_AMBIGUOUS,      /* without signed attributes where they are required */
	SIGNATURE_OTHER_CONTENT,  /* the file is not what was signed */
	SIGNATURE_BROKEN,         /* the signature does not fit the certificate's key */
};

/* Reads CMS, PEM or DER. NULL when it is not CMS with signatures. */
CMS_ContentInfo *signature_read(BIO *bio);

/*
 * Checks all signatures of cms. content is what they are over when that is not in cms, else NULL;
 * extra a certificate that may be missing in cms, or NULL. What was signed is written to out,
 * unless that is NULL: it is worth something only after SIGNATURE_GOOD. Then each signer has its
 * certificate. Who they are is not judged.
 *
 * A signature may be without signed attributes; then it is over the content itself (RFC 5652 §5.4).
 * That is SIGNATURE_AMBIGUOUS when the content is of another type than plain data, for which §5.3
 * wants them, and when it is such attributes itself: those of an honest signature over something
 * else would pass for content that was signed.
 */
enum signature_fault signature_check(CMS_ContentInfo *cms, X509 *extra, BIO *content, BIO *out);

/* The same for the bare signature over content by this certificate's key. */
enum signature_fault signature_check_raw(BIO *signature, X509 *certificate, BIO *content);

/* The time that a signer has claimed, in UTC as "YYYY-MM-DD HH:MM:SS"; false: none. */
#define SIGNATURE_TIME_SIZE 64
bool signature_claimed_time(const CMS_SignerInfo *signer, char text[SIGNATURE_TIME_SIZE]);

#endif
