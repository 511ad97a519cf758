/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: reads each certificate of a token once. For src/token alone. */
#ifndef JPKI_TOKEN_CERTIFICATE_H
#define JPKI_TOKEN_CERTIFICATE_H

#include "base/error.h"
#include "token/state.h"
#include "token/token.h"

/*
 * Read the certificate's file into its slot. Requires a transaction with the application selected.
 * JPKI_E_BAD_DER also if the holder's key is of another kind than the generation's.
 */
enum jpki_error jpki_token_read_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind);

/*
 * In a transaction with the application selected: read which certificates the card has, and note
 * those that it lacks. If it does not say, it may have all. Errors are those of a link that broke.
 */
enum jpki_error jpki_reader_read_availability(struct jpki_reader *reader);

/* The same in a transaction of its own, unless it is known for this token. Requires the lock held
 * and the card recognised. */
enum jpki_error jpki_token_need_availability(const struct jpki_token_ref *ref);

/*
 * Fill the slot of this kind of certificate, from the card if necessary. Requires the lock held and
 * the card recognised. JPKI_E_LOGIN_REQUIRED, JPKI_E_NOT_FOUND, and what reading it can fail with.
 */
enum jpki_error jpki_token_need_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind);

#endif
