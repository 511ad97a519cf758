/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_make: makes a signature over a file of any size. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_MAKE_H
#define JPKI_APP_SIGNATURE_SIGNATURE_MAKE_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>

enum signature_form {
	SIGNATURE_DETACHED, /* CMS beside the file */
	SIGNATURE_ATTACHED, /* CMS around the file */
	SIGNATURE_RAW,      /* nothing but the bytes of SHA256-RSA-PKCS */
};

struct signature_plan {
	enum signature_form form;
	bool pem; /* CMS as text */
	EVP_PKEY *key;
	X509 *certificate; /* goes into CMS */
	X509 *issuer;      /* the same; NULL: not wanted */
};

/*
 * Signs what content gives, and writes the signature to out. On false OpenSSL's error queue has the
 * reason when it is not the reading or writing of a file.
 */
bool signature_make(const struct signature_plan *plan, BIO *content, BIO *out);

/* The hash of all signatures made here. */
const EVP_MD *signature_hash(void);

#endif
