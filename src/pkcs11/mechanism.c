/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "pkcs11/mechanism.h"

#include "pkcs11/rv.h"
#include "pkcs11/slot.h"

#define ROW_COUNT  (sizeof(rows) / sizeof(rows[0]))
#define SIGN_FLAGS (CKF_HW | CKF_SIGN | CKF_VERIFY)
/* The host computes these alone. */
#define DIGEST_FLAGS CKF_DIGEST

/* PKCS#11 2.40 mechanisms §2.1.6 and §2.1.10 (PKCS #1 v1.5), §2.20 to §2.24 (digests). */
static const struct jpki_mechanism rows[] = {
	{CKM_RSA_PKCS, SIGN_FLAGS, false, JPKI_HASH_SHA1},
	{CKM_SHA1_RSA_PKCS, SIGN_FLAGS, true, JPKI_HASH_SHA1},
	{CKM_SHA224_RSA_PKCS, SIGN_FLAGS, true, JPKI_HASH_SHA224},
	{CKM_SHA256_RSA_PKCS, SIGN_FLAGS, true, JPKI_HASH_SHA256},
	{CKM_SHA384_RSA_PKCS, SIGN_FLAGS, true, JPKI_HASH_SHA384},
	{CKM_SHA512_RSA_PKCS, SIGN_FLAGS, true, JPKI_HASH_SHA512},
	{CKM_SHA_1, DIGEST_FLAGS, true, JPKI_HASH_SHA1},
	{CKM_SHA224, DIGEST_FLAGS, true, JPKI_HASH_SHA224},
	{CKM_SHA256, DIGEST_FLAGS, true, JPKI_HASH_SHA256},
	{CKM_SHA384, DIGEST_FLAGS, true, JPKI_HASH_SHA384},
	{CKM_SHA512, DIGEST_FLAGS, true, JPKI_HASH_SHA512},
};

static const struct jpki_mechanism *row_of(CK_MECHANISM_TYPE type)
{
	for (size_t i = 0; i < ROW_COUNT; i++) {
		if (rows[i].type == type)
			return &rows[i];
	}
	return NULL;
}

CK_RV jpki_mechanism_find(const CK_MECHANISM *mechanism, CK_FLAGS wanted,
			  const struct jpki_mechanism **row)
{
	*row = row_of(mechanism->mechanism);
	if (*row == NULL || ((*row)->flags & wanted) != wanted)
		return CKR_MECHANISM_INVALID;
	return mechanism->ulParameterLen != 0 ? CKR_MECHANISM_PARAM_INVALID : CKR_OK;
}

const CK_MECHANISM_TYPE *jpki_mechanism_signing(size_t *count)
{
	static const CK_MECHANISM_TYPE signing[] = {
		CKM_RSA_PKCS,        CKM_SHA1_RSA_PKCS,   CKM_SHA224_RSA_PKCS,
		CKM_SHA256_RSA_PKCS, CKM_SHA384_RSA_PKCS, CKM_SHA512_RSA_PKCS,
	};

	*count = sizeof(signing) / sizeof(signing[0]);
	return signing;
}

/* Whether the slot holds a token, which is what has mechanisms. */
static CK_RV find_token(struct jpki_module *module, CK_SLOT_ID slot, struct jpki_token_info *info)
{
	struct jpki_token_ref token;
	CK_RV rv;

	jpki_slots_refresh(module, NULL);
	rv = jpki_slot_token(module, slot, &token);
	return rv != CKR_OK ? rv : jpki_rv(jpki_token_get_info(&token, info));
}

CK_RV jpki_mechanism_list(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE *list,
			  CK_ULONG *count)
{
	struct jpki_token_info token;
	CK_ULONG room = list != NULL ? *count : 0;
	CK_RV rv = find_token(module, slot, &token);

	if (rv != CKR_OK)
		return rv;
	*count = ROW_COUNT;
	if (list == NULL)
		return CKR_OK;
	if (room < ROW_COUNT)
		return CKR_BUFFER_TOO_SMALL;
	for (size_t i = 0; i < ROW_COUNT; i++)
		list[i] = rows[i].type;
	return CKR_OK;
}

CK_RV jpki_mechanism_info(struct jpki_module *module, CK_SLOT_ID slot, CK_MECHANISM_TYPE type,
			  CK_MECHANISM_INFO *info)
{
	struct jpki_token_info token;
	const struct jpki_mechanism *row = row_of(type);
	CK_RV rv = find_token(module, slot, &token);

	if (rv != CKR_OK)
		return rv;
	if (row == NULL)
		return CKR_MECHANISM_INVALID;
	*info = (CK_MECHANISM_INFO){.flags = row->flags};
	if ((row->flags & CKF_SIGN) != 0) {
		info->ulMinKeySize = token.key_bits;
		info->ulMaxKeySize = token.key_bits;
	}
	return CKR_OK;
}
