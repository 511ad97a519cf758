/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * holder: tells the name, birth date, sex and address of the holder from the signing certificate.
 */
#ifndef JPKI_APP_CERTIFICATE_HOLDER_H
#define JPKI_APP_CERTIFICATE_HOLDER_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

/* A text, with a mark for each character that stands for one that JIS lacks. */
struct holder_text {
	char *text;  /* UTF-8; NULL if the certificate does not have it */
	char *marks; /* one digit for each character, 0 for a true one; NULL if absent */
};

struct holder {
	struct holder_text name;
	struct holder_text address;
	char *birth; /* the digit of an era and YYYYMMDD; NULL if absent */
	char *sex;   /* a digit; NULL if absent */
};

/*
 * Take the holder's attributes from a certificate. True if there are any. In both cases the caller
 * ends *personal with holder_free, which wipes it.
 */
bool holder_decode(const X509 *certificate, struct holder *holder);
void holder_free(struct holder *holder);

/* Return the birth date. False if the calendar has no such day. */
bool holder_birth(const struct holder *holder, int *year, int *month, int *day);

/* Return "male", "female", "not-applicable" or NULL. Static. */
const char *holder_sex(const struct holder *holder);

/*
 * Return the place (from 1) of the next substitute after the place last (0: find the first); 0 if
 * there is none.
 */
size_t holder_next_substitute(const struct holder_text *text, size_t last);

#endif
