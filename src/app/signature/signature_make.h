/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* signature_make: makes a signature over a file of any size. */
#ifndef JPKI_APP_SIGNATURE_SIGNATURE_MAKE_H
#define JPKI_APP_SIGNATURE_SIGNATURE_MAKE_H

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <time.h>

enum signature_form {
	SIGNATURE_DETACHED, /* CMS without the file */
	SIGNATURE_ATTACHED, /* CMS that contains the file */
	SIGNATURE_RAW,      /* only the bytes of SHA256-RSA-PKCS */
};

struct signature_plan {
	enum signature_form form;
	bool pem;    /* write CMS as text */
	time_t when; /* the signing time in CMS */
	EVP_PKEY *key;
	X509 *certificate; /* is put into the CMS */
	X509 *issuer;      /* the same; NULL if it is not wanted */
};

/*
 * Sign what content yields, and write the signature to out. On false OpenSSL's error queue has the
 * reason, unless reading or writing a file failed.
 */
bool signature_make(const struct signature_plan *plan, BIO *content, BIO *out);

/* Return the hash of all signatures made here. */
const EVP_MD *signature_hash(void);

#endif
