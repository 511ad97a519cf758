/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mechanism: lists, describes and checks the mechanisms, from one table. */
#include "pkcs11/mechanism.h"

#include <string.h>

#include "pkcs11/rv.h"

#define ROW_COUNT  (sizeof(rows) / sizeof(rows[0]))
#define SIGN_FLAGS (CKF_HW | CKF_SIGN | CKF_VERIFY)
/* EC mechanisms also tell which curves and points they take (2.40 mechanisms §2.3). */
#define EC_FLAGS (SIGN_FLAGS | CKF_EC_F_P | CKF_EC_NAMEDCURVE | CKF_EC_UNCOMPRESS)
/* The host alone computes these. */
#define DIGEST_FLAGS CKF_DIGEST

/* Return whether the mechanism's parameter is one that the row takes. */
static bool is_none(const CK_MECHANISM *mechanism)
{
	return mechanism->ulParameterLen == 0;
}

/* Accept only the PSS parameter that describes what the card does, because the card can do nothing
 * else. */
static bool is_our_pss(const CK_MECHANISM *mechanism)
{
	CK_RSA_PKCS_PSS_PARAMS parameters;

	if (mechanism->pParameter == NULL || mechanism->ulParameterLen != sizeof(parameters))
		return false;
	/* The caller's memory need not be aligned. */
	memcpy(&parameters, mechanism->pParameter, sizeof(parameters));
	return parameters.hashAlg == CKM_SHA256 && parameters.mgf == CKG_MGF1_SHA256 &&
	       parameters.sLen == jpki_hash_size(JPKI_HASH_SHA256);
}

/* The scheme's input is the data, or the hash of the data. */
#define TAKES_DATA   false, JPKI_HASH_SHA1
#define HASHES(hash) true, hash

/* PKCS#11 2.40 mechanisms §2.1.6, §2.1.10 (PKCS #1 v1.5 and PSS), §2.3.6, §2.3.7 (ECDSA), §2.20 to
 * §2.24 (digests). */
static const struct jpki_mechanism rows[] = {
	{CKM_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, TAKES_DATA, is_none},
	{CKM_SHA1_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, HASHES(JPKI_HASH_SHA1), is_none},
	{CKM_SHA224_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, HASHES(JPKI_HASH_SHA224), is_none},
	{CKM_SHA256_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, HASHES(JPKI_HASH_SHA256), is_none},
	{CKM_SHA384_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, HASHES(JPKI_HASH_SHA384), is_none},
	{CKM_SHA512_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, HASHES(JPKI_HASH_SHA512), is_none},
	{CKM_RSA_PKCS_PSS, SIGN_FLAGS, JPKI_SIGN_PSS_SHA256, TAKES_DATA, is_our_pss},
	{CKM_SHA256_RSA_PKCS_PSS, SIGN_FLAGS, JPKI_SIGN_PSS_SHA256, HASHES(JPKI_HASH_SHA256),
	 is_our_pss},
	{CKM_ECDSA, EC_FLAGS, JPKI_SIGN_ECDSA, TAKES_DATA, is_none},
	{CKM_ECDSA_SHA384, EC_FLAGS, JPKI_SIGN_ECDSA, HASHES(JPKI_HASH_SHA384), is_none},
	{CKM_SHA_1, DIGEST_FLAGS, JPKI_SIGN_NONE, HASHES(JPKI_HASH_SHA1), is_none},
	{CKM_SHA224, DIGEST_FLAGS, JPKI_SIGN_NONE, HASHES(JPKI_HASH_SHA224), is_none},
	{CKM_SHA256, DIGEST_FLAGS, JPKI_SIGN_NONE, HASHES(JPKI_HASH_SHA256), is_none},
	{CKM_SHA384, DIGEST_FLAGS, JPKI_SIGN_NONE, HASHES(JPKI_HASH_SHA384), is_none},
	{CKM_SHA512, DIGEST_FLAGS, JPKI_SIGN_NONE, HASHES(JPKI_HASH_SHA512), is_none},
};

_Static_assert(ROW_COUNT <= JPKI_MECHANISM_MAX, "a list has room for each mechanism");

static const struct jpki_mechanism *row_of(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].type == type)
			return &rows[i];
	}
	return NULL;
}

/* Find out whether the token offers a mechanism. *scheme is the scheme of one that signs; the host
 * can do the others with any card. */
static CK_RV is_offered(const struct jpki_token_ref *token, const struct jpki_mechanism *row,
			bool *offered, const struct jpki_scheme **scheme)
{
	CK_RV rv = CKR_OK;

	*scheme = NULL;
	*offered = (row->flags & CKF_SIGN) == 0;
	if (*offered)
		return rv;
	rv = jpki_rv(jpki_token_scheme(token, row->scheme, scheme));
	*offered = *scheme != NULL;
	return rv;
}

static CK_RV find(const struct jpki_token_ref *token, CK_MECHANISM_TYPE type, CK_FLAGS wanted,
		  const struct jpki_mechanism **row, const struct jpki_scheme **scheme)
{
	bool offered;
	CK_RV rv;

	*row = row_of(type);
	if (*row == NULL || ((*row)->flags & wanted) != wanted)
		return CKR_MECHANISM_INVALID;
	rv = is_offered(token, *row, &offered, scheme);
	return rv == CKR_OK && !offered ? CKR_MECHANISM_INVALID : rv;
}

CK_RV jpki_mechanism_row(const struct jpki_token_ref *token, CK_MECHANISM_TYPE type,
			 CK_FLAGS wanted, const struct jpki_mechanism **row)
{
	const struct jpki_scheme *scheme;

	return find(token, type, wanted, row, &scheme);
}

CK_RV jpki_mechanism_find(const struct jpki_token_ref *token, const CK_MECHANISM *mechanism,
			  CK_FLAGS wanted, const struct jpki_mechanism **row,
			  const struct jpki_scheme **scheme)
{
	CK_RV rv = find(token, mechanism->mechanism, wanted, row, scheme);

	if (rv != CKR_OK)
		return rv;
	return (*row)->takes_parameter(mechanism) ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

CK_RV jpki_mechanism_types(const struct jpki_token_ref *token, CK_FLAGS wanted,
			   CK_MECHANISM_TYPE list[JPKI_MECHANISM_MAX], size_t *count)
{
	CK_RV rv = CKR_OK;

	*count = 0;
	for (size_t i = 0; rv == CKR_OK && i < ROW_COUNT; i++) {
		const struct jpki_scheme *scheme;
		bool offered = false;

		if ((rows[i].flags & wanted) != wanted)
			continue;
		rv = is_offered(token, &rows[i], &offered, &scheme);
		if (offered)
			list[(*count)++] = rows[i].type;
	}
	return rv;
}

CK_RV jpki_mechanism_signing(const struct jpki_token_ref *token,
			     CK_MECHANISM_TYPE list[JPKI_MECHANISM_SIGNING_MAX], size_t *count)
{
	CK_MECHANISM_TYPE all[JPKI_MECHANISM_MAX];
	CK_RV rv = jpki_mechanism_types(token, CKF_SIGN, all, count);

	if (rv == CKR_OK && *count > JPKI_MECHANISM_SIGNING_MAX)
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		memcpy(list, all, *count * sizeof(*list));
	return rv;
}
