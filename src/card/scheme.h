/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * scheme: says for each signature scheme what the card is sent, what it answers, and how the
 * signature is verified. Each scheme is one row of data.
 */
#ifndef JPKI_CARD_SCHEME_H
#define JPKI_CARD_SCHEME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "crypto/hash.h"
#include "crypto/key.h"

enum jpki_sign_scheme {
	JPKI_SIGN_NONE,       /* for what signs nothing */
	JPKI_SIGN_PKCS1,      /* RSASSA-PKCS1-v1_5 */
	JPKI_SIGN_PSS_SHA256, /* RSASSA-PSS with SHA-256, MGF1 with SHA-256, 32 bytes of salt */
	JPKI_SIGN_ECDSA,
	JPKI_SIGN_COUNT
};

/* The longest input of any scheme: what PKCS #1 v1.5 leaves of the largest modulus. */
#define JPKI_SCHEME_INPUT_MAX (JPKI_RSA_BYTES_MAX - JPKI_PKCS1_PADDING_MIN)

/* A form of input: what a program may give, and what of it is sent to the card. Lengths are in
 * bytes. */
struct jpki_scheme_input {
	bool wraps_hash; /* a hash that the host computes is sent as DigestInfo */
	size_t min;
	size_t (*data_max)(const struct jpki_public_key *key); /* what a program may give */
	size_t (*max)(const struct jpki_public_key *key);      /* what is sent: the first bytes */
};

/* Data as it is, up to what the padding leaves of the modulus; a hash as DigestInfo. */
extern const struct jpki_scheme_input jpki_input_padded;
/* A SHA-256 value and nothing else. */
extern const struct jpki_scheme_input jpki_input_sha256;
/* A hash of any length, cut to the length of the curve's order (FIPS 186-4 §6.4). */
extern const struct jpki_scheme_input jpki_input_cut_hash;

/*
 * A form of output: write the card's answer to signature in the form of PKCS#11, which has
 * key->signature_length bytes. JPKI_E_BAD_SIGNATURE: the answer does not have the form of a
 * signature.
 */
typedef enum jpki_error jpki_scheme_output(const struct jpki_public_key *key, const uint8_t *answer,
					   size_t answer_length, uint8_t *signature);

/* The card answers in the form of PKCS#11: as many bytes as the modulus has, or r || s. */
jpki_scheme_output jpki_output_plain;
/* The card answers with an ECDSA signature as DER. */
jpki_scheme_output jpki_output_ecdsa_der;

struct jpki_scheme {
	enum jpki_sign_scheme id;
	const char *name; /* for the log */
	uint8_t p1;       /* of COMPUTE DIGITAL SIGNATURE */
	/*
	 * What does not work on a card without the scheme, for the log. Such cards exist, so each
	 * card is asked before the scheme is offered. NULL: every card of the generation has the
	 * scheme.
	 */
	const char *loss;
	const struct jpki_scheme_input *input;
	jpki_scheme_output *output;
	jpki_verifier *verify;
};

/* The first is measured on cards; the second is known from only one source. */
extern const struct jpki_scheme jpki_scheme_pkcs1;
extern const struct jpki_scheme jpki_scheme_pss_sha256;

/*
 * Write to input what the card is sent for length bytes of a program's data; input has room for
 * JPKI_SCHEME_INPUT_MAX bytes. JPKI_E_ARGUMENT: the scheme cannot sign data of this length.
 */
enum jpki_error jpki_scheme_input_of_data(const struct jpki_scheme *scheme,
					  const struct jpki_public_key *key, const uint8_t *data,
					  size_t length, uint8_t *input, size_t *input_length);

/* The same for a hash value of jpki_hash_size bytes that the host has computed. */
enum jpki_error jpki_scheme_input_of_hash(const struct jpki_scheme *scheme,
					  const struct jpki_public_key *key, enum jpki_hash hash,
					  const uint8_t *value, uint8_t *input,
					  size_t *input_length);

/* Return whether an input of this length may be sent to the card. */
bool jpki_scheme_takes(const struct jpki_scheme *scheme, const struct jpki_public_key *key,
		       size_t length);

#endif
