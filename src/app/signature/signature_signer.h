/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * signature_signer: judges whether a signature may be made with a certificate, by OpenSSL's
 * checks and by what it was issued for.
 */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_SIGNER_H
#define JPKI_APP_SIGNATURE_SIGNATURE_SIGNER_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "card/generation.h"

enum signer_fault {
	SIGNER_GOOD,
	SIGNER_UNTRUSTED,    /* no chain to the authority, or a broken one */
	SIGNER_NO_AUTHORITY, /* the certificate above is not that of an authority */
	SIGNER_WRONG_USAGE,  /* it was not issued for signatures */
	SIGNER_EXPIRED,      /* all is well but that its time, or that of the authority, is over */
	SIGNER_NOT_YET,      /* the same, and its time has not begun */
};

struct signer_verdict {
	enum signer_fault fault;
	const char *detail; /* OpenSSL's words, in English; NULL: none. Static. */
};

/*
 * Judges a certificate at this moment. Only those in trusted are believed; others, which may be
 * NULL, can be on the way to them. key says which of the card's certificates it should be like:
 * one for signatures (digitalSignature and nonRepudiation), or one for authentication.
 */
struct signer_verdict signer_judge(X509 *certificate, STACK_OF(X509) * others, X509_STORE *trusted,
				   enum jpki_key key);

#endif
