/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * snapshot: keeps a copy of what is known of a card's tokens, which can be had while the card is in
 * use. For src/token alone.
 */
#ifndef JPKI_TOKEN_SNAPSHOT_H
#define JPKI_TOKEN_SNAPSHOT_H

#include <pthread.h>
#include <stdbool.h>

#include "card/scheme.h"
#include "crypto/certificate.h"
#include "token/info.h"
#include "token/ref.h"

/* What is known of one token. All zero: nothing. */
struct jpki_facts {
	bool told;           /* what follows is known */
	bool missing;        /* the card lacks the token, and nothing else is told of it */
	bool contents_known; /* has_key and has_ca of info tell what the card has */
	unsigned int logins; /* how often somebody had logged in: a private certificate is theirs */
	struct jpki_token_info info;
	/* NULL: not read, or the card has none. */
	struct jpki_certificate *certificates[JPKI_CERTIFICATE_COUNT];
	bool scheme_known[JPKI_SIGN_COUNT];
	const struct jpki_scheme *schemes[JPKI_SIGN_COUNT]; /* NULL: the key does not have it */
};

/* The facts of one insertion. Its lock is innermost, and held for no longer than a copy takes. */
struct jpki_snapshot {
	pthread_mutex_t lock; /* guards what follows */
	jpki_insertion insertion;
	struct jpki_facts keys[JPKI_KEY_COUNT];
};

/* Make a snapshot in which nothing is known; and release what it holds. */
void jpki_snapshot_init(struct jpki_snapshot *snapshot);
void jpki_snapshot_destroy(struct jpki_snapshot *snapshot);

/* Put these facts in the place of those that there were. It takes over the caller's holds on the
 * certificates. */
void jpki_snapshot_replace(struct jpki_snapshot *snapshot, jpki_insertion insertion,
			   const struct jpki_facts keys[JPKI_KEY_COUNT]);

/*
 * Return whether anything is told of a token of this insertion. If so, the caller gets a copy of
 * the facts, and releases it with jpki_facts_release. Never waits for a card.
 */
bool jpki_snapshot_get(struct jpki_snapshot *snapshot, jpki_insertion insertion, enum jpki_key key,
		       struct jpki_facts *facts);

/* Release the certificates. */
void jpki_facts_release(struct jpki_facts *facts);

#endif
