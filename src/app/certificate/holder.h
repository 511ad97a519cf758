/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * holder: tells what the signing certificate says of its holder: name, birth date, sex and
 * address.
 */
#ifndef JPKI_APP_CERTIFICATE_HOLDER_H
#define JPKI_APP_CERTIFICATE_HOLDER_H

#include <openssl/x509.h>
#include <stdbool.h>
#include <stddef.h>

/* A text with the marks of the characters in it that stand for others: those that JIS lacks. */
struct holder_text {
	char *text;  /* UTF-8; NULL: the certificate does not have it */
	char *marks; /* one digit for each character, 0 for a true one; NULL: not there */
};

struct holder {
	struct holder_text name;
	struct holder_text address;
	char *birth; /* an era's digit and YYYYMMDD; NULL: not there */
	char *sex;   /* a digit; NULL: not there */
};

/*
 * Takes the holder's attributes out of a certificate; true when there are any. *personal is always
 * to be ended with holder_free, which wipes it.
 */
bool holder_decode(const X509 *certificate, struct holder *holder);
void holder_free(struct holder *holder);

/* The birth date; false when it is not a day of the calendar. */
bool holder_birth(const struct holder *holder, int *year, int *month, int *day);

/* "male", "female", "not-applicable", or NULL. Static. */
const char *holder_sex(const struct holder *holder);

/*
 * The place (from 1) of the next substitute after the place last (0: the first); 0 when there is
 * none.
 */
size_t holder_next_substitute(const struct holder_text *text, size_t last);

#endif
