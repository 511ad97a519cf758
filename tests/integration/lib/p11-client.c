/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "p11-client.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#define SALT_LENGTH 32

CK_FUNCTION_LIST *p11_load(const char *file)
{
	void *module = dlopen(file, RTLD_NOW | RTLD_LOCAL);
	void *symbol = module != NULL ? dlsym(module, "C_GetFunctionList") : NULL;
	CK_C_GetFunctionList get_function_list = NULL;
	CK_FUNCTION_LIST *list = NULL;

	if (symbol == NULL) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	memcpy(&get_function_list, &symbol, sizeof(symbol));
	if (get_function_list(&list) != CKR_OK)
		exit(2);
	return list;
}

static EVP_PKEY *certificate_key(const char *card_dir, const char *name)
{
	char file[512];
	FILE *in = NULL;
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;

	snprintf(file, sizeof(file), "%s/%s.crt", card_dir, name);
	in = fopen(file, "rb");
	if (in != NULL) {
		certificate = PEM_read_X509(in, NULL, NULL, NULL);
		fclose(in);
	}
	if (certificate != NULL)
		key = X509_get_pubkey(certificate);
	X509_free(certificate);
	if (key == NULL) {
		fprintf(stderr, "no certificate in %s\n", file);
		exit(2);
	}
	return key;
}

struct p11_token p11_token_of(CK_SLOT_ID slot, const char *card_dir, char *pin)
{
	struct p11_token token = {
		.slot = slot,
		.id = slot == 0 ? 0x01 : 0x02,
		.pin = (CK_UTF8CHAR *)pin,
		.pin_length = strlen(pin),
		.key = certificate_key(card_dir, slot == 0 ? "auth" : "sign"),
	};

	return token;
}

CK_RV p11_find(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, CK_OBJECT_CLASS class, CK_BYTE id,
	       CK_OBJECT_HANDLE *object)
{
	CK_ATTRIBUTE template[] = {
		{CKA_CLASS, &class, sizeof(class)},
		{CKA_ID, &id, sizeof(id)},
	};
	CK_OBJECT_HANDLE found[2];
	CK_ULONG count = 0;
	CK_RV rv = p11->C_FindObjectsInit(session, template, 2);

	if (rv != CKR_OK)
		return rv;
	rv = p11->C_FindObjects(session, found, 2, &count);
	p11->C_FindObjectsFinal(session);
	if (rv == CKR_OK && count != 1)
		return CKR_KEY_HANDLE_INVALID;
	*object = found[0];
	return rv;
}

/* Which is C_SignInit or C_VerifyInit. */
static CK_RV init(CK_C_SignInit which, CK_SESSION_HANDLE session, bool pss, CK_OBJECT_HANDLE key)
{
	CK_RSA_PKCS_PSS_PARAMS parameters = {CKM_SHA256, CKG_MGF1_SHA256, SALT_LENGTH};
	CK_MECHANISM mechanism = {CKM_SHA256_RSA_PKCS, NULL, 0};

	if (pss) {
		mechanism.mechanism = CKM_SHA256_RSA_PKCS_PSS;
		mechanism.pParameter = &parameters;
		mechanism.ulParameterLen = sizeof(parameters);
	}
	return which(session, &mechanism, key);
}

CK_RV p11_sign_init(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, bool pss,
		    CK_OBJECT_HANDLE key)
{
	return init(p11->C_SignInit, session, pss, key);
}

CK_RV p11_verify_init(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, bool pss,
		      CK_OBJECT_HANDLE key)
{
	return init(p11->C_VerifyInit, session, pss, key);
}

CK_RV p11_sign(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, const struct p11_token *token,
	       bool pss, CK_BYTE *data, size_t size, CK_BYTE *signature, CK_ULONG *length)
{
	CK_OBJECT_HANDLE key = 0;
	CK_RV rv = p11_find(p11, session, CKO_PRIVATE_KEY, token->id, &key);

	*length = P11_SIGNATURE_MAX;
	if (rv == CKR_OK)
		rv = p11_sign_init(p11, session, pss, key);
	if (rv == CKR_OK)
		rv = p11->C_Sign(session, data, size, signature, length);
	return rv;
}

bool p11_verified(EVP_PKEY *key, bool pss, const CK_BYTE *data, size_t size,
		  const CK_BYTE *signature, size_t length)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	EVP_PKEY_CTX *padding = NULL;
	bool good = false;

	if (context == NULL)
		return false;
	good = EVP_DigestVerifyInit(context, &padding, EVP_sha256(), NULL, key) == 1;
	if (good && pss)
		good = EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) > 0 &&
		       EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, SALT_LENGTH) > 0;
	good = good && EVP_DigestVerify(context, signature, length, data, size) == 1;
	EVP_MD_CTX_free(context);
	return good;
}
