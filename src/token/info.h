/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* info: says what a token is like. */
#ifndef JPKI_TOKEN_INFO_H
#define JPKI_TOKEN_INFO_H

#include <stdbool.h>

#include "card/generation.h"
#include "token/ref.h"

struct jpki_token_info {
	const char *label;             /* UTF-8, static, at most 32 bytes */
	const char *model;             /* static, at most 16 bytes */
	char serial[JPKI_SERIAL_SIZE]; /* 16 hexadecimal digits, the same for both tokens of a card
					*/
	const struct jpki_pin_rule *pin_rule; /* lengths, alphabet and tries; static */
	int tries;                            /* left, as last read; -1 if the card did not tell */
	unsigned int tries_full; /* when none is spent: the rule's, or the card's own */
	bool pin_is_set;         /* false: no PIN was ever set, so nobody can log in */
	enum jpki_key_kind key_kind;
	unsigned int key_bits_min; /* of the key; both are equal once its certificate is read */
	unsigned int key_bits_max;
	unsigned int logouts;        /* how often somebody logged out of this insertion's token */
	bool has_key;                /* the card holds this token's key and certificate */
	bool has_ca;                 /* the card holds the issuing authority's certificate */
	bool certificate_is_private; /* the holder's certificate can be read only while logged in */
	bool always_authenticate;    /* each signature requires the PIN */
};

enum jpki_certificate_kind {
	JPKI_CERTIFICATE_OWN, /* the holder's */
	JPKI_CERTIFICATE_CA,  /* of the authority that issued it */
	JPKI_CERTIFICATE_COUNT
};

#endif
