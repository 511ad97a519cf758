/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* certificate: reads each certificate of a token once. For src/token alone. */
#ifndef JPKI_TOKEN_CERTIFICATE_H
#define JPKI_TOKEN_CERTIFICATE_H

#include "base/error.h"
#include "token/state.h"
#include "token/token.h"

/* A certificate as it is kept on disk, while the card's is read. */
struct jpki_recall {
	struct jpki_certificate *kept; /* NULL: none is */
	bool is_new;                   /* the card's was read, and may be kept */
};

/*
 * Before the transaction: find what is kept of this certificate, if it may be kept; else remove it.
 * The card must be recognised. jpki_token_keep_certificate must follow.
 */
void jpki_token_recall_certificate(const struct jpki_token_ref *ref,
				   enum jpki_certificate_kind kind, struct jpki_recall *recall);

/*
 * Read the certificate's file into its slot, or only as much of it as shows that it is the one that
 * was recalled. Requires a transaction with the application selected. JPKI_E_BAD_DER also if the
 * holder's key is of another kind than the generation's.
 */
enum jpki_error jpki_token_read_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind,
					    struct jpki_recall *recall);

/* After the transaction, because no file is written while a PIN is verified: keep what is new, and
 * forget what was recalled. */
void jpki_token_keep_certificate(const struct jpki_token_ref *ref, enum jpki_certificate_kind kind,
				 struct jpki_recall *recall);

/*
 * Fill the slot of this kind of certificate, from the card if necessary. Requires the lock held and
 * the card recognised. JPKI_E_LOGIN_REQUIRED, JPKI_E_NOT_FOUND, and what reading it can fail with.
 */
enum jpki_error jpki_token_need_certificate(const struct jpki_token_ref *ref,
					    enum jpki_certificate_kind kind);

#endif
