/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: reads the certificates of a token, each once. For src/token alone. */
#ifndef JPKI_TOKEN_CERTIFICATE_H
#define JPKI_TOKEN_CERTIFICATE_H

#include "base/error.h"
#include "token/state.h"
#include "token/token.h"

/*
 * In a transaction with the application selected: reads the certificate's file into its slot.
 * JPKI_E_BAD_DER also if the holder's key is of another kind than the generation's.
 */
enum jpki_error jpki_token_read_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind);

/*
 * With the lock held and the card recognised: makes sure the slot of this kind is filled, from the
 * card if it must. JPKI_E_LOGIN_REQUIRED, JPKI_E_NOT_FOUND, and what reading it can fail with.
 */
enum jpki_error jpki_token_need_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind);

#endif
