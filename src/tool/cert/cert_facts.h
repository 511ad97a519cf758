/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cert_facts: takes a certificate of a card apart into what people and programs see of it. */
#ifndef JPKI_TOOL_CERT_CERT_FACTS_H
#define JPKI_TOOL_CERT_CERT_FACTS_H

#include <openssl/x509.h>
#include <stdbool.h>

#include "app/certificate/date.h"
#include "app/certificate/holder.h"
#include "card/generation.h"
#include "token/token.h"

/* SHA-256 in hexadecimal with colons, and a zero. */
#define CERT_FINGERPRINT_SIZE (32 * 3)

/* One of the four certificates of a card. */
struct cert_choice {
	const char *name; /* for the command line and scripts */
	enum jpki_key key;
	enum jpki_certificate_kind kind;
};

/* The fields of a certificate. Names of things are OpenSSL's, in English. */
struct cert_facts {
	const struct cert_choice *choice;
	const char *card_serial;
	char *subject; /* UTF-8; without what is personal unless it is wanted */
	char *issuer;
	char *serial; /* hexadecimal */
	struct date_validity validity;
	int key_bits;
	const char *key_type;
	const char *signature;
	char *usages; /* separated by ", ", as the two below; "" for none */
	char *purposes;
	char *policies;
	char sha1[CERT_FINGERPRINT_SIZE];
	char sha256[CERT_FINGERPRINT_SIZE];
	bool has_holder;
	struct holder holder;
	/* With a signing certificate: that of the authentication certificate; zero: not known. */
	struct date_validity auth_validity;
};

/* Whether the certificate is one of a person, and not of an authority. */
bool cert_is_own(const struct cert_choice *choice);

/*
 * Takes a certificate apart; false without memory. now is in seconds since the epoch. Always to be
 * ended with cert_facts_free.
 */
bool cert_facts_make(struct cert_facts *facts, const struct cert_choice *choice, X509 *x509,
		     bool with_personal, time_t now);
void cert_facts_free(struct cert_facts *facts);

#endif
