/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mechanism: lists, describes and checks the mechanisms, from one table. */
#ifndef JPKI_PKCS11_MECHANISM_H
#define JPKI_PKCS11_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/hash.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_mechanism {
	CK_MECHANISM_TYPE type;
	CK_FLAGS flags; /* as C_GetMechanismInfo returns them */
	enum jpki_sign_scheme scheme;
	bool hashes; /* the data is hashed with hash; otherwise it is used as it is */
	enum jpki_hash hash;
	bool (*takes_parameter)(const CK_MECHANISM *mechanism);
};

/* There are at most this many mechanisms. */
#define JPKI_MECHANISM_MAX 16
/* A token has at most this many signing mechanisms. */
#define JPKI_MECHANISM_SIGNING_MAX 8

/*
 * Return the row of a mechanism that has all wanted flags (CKF_SIGN, CKF_VERIFY, CKF_DIGEST) and
 * that the token offers. CKR_MECHANISM_INVALID, and what asking for its scheme can fail with.
 */
CK_RV jpki_mechanism_row(const struct jpki_token_ref *token, CK_MECHANISM_TYPE type,
			 CK_FLAGS wanted, const struct jpki_mechanism **row);

/*
 * The same for a mechanism with its parameter, and also return the row of its scheme, NULL if it
 * does not sign. CKR_MECHANISM_PARAM_INVALID if the parameter is not one that the card supports.
 */
CK_RV jpki_mechanism_find(const struct jpki_token_ref *token, const CK_MECHANISM *mechanism,
			  CK_FLAGS wanted, const struct jpki_mechanism **row,
			  const struct jpki_scheme **scheme);

/* Return the types of the mechanisms that the token offers and that have the wanted flags. Fails as
 * asking for their schemes can fail. */
CK_RV jpki_mechanism_types(const struct jpki_token_ref *token, CK_FLAGS wanted,
			   CK_MECHANISM_TYPE list[JPKI_MECHANISM_MAX], size_t *count);

/* Return the token's signing mechanisms, for CKA_ALLOWED_MECHANISMS. Fails as
 * jpki_mechanism_types. */
CK_RV jpki_mechanism_signing(const struct jpki_token_ref *token,
			     CK_MECHANISM_TYPE list[JPKI_MECHANISM_SIGNING_MAX], size_t *count);

#endif
