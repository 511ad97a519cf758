/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * unsupported: refuses what the module does not offer, after checking that the module is
 * initialised and the handle is valid, as every entry point does. Nothing here reads another
 * argument.
 */
#include "pkcs11/unsupported.h"

#include "pkcs11/entry.h"

/* The standard gives the functions arguments that nothing here reads. */
#pragma GCC diagnostic ignored "-Wunused-parameter"

/* Return the answer after the checks that come first everywhere. */
static CK_RV refuse(enum jpki_handle_kind kind, CK_ULONG handle, CK_RV answer)
{
	struct jpki_module *module;
	CK_RV rv = jpki_enter(&module, kind, handle);

	if (rv != CKR_OK)
		return rv;
	jpki_module_leave(module);
	return answer;
}

#define OF_SESSION(name, parameters, answer)                                                       \
	CK_RV name parameters                                                                      \
	{                                                                                          \
		return refuse(JPKI_HANDLE_SESSION, session, answer);                               \
	}

#define NOT_SUPPORTED(name, parameters) OF_SESSION(name, parameters, CKR_FUNCTION_NOT_SUPPORTED)

/* Version 2.40 */

NOT_SUPPORTED(C_GetOperationState, (CK_SESSION_HANDLE session, CK_BYTE_PTR operation_state,
				    CK_ULONG_PTR operation_state_len))

NOT_SUPPORTED(C_SetOperationState,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR operation_state, CK_ULONG operation_state_len,
	       CK_OBJECT_HANDLE encryption_key, CK_OBJECT_HANDLE authentication_key))

NOT_SUPPORTED(C_EncryptInit,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key))

NOT_SUPPORTED(C_Encrypt, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len,
			  CK_BYTE_PTR encrypted_data, CK_ULONG_PTR encrypted_data_len))

NOT_SUPPORTED(C_EncryptUpdate, (CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len,
				CK_BYTE_PTR encrypted_part, CK_ULONG_PTR encrypted_part_len))

NOT_SUPPORTED(C_EncryptFinal, (CK_SESSION_HANDLE session, CK_BYTE_PTR last_encrypted_part,
			       CK_ULONG_PTR last_encrypted_part_len))

NOT_SUPPORTED(C_DecryptInit,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key))

NOT_SUPPORTED(C_Decrypt, (CK_SESSION_HANDLE session, CK_BYTE_PTR encrypted_data,
			  CK_ULONG encrypted_data_len, CK_BYTE_PTR data, CK_ULONG_PTR data_len))

NOT_SUPPORTED(C_DecryptUpdate,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR encrypted_part, CK_ULONG encrypted_part_len,
	       CK_BYTE_PTR part, CK_ULONG_PTR part_len))

NOT_SUPPORTED(C_DecryptFinal,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR last_part, CK_ULONG_PTR last_part_len))

NOT_SUPPORTED(C_DigestKey, (CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key))

NOT_SUPPORTED(C_SignRecoverInit,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key))

NOT_SUPPORTED(C_SignRecover, (CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG data_len,
			      CK_BYTE_PTR signature, CK_ULONG_PTR signature_len))

NOT_SUPPORTED(C_VerifyRecoverInit,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key))

NOT_SUPPORTED(C_VerifyRecover, (CK_SESSION_HANDLE session, CK_BYTE_PTR signature,
				CK_ULONG signature_len, CK_BYTE_PTR data, CK_ULONG_PTR data_len))

NOT_SUPPORTED(C_DigestEncryptUpdate,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len,
	       CK_BYTE_PTR encrypted_part, CK_ULONG_PTR encrypted_part_len))

NOT_SUPPORTED(C_DecryptDigestUpdate,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR encrypted_part, CK_ULONG encrypted_part_len,
	       CK_BYTE_PTR part, CK_ULONG_PTR part_len))

NOT_SUPPORTED(C_SignEncryptUpdate, (CK_SESSION_HANDLE session, CK_BYTE_PTR part, CK_ULONG part_len,
				    CK_BYTE_PTR encrypted_part, CK_ULONG_PTR encrypted_part_len))

NOT_SUPPORTED(C_DecryptVerifyUpdate,
	      (CK_SESSION_HANDLE session, CK_BYTE_PTR encrypted_part, CK_ULONG encrypted_part_len,
	       CK_BYTE_PTR part, CK_ULONG_PTR part_len))

NOT_SUPPORTED(C_WrapKey,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE wrapping_key,
	       CK_OBJECT_HANDLE key, CK_BYTE_PTR wrapped_key, CK_ULONG_PTR wrapped_key_len))

/* Remains of the parallel functions of version 1 (PKCS#11 2.40 §5.16). */
OF_SESSION(C_GetFunctionStatus, (CK_SESSION_HANDLE session), CKR_FUNCTION_NOT_PARALLEL)
OF_SESSION(C_CancelFunction, (CK_SESSION_HANDLE session), CKR_FUNCTION_NOT_PARALLEL)

/* Version 3.0 */

NOT_SUPPORTED(jpki_message_init_refused,
	      (CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key))
NOT_SUPPORTED(jpki_message_crypt_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length,
	       CK_BYTE_PTR associated, CK_ULONG associated_length, CK_BYTE_PTR in,
	       CK_ULONG in_length, CK_BYTE_PTR out, CK_ULONG_PTR out_length))
NOT_SUPPORTED(jpki_message_crypt_begin_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length,
	       CK_BYTE_PTR associated, CK_ULONG associated_length))
NOT_SUPPORTED(jpki_message_crypt_next_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length,
	       CK_BYTE_PTR in, CK_ULONG in_length, CK_BYTE_PTR out, CK_ULONG_PTR out_length,
	       CK_FLAGS flags))
NOT_SUPPORTED(jpki_message_sign_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length,
	       CK_BYTE_PTR data, CK_ULONG data_length, CK_BYTE_PTR signature,
	       CK_ULONG_PTR signature_length))
NOT_SUPPORTED(jpki_message_verify_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length,
	       CK_BYTE_PTR data, CK_ULONG data_length, CK_BYTE_PTR signature,
	       CK_ULONG signature_length))
NOT_SUPPORTED(jpki_message_begin_refused,
	      (CK_SESSION_HANDLE session, CK_VOID_PTR parameter, CK_ULONG parameter_length))
NOT_SUPPORTED(jpki_message_final_refused, (CK_SESSION_HANDLE session))
