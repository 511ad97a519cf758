/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The mechanisms: lists, describes and checks them from one table. */
#include "pkcs11/mechanism.h"

#include <string.h>

#include "pkcs11/rv.h"

#define ROW_COUNT  (sizeof(rows) / sizeof(rows[0]))
#define SIGN_FLAGS (CKF_HW | CKF_SIGN | CKF_VERIFY)
/* The host computes these alone. */
#define DIGEST_FLAGS CKF_DIGEST

/* PKCS#11 2.40 mechanisms §2.1.6, §2.1.10 (PKCS #1 v1.5 and PSS), §2.20 to §2.24 (digests). */
static const struct jpki_mechanism rows[] = {
	{CKM_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, false, JPKI_HASH_SHA1},
	{CKM_SHA1_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA1},
	{CKM_SHA224_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA224},
	{CKM_SHA256_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA256},
	{CKM_SHA384_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA384},
	{CKM_SHA512_RSA_PKCS, SIGN_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA512},
	{CKM_RSA_PKCS_PSS, SIGN_FLAGS, JPKI_SIGN_PSS_SHA256, false, JPKI_HASH_SHA256},
	{CKM_SHA256_RSA_PKCS_PSS, SIGN_FLAGS, JPKI_SIGN_PSS_SHA256, true, JPKI_HASH_SHA256},
	{CKM_SHA_1, DIGEST_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA1},
	{CKM_SHA224, DIGEST_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA224},
	{CKM_SHA256, DIGEST_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA256},
	{CKM_SHA384, DIGEST_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA384},
	{CKM_SHA512, DIGEST_FLAGS, JPKI_SIGN_PKCS1, true, JPKI_HASH_SHA512},
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

/* The parameter of PSS says what the card does, and nothing else can be had. */
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

CK_RV jpki_mechanism_row(const struct jpki_token_ref *token, CK_MECHANISM_TYPE type,
			 CK_FLAGS wanted, const struct jpki_mechanism **row)
{
	bool offered = true;
	CK_RV rv = CKR_OK;

	*row = row_of(type);
	if (*row == NULL || ((*row)->flags & wanted) != wanted)
		return CKR_MECHANISM_INVALID;
	if ((*row)->scheme == JPKI_SIGN_PSS_SHA256)
		rv = jpki_rv(jpki_token_offers_pss(token, &offered));
	return rv == CKR_OK && !offered ? CKR_MECHANISM_INVALID : rv;
}

CK_RV jpki_mechanism_find(const struct jpki_token_ref *token, const CK_MECHANISM *mechanism,
			  CK_FLAGS wanted, const struct jpki_mechanism **row)
{
	bool right;
	CK_RV rv = jpki_mechanism_row(token, mechanism->mechanism, wanted, row);

	if (rv != CKR_OK)
		return rv;
	right = (*row)->scheme == JPKI_SIGN_PSS_SHA256 ? is_our_pss(mechanism)
						       : mechanism->ulParameterLen == 0;
	return right ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

CK_RV jpki_mechanism_types(const struct jpki_token_ref *token, CK_FLAGS wanted,
			   CK_MECHANISM_TYPE list[JPKI_MECHANISM_MAX], size_t *count)
{
	bool pss = false;
	CK_RV rv = jpki_rv(jpki_token_offers_pss(token, &pss));

	*count = 0;
	for (size_t i = 0; rv == CKR_OK && i < ROW_COUNT; i++) {
		if ((rows[i].flags & wanted) == wanted &&
		    (pss || rows[i].scheme != JPKI_SIGN_PSS_SHA256))
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
