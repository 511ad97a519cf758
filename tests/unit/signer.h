/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signer: makes keys and certificates for tests of signatures, without a card. */
#ifndef UNIT_SIGNER_H
#define UNIT_SIGNER_H

#include <openssl/bio.h>
#include <openssl/x509.h>
#include <stdbool.h>

/* Who has signed, by a key made when it was asked for first. */
enum signer_key {
	SIGNER_KEY_CA,
	SIGNER_KEY_OWN,
	SIGNER_KEY_OTHER,
	SIGNER_KEY_WEAK,
	SIGNER_KEY_COUNT
};

/* RSA with 2048 bits, or 1024 if it is weak; the library's own, until signer_forget, which is a
 * teardown of cmocka's. */
EVP_PKEY *signer_key(enum signer_key key);
int signer_forget(void **state);

/* What a certificate says. Days are counted from now. */
struct signer_form {
	enum signer_key key;
	enum signer_key issuer;  /* its key; the issuer's name goes with it */
	const char *usage;       /* keyUsage as in openssl.cnf; NULL: none */
	const char *extended;    /* extendedKeyUsage; NULL: none */
	const char *constraints; /* basicConstraints; NULL: none */
	int first_day;
	int last_day;
	bool sha1;
};

/* The caller frees it. */
X509 *signer_certificate(const struct signer_form *form);
/* The usual ones: an authority, and certificates for signing and authentication by it. */
X509 *signer_authority(void);
X509 *signer_for_signing(enum signer_key key);
X509 *signer_for_authentication(enum signer_key key);
/* The certificate for signing of SIGNER_KEY_OWN, the same each time; given back by signer_forget.
 */
X509 *signer_own(void);

/* What is in a memory BIO, as one to read from its beginning, which can be sought in. */
BIO *signer_bio(const void *bytes, size_t length);
BIO *signer_text(const char *text);

#endif
