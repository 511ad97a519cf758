/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pkcs11/mechanism.h"

#include <string.h>

#include "pkcs11/rv.h"
#include "pkcs11/slot.h"

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

CK_RV jpki_mechanism_find(const struct jpki_token_ref *token, const CK_MECHANISM *mechanism,
			  CK_FLAGS wanted, const struct jpki_mechanism **row)
{
	bool offered = true;
	bool right;
	CK_RV rv = CKR_OK;

	*row = row_of(mechanism->mechanism);
	if (*row == NULL || ((*row)->flags & wanted) != wanted)
		return CKR_MECHANISM_INVALID;
	if ((*row)->scheme == JPKI_SIGN_PSS_SHA256)
		rv = jpki_rv(jpki_token_offers_pss(token, &offered));
	if (rv != CKR_OK || !offered)
		return rv != CKR_OK ? rv : CKR_MECHANISM_INVALID;
	right = (*row)->scheme == JPKI_SIGN_PSS_SHA256 ? is_our_pss(mechanism)
						       : mechanism->ulParameterLen == 0;
	return right ? CKR_OK : CKR_MECHANISM_PARAM_INVALID;
}

/* The types of the rows that the token offers and that have the wanted flags. */
static CK_RV collect(const struct jpki_token_ref *token, CK_FLAGS wanted,
		     CK_MECHANISM_TYPE list[ROW_COUNT], size_t *count)
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
	CK_MECHANISM_TYPE all[ROW_COUNT];
	CK_RV rv = collect(token, CKF_SIGN, all, count);

	if (rv == CKR_OK && *count > JPKI_MECHANISM_SIGNING_MAX)
		rv = CKR_GENERAL_ERROR;
	if (rv == CKR_OK)
		memcpy(list, all, *count * sizeof(*list));
	return rv;
}

/* A slot without a token has no mechanisms. */
static CK_RV find_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_ref *token,
			struct jpki_token_info *info)
{
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, token);
	return rv != CKR_OK ? rv : jpki_rv(jpki_token_get_info(token, info));
}

CK_RV jpki_mechanism_list(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE *list,
			  CK_ULONG *count)
{
	CK_MECHANISM_TYPE found[ROW_COUNT];
	struct jpki_token_ref token;
	struct jpki_token_info info;
	CK_ULONG room = list != NULL ? *count : 0;
	size_t found_count = 0;
	CK_RV rv = find_token(module, slot, &token, &info);

	if (rv == CKR_OK)
		rv = collect(&token, 0, found, &found_count);
	if (rv != CKR_OK)
		return rv;
	*count = (CK_ULONG)found_count;
	if (list == NULL)
		return CKR_OK;
	if (room < found_count)
		return CKR_BUFFER_TOO_SMALL;
	memcpy(list, found, found_count * sizeof(*list));
	return CKR_OK;
}

CK_RV jpki_mechanism_info(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
			  CK_MECHANISM_INFO *info)
{
	struct jpki_token_ref token;
	struct jpki_token_info token_info;
	const struct jpki_mechanism *row = row_of(type);
	bool offered = row != NULL;
	CK_RV rv = find_token(module, slot, &token, &token_info);

	if (rv == CKR_OK && row != NULL && row->scheme == JPKI_SIGN_PSS_SHA256)
		rv = jpki_rv(jpki_token_offers_pss(&token, &offered));
	if (rv != CKR_OK)
		return rv;
	if (!offered)
		return CKR_MECHANISM_INVALID;
	*info = (CK_MECHANISM_INFO){.flags = row->flags};
	if ((row->flags & CKF_SIGN) != 0) {
		info->ulMinKeySize = token_info.key_bits_min;
		info->ulMaxKeySize = token_info.key_bits_max;
	}
	return CKR_OK;
}
