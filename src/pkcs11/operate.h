/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * operate: does the work of the C_ functions of PKCS#11 2.40 §5.10 to §5.12, which digest, sign and
 * verify, inside the module and with checked pointers. As the standard requires, the last call ends
 * an operation even if it fails; a query for the length and CKR_BUFFER_TOO_SMALL do not.
 */
#ifndef JPKI_PKCS11_OPERATE_H
#define JPKI_PKCS11_OPERATE_H

#include "pkcs11/session.h"
#include "pkcs11v3.h"

struct jpki_module;

CK_RV jpki_sign_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		     const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV jpki_sign(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		CK_ULONG length, CK_BYTE *signature, CK_ULONG *signature_length);
CK_RV jpki_sign_final(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *signature,
		      CK_ULONG *signature_length);

CK_RV jpki_verify_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		       const CK_MECHANISM *mechanism, CK_OBJECT_HANDLE key);
CK_RV jpki_verify(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		  CK_ULONG length, const CK_BYTE *signature, CK_ULONG signature_length);
CK_RV jpki_verify_final(struct jpki_module *module, CK_SESSION_HANDLE session,
			const CK_BYTE *signature, CK_ULONG signature_length);

CK_RV jpki_digest_init(struct jpki_module *module, CK_SESSION_HANDLE session,
		       const CK_MECHANISM *mechanism);
CK_RV jpki_digest(struct jpki_module *module, CK_SESSION_HANDLE session, const CK_BYTE *data,
		  CK_ULONG length, CK_BYTE *digest, CK_ULONG *digest_length);
CK_RV jpki_digest_final(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *digest,
			CK_ULONG *digest_length);

/* C_SignUpdate, C_VerifyUpdate and C_DigestUpdate. */
CK_RV jpki_operate_update(struct jpki_module *module, CK_SESSION_HANDLE session,
			  enum jpki_operation_kind kind, const CK_BYTE *data, CK_ULONG length);

/* C_GenerateRandom. */
CK_RV jpki_random(struct jpki_module *module, CK_SESSION_HANDLE session, CK_BYTE *data,
		  CK_ULONG length);

#endif
