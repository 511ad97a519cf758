/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of src/token share, and nobody else sees. */
#ifndef JPKI_TOKEN_INTERNAL_H
#define JPKI_TOKEN_INTERNAL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/config.h"
#include "base/error.h"
#include "card/card.h"
#include "card/generation.h"
#include "crypto/certificate.h"
#include "token/pin.h"
#include "token/reader.h"
#include "token/token.h"

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

/*
 * Takes the reader's lock for work on one insertion. JPKI_E_NO_CARD, JPKI_E_REMOVED: that card is
 * not there any more, and the lock is not held.
 */
enum jpki_error jpki_reader_lock(struct jpki_reader *reader, jpki_insertion insertion);

/* Gives the lock back; a card that left meanwhile is forgotten before. */
void jpki_reader_unlock(struct jpki_reader *reader);

/*
 * With the lock held: opens the link if need be, begins a transaction and recognises the card if
 * that was not done yet, or makes sure after a reset that it is still the same. On JPKI_OK the
 * transaction is open, and anything may be selected. JPKI_E_FOREIGN, JPKI_E_REMOVED and what the
 * transport returns: no transaction is open.
 */
enum jpki_error jpki_reader_begin(struct jpki_reader *reader);

/*
 * Ends the transaction. error is what the work in it came to: after a broken link the link is
 * closed, and a card that has left is forgotten. With power_off the card is locked by cutting its
 * power, because a PIN may be verified on it still.
 */
void jpki_reader_end(struct jpki_reader *reader, enum jpki_error error, bool power_off);

/*
 * In a transaction, with a card that is recognised: selects the JPKI application. A card that does
 * not know it now is JPKI_E_PROTOCOL.
 */
enum jpki_error jpki_reader_select_application(struct jpki_reader *reader);

/*
 * In a transaction with the application selected: selects the PIN's file and reads the tries left
 * into the token's store. They also settle what became of a PIN whose answer was lost.
 * JPKI_E_NOT_FOUND: the card has no such PIN; JPKI_E_PIN_NOT_SET: none was set.
 */
enum jpki_error jpki_reader_read_tries(struct jpki_reader *reader, enum jpki_key key);

/* With the lock held: whether the holder's certificate is to be had after the PIN only. */
bool jpki_reader_certificate_is_private(const struct jpki_reader *reader, enum jpki_key key);

/* Writes down what became of a PIN: what the card said to it, or why it was not sent. */
void jpki_reader_record(struct jpki_reader *reader, enum jpki_key key, bool sent,
			enum jpki_error error);

/* With the lock held: lets go of a certificate, which will be read anew. */
void jpki_reader_forget_certificate(struct jpki_certificate_slot *slot);

/* With the lock held: wipes the PIN and, where it is personal data, the certificate. */
void jpki_reader_drop_login(struct jpki_reader *reader, enum jpki_key key);

/* Whether a login has lain idle for longer than the configuration allows. Never blocks. */
bool jpki_reader_login_expired(const struct jpki_reader *reader, enum jpki_key key);

/* Seconds since some moment, the time in which the machine slept included. */
int64_t jpki_reader_now_s(void);

/* Of a token, the part that changes and the part that its generation fixes. The second only when
 * the card is recognised. */
struct jpki_token *jpki_token_of(const struct jpki_token_ref *ref);
const struct jpki_key_row *jpki_token_row(const struct jpki_token_ref *ref);

/*
 * With the lock held: makes sure the card is recognised, without an exchange when it is, and
 * that it has this token; JPKI_E_NO_TOKEN when it has not.
 */
enum jpki_error jpki_token_need_recognised(const struct jpki_token_ref *ref);

/* In a transaction with the application selected: reads and parses one certificate file. */
enum jpki_error jpki_token_read_certificate(struct jpki_reader *reader, uint16_t file,
					    struct jpki_certificate_slot *slot);

/* With the lock held: whether there is a login, which no other thread has ended meanwhile. */
bool jpki_token_has_login(const struct jpki_token_ref *ref);

/* Whether each signature wants the PIN anew: a choice of the person, for the signing key only. */
bool jpki_reader_always_authenticates(const struct jpki_reader *reader, enum jpki_key key);

/*
 * With the lock held: one operation that needs the PIN, from begin to end: select, present the PIN
 * that the store holds, if tries_wanted are left, do the work, and leave the card locked behind it
 * whatever happened.
 */
enum jpki_error jpki_token_with_pin(const struct jpki_token_ref *ref, unsigned int tries_wanted,
				    enum jpki_error (*work)(const struct jpki_token_ref *ref,
							    void *argument),
				    void *argument);

#endif
