/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state: holds what is known of a reader, its card and its two tokens. For src/token alone. */
#ifndef JPKI_TOKEN_STATE_H
#define JPKI_TOKEN_STATE_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "card/card.h"
#include "card/generation.h"
#include "card/transport.h"
#include "crypto/certificate.h"
#include "token/pin.h"
#include "token/ref.h"

/* 16 hexadecimal digits and a zero. */
#define JPKI_SERIAL_SIZE 17

/* A certificate of the card: not looked for yet, not there, or read. */
struct jpki_certificate_slot {
	bool absent;
	struct jpki_certificate *certificate;
};

/* What is known of the card's PSS, which not every card may have. */
enum jpki_pss { JPKI_PSS_UNASKED, JPKI_PSS_OFFERED, JPKI_PSS_WITHDRAWN };

/* One PIN with its key and certificates. Guarded by the reader's lock but where it says so. */
struct jpki_token {
	bool exists;         /* the card has this PIN */
	atomic_bool missing; /* the card was asked and has not; read without the lock */
	/* What is known of the PIN: from the first recognition to the end of the insertion. */
	struct jpki_pin_store *pin;
	bool certificate_is_hidden; /* the card wants the PIN where its generation does not */
	struct jpki_certificate_slot own;
	struct jpki_certificate_slot ca;
	atomic_bool logged_in;       /* read without the lock */
	atomic_uint authentications; /* operations that wait with a PIN given for them */
	bool login_is_fresh;         /* nothing was signed since the login */
	unsigned int logouts;        /* asked for by a program */
	_Atomic int64_t last_used_s; /* jpki_reader_now_s; read without the lock */
};

struct jpki_reader {
	struct jpki_transport *transport;
	const struct jpki_config *config;
	char name[JPKI_READER_NAME_MAX];

	/* What the last observation said. */
	pthread_mutex_t observation_lock;
	uint32_t events;
	uint32_t epoch;
	_Atomic jpki_insertion insertion; /* read without the lock */

	/* The card. Held while it is used: seconds, at times. */
	pthread_mutex_t lock;
	jpki_insertion known_insertion; /* the one that everything below is about */
	struct jpki_card *card;         /* NULL: no link is open */
	bool recognised;                /* generation, serial and tokens are filled in */
	bool same_card;                 /* it was made sure since the link was opened or reset */
	int64_t last_used_s;            /* when a transaction last began */
	bool foreign;                   /* the card is none of ours: it is left alone */
	enum jpki_card_kind kind;       /* when it is recognised, or foreign */
	bool unclear;                   /* it has said something else once than what it is */
	const struct jpki_generation *generation;
	char serial[JPKI_SERIAL_SIZE];
	enum jpki_pss pss;
	struct jpki_token tokens[JPKI_KEY_COUNT];
};

/* Return the state of a token; only the part that its generation fixes is in jpki_token_row. */
static inline struct jpki_token *jpki_token_of(const struct jpki_token_ref *ref)
{
	return &ref->reader->tokens[ref->key];
}

/* Return what the generation fixes of a token; only of a card that is recognised. */
static inline const struct jpki_key_row *jpki_token_row(const struct jpki_token_ref *ref)
{
	return &ref->reader->generation->keys[ref->key];
}

#endif
