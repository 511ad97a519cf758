/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* libcrypto as the judge of hashes and signatures. */
#include "conform.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#define ROW(type, hash, digest, mgf)                                                               \
	{                                                                                          \
		type, #type, hash, digest, mgf                                                     \
	}

const struct signing signings[] = {
	ROW(CKM_RSA_PKCS, NULL, 0, 0),
	ROW(CKM_SHA1_RSA_PKCS, "SHA1", 0, 0),
	ROW(CKM_SHA224_RSA_PKCS, "SHA224", 0, 0),
	ROW(CKM_SHA256_RSA_PKCS, "SHA256", 0, 0),
	ROW(CKM_SHA384_RSA_PKCS, "SHA384", 0, 0),
	ROW(CKM_SHA512_RSA_PKCS, "SHA512", 0, 0),
	ROW(CKM_RSA_PKCS_PSS, NULL, CKM_SHA256, CKG_MGF1_SHA256),
	ROW(CKM_SHA1_RSA_PKCS_PSS, "SHA1", CKM_SHA_1, CKG_MGF1_SHA1),
	ROW(CKM_SHA224_RSA_PKCS_PSS, "SHA224", CKM_SHA224, CKG_MGF1_SHA224),
	ROW(CKM_SHA256_RSA_PKCS_PSS, "SHA256", CKM_SHA256, CKG_MGF1_SHA256),
	ROW(CKM_SHA384_RSA_PKCS_PSS, "SHA384", CKM_SHA384, CKG_MGF1_SHA384),
	ROW(CKM_SHA512_RSA_PKCS_PSS, "SHA512", CKM_SHA512, CKG_MGF1_SHA512),
};
const size_t signing_count = COUNT(signings);

static const CK_BYTE sha256_info[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
				      0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};

size_t hash_of(const char *hash, const CK_BYTE *data, size_t length, CK_BYTE out[64])
{
	size_t hash_length = 0;

	if (EVP_Q_digest(NULL, hash, NULL, data, length, out, &hash_length) != 1)
		check(false, "libcrypto has no %s", hash);
	return hash_length;
}

size_t data_for(const struct signing *row, CK_BYTE data[128])
{
	static const CK_BYTE text[] = "a text that is signed";

	if (row->hash != NULL) {
		memcpy(data, text, sizeof(text));
		return sizeof(text);
	}
	if (row->digest != 0)
		return hash_of("SHA256", text, sizeof(text), data);
	memcpy(data, sha256_info, sizeof(sha256_info));
	return sizeof(sha256_info) +
	       hash_of("SHA256", text, sizeof(text), data + sizeof(sha256_info));
}

static CK_ULONG salt_length(const struct signing *row)
{
	CK_BYTE out[64] = {0};

	return hash_of(row->hash != NULL ? row->hash : "SHA256", out, 0, out);
}

CK_MECHANISM mechanism_of(const struct signing *row, CK_RSA_PKCS_PSS_PARAMS *params)
{
	if (row->digest == 0)
		return (CK_MECHANISM){row->type, NULL, 0};
	*params = (CK_RSA_PKCS_PSS_PARAMS){row->digest, row->mgf, salt_length(row)};
	return (CK_MECHANISM){row->type, params, sizeof(*params)};
}

EVP_PKEY *rsa_public_key(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
	BIGNUM *number = BN_bin2bn(modulus, (int)modulus_length, NULL);
	BIGNUM *power = BN_bin2bn(exponent, (int)exponent_length, NULL);
	OSSL_PARAM *params = NULL;
	EVP_PKEY *made = NULL;

	if (OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, number) == 1 &&
	    OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, power) == 1)
		params = OSSL_PARAM_BLD_to_param(builder);
	if (params != NULL && EVP_PKEY_fromdata_init(context) == 1)
		EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	BN_free(number);
	BN_free(power);
	OSSL_PARAM_BLD_free(builder);
	EVP_PKEY_CTX_free(context);
	return made;
}

/* The context that verifies a signature over a hash, or over a whole block without one. */
static bool prepare(EVP_PKEY_CTX *context, const struct signing *row)
{
	const char *hash = row->hash != NULL ? row->hash : "SHA256";
	const EVP_MD *method = EVP_get_digestbyname(hash);

	if (EVP_PKEY_verify_init(context) != 1)
		return false;
	if (row->digest == 0)
		return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
		       (row->hash == NULL || EVP_PKEY_CTX_set_signature_md(context, method) == 1);
	return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
	       EVP_PKEY_CTX_set_signature_md(context, method) == 1 &&
	       EVP_PKEY_CTX_set_rsa_mgf1_md(context, method) == 1 &&
	       EVP_PKEY_CTX_set_rsa_pss_saltlen(context, (int)salt_length(row)) == 1;
}

bool signature_is_good(const struct signing *row, const CK_BYTE *data, size_t length,
		       const CK_BYTE *signature, size_t signature_length)
{
	EVP_PKEY *public = rsa_public_key();
	EVP_PKEY_CTX *context = public != NULL ? EVP_PKEY_CTX_new(public, NULL) : NULL;
	CK_BYTE hash[64];
	bool good = false;

	if (row->hash != NULL) {
		length = hash_of(row->hash, data, length, hash);
		data = hash;
	}
	if (context != NULL && prepare(context, row))
		good = EVP_PKEY_verify(context, signature, signature_length, data, length) == 1;
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(public);
	return good;
}
