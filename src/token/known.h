/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * known: answers from what is known already, while another call may be using the card. What is
 * known changes only under the reader's lock, and is published before the lock is released; so
 * between two uses of the card the answers are those of the state itself, and during a use those
 * from before it. Whether somebody is logged in, and whether it is still the same insertion, is
 * never taken from the copy. For src/token alone.
 */
#ifndef JPKI_TOKEN_KNOWN_H
#define JPKI_TOKEN_KNOWN_H

#include <stdbool.h>

#include "base/error.h"
#include "token/info.h"
#include "token/state.h"

/* With the reader's lock held and the token known: describe it. */
void jpki_known_describe(const struct jpki_token_ref *ref, struct jpki_token_info *info);

/* Publish what is known. Whoever holds the reader's lock calls this before releasing it, with a
 * state that fits reader->known_insertion. */
void jpki_known_publish(struct jpki_reader *reader);

/*
 * Each of these returns whether the answer is known. If so, *error is JPKI_OK and the other output
 * is the answer, or *error is what the card would be found to fail with; else the caller takes the
 * reader's lock and finds out. None waits for a card.
 */

/* As jpki_token_get_info, or without contents as jpki_token_get_pin_info. */
bool jpki_known_info(const struct jpki_token_ref *ref, bool contents, struct jpki_token_info *info,
		     enum jpki_error *error);

/* As jpki_token_certificate. A private one is known only while the login lasts under which it was
 * read. */
bool jpki_known_certificate(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind,
			    struct jpki_certificate **certificate, enum jpki_error *error);

/* As jpki_token_scheme. */
bool jpki_known_scheme(const struct jpki_token_ref *ref, enum jpki_sign_scheme id,
		       const struct jpki_scheme **scheme, enum jpki_error *error);

#endif
