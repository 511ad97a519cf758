/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates with the fields and extensions of the JPKI, issued by nobody. */
#ifndef VCARD_CERTIFICATE_H
#define VCARD_CERTIFICATE_H

#include <stdbool.h>
#include <time.h>

#include <openssl/x509.h>

enum vcard_hierarchy {
	VCARD_AUTH, /* user authentication */
	VCARD_SIGN, /* digital signature */
};

/* Five digits of the municipality that the sample person lives in. */
#define VCARD_MUNICIPALITY "13221"

/* Writes count random decimal digits and a zero. */
bool vcard_random_digits(char *text, size_t count);

/* A self-signed CA certificate for key; a serial number of 0 is any. NULL on failure. */
X509 *vcard_make_ca(enum vcard_hierarchy hierarchy, EVP_PKEY *key, long serial, time_t not_before,
		    time_t not_after);

/* An end-entity certificate for key, issued by ca; NULL on failure. */
X509 *vcard_make_end_entity(enum vcard_hierarchy hierarchy, EVP_PKEY *key, X509 *ca,
			    EVP_PKEY *ca_key, time_t not_before, time_t not_after);

#endif
