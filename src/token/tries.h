/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* tries: reads the tries left of a PIN, and records what became of a PIN. For src/token alone. */
#ifndef JPKI_TOKEN_TRIES_H
#define JPKI_TOKEN_TRIES_H

#include <stdbool.h>

#include "base/error.h"
#include "token/state.h"

/*
 * In a transaction with the PIN's application selected: select the PIN's file and read the tries
 * left into the token's store. They also settle what became of a PIN whose answer was lost. An
 * answer that differs from the last one without a reason of ours is asked for twice, after the
 * application was selected anew: another one may have a PIN in a file of that number.
 * JPKI_E_NOT_FOUND: the card has no such PIN; JPKI_E_PIN_NOT_SET: it was never set.
 */
enum jpki_error jpki_reader_read_tries(struct jpki_reader *reader, enum jpki_key key);

/*
 * In a transaction, with the card recognised and the PIN's store made: select the application
 * unless it is selected, and read the tries of a token that may not exist. Errors are those above,
 * and JPKI_E_NO_TOKEN: the card lacks the text application. After JPKI_E_NOT_FOUND for the first
 * time in an insertion the token does not exist.
 */
enum jpki_error jpki_reader_ask_token(struct jpki_reader *reader, enum jpki_key key);

/* With the card recognised: true if the token is known not to exist, or its tries are known, or
 * that the card does not tell them. */
bool jpki_reader_knows_token(const struct jpki_reader *reader, enum jpki_key key);

/*
 * In a transaction in which the card has accepted the PIN and was left, with the application
 * selected: read the tries, which are all that the PIN has, into the token's store. There were
 * tries_before of them before. Errors are those of a link that broke.
 */
enum jpki_error jpki_reader_confirm_tries(struct jpki_reader *reader, enum jpki_key key,
					  unsigned int tries_before);

/* Record what became of a PIN: what the card answered to it, or why it was not sent. */
void jpki_reader_record(struct jpki_reader *reader, enum jpki_key key, bool sent,
			enum jpki_error error);

/* Return the tries left as last read, or -1 if they are not known. */
int jpki_token_tries_left(const struct jpki_token_ref *ref);

#endif
