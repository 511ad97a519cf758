/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* generation: describes what the card generations differ in, one row of data each. */
#ifndef JPKI_CARD_GENERATION_H
#define JPKI_CARD_GENERATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "card/scheme.h"
#include "crypto/key.h"

/* The two keys of a card, in the order of the slots. */
enum jpki_key {
	JPKI_KEY_AUTH, /* 利用者証明用: user authentication */
	JPKI_KEY_SIGN, /* 署名用: digital signature */
	JPKI_KEY_COUNT
};

/* Longest PIN of any generation, in bytes. */
#define JPKI_PIN_MAX 16
/* The card's name for itself in its token information file: 32 bytes, padded with blanks. */
#define JPKI_CARD_LABEL_LENGTH 32
/* A key has at most this many signature schemes. */
#define JPKI_SCHEMES_MAX 4

enum jpki_pin_alphabet {
	JPKI_PIN_DIGITS,          /* 0-9 */
	JPKI_PIN_CAPITALS_DIGITS, /* A-Z and 0-9; a-z typed means A-Z */
};

struct jpki_pin_rule {
	uint16_t file;      /* EF of the PIN */
	uint8_t min_length; /* in bytes */
	uint8_t max_length;
	uint8_t tries;       /* if none is spent */
	bool tries_unproven; /* no card was seen with it, so each is asked */
	enum jpki_pin_alphabet alphabet;
	bool mixed; /* a new one must have a letter and a digit */
	/* Digits alone are never sent: they are another PIN of the card, or the My Number
	 * itself. */
	bool never_digits_alone;
};

struct jpki_key_row {
	bool exists; /* this generation has the key */
	uint16_t key_file;
	enum jpki_key_kind key_kind;
	/* A card's key has the size that its certificate says. */
	uint16_t key_bits_min;
	uint16_t key_bits_max;
	const struct jpki_scheme *schemes[JPKI_SCHEMES_MAX]; /* NULL behind the last */
	uint16_t certificate_file;
	uint16_t ca_certificate_file;
	bool certificate_needs_pin; /* readable only after VERIFY: personal data */
	size_t availability_offset; /* this key's byte in the availability file */
	struct jpki_pin_rule pin;
	const char *token_label; /* UTF-8, at most 32 bytes */
	const char *token_model; /* at most 16 bytes */
};

/* What kind of card is in a reader. */
enum jpki_card_kind {
	JPKI_CARD_MY_NUMBER,
	JPKI_CARD_JUKI,
	JPKI_CARD_ANDROID,
	JPKI_CARD_IPHONE,
	JPKI_CARD_UNKNOWN, /* it has the JPKI application, but its label is not in the table */
	JPKI_CARD_FOREIGN, /* it has no JPKI application */
	JPKI_CARD_MUTE,    /* it does not answer */
};

struct jpki_generation {
	enum jpki_card_kind kind;
	const char *card_label; /* what the token information file begins with */
	const char *name;       /* for the log */
	/* If none exists, the card is known by its label, but nothing on it can be used. */
	struct jpki_key_row keys[JPKI_KEY_COUNT];
};

/* Measured on cards, or documented; the rows say what is neither. */
extern const struct jpki_generation jpki_generation_my_number;
extern const struct jpki_generation jpki_generation_juki;
extern const struct jpki_generation jpki_generation_android;
extern const struct jpki_generation jpki_generation_iphone;

/* Return whether the generation has a key that can be used. */
bool jpki_generation_is_usable(const struct jpki_generation *generation);

/* Return the row of a key's signature scheme; NULL if the key does not have it. */
const struct jpki_scheme *jpki_key_scheme(const struct jpki_key_row *key, enum jpki_sign_scheme id);

#endif
