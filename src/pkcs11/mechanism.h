/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mechanisms: one table that lists, describes, checks and computes from. */
#ifndef JPKI_PKCS11_MECHANISM_H
#define JPKI_PKCS11_MECHANISM_H

#include <stdbool.h>
#include <stddef.h>

#include "crypto/hash.h"
#include "pkcs11v3.h"
#include "token/token.h"

struct jpki_mechanism {
	CK_MECHANISM_TYPE type;
	CK_FLAGS flags; /* as C_GetMechanismInfo tells them */
	enum jpki_sign_scheme scheme;
	bool hashes; /* the data goes through hash; else it is taken as it is */
	enum jpki_hash hash;
	bool (*takes_parameter)(const CK_MECHANISM *mechanism);
};

/* As many mechanisms as there can be. */
#define JPKI_MECHANISM_MAX 16
/* As many signing mechanisms as a token can have. */
#define JPKI_MECHANISM_SIGNING_MAX 8

/*
 * The row of a mechanism that has all of the wanted flags (CKF_SIGN, CKF_VERIFY, CKF_DIGEST) and
 * that the token offers. CKR_MECHANISM_INVALID; what asking for its scheme may fail with.
 */
CK_RV jpki_mechanism_row(const struct jpki_token_ref *token, CK_MECHANISM_TYPE type,
			 CK_FLAGS wanted, const struct jpki_mechanism **row);

/*
 * The same with its parameter, and with the row of its scheme, NULL for one that does not sign.
 * CKR_MECHANISM_PARAM_INVALID when the parameter is not one that the card can do.
 */
CK_RV jpki_mechanism_find(const struct jpki_token_ref *token, const CK_MECHANISM *mechanism,
			  CK_FLAGS wanted, const struct jpki_mechanism **row,
			  const struct jpki_scheme **scheme);

/* The types of the rows that the token offers and that have the wanted flags. What asking for their
 * schemes may fail with. */
CK_RV jpki_mechanism_types(const struct jpki_token_ref *token, CK_FLAGS wanted,
			   CK_MECHANISM_TYPE list[JPKI_MECHANISM_MAX], size_t *count);

/* The token's signing mechanisms, for CKA_ALLOWED_MECHANISMS. Fails as jpki_mechanism_types. */
CK_RV jpki_mechanism_signing(const struct jpki_token_ref *token,
			     CK_MECHANISM_TYPE list[JPKI_MECHANISM_SIGNING_MAX], size_t *count);

#endif
