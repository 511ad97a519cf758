/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * entry: checks at each entry point that the module is initialised, then the handle, then the
 * arguments, and hands over to the function that does the work. So one place holds the standard's
 * rules (PKCS#11 2.40 §5.1) on which error is returned first.
 */
#include "pkcs11/entry.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pkcs11/find.h"
#include "pkcs11/general.h"
#include "pkcs11/operate.h"
#include "pkcs11/session.h"
#include "pkcs11/slot.h"

CK_RV jpki_enter(struct jpki_module **module, enum jpki_handle_kind kind, CK_ULONG handle)
{
	struct jpki_token_ref token;
	CK_RV rv = jpki_module_enter(module);

	if (rv != CKR_OK)
		return rv;
	if (kind == JPKI_HANDLE_SLOT)
		rv = jpki_slot_token(*module, handle, &token);
	if (kind == JPKI_HANDLE_SESSION)
		rv = jpki_session_token(*module, handle, &token);
	if (rv != CKR_OK)
		jpki_module_leave(*module);
	return rv;
}

/* True if the pointer may be used for count items: NULL is allowed only for none. */
static bool there(const void *pointer, CK_ULONG count)
{
	return pointer != NULL || count == 0;
}

/* End the active operation, if there is one, and return the answer. */
static CK_RV end_with(struct jpki_module *module, CK_SESSION_HANDLE session,
		      enum jpki_operation_kind kind, CK_RV answer)
{
	struct jpki_operation *operation;

	jpki_session_take(module, session, kind, &operation);
	jpki_operation_end(operation);
	return answer;
}

/* Bad arguments end an operation as any other failure does. */
static CK_RV bad_end(struct jpki_module *module, CK_SESSION_HANDLE session,
		     enum jpki_operation_kind kind)
{
	return end_with(module, session, kind, CKR_ARGUMENTS_BAD);
}

/*
 * Refuse to make an object of a template. A session object, which the template means unless it says
 * otherwise (2.40 §4.4), is not supported, and programs then do the work themselves; a token object
 * cannot be written.
 */
static CK_RV refuse_object(const CK_ATTRIBUTE *template, CK_ULONG count)
{
	for (CK_ULONG i = 0; i < count; i++) {
		const CK_BBOOL *value = template[i].pValue;

		if (template[i].type != CKA_TOKEN)
			continue;
		if (value == NULL || template[i].ulValueLen != sizeof(*value))
			return CKR_ATTRIBUTE_VALUE_INVALID;
		if (*value != CK_FALSE)
			return CKR_TOKEN_WRITE_PROTECTED;
	}
	return CKR_FUNCTION_NOT_SUPPORTED;
}

/* The same for a pair of keys: one that cannot be written stands for both. */
static CK_RV refuse_pair(const CK_ATTRIBUTE *public_template, CK_ULONG public_count,
			 const CK_ATTRIBUTE *private_template, CK_ULONG private_count)
{
	CK_RV rv = refuse_object(public_template, public_count);

	return rv != CKR_FUNCTION_NOT_SUPPORTED ? rv
						: refuse_object(private_template, private_count);
}

/* A copy is a token object like its original, unless the template says otherwise. */
static CK_RV refuse_copy(struct jpki_module *module, CK_SESSION_HANDLE session,
			 CK_OBJECT_HANDLE object, const CK_ATTRIBUTE *template, CK_ULONG count)
{
	CK_RV rv = jpki_object_write(module, session, object);

	for (CK_ULONG i = 0; rv == CKR_TOKEN_WRITE_PROTECTED && i < count; i++) {
		if (template[i].type == CKA_TOKEN)
			return refuse_object(&template[i], 1);
	}
	return rv;
}

/* An Init function without a mechanism cancels the active operation (3.0 §5.9 and following). */
static CK_RV cancel(struct jpki_module *module, CK_SESSION_HANDLE session,
		    enum jpki_operation_kind kind)
{
	return end_with(module, session, kind, CKR_OK);
}

/*
 * ENTRY(name, parameters, kind of the handle, handle, result) defines an entry point. The result is
 * an expression over "module", computed inside the module.
 */
#define ENTRY(name, parameters, kind, handle, result)                                              \
	CK_RV name parameters                                                                      \
	{                                                                                          \
		struct jpki_module *module;                                                        \
		CK_RV rv = jpki_enter(&module, kind, handle);                                      \
                                                                                                   \
		if (rv != CKR_OK)                                                                  \
			return rv;                                                                 \
		rv = (result);                                                                     \
		jpki_module_leave(module);                                                         \
		return rv;                                                                         \
	}

#define SLOT    JPKI_HANDLE_SLOT
#define SESSION JPKI_HANDLE_SESSION

/* General purpose: §5.4 */

CK_RV C_Initialize(CK_VOID_PTR arguments)
{
	return jpki_module_initialize(arguments);
}

CK_RV C_Finalize(CK_VOID_PTR reserved)
{
	struct jpki_module *module;
	CK_RV rv = jpki_enter(&module, JPKI_HANDLE_NONE, 0);

	if (rv != CKR_OK)
		return rv;
	jpki_module_leave(module);
	return reserved != NULL ? CKR_ARGUMENTS_BAD : jpki_module_finalize();
}

ENTRY(C_GetInfo, (CK_INFO_PTR info), JPKI_HANDLE_NONE, 0,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_module_info((CK_VERSION){3, 0}, info))

ENTRY(jpki_get_info_2_40, (CK_INFO_PTR info), JPKI_HANDLE_NONE, 0,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_module_info((CK_VERSION){2, 40}, info))

/* Slots and tokens: §5.5 */

ENTRY(C_GetSlotList, (CK_BBOOL present, CK_SLOT_ID_PTR list, CK_ULONG_PTR count), JPKI_HANDLE_NONE,
      0, count == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_list(module, present, list, count))

ENTRY(C_GetSlotInfo, (CK_SLOT_ID slot, CK_SLOT_INFO_PTR info), SLOT, slot,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_info(module, slot, info))

ENTRY(C_GetTokenInfo, (CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info), SLOT, slot,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_token_info(module, slot, info))

ENTRY(C_WaitForSlotEvent, (CK_FLAGS flags, CK_SLOT_ID_PTR slot, CK_VOID_PTR reserved),
      JPKI_HANDLE_NONE, 0,
      slot == NULL || reserved != NULL ? CKR_ARGUMENTS_BAD : jpki_slot_wait(module, flags, slot))

ENTRY(C_GetMechanismList, (CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count), SLOT,
      slot, count == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_mechanisms(module, slot, list, count))

ENTRY(C_GetMechanismInfo, (CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO_PTR info),
      SLOT, slot,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_mechanism_info(module, slot, type, info))

/* Sessions: §5.6. The application's pointer and its callback are ignored. */

ENTRY(C_OpenSession,
      (CK_SLOT_ID slot, CK_FLAGS flags, CK_VOID_PTR application, CK_NOTIFY notify,
       CK_SESSION_HANDLE_PTR session),
      SLOT, slot,
      ((void)application, (void)notify,
       session == NULL ? CKR_ARGUMENTS_BAD : jpki_session_open(module, slot, flags, session)))

ENTRY(C_CloseSession, (CK_SESSION_HANDLE session), SESSION, session,
      jpki_session_close(module, session))

ENTRY(C_CloseAllSessions, (CK_SLOT_ID slot), SLOT, slot, jpki_session_close_all(module, slot))

ENTRY(C_GetSessionInfo, (CK_SESSION_HANDLE session, CK_SESSION_INFO_PTR info), SESSION, session,
      info == NULL ? CKR_ARGUMENTS_BAD : jpki_session_info(module, session, info))

ENTRY(C_Login, (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length),
      SESSION, session,
      !there(pin, length) ? CKR_ARGUMENTS_BAD
			  : jpki_session_login(module, session, user, pin, length))

ENTRY(C_SetPIN,
      (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old_pin, CK_ULONG old_length,
       CK_UTF8CHAR_PTR new_pin, CK_ULONG new_length),
      SESSION, session,
      !there(old_pin, old_length) || !there(new_pin, new_length)
	      ? CKR_ARGUMENTS_BAD
	      : jpki_session_set_pin(module, session, old_pin, old_length, new_pin, new_length))

/* 3.0 §5.6.9: the token has no named users, so a name is refused. */
ENTRY(C_LoginUser,
      (CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length,
       CK_UTF8CHAR_PTR name, CK_ULONG name_length),
      SESSION, session,
      !there(pin, length) || !there(name, name_length) || name_length != 0
	      ? CKR_ARGUMENTS_BAD
	      : jpki_session_login(module, session, user, pin, length))

ENTRY(C_SessionCancel, (CK_SESSION_HANDLE session, CK_FLAGS flags), SESSION, session,
      jpki_session_cancel(module, session, flags))

ENTRY(C_Logout, (CK_SESSION_HANDLE session), SESSION, session, jpki_session_logout(module, session))

/* Objects: §5.7 */

ENTRY(C_GetObjectSize, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ULONG_PTR size),
      SESSION, session,
      size == NULL ? CKR_ARGUMENTS_BAD : jpki_object_size(module, session, object, size))

ENTRY(C_GetAttributeValue,
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
       CK_ULONG count),
      SESSION, session,
      !there(template, count) ? CKR_ARGUMENTS_BAD
			      : jpki_object_attributes(module, session, object, template, count))

ENTRY(C_FindObjectsInit, (CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count),
      SESSION, session,
      !there(template, count) ? CKR_ARGUMENTS_BAD
			      : jpki_object_find_init(module, session, template, count))

ENTRY(C_FindObjects,
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR objects, CK_ULONG max, CK_ULONG_PTR count),
      SESSION, session,
      !there(objects, max) || count == NULL
	      ? CKR_ARGUMENTS_BAD
	      : jpki_object_find(module, session, objects, max, count))

ENTRY(C_FindObjectsFinal, (CK_SESSION_HANDLE session), SESSION, session,
      jpki_object_find_final(module, session))

/* Digests: §5.10 */

ENTRY(C_DigestInit, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism), SESSION, session,
      mechanism == NULL ? cancel(module, session, JPKI_OPERATION_DIGEST)
			: jpki_digest_init(module, session, mechanism))

ENTRY(C_Digest,
      (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR digest,
       CK_ULONG_PTR digest_length),
      SESSION, session,
      !there(data, length) || digest_length == NULL
	      ? bad_end(module, session, JPKI_OPERATION_DIGEST)
	      : jpki_digest(module, session, data, length, digest, digest_length))

ENTRY(C_DigestUpdate, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length), SESSION,
      session,
      !there(data, length)
	      ? bad_end(module, session, JPKI_OPERATION_DIGEST)
	      : jpki_operate_update(module, session, JPKI_OPERATION_DIGEST, data, length))

ENTRY(C_DigestFinal, (CK_SESSION_HANDLE session, CK_BYTE_PTR digest, CK_ULONG_PTR digest_length),
      SESSION, session,
      digest_length == NULL ? bad_end(module, session, JPKI_OPERATION_DIGEST)
			    : jpki_digest_final(module, session, digest, digest_length))

/* Signatures: §5.11 */

ENTRY(C_SignInit, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key),
      SESSION, session,
      mechanism == NULL ? cancel(module, session, JPKI_OPERATION_SIGN)
			: jpki_sign_init(module, session, mechanism, key))

ENTRY(C_Sign,
      (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
       CK_ULONG_PTR signature_length),
      SESSION, session,
      !there(data, length) || signature_length == NULL
	      ? bad_end(module, session, JPKI_OPERATION_SIGN)
	      : jpki_sign(module, session, data, length, signature, signature_length))

ENTRY(C_SignUpdate, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length), SESSION,
      session,
      !there(data, length)
	      ? bad_end(module, session, JPKI_OPERATION_SIGN)
	      : jpki_operate_update(module, session, JPKI_OPERATION_SIGN, data, length))

ENTRY(C_SignFinal,
      (CK_SESSION_HANDLE session, CK_BYTE_PTR signature, CK_ULONG_PTR signature_length), SESSION,
      session,
      signature_length == NULL ? bad_end(module, session, JPKI_OPERATION_SIGN)
			       : jpki_sign_final(module, session, signature, signature_length))

/* Verification: §5.12 */

ENTRY(C_VerifyInit, (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key),
      SESSION, session,
      mechanism == NULL ? cancel(module, session, JPKI_OPERATION_VERIFY)
			: jpki_verify_init(module, session, mechanism, key))

ENTRY(C_Verify,
      (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
       CK_ULONG signature_length),
      SESSION, session,
      !there(data, length) || signature == NULL
	      ? bad_end(module, session, JPKI_OPERATION_VERIFY)
	      : jpki_verify(module, session, data, length, signature, signature_length))

ENTRY(C_VerifyUpdate, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length), SESSION,
      session,
      !there(data, length)
	      ? bad_end(module, session, JPKI_OPERATION_VERIFY)
	      : jpki_operate_update(module, session, JPKI_OPERATION_VERIFY, data, length))

ENTRY(C_VerifyFinal, (CK_SESSION_HANDLE session, CK_BYTE_PTR signature, CK_ULONG signature_length),
      SESSION, session,
      signature == NULL ? bad_end(module, session, JPKI_OPERATION_VERIFY)
			: jpki_verify_final(module, session, signature, signature_length))

/* Random numbers: §5.15 */

ENTRY(C_GenerateRandom, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length), SESSION,
      session,
      !there(data, length) || length > PTRDIFF_MAX ? CKR_ARGUMENTS_BAD
						   : jpki_random(module, session, data, length))

/* No seed reaches the card. */
ENTRY(C_SeedRandom, (CK_SESSION_HANDLE session, CK_BYTE_PTR seed, CK_ULONG length), SESSION,
      session, !there(seed, length) ? CKR_ARGUMENTS_BAD : CKR_RANDOM_SEED_NOT_SUPPORTED)

/*
 * Writing: refused for good. Only the municipal office issues keys and certificates and resets a
 * locked PIN, so the token is write-protected.
 */

ENTRY(C_InitToken, (CK_SLOT_ID slot, CK_UTF8CHAR_PTR pin, CK_ULONG length, CK_UTF8CHAR_PTR label),
      SLOT, slot,
      !there(pin, length) || label == NULL ? CKR_ARGUMENTS_BAD : jpki_slot_write(module, slot))

/* 2.40 §5.5: only a security officer may do this, and the token has none. */
ENTRY(C_InitPIN, (CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR pin, CK_ULONG length), SESSION,
      session, !there(pin, length) ? CKR_ARGUMENTS_BAD : CKR_USER_NOT_LOGGED_IN)

ENTRY(C_CreateObject,
      (CK_SESSION_HANDLE session, CK_ATTRIBUTE_PTR template, CK_ULONG count,
       CK_OBJECT_HANDLE_PTR object),
      SESSION, session,
      !there(template, count) || object == NULL ? CKR_ARGUMENTS_BAD
						: refuse_object(template, count))

ENTRY(C_CopyObject,
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
       CK_ULONG count, CK_OBJECT_HANDLE_PTR copy),
      SESSION, session,
      !there(template, count) || copy == NULL
	      ? CKR_ARGUMENTS_BAD
	      : refuse_copy(module, session, object, template, count))

ENTRY(C_DestroyObject, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object), SESSION, session,
      jpki_object_write(module, session, object))

ENTRY(C_SetAttributeValue,
      (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
       CK_ULONG count),
      SESSION, session,
      !there(template, count) ? CKR_ARGUMENTS_BAD : jpki_object_write(module, session, object))

ENTRY(C_GenerateKey,
      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR template,
       CK_ULONG count, CK_OBJECT_HANDLE_PTR key),
      SESSION, session,
      mechanism == NULL || !there(template, count) || key == NULL ? CKR_ARGUMENTS_BAD
								  : refuse_object(template, count))

ENTRY(C_GenerateKeyPair,
      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_ATTRIBUTE_PTR public_template,
       CK_ULONG public_count, CK_ATTRIBUTE_PTR private_template, CK_ULONG private_count,
       CK_OBJECT_HANDLE_PTR public_key, CK_OBJECT_HANDLE_PTR private_key),
      SESSION, session,
      mechanism == NULL || !there(public_template, public_count) ||
		      !there(private_template, private_count) || public_key == NULL ||
		      private_key == NULL
	      ? CKR_ARGUMENTS_BAD
	      : refuse_pair(public_template, public_count, private_template, private_count))

/* No mechanism of the token makes keys of other keys, so nothing but the template is looked at. */
ENTRY(C_UnwrapKey,
      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE unwrapping_key,
       CK_BYTE_PTR wrapped_key, CK_ULONG wrapped_key_length, CK_ATTRIBUTE_PTR template,
       CK_ULONG count, CK_OBJECT_HANDLE_PTR key),
      SESSION, session,
      ((void)mechanism, (void)unwrapping_key, (void)wrapped_key, (void)wrapped_key_length,
       (void)key, refuse_object(template, template != NULL ? count : 0)))

ENTRY(C_DeriveKey,
      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE base_key,
       CK_ATTRIBUTE_PTR template, CK_ULONG count, CK_OBJECT_HANDLE_PTR key),
      SESSION, session,
      ((void)mechanism, (void)base_key, (void)key,
       refuse_object(template, template != NULL ? count : 0)))
