/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_facts: takes from a certificate of the card what people and programs see of it. */
#ifndef JPKI_APP_CERTIFICATE_CERT_FACTS_H
#define JPKI_APP_CERTIFICATE_CERT_FACTS_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "app/certificate/date.h"
#include "app/certificate/holder.h"
#include "card/generation.h"
#include "token/token.h"

/* SHA-256 in hexadecimal with colons, and a zero byte. */
#define CERT_FINGERPRINT_SIZE (32 * 3)

/* One of the four certificates of a card. */
struct cert_choice {
	const char *name; /* for the command line and scripts */
	enum jpki_key key;
	enum jpki_certificate_kind kind;
};

/* The fields of a certificate. Names of algorithms and usages are OpenSSL's, in English. */
struct cert_facts {
	const struct cert_choice *choice;
	const char *card_serial;
	char *subject; /* UTF-8; without personal data unless that is wanted */
	char *issuer;
	char *serial; /* hexadecimal */
	struct date_validity validity;
	int key_bits;
	const char *key_type;
	const char *signature;
	char *usages; /* separated by ", ", like the two below; "" for none */
	char *purposes;
	char *policies;
	char sha1[CERT_FINGERPRINT_SIZE];
	char sha256[CERT_FINGERPRINT_SIZE];
	bool has_holder;
	struct holder holder;
	/* Of a CA: whether its fingerprint is known (app/signature/known_authorities.h). False at
	 * first: whoever has the configuration sets it. */
	bool is_known_authority;
	/* For a signing certificate: the period of the authentication certificate; all zero if not
	 * known. */
	struct date_validity auth_validity;
};

/* Return the one of this name; NULL: there is none. */
const struct cert_choice *cert_choice_find(const char *name);

/* Return the one of this key and kind. */
const struct cert_choice *cert_choice_of(enum jpki_key key, enum jpki_certificate_kind kind);

/* True if the certificate is the holder's, not a CA's. */
bool cert_is_own(const struct cert_choice *choice);

/* True if it tells who the holder is, so that it is behind a PIN, and its file for nobody else. */
bool cert_is_personal(const struct cert_choice *choice);

/*
 * Read the fields of a certificate. now is in seconds since the epoch. False without memory. In
 * both cases the caller ends *facts with cert_facts_free.
 */
bool cert_facts_make(struct cert_facts *facts, const struct cert_choice *choice, X509 *x509,
		     bool with_personal, time_t now);
void cert_facts_free(struct cert_facts *facts);

#endif
