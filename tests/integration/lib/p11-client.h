/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the test programs with a plan of their own share: a module, its keys, and a judge. */
#ifndef P11_CLIENT_H
#define P11_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/evp.h>

/* The reference header, as the module itself uses it. */
#include <p11-kit/pkcs11.h>

#define P11_SIGNATURE_MAX 512

/* A token, its PIN, and the public key that the card's own directory says it has. */
struct p11_token {
	CK_SLOT_ID slot;
	CK_BYTE id; /* CKA_ID of its key */
	CK_UTF8CHAR *pin;
	CK_ULONG pin_length;
	EVP_PKEY *key;
};

/* Loads a module as an application does; ends the program when it cannot be had. */
CK_FUNCTION_LIST *p11_load(const char *file);

/* The token of slot 0 ("auth") or of slot 1 ("sign"); ends the program without a certificate. */
struct p11_token p11_token_of(CK_SLOT_ID slot, const char *card_dir, char *pin);

/* The one object of this class and id; CKR_KEY_HANDLE_INVALID when there is none. */
CK_RV p11_find(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, CK_OBJECT_CLASS class, CK_BYTE id,
	       CK_OBJECT_HANDLE *object);

/* C_SignInit with CKM_SHA256_RSA_PKCS, or with the PSS of SHA-256 and 32 bytes of salt. */
CK_RV p11_sign_init(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, bool pss,
		    CK_OBJECT_HANDLE key);
CK_RV p11_verify_init(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, bool pss,
		      CK_OBJECT_HANDLE key);

/* Finds the key and signs; length is what comes out. */
CK_RV p11_sign(CK_FUNCTION_LIST *p11, CK_SESSION_HANDLE session, const struct p11_token *token,
	       bool pss, CK_BYTE *data, size_t size, CK_BYTE *signature, CK_ULONG *length);

/* The word of libcrypto on a signature. */
bool p11_verified(EVP_PKEY *key, bool pss, const CK_BYTE *data, size_t size,
		  const CK_BYTE *signature, size_t length);

#endif
