/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* state: holds what is known of a reader, its card, its two tokens and its third PIN. For src/token
 * alone. */
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
#include "token/room.h"
#include "token/snapshot.h"
#include "token/visit.h"

/* A certificate of the card: not read yet, absent, or read. */
struct jpki_certificate_slot {
	bool absent;
	struct jpki_certificate *certificate;
};

/* Whether the card supports a signature scheme that not every card has, as far as is known. */
enum jpki_scheme_state { JPKI_SCHEME_UNASKED, JPKI_SCHEME_OFFERED, JPKI_SCHEME_WITHDRAWN };

/* What a card's serial is derived from. */
enum jpki_identity {
	JPKI_IDENTITY_CARD,        /* the number in the common application */
	JPKI_IDENTITY_CERTIFICATE, /* of authentication */
	JPKI_IDENTITY_INFORMATION, /* of the token */
};

/* One PIN with its key and certificates. The reader's lock guards each member unless its comment
 * says otherwise. */
struct jpki_token {
	bool exists;         /* the card has this PIN, or may have it until asked is true */
	bool asked;          /* the card was asked for its tries */
	atomic_bool missing; /* the card was asked and lacks it; read without the lock */
	/* What is known of the PIN, from the first recognition to the end of the insertion. */
	struct jpki_pin_store *pin;
	bool change_is_unclear;     /* the old PIN may hold, or the new one; see change.c */
	atomic_bool unanswered;     /* the last PIN was sent in vain; read without the lock */
	int64_t tries_read_s;       /* jpki_reader_now_s when its tries were last read */
	bool certificate_is_hidden; /* the card requires the PIN though its generation does not */
	struct jpki_certificate_slot own;
	struct jpki_certificate_slot ca;
	atomic_bool logged_in;   /* read without the lock */
	atomic_uint logins;      /* how often somebody has logged in; read without the lock */
	struct jpki_visit visit; /* the signatures that wait; has a lock of its own */
	/* Tries are missing since the login, so the PIN kept is not sent; read without the lock. */
	atomic_bool suspended;
	atomic_uint authentications; /* pending operations that a PIN was given for */
	bool login_is_fresh;         /* nothing was signed since the login */
	unsigned int logouts;        /* how often a program has logged out */
	_Atomic int64_t last_used_s; /* jpki_reader_now_s; read without the lock */
};

struct jpki_reader {
	struct jpki_transport *transport;
	const struct jpki_config *config;
	char name[JPKI_READER_NAME_MAX];

	/* From the last observation. */
	pthread_mutex_t observation_lock;
	uint32_t events;
	uint32_t epoch;
	_Atomic jpki_insertion insertion; /* read without the lock */
	atomic_bool mute;                 /* the card gives no ATR; read without the lock */

	/* What is known, as of the last time that the lock below was released. It has a lock of its
	 * own. */
	struct jpki_snapshot snapshot;

	/* Held while the card is used, which may take seconds. */
	pthread_mutex_t lock;
	atomic_bool abandoned; /* nothing begins any more; read without the lock */
	atomic_bool untidy;    /* something has ended and is to be wiped; set without the lock */
	jpki_insertion known_insertion; /* the insertion that all members below belong to */
	struct jpki_card *card;         /* NULL: no link is open */
	bool recognised;                /* generation and serial are filled in */
	bool availability_is_known;     /* which certificates the card has */
	bool same_card;                 /* nothing was seen that may hide another card */
	bool proven;                    /* compared since the link was last opened */
	bool kept_out;                  /* another program was using the card */
	int64_t last_used_s;            /* when a transaction last began, or was to */
	struct jpki_room room;          /* for how long the card has been ours */
	bool foreign;                   /* not a card that can be used: left alone */
	enum jpki_card_kind kind;       /* valid if recognised or foreign */
	bool unclear;                   /* its answer once did not tell what card it is */
	int64_t mute_until_s;           /* before that, do not ask a card that did not answer */
	int64_t mute_for_s;             /* how long the last such pause was */
	bool shown_mute;                /* mute, when it was last looked at with the lock held */
	const struct jpki_generation *generation;
	char serial[JPKI_SERIAL_SIZE];
	enum jpki_identity identity;                     /* what the serial is derived from */
	enum jpki_scheme_state schemes[JPKI_SIGN_COUNT]; /* the same for both keys */
	struct jpki_token tokens[JPKI_PIN_COUNT];        /* JPKI_PIN_TEXT: only its PIN */
};

/* Return the state of a token. */
static inline struct jpki_token *jpki_token_of(const struct jpki_token_ref *ref)
{
	return &ref->reader->tokens[ref->key];
}

/* Return what the card's generation fixes for a token. The card must be recognised. */
static inline const struct jpki_key_row *jpki_token_row(const struct jpki_token_ref *ref)
{
	return &ref->reader->generation->keys[ref->key];
}

/* With the lock held: true if the holder's certificate can be read only after the PIN. */
bool jpki_reader_certificate_is_private(const struct jpki_reader *reader, enum jpki_key key);

/* True if each signature requires the PIN: the user's choice, for the signing key only. */
bool jpki_reader_always_authenticates(const struct jpki_reader *reader, enum jpki_key key);

/* True if a login was not used for the time that the configuration allows. Never blocks. */
bool jpki_reader_login_expired(const struct jpki_reader *reader, enum jpki_key key);

/* True if there is a login that has not expired. Never blocks. */
bool jpki_reader_has_login(const struct jpki_reader *reader, enum jpki_key key);

#endif
