/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signature_signer: judges whether a certificate may make signatures, by OpenSSL's checks and by
 * what it was issued for.
 */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_SIGNER_H
#define JPKI_APP_SIGNATURE_SIGNATURE_SIGNER_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "card/generation.h"

enum signer_fault {
	SIGNER_GOOD,
	SIGNER_UNTRUSTED,    /* no valid chain to the certificate authority */
	SIGNER_NO_AUTHORITY, /* the issuer is not a certificate authority */
	SIGNER_WEAK,         /* its key, or what its issuer has signed it with, may be forged */
	SIGNER_WRONG_USAGE,  /* it was not issued for signatures */
	SIGNER_EXPIRED,      /* valid, except that it or its CA has expired */
	SIGNER_NOT_YET,      /* valid, except that its period, or its CA's, has not begun */
};

struct signer_verdict {
	enum signer_fault fault;
	const char *detail; /* OpenSSL's text, in English; NULL: none. Static. */
};

/*
 * Judge a certificate at this moment. Trusts only the certificates in trusted; others, which may be
 * NULL, may complete the chain. key says what the certificate must be for: signatures
 * (digitalSignature and nonRepudiation), or authentication.
 */
struct signer_verdict signer_judge(X509 *certificate, STACK_OF(X509) * others, X509_STORE *trusted,
				   enum jpki_key key);

#endif
